"""Which printed row is which row of the form: the first half of matching, which also decides the form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from extractors.forms.align import UNREAD, Alignment, Scores, align, worth
from extractors.forms.grid import PrintedTable
from extractors.forms.labels import head_similarity, is_remnant, label_similarity, normalise, row_similarity
from extractors.forms.model import FormRow, Layout

SURE_ALIKE = 0.6
"""From this similarity on a label in its place counts as read; misprints and fax noise stay above it."""
LEAST_ALIKE = 0.3
"""Below this a label that was read well is another label, even in the right place."""
UNREAD_QUALITY = 0.6
"""How sure a row is that only its neighbours place. Low enough for its values to go to a person."""
LONG_LABEL = 4


@dataclass(frozen=True, slots=True)
class MatchedRow:
    """`form_row` of the layout is printed as row `printed`. `similarity` is None where no label was read.

    `score`: probability that this is so, 0..1.
    """

    form_row: int
    printed: int
    similarity: float | None
    score: float


@dataclass(frozen=True, slots=True)
class RowMatch:
    """How the rows of a printed table fit one layout; `score` in nats, comparable between layouts."""

    layout: Layout
    rows: tuple[MatchedRow, ...]
    score: float

    @property
    def by_form_row(self) -> dict[int, MatchedRow]:
        return {row.form_row: row for row in self.rows}


def match_rows(table: PrintedTable, layout: Layout) -> RowMatch:
    """The best ordered alignment of the printed rows to the layout's rows."""
    alike = [[_alike(table, row, printed) for printed in range(table.table.n_rows)] for row in layout.rows]
    scores: Scores = np.array([[UNREAD if q is None else worth(q) for q in line] for line in alike])
    found = align(scores)
    rows = tuple(
        _matched(pair, _in_place(table, layout.rows[pair[0]], pair[1], alike[pair[0]][pair[1]]), found)
        for pair in found.pairs
        if not _is_another(table, layout.rows[pair[0]], pair[1], alike[pair[0]][pair[1]])
    )
    return RowMatch(layout, rows, found.score)


def _alike(table: PrintedTable, row: FormRow, printed: int) -> float | None:
    """Similarity of a printed row to a form row; None where the printed row has no label that was read."""
    starting = table.starting[printed]
    if row.kind == "head":
        return head_similarity(starting, row) if starting else None
    if row.kind == "band":
        return max(label_similarity(text, row.labels[0]) for text in starting) if starting else None
    if not row.labels:
        return 0.0 if starting else 1.0
    labels = table.labels(printed)
    if not labels or not normalise(labels[-1]):
        return None if not starting else 0.0
    return row_similarity(labels, row)


def _matched(pair: tuple[int, int], similarity: float | None, found: Alignment) -> MatchedRow:
    posterior = float(found.posterior[pair])
    return MatchedRow(*pair, similarity, posterior * quality(similarity))


def _in_place(table: PrintedTable, row: FormRow, printed: int, similarity: float | None) -> float | None:
    """The similarity once the place is settled: what is left of a faded label then counts as read."""
    cell = table.label_cell(printed)
    if similarity is None or cell is None or row.kind != "data":
        return similarity
    return max(similarity, SURE_ALIKE) if is_remnant(cell.text, row.labels[-1]) else similarity


def quality(similarity: float | None) -> float:
    """How far a label so alike, in its place, is to be believed: 1 from SURE_ALIKE on, falling below."""
    if similarity is None:
        return UNREAD_QUALITY
    if similarity >= SURE_ALIKE:
        return 1.0
    return max(0.2, 0.2 + 0.8 * (similarity - LEAST_ALIKE) / (SURE_ALIKE - LEAST_ALIKE))


def _is_another(table: PrintedTable, row: FormRow, printed: int, similarity: float | None) -> bool:
    """A row that merely stands where another was expected: an extra row beside a missing one."""
    if similarity is None or similarity >= LEAST_ALIKE or row.kind != "data":
        return False
    cell = table.label_cell(printed)
    return cell is not None and len(normalise(cell.text)) >= LONG_LABEL
