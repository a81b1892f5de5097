"""From the cells that hold a form's fields to the fields' values: read, checked against the sums, judged.

Two passes, because a check can only be judged once all its operands are read: first every value with what is
odd about it, then the sum rules over all of them, then the confidence of each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from extractors.checks import accused, run_checks, support, suspects
from extractors.confidence import BLANK_READING, Assess, Evidence, Operand
from extractors.document import Cell, Check, JoinedTable, Value
from extractors.forms import Assigned, FormMatch
from extractors.values import (
    as_printed,
    choose_reading,
    fits_type,
    is_counter,
    is_dash,
    is_slash,
    parse_value,
)

FEW = 0.1
"""A blank, a dash or a slash is odd where at most this share of its table's values are such; a count with a unit, or
without, where at most this share of its table's counts are."""
ENOUGH = 10
"""... if the table has this many values, else nothing is odd."""
UNSURE_BLANK = 0.5
"""A blank with a reading no surer than this holds ink that was taken for something else."""
MAX_ALTERNATIVES = 5

_ODD = {
    "blank": "blank_in_doubt",
    "dash": "dash_in_doubt",
    "slash": "slash_in_doubt",
    "counted": "unit_in_doubt",
    "plain": "unit_in_doubt",
}

NOT_FOUND = Value(kind="not_found", review=True, reasons=("not_found",))


@dataclass(frozen=True, slots=True)
class _Read:
    """A value before it is judged; `reading` is the probability of its text alone."""

    value: Value
    reading: float
    notes: tuple[str, ...] = ()


def read_fields(
    match: FormMatch, tables: Sequence[JoinedTable], judge: Assess
) -> tuple[dict[str, Value], tuple[Check, ...]]:
    """The value of every path in `match.expected`, in the form's order and in work pixels, and the checks.

    `tables` are those that were matched. Empty where no form was recognised.
    """
    if match.form is None:
        return {}, ()
    read = {path: _read_cell(assigned) for path, assigned in match.cells.items()}
    sorts = {
        table: Counter(_sort(read[path].value) for path in read if match.cells[path].table == table)
        for table in range(len(tables))
    }
    read = {
        path: replace(entry, notes=entry.notes + _odd_one(entry, match.cells[path], sorts))
        for path, entry in read.items()
    }
    values = {path: read[path].value if path in read else NOT_FOUND for path in match.expected}
    checks = run_checks(match.form, values)
    evidence = _Weighing(match, tables, read, checks)
    judged = {path: evidence.judge(path, judge) if path in read else NOT_FOUND for path in match.expected}
    return judged, checks


def _read_cell(assigned: Assigned) -> _Read:
    cell, form_cell = assigned.cell, assigned.form_cell
    if cell.blank:
        unsure = cell.ink is not None and cell.reading.confidence <= UNSURE_BLANK
        doubt = ("blank_in_doubt",) if unsure or as_printed(cell.reading.text) else ()
        reading = 1.0 if cell.ink is None else BLANK_READING
        return _Read(Value(kind="blank", raw="", parts=cell.parts), reading, assigned.reasons + doubt)
    choice = choose_reading(cell, form_cell.value_type)
    if not choice.raw:
        unreadable = Value(kind="unreadable", parts=cell.parts, review=True, reasons=("unreadable",))
        return _Read(unreadable, 0.0, assigned.reasons)
    parsed = parse_value(choice.raw, form_cell.value_type, form_cell.unit)
    value = Value(
        kind=parsed.kind,
        value=parsed.value,
        raw=choice.raw,
        unit=parsed.unit,
        parts=cell.parts,
        alternatives=choice.alternatives[:MAX_ALTERNATIVES],
    )
    notes = [*assigned.reasons]
    if choice.off_charset:
        notes.append("off_charset")
    if not fits_type(parsed, form_cell.value_type, choice.raw):
        notes.append("odd_for_type")
    return _Read(value, choice.confidence, tuple(notes))


def _odd_one(entry: _Read, place: Assigned, of_tables: Mapping[int, Counter[str]]) -> tuple[str, ...]:
    """Notes on a value of a sort that stands nearly alone in its table. Text layers need none: they don't fade."""
    mine, sorts = _sort(entry.value), of_tables[place.table]
    if mine not in _ODD or place.cell.ink is None:
        return ()
    others = ("counted", "plain") if mine in ("counted", "plain") else tuple(sorts)
    total = sum(sorts[sort] for sort in others)
    return (_ODD[mine],) if total >= ENOUGH and sorts[mine] <= FEW * total else ()


def _sort(value: Value) -> str:
    """What can be odd about a value: a blank, a dash, a slash, or a unit (0人 may be a 0 and a stain)."""
    if value.kind == "blank":
        return "blank"
    if value.kind == "number" and not isinstance(value.value, Decimal):
        return "counted" if is_counter(value.unit or "") else "plain" if value.unit is None else "other"
    if value.kind != "not_applicable":
        return "other"
    return "dash" if is_dash(value.raw or "") else "slash" if is_slash(value.raw or "") else "other"


class _Weighing:
    """The evidence on each value of one document, from its reading, its place and the sum rules."""

    def __init__(
        self,
        match: FormMatch,
        tables: Sequence[JoinedTable],
        read: Mapping[str, _Read],
        checks: Sequence[Check],
    ) -> None:
        self._match, self._tables, self._read = match, tables, read
        self._broken, self._suspects, self._support = accused(checks), suspects(checks), support(checks)

    def judge(self, path: str, judge: Assess) -> Value:
        entry = self._read[path]
        if entry.value.kind == "unreadable":
            return entry.value
        found = judge(self._evidence(path, entry, self._match.cells[path].cell))
        return replace(entry.value, confidence=found.confidence, review=found.review, reasons=found.reasons)

    def _evidence(self, path: str, entry: _Read, cell: Cell) -> Evidence:
        assigned = self._match.cells[path]
        return Evidence(
            reading=entry.reading,
            structure=cell.structure,
            label=assigned.score,
            join=self._tables[assigned.table].confidence,
            holding=tuple(self._others(path, check) for check in self._support.get(path, ())),
            broken=self._broken.get(path, ()),
            suspect=path in self._suspects,
            notes=entry.notes,
        )

    def _others(self, path: str, check: Check) -> tuple[Operand, ...]:
        own = self._read[path].value.raw
        others = (self._read[other] for other in check.fields if other != path)
        return tuple(Operand(other.reading, other.value.raw == own) for other in others)
