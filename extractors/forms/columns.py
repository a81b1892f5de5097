"""Which printed cell of a matched row is which column of the form: the second half of matching."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from extractors.document import Cell
from extractors.forms.align import GAP, UNREAD, Alignment, Scores, align, worth
from extractors.forms.grid import PrintedTable, Slot, Span, share
from extractors.forms.labels import is_wordy, label_similarity
from extractors.forms.model import FormColumn
from extractors.forms.rows import MatchedRow, RowMatch, quality

PARENT_WEIGHT = 0.25
"""What the headers above a column count beside its own label (行政复议 > 总计)."""
BORROWED = 0.95
"""How much a column is believed whose header stands on another piece of the table, at the same place."""
MISPLACED = 0.5
"""... and how much if this piece's cells stand elsewhere: not enough to pass without a person."""
SAME_PLACE = 0.8
"""Shared width over covered width from which two spans are one place."""
IN_SLOT = 0.5
"""Share of a cell (or of its slot, if narrower) that must lie in the slot."""


@dataclass(frozen=True, slots=True)
class MatchedColumn:
    """Column `index` of band `band` stands at `span` (fractions of the table's width), `score` 0..1."""

    band: int
    index: int
    span: Span
    similarity: float | None
    score: float


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """The cell of row `row.form_row` and column `column.index`. `reasons` say what is odd about it."""

    row: MatchedRow
    column: MatchedColumn
    cell: Cell
    reasons: tuple[str, ...] = ()


def match_columns(table: PrintedTable, rows: RowMatch) -> tuple[MatchedColumn, ...]:
    """The value columns of every band that has printed header rows. A band without them gives none."""
    found: list[MatchedColumn] = []
    for band in range(len(rows.layout.bands)):
        head, data = _zones(table, rows, band)
        if head and data:
            columns = rows.layout.bands[band]
            fits = [
                _fit(columns, slots) for slots in (table.slots(head, data), table.slots_of_data(head, data))
            ]
            found.extend(_matched(band, max(fits, key=lambda fit: fit.score)))
    return tuple(found)


def columns_by_order(table: PrintedTable, rows: RowMatch, band: int) -> tuple[MatchedColumn, ...]:
    """Columns of a band of which no header was found, by their number and order alone: poorly scored."""
    _, data = _zones(table, rows, band)
    slots = [Slot((), slot.span) for slot in table.slots((), data)] if data else []
    columns = rows.layout.bands[band]
    return _matched(band, _fit(columns, slots)) if len(slots) == len(columns) else ()


def borrowed(
    columns: Sequence[MatchedColumn], table: PrintedTable, rows: RowMatch, band: int
) -> tuple[MatchedColumn, ...]:
    """Columns of a band found on another piece of the same table, to be used by their place on this one.

    Where this piece's cells do not stand just there, as when it lost its label columns, number and order
    decide if they can; either way the columns are doubted.
    """
    spans = [table.span(cell) for row in rows.rows for cell in table.values(row.printed)]
    if all(_fits(column.span, spans) for column in columns):
        return tuple(replace(column, score=column.score * BORROWED) for column in columns)
    return columns_by_order(table, rows, band) or tuple(
        replace(column, score=column.score * MISPLACED) for column in columns
    )


def _fits(span: Span, spans: Sequence[Span]) -> bool:
    return any(_common(span, other) >= SAME_PLACE * _breadth(span, other) for other in spans)


def bands_with_data(rows: RowMatch) -> frozenset[int]:
    """Bands of which at least one data row was found."""
    matched = (rows.layout.rows[row.form_row] for row in rows.rows)
    return frozenset(row.band for row in matched if row.kind == "data")


