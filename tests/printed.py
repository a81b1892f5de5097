"""Draws the table that a perfect reader would rebuild from a printed form: the known answer of many tests.

`print_table` takes a layout of a form and values by path, `rebuild` any rows of cells. Neither draws pictures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from extractors.document import Cell, Fragment, JoinedTable, Part, Reading, Table
from extractors.forms import Layout
from extractors.geometry import Box

ROW_HEIGHT = 40.0
COLUMN_WIDTH = 100.0


def reading(text: str, confidence: float = 0.999) -> Reading:
    candidates = ((text, confidence),) if text else ()
    return Reading(text, confidence, tuple(confidence for _ in text), candidates)


def cell(
    row0: int,
    col0: int,
    text: str,
    *,
    rowspan: int = 1,
    colspan: int = 1,
    page: int = 1,
    lines: Sequence[float] | None = None,
) -> Cell:
    """A cell whose box follows from its place; `lines` are the x of the column lines."""
    col1 = col0 + colspan
    x0, x1 = (lines[col0], lines[col1]) if lines else (col0 * COLUMN_WIDTH, col1 * COLUMN_WIDTH)
    box = Box(100 + x0, 200 + row0 * ROW_HEIGHT, 100 + x1, 200 + (row0 + rowspan) * ROW_HEIGHT)
    blank = not text
    return Cell(
        row0,
        row0 + rowspan,
        col0,
        col1,
        reading(text),
        (Part(page, box),),
        structure=0.999,
        ink=0.0 if blank else 0.05,
        blank=blank,
    )


def joined(table: Table, page: int = 1) -> JoinedTable:
    box = Box.around(part.box for cell in table.cells for part in cell.parts)
    xs = tuple(box.x0 + index * box.width / table.n_cols for index in range(table.n_cols + 1))
    ys = tuple(box.y0 + index * box.height / table.n_rows for index in range(table.n_rows + 1))
    return JoinedTable(table, (Fragment(page, box, table, xs, ys),))


def print_table(layout: Layout, values: Mapping[str, str], page: int = 1) -> JoinedTable:
    """The layout as printed with `values` by path; a path that is missing prints "0"."""
    cells = tuple(
        cell(
            form_cell.row,
            form_cell.col,
            form_cell.label.text if form_cell.label else values.get(form_cell.path or "", "0"),
            rowspan=form_cell.rowspan,
            colspan=form_cell.colspan,
            page=page,
        )
        for form_cell in layout.cells
    )
    return joined(Table(layout.n_rows, layout.n_cols, cells), page)


def retext(table: JoinedTable, change: Callable[[Cell], str]) -> JoinedTable:
    """The same table with every cell's text changed."""
    cells = tuple(
        replace(old, reading=reading(text), blank=not text)
        for old, text in ((old, change(old)) for old in table.table.cells)
    )
    return joined(Table(table.table.n_rows, table.table.n_cols, cells), table.pages[0])


def without_row(table: JoinedTable, row: int) -> JoinedTable:
    """The table as printed without one row: cells that span it shrink, the rows below move up."""
    kept = []
    for old in table.table.cells:
        row0 = old.row0 - (old.row0 > row)
        row1 = old.row1 - (old.row1 > row)
        if row1 > row0:
            box = old.parts[0].box
            y0, y1 = box.y0 - (old.row0 - row0) * ROW_HEIGHT, box.y1 - (old.row1 - row1) * ROW_HEIGHT
            part = replace(old.parts[0], box=replace(box, y0=y0, y1=y1))
            kept.append(replace(old, row0=row0, row1=row1, parts=(part,)))
    return joined(Table(table.table.n_rows - 1, table.table.n_cols, tuple(kept)), table.pages[0])


def with_row(table: JoinedTable, row: int, texts: Sequence[tuple[int, str]]) -> JoinedTable:
    """The table with a row of (colspan, text) put in before `row`; cells across that line grow."""
    cells = []
    for old in table.table.cells:
        row0 = old.row0 + (old.row0 >= row)
        row1 = old.row1 + (old.row1 > row)
        cells.append(replace(old, row0=row0, row1=row1))
    col = 0
    for span, text in texts:
        cells.append(cell(row, col, text, colspan=span, page=table.pages[0]))
        col += span
    return joined(Table(table.table.n_rows + 1, table.table.n_cols, tuple(cells)), table.pages[0])


def rows_of(table: JoinedTable, first: int, last: int, page: int) -> JoinedTable:
    """Rows first..last (half-open) as a table of its own on another page; spans are cut."""
    cells = []
    for old in table.table.cells:
        row0, row1 = max(old.row0, first), min(old.row1, last)
        if row0 < row1:
            text = old.text if old.row0 >= first else ""
            box = old.parts[0].box
            part = Part(page, box)
            cells.append(
                replace(old, row0=row0 - first, row1=row1 - first, parts=(part,), reading=reading(text))
            )
    return joined(Table(last - first, table.table.n_cols, tuple(cells)), page)


@dataclass(frozen=True)
class Grid:
    """Rows of (rowspan, colspan, text) as in HTML, with the x of the column lines."""

    rows: Sequence[Sequence[tuple[int, int, str]]]
    lines: Sequence[float]


def rebuild(grid: Grid, page: int = 1) -> JoinedTable:
    """A table from rows written as in HTML."""
    taken: set[tuple[int, int]] = set()
    cells = []
    for row, entries in enumerate(grid.rows):
        col = 0
        for rowspan, colspan, text in entries:
            while (row, col) in taken:
                col += 1
            taken |= {(row + i, col + j) for i in range(rowspan) for j in range(colspan)}
            cells.append(cell(row, col, text, rowspan=rowspan, colspan=colspan, page=page, lines=grid.lines))
    return joined(Table(len(grid.rows), len(grid.lines) - 1, tuple(cells)), page)
