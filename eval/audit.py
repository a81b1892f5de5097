"""Labels that may be wrong: where the machine is sure of something else than gold says, the likeliest first.

Labels are made by people too. What speaks for a wrong label: several scans of one report were read alike, the reading
makes sums of the form hold that the label breaks, and the confidence. Nothing is changed here; a person looks at the
picture and mends gold.json.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from eval.gold_values import gold_value
from eval.runs.rows import FieldRow
from extractors.forms import Form, load

SURE = 0.9  # below, the machine itself expects to be wrong more often than gold is


@dataclass(frozen=True, slots=True)
class Suspect:
    """One label that readings contradict. `row` is the surest of the `scans` that read it alike, of `of` scans.

    `sums`: sums of the form that hold with the reading and break with the label, less those the other way round.
    """

    row: FieldRow
    scans: int
    of: int
    sums: int

    @property
    def confidence(self) -> float:
        return self.row.confidence or 0.0


def suspects(fields: Iterable[FieldRow], least: float = SURE) -> list[Suspect]:
    """Labels with a reading at least `least` sure that says something else; the likeliest to be wrong first.

    Inventions and missing fields are no readings of a label, and take no part.
    """
    fields = [row for row in fields if row.gold_kind is not None]
    labels: dict[tuple[str, int], dict[str, str]] = {}
    scans: dict[tuple[str, str], int] = {}
    alike: dict[tuple[str, str, str, str | None], list[FieldRow]] = {}
    for row in fields:
        place = row.place
        labels.setdefault((place.case, place.report), {})[row.path] = row.gold_raw or ""
        scans[place.document, row.path] = scans.get((place.document, row.path), 0) + 1
        if row.fault == "wrong" and (row.confidence or 0.0) >= least:
            alike.setdefault((place.document, row.path, row.raw or "", row.unit), []).append(row)
    found = []
    for (document, path, _, _), rows in alike.items():
        surest = max(rows, key=lambda row: (row.confidence or 0.0, row.place.case))
        gold = labels[surest.place.case, surest.place.report]
        found.append(Suspect(surest, len(rows), scans[document, path], _sums_in_favour(surest, gold)))
    return sorted(found, key=_likeliest_first)


def _likeliest_first(one: Suspect) -> tuple[float | str, ...]:
    return -one.sums, -one.scans, -one.confidence, one.row.place.case, one.row.path


@cache
def _forms() -> Mapping[str, Form]:
    return {form.id: form for form in load()}


def _sums_in_favour(row: FieldRow, gold: Mapping[str, str]) -> int:
    form = _forms().get(row.place.form)
    if form is None:
        return 0
    changed = {**gold, row.path: row.raw or ""}
    rules = [rule for rule in form.rules_for(gold.keys()) if row.path in rule.operands]
    return sum(
        bool(_holds(rule.left, rule.right, changed)) - bool(_holds(rule.left, rule.right, gold))
        for rule in rules
    )


def _holds(left: Sequence[str], right: Sequence[str], printed: Mapping[str, str]) -> bool | None:
    """Whether the sum holds; None where an operand is no number."""
    sides = []
    for side in (left, right):
        numbers = [gold_value(path, printed[path]).number for path in side]
        if any(number is None for number in numbers):
            return None
        sides.append(sum((number for number in numbers if number is not None), Decimal(0)))
    return sides[0] == sides[1]