def _zones(table: PrintedTable, rows: RowMatch, band: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Printed head rows and printed data rows of a band."""
    layout = rows.layout
    data = tuple(
        row.printed
        for row in rows.rows
        if layout.rows[row.form_row].band == band and layout.rows[row.form_row].kind == "data"
    )
    before = [
        row.printed + 1
        for row in rows.rows
        if layout.rows[row.form_row].band < band
        or (layout.rows[row.form_row].band == band and layout.rows[row.form_row].kind == "band")
    ]
    if not data:
        return (), ()
    above = range(max(before, default=0), data[0])
    return tuple(row for row in above if _has_header(table, row)), data


def _has_header(table: PrintedTable, row: int) -> bool:
    return any(is_wordy(cell.text) for cell in table.rows[row] if cell.col1 > table.label_edge)


@dataclass(frozen=True, eq=False, slots=True)
class _Fit:
    """Printed columns held against those of a band; `alike` per column and slot."""

    slots: Sequence[Slot]
    alike: Sequence[Sequence[float | None]]
    found: Alignment | None  # None where there is no slot

    @property
    def score(self) -> float:
        return self.found.score if self.found is not None else -math.inf


def _fit(columns: Sequence[FormColumn], slots: Sequence[Slot]) -> _Fit:
    if not slots:
        return _Fit((), (), None)
    alike = [[_alike(column, slot) for slot in slots] for column in columns]
    scores: Scores = np.array([[UNREAD if q is None else worth(q) for q in line] for line in alike])
    # Unlike rows, columns are not cut by page breaks: one missing at the edge is as odd as one missing inside.
    return _Fit(slots, alike, align(scores, end_gap=GAP))


def _matched(band: int, fit: _Fit) -> tuple[MatchedColumn, ...]:
    if fit.found is None:
        return ()
    return tuple(
        MatchedColumn(
            band,
            index,
            fit.slots[slot].span,
            fit.alike[index][slot],
            float(fit.found.posterior[index, slot]) * quality(fit.alike[index][slot]),
        )
        for index, slot in fit.found.pairs
    )


def _alike(column: FormColumn, slot: Slot) -> float | None:
    if not slot.texts:
        return None
    own = label_similarity(slot.texts[-1], column.labels[-1])
    above = column.labels[:-1]
    if not above or len(slot.texts) == 1:
        return own
    parents = [max(label_similarity(text, label) for text in slot.texts[:-1]) for label in above]
    return (1 - PARENT_WEIGHT) * own + PARENT_WEIGHT * sum(parents) / len(parents)


def place_cells(
    table: PrintedTable, rows: RowMatch, columns: Sequence[MatchedColumn]
) -> tuple[PlacedCell, ...]:
    """The value cells of all matched rows. A cell that serves two fields, or a field cut in two, says so."""
    of_band: Mapping[int, list[MatchedColumn]] = defaultdict(list)
    for column in columns:
        of_band[column.band].append(column)
    placed: list[PlacedCell] = []
    for row in rows.rows:
        form_row = rows.layout.rows[row.form_row]
        if form_row.kind == "data":
            placed.extend(_place_row(table, row, of_band[form_row.band]))
    uses = Counter((entry.cell.row0, entry.cell.col0) for entry in placed)
    return tuple(
        replace(entry, reasons=(*entry.reasons, "shared_cell"))
        if uses[entry.cell.row0, entry.cell.col0] > 1
        else entry
        for entry in placed
    )


def _place_row(
    table: PrintedTable, row: MatchedRow, columns: Sequence[MatchedColumn]
) -> Iterable[PlacedCell]:
    cells = table.values(row.printed)
    for column in columns:
        inside = [cell for cell in cells if share(table.span(cell), column.span) >= IN_SLOT]
        if not inside:
            continue
        cell = max(inside, key=lambda cell: _common(table.span(cell), column.span))
        split = any(other is not cell and not other.blank for other in inside)
        yield PlacedCell(row, column, cell, ("split_cell",) if split else ())


def _common(left: Span, right: Span) -> float:
    return min(left[1], right[1]) - max(left[0], right[0])


def _breadth(left: Span, right: Span) -> float:
    return max(left[1], right[1]) - min(left[0], right[0])
