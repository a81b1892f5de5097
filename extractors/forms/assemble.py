"""Pieces of tables that fit a form, put together to one answer: which cell holds which field.

Also where it is decided what may be left out of the record (a row the document does not print), and what is
only not found; see `missing.py` for the evidence asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from extractors.document import Cell, Issue
from extractors.forms.columns import (
    MatchedColumn,
    PlacedCell,
    bands_with_data,
    borrowed,
    columns_by_order,
    match_columns,
    place_cells,
)
from extractors.forms.grid import PrintedTable
from extractors.forms.missing import absent_rows, extra_rows, page_of, swallowing_rows
from extractors.forms.model import Form, FormCell, FormTable, Layout
from extractors.forms.rows import RowMatch

ALTERNATE = -2.0
"""What a layout other than the official one must make up for, in nats."""
ENOUGH_CELLS = 10  # the smallest table of a form; fewer blank cells say nothing about the form
FORM_IN_DOUBT = 0.9
"""Below this confidence an issue says that the form is a guess."""
SWALLOWED = 0.3
"""How far the place of a cell is believed whose row holds two labels: a ruling was not seen."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One given table (`index`) held against one form table: one `RowMatch` per layout."""

    index: int
    table: FormTable
    printed: PrintedTable
    matches: tuple[RowMatch, ...]

    @property
    def best(self) -> RowMatch:
        return self.matches[best_layout([self])]


def best_layout(pieces: Sequence[Piece]) -> int:
    """The layout that the pieces of one table fit best together; the official one in doubt."""
    totals = [
        sum(piece.matches[index].score for piece in pieces) + (ALTERNATE if index else 0.0)
        for index in range(len(pieces[0].matches))
    ]
    return totals.index(max(totals))


@dataclass(frozen=True, slots=True)
class Assigned:
    """A field and the printed cell that holds it. `table` is the index among the tables given.

    `row_score` and `column_score`: probabilities that the cell's row and column are the field's.
    """

    path: str
    form_cell: FormCell
    cell: Cell
    table: int
    row_score: float
    column_score: float
    reasons: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        return self.row_score * self.column_score


