"""Rows that do not pair off: not printed at all, swallowed by a neighbour, or printed and on no form.

The three look alike in an alignment and mean different things: only a row that the document surely does not
print may vanish from the record; everything else is a question for a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from extractors.document import Table
from extractors.forms.grid import PrintedTable
from extractors.forms.labels import head_similarity, is_wordy, normalise, row_similarity, similarity
from extractors.forms.model import FormRow, Label
from extractors.forms.rows import MatchedRow, RowMatch

SURE_NEIGHBOUR = 0.75
"""Rows on either side of a row said not to be printed must be at least this like their labels."""
SURE_PLACE = 0.8
"""... and at least this surely in their places, within rulings that are at least this sure."""
CONTAINED = 0.75
"""A label this well found inside its neighbour's print was swallowed by it, not left out."""
REPEATED_HEAD = 0.6


def absent_rows(printed: PrintedTable, rows: RowMatch) -> frozenset[int]:
    """Data rows of the layout that the document does not print.

    The rows before and after must both be found, sure, and touch each other on one page: over a page break or in a
    gap between two pieces a row may have been lost by us rather than left out by them. Before must stand a row of
    data. A header says nothing: it is printed again above whatever row begins a page.
    """
    absent: set[int] = set()
    for before, after in pairwise(rows.rows):
        between = range(before.form_row + 1, after.form_row)
        if after.printed != before.printed + 1 or not between:
            continue
        if rows.layout.rows[before.form_row].kind != "data":
            continue
        if not (_sure(printed, before) and _sure(printed, after)):
            continue
        if not _touch(printed.table, before.printed, after.printed):
            continue
        run = [index for index in between if rows.layout.rows[index].kind == "data"]
        if not any(_swallows(printed, rows, row, index) for row in (before, after) for index in run):
            absent.update(run)
    return frozenset(absent)


def swallowing_rows(printed: PrintedTable, rows: RowMatch) -> frozenset[int]:
    """Matched data rows (layout indices) whose printed label holds a missing neighbour's label as well."""
    found = rows.by_form_row
    return frozenset(
        near.form_row
        for index, row in enumerate(rows.layout.rows)
        if index not in found and row.kind == "data"
        for near in (found.get(index - 1), found.get(index + 1))
        if near is not None and _swallows(printed, rows, near, index)
    )


def extra_rows(printed: PrintedTable, rows: RowMatch) -> Iterator[tuple[int, str]]:
    """Printed rows with a label that is on no row of the form, with that label. Repeated heads are not."""
    matched = {row.printed for row in rows.rows}
    for index in range(printed.table.n_rows):
        labels = [text for text in (printed.labels(index) or printed.starting[index]) if is_wordy(text)]
        if index not in matched and labels and not _repeats_head(printed.starting[index], rows):
            yield index, labels[-1]


def page_of(table: Table, row: int) -> int | None:
    """The page on which a grid row begins."""
    pages = [part.page for cell in table.cells if cell.row0 <= row < cell.row1 for part in cell.parts[:1]]
    return max(pages, default=None)


def _sure(printed: PrintedTable, row: MatchedRow) -> bool:
    """Whether a row is what it was matched with: by its label, by its place, and by the rulings around its label."""
    label = printed.label_cell(row.printed)
    structure = label.structure if label is not None else 0.0
    return (
        row.similarity is not None
        and row.similarity >= SURE_NEIGHBOUR
        and row.score >= SURE_PLACE
        and structure >= SURE_PLACE
    )


def _touch(table: Table, first: int, second: int) -> bool:
    """Whether two rows stand wholly on one page and share a ruling, as told by the cells that lie in one row only."""
    upper, lower = (
        [part for cell in table.cells if (cell.row0, cell.row1) == (row, row + 1) for part in cell.parts]
        for row in (first, second)
    )
    if len({part.page for part in upper}) != 1 or {part.page for part in upper} != {
        part.page for part in lower
    }:
        return False
    apart = median(part.box.y0 for part in lower) - median(part.box.y1 for part in upper)
    height = min(median(part.box.height for part in parts) for parts in (upper, lower))
    return abs(apart) < height / 2


def _swallows(printed: PrintedTable, rows: RowMatch, row: MatchedRow, missing: int) -> bool:
    own, wanted = _own_label(rows.layout.rows[row.form_row]), _own_label(rows.layout.rows[missing])
    cell = printed.label_cell(row.printed)
    if own is None or wanted is None or cell is None:
        return False
    text, needle = normalise(cell.text), normalise(wanted.text)
    if any(needle in normalise(official) for official in own.texts):
        return False
    longer = len(text) >= len(normalise(own.text)) + len(needle) // 2
    return needle in text or (longer and similarity(cell.text, wanted.text) >= CONTAINED)


def _own_label(row: FormRow) -> Label | None:
    return row.labels[-1] if row.kind == "data" and row.labels else None


def _repeats_head(starting: tuple[str, ...], rows: RowMatch) -> bool:
    return any(
        (head_similarity if row.kind == "head" else row_similarity)(starting, row) >= REPEATED_HEAD
        for row in rows.layout.rows
        if row.kind != "data"
    )
