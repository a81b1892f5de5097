"""Which cells of a labelled table are headings: gold's HTML does not say, the form does."""

from __future__ import annotations

from dataclasses import replace

from eval.gold_values import gold_value
from eval.metrics.grid_table import GridTable
from extractors.forms import Form

SHORTEST = 2  # characters of a heading inside the body; answers in words have one (无)


def mark_headers(table: GridTable, form: Form | None, key: str) -> GridTable:
    """`table` with its header cells marked, unchanged where the form has no such table.

    A header cell begins above the first row or left of the first column that holds answers in the form's layouts of
    the same size, or is a heading in words. Where no layout has that size, rows were added or set otherwise, and
    only the columns (of any layout) and the words count.
    """
    known = next((one for one in form.tables if one.key == key), None) if form else None
    if known is None:
        return table
    sized = [x for x in known.layouts if (x.n_rows, x.n_cols) == (table.n_rows, table.n_cols)]
    answers = [cell for layout in sized or known.layouts for cell in layout.cells if cell.path is not None]
    row, col = min(cell.row for cell in answers) if sized else 0, min(cell.col for cell in answers)
    return replace(
        table,
        cells=tuple(
            replace(cell, header=cell.row0 < row or cell.col0 < col or _is_heading(cell.text))
            for cell in table.cells
        ),
    )


def _is_heading(text: str) -> bool:
    value = gold_value("", text)
    return value.kind == "text" and len(value.raw) >= SHORTEST


def label_texts(form: Form | None) -> frozenset[str]:
    """The printed labels of the form's tables: lines that may look like a section's heading and are none."""
    if form is None:
        return frozenset()
    return frozenset(
        text
        for table in form.tables
        for layout in table.layouts
        for cell in layout.cells
        if cell.label is not None
        for text in cell.label.texts
    )