@dataclass(frozen=True, slots=True)
class TableMatch:
    """The form's table `key` was found in `tables` (indices of those given, in their order)."""

    key: str
    tables: tuple[int, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class FormMatch:
    """What a document's tables are. `form` is None where no table is of any form.

    `expected`: the paths the record must hold, in the form's order, with the form's cell: those printed or to
    be looked for. Paths of rows that are not printed are left out; where the form is in doubt, those of the other
    form are put in. `cells`: those found. `evidence`: printed
    labels that only this form has.
    """

    form: Form | None
    confidence: float
    evidence: tuple[str, ...] = ()
    tables: tuple[TableMatch, ...] = ()
    expected: Mapping[str, FormCell] = field(default_factory=dict)
    cells: Mapping[str, Assigned] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()

    def table_of(self, index: int) -> TableMatch | None:
        """The form's table that the given table (by index) belongs to."""
        return next((match for match in self.tables if index in match.tables), None)

    @property
    def left_blank(self) -> bool:
        """Whether nothing is filled in on the form: as many cells found as a table has, and ink in none."""
        return len(self.cells) >= ENOUGH_CELLS and all(entry.cell.blank for entry in self.cells.values())


@dataclass(frozen=True, slots=True)
class _Found:
    match: TableMatch | None
    expected: Mapping[str, FormCell]
    cells: Mapping[str, Assigned]
    issues: tuple[Issue, ...]


def assemble(form: Form, confidence: float, evidence: tuple[str, ...], pieces: Sequence[Piece]) -> FormMatch:
    """The answer for `form` from the pieces that fit it."""
    of_key: dict[str, list[Piece]] = defaultdict(list)
    for piece in pieces:
        of_key[piece.table.key].append(piece)
    found = [_table(table, of_key[table.key]) for table in form.tables]
    issues = [issue for part in found for issue in part.issues]
    return FormMatch(
        form,
        confidence,
        evidence,
        tuple(part.match for part in found if part.match is not None),
        {path: cell for part in found for path, cell in part.expected.items()},
        {path: cell for part in found for path, cell in part.cells.items()},
        tuple(issues),
    )


def in_doubt(match: FormMatch, rivals: Sequence[Form]) -> FormMatch:
    """`match` where one of `rivals` may be the form as well: nothing of it may pass without a person.

    Every cell found says so, and every field of a rival is one to be looked for, since which of them are printed
    is not known.
    """
    if match.form is None or not rivals:
        return match
    facts = {"form": match.form.id, "confidence": round(match.confidence, 3)}
    of_rivals = {
        path: cell
        for form in rivals
        for table in form.tables
        for path, cell in _form_cells(table.layout).items()
    }
    return replace(
        doubted(match, "form_in_doubt"),
        expected={**match.expected, **{p: c for p, c in of_rivals.items() if p not in match.expected}},
        issues=(Issue("form_in_doubt", facts=facts), *match.issues),
    )


def doubted(match: FormMatch, reason: str) -> FormMatch:
    """`match` with `reason` (one of confidence.FORCED) at every cell found, so that none passes without a person."""
    cells = {path: replace(entry, reasons=(*entry.reasons, reason)) for path, entry in match.cells.items()}
    return replace(match, cells=cells)


def _table(table: FormTable, pieces: Sequence[Piece]) -> _Found:
    if not pieces:
        expected = _form_cells(table.layout)
        return _Found(None, expected, {}, (Issue("table_not_found", "error", facts={"table": table.key}),))
    number = best_layout(pieces)
    layout = table.layouts[number]
    fits = [(piece, piece.matches[number]) for piece in pieces]
    matched = {row.form_row for _, rows in fits for row in rows.rows}
    absent = {index for piece, rows in fits for index in absent_rows(piece.printed, rows)} - matched
    gone = {path for path, cell in _form_cells(layout).items() if cell.row in absent}
    expected = {path: cell for path, cell in _form_cells(layout).items() if path not in gone}
    cells = _merge(_assign(piece, rows, columns, expected) for piece, rows, columns in _with_columns(fits))
    found = _row_scores(fits)
    data = [index for index, row in enumerate(layout.rows) if row.kind == "data" and index not in absent]
    confidence = sum(found.get(index, 0.0) for index in data) / max(len(data), 1)
    match = TableMatch(table.key, tuple(piece.index for piece in pieces), confidence)
    issues = _issues(table, number, fits, absent, [index for index in data if index not in matched])
    return _Found(match, expected, cells, issues)


def _form_cells(layout: Layout) -> dict[str, FormCell]:
    return {cell.path: cell for cell in layout.cells if cell.path is not None}


def _row_scores(fits: Iterable[tuple[Piece, RowMatch]]) -> dict[int, float]:
    scores: dict[int, float] = {}
    for _, rows in fits:
        for row in rows.rows:
            scores[row.form_row] = max(row.score, scores.get(row.form_row, 0.0))
    return scores


def _with_columns(
    fits: Sequence[tuple[Piece, RowMatch]],
) -> list[tuple[Piece, RowMatch, tuple[MatchedColumn, ...]]]:
    """Each piece with the columns of its bands: from its own head, else another piece's, else by order."""
    own = [match_columns(piece.printed, rows) for piece, rows in fits]
    all_columns = [column for columns in own for column in columns]
    result = []
    for (piece, rows), columns in zip(fits, own, strict=True):
        for band in sorted(bands_with_data(rows) - {column.band for column in columns}):
            others = [column for column in all_columns if column.band == band]
            if others:
                columns += borrowed(others, piece.printed, rows, band)
            else:
                columns += columns_by_order(piece.printed, rows, band)
        result.append((piece, rows, columns))
    return result


def _assign(
    piece: Piece, rows: RowMatch, columns: Sequence[MatchedColumn], expected: Mapping[str, FormCell]
) -> list[Assigned]:
    swallowing = swallowing_rows(piece.printed, rows)
    assigned = []
    for placed in place_cells(piece.printed, rows, columns):
        row = rows.layout.rows[placed.row.form_row]
        column = rows.layout.bands[row.band][placed.column.index]
        path = piece.table.path(row.stem or "", column.stem)
        if path in expected:
            assigned.append(_assigned(path, expected[path], piece.index, placed, swallowing))
    return assigned


def _assigned(
    path: str, form_cell: FormCell, index: int, placed: PlacedCell, swallowing: frozenset[int]
) -> Assigned:
    swallowed = placed.row.form_row in swallowing
    return Assigned(
        path,
        form_cell,
        placed.cell,
        index,
        placed.row.score * (SWALLOWED if swallowed else 1.0),
        placed.column.score,
        (*placed.reasons, "merged_row") if swallowed else placed.reasons,
    )


def _merge(pieces: Iterable[Sequence[Assigned]]) -> dict[str, Assigned]:
    """One cell per path. A path found in two pieces keeps the likelier cell and says that there are two."""
    cells: dict[str, Assigned] = {}
    for assigned in pieces:
        for entry in assigned:
            other = cells.get(entry.path)
            if other is None:
                cells[entry.path] = entry
            else:
                better = max(other, entry, key=lambda candidate: candidate.score)
                cells[entry.path] = replace(better, reasons=(*better.reasons, "found_twice"))
    return cells


def _issues(
    table: FormTable,
    number: int,
    fits: Sequence[tuple[Piece, RowMatch]],
    absent: Iterable[int],
    not_found: Iterable[int],
) -> tuple[Issue, ...]:
    rows = table.layouts[number].rows
    page = page_of(fits[0][0].printed.table, 0)
    issues = []
    if number:
        issues.append(Issue("hybrid_layout", "info", page, {"table": table.key}))
    if len(fits) > 1:
        issues.append(Issue("table_in_pieces", "warning", page, {"table": table.key, "pieces": len(fits)}))
    for code, indices in (("row_absent", absent), ("row_not_found", not_found)):
        for index in sorted(indices):
            label = rows[index].labels[-1].text if rows[index].labels else ""
            issues.append(Issue(code, "warning", page, {"table": table.key, "row": label}))
    for piece, match in fits:
        for row, label in extra_rows(piece.printed, match):
            where = page_of(piece.printed.table, row)
            issues.append(Issue("extra_row", "warning", where, {"table": table.key, "row": label}))
    return tuple(issues)
