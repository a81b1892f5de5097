"""From the tables of a document to the form they are of, and from each field to its cell.

Labels decide, never the year, the number of rows or grid indices. Every table is held against every layout of
every form; the form whose tables fit best wins. What a fit means for single fields is in `assemble.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from extractors.document import JoinedTable
from extractors.forms.assemble import FORM_IN_DOUBT, FormMatch, Piece, assemble, in_doubt
from extractors.forms.grid import PrintedTable
from extractors.forms.labels import is_wordy, label_similarity, normalise
from extractors.forms.model import Form, FormTable
from extractors.forms.rows import RowMatch, match_rows

SURE_LABEL = 0.75
"""A table is of the form only if some label is at least this like the form's."""
ALIKE_LABEL = 0.5
LEAST_SHARE = 0.5
"""... and if at least this share of its wordy rows are rows of the form, at ALIKE_LABEL or better."""
STEEPNESS = 0.5
"""How fast a lead of one form over the next turns into certainty, per nat: one label that only one of the
forms has is worth about 4 nats, two of them make 98 %."""


def match_tables(tables: Sequence[JoinedTable], forms: Sequence[Form]) -> FormMatch:
    """The form whose labels fit `tables` best, and the cell of each of its fields.

    Pure. `form` is None if no table fits any form: the caller then decides what that means.
    """
    fits = {form.id: _fit(tables, form) for form in forms}
    worth = {form.id: sum(piece.best.score for piece in fits[form.id]) for form in forms}
    ranked = sorted(forms, key=lambda form: -worth[form.id])
    if not ranked or not fits[ranked[0].id]:
        return FormMatch(None, 1.0)
    form = ranked[0]
    rivals = [(other, _certainty(worth[form.id] - worth[other.id])) for other in ranked[1:]]
    confidence = min((sure for _, sure in rivals), default=1.0)
    answer = assemble(form, confidence, _only_of(form, forms, tables), fits[form.id])
    return in_doubt(answer, [other for other, sure in rivals if sure < FORM_IN_DOUBT])


def _certainty(lead: float) -> float:
    """Probability that the form is not one that fits less well by `lead` nats."""
    return 1.0 / (1.0 + math.exp(-STEEPNESS * min(lead, 100.0)))


def _fit(tables: Sequence[JoinedTable], form: Form) -> tuple[Piece, ...]:
    """The given tables that are of this form, each with the form's table it fits best."""
    found = []
    for index, table in enumerate(tables):
        fits = (_piece(index, table, form_table) for form_table in form.tables)
        good = [piece for piece in fits if piece is not None and _is_of_form(piece)]
        if good:
            found.append(max(good, key=lambda piece: piece.best.score))
    return tuple(found)


def _piece(index: int, table: JoinedTable, form_table: FormTable) -> Piece | None:
    labelled = any(row.labels for row in form_table.layout.rows if row.kind == "data")
    printed = PrintedTable(table.table, labelled)
    if not _may_be(printed, form_table):
        return None
    matches = tuple(match_rows(printed, layout) for layout in form_table.layouts)
    return Piece(index, form_table, printed, matches)


def _may_be(printed: PrintedTable, form_table: FormTable) -> bool:
    """Cheap refusal before any alignment: too few of the texts are like any label."""
    labels = {label for row in form_table.layout.rows for label in row.labels}
    texts = {cell.text for cell in printed.table.cells if is_wordy(cell.text)}
    likeness = [max(label_similarity(text, label) for label in labels) for text in texts]
    alike = sum(similarity >= ALIKE_LABEL for similarity in likeness)
    return max(likeness, default=0.0) >= SURE_LABEL and alike >= LEAST_SHARE * len(texts)


def _is_of_form(piece: Piece) -> bool:
    """Whether enough of the printed rows are rows of the form for this to be no chance likeness."""
    rows: RowMatch = piece.best
    alike = [row.similarity for row in rows.rows if row.similarity is not None]
    wordy = sum(any(is_wordy(cell.text) for cell in cells) for cells in piece.printed.rows)
    sure = sum(similarity >= ALIKE_LABEL for similarity in alike)
    return rows.score > 0 and max(alike, default=0.0) >= SURE_LABEL and sure >= LEAST_SHARE * max(wordy, 1)


def _only_of(form: Form, forms: Sequence[Form], tables: Sequence[JoinedTable]) -> tuple[str, ...]:
    """Labels printed in `tables` that only this one of the forms has: the evidence for it."""
    printed = {normalise(cell.text) for table in tables for cell in table.table.cells}
    others = {text for other in forms if other.id != form.id for text in _texts(other)}
    return tuple(text for text in dict.fromkeys(_texts(form)) if text in printed and text not in others)


def _texts(form: Form) -> Iterator[str]:
    """All labels of the official layouts, normalised."""
    for table in form.tables:
        for cell in table.layout.cells:
            if cell.label is not None:
                yield normalise(cell.label.text)
