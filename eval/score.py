"""How right a record is, and how loud it is where it is wrong.

Every rate has **all of the truth** below the line, never only what was found; so an omission costs as much as
an error. An invention cannot improve any rate and is counted beside them. The definitions:

* *field accuracy*: gold fields that are right / all gold fields. Right: kind and raw agree (NFKC, no white
  space, all dashes alike, alone and as the sign of a number), and for numbers also value with sign, and unit.
  A blank needs kind "blank".
* *non-zero accuracy*: the same over gold fields printed neither "0" nor blank (most answers are 0).
* *silent errors* (a count): fields wrong, missing or invented and not marked `review`. A field absent from
  the record cannot be marked, so it is silent. If the agency or the year is wrong and not marked, all gold
  fields of the report are silent errors: they stand under the wrong body. No record: all fields missing.
* *straight-through*: gold fields in the record and not marked `review` / (gold fields + invented fields).
* *sections*: gold titles found under their key / all gold titles; `sections_extra` counts the invented ones.
* *agency*, *year*, *form*: exact, per report.

Fields listed in gold's `unverified` count nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from eval.cases import Gold
from eval.gold_values import GoldValue, gold_value, normalise

Fault = Literal["wrong", "missing", "invented"]


@dataclass(frozen=True, slots=True)
class Miss:
    """One field that is not right, with what is needed to find out why. `gold` is None for an invention."""

    path: str
    fault: Fault
    gold: str | None
    got: str | None  # raw as read
    kind: str | None
    value: Any
    unit: str | None
    review: bool
    confidence: float | None
    reasons: tuple[str, ...]
    page: int | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Plain counts, so that scores of reports add up. Rates are 0 where there is nothing to get right."""

    reports: int = 0
    fields: int = 0
    right: int = 0
    nonzero: int = 0
    nonzero_right: int = 0
    silent: int = 0
    straight: int = 0
    invented: int = 0
    sections: int = 0
    sections_right: int = 0
    sections_extra: int = 0
    agency_right: int = 0
    year_right: int = 0
    form_right: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Counts)))

    @property
    def accuracy(self) -> float:
        return _rate(self.right, self.fields)

    @property
    def nonzero_accuracy(self) -> float:
        return _rate(self.nonzero_right, self.nonzero)

    @property
    def straight_through(self) -> float:
        return _rate(self.straight, self.fields + self.invented)

    @property
    def section_recall(self) -> float:
        return _rate(self.sections_right, self.sections)


@dataclass(frozen=True, slots=True)
class Score:
    """The counts of one report, its misses, and the headings (key, gold title, got) that are not right."""

    counts: Counts
    misses: tuple[Miss, ...]
    wrong_sections: tuple[tuple[str, str | None, str | None], ...]
    wrong_front: tuple[tuple[str, str, str, bool], ...]  # name, gold, got, marked for review


def total(scores: Iterable[Score]) -> Counts:
    """The counts of several reports added up (micro average)."""
    return sum((score.counts for score in scores), Counts())


def score_record(record: Mapping[str, Any] | None, gold: Gold) -> Score:
    """Score a record (its JSON as a mapping; None if there is none) against `gold`."""
    record = record or {}
    expected = gold.scored_fields
    misses = _field_misses(record.get("fields", {}), gold, expected)
    missed = {miss.path for miss in misses}
    nonzero = [path for path, raw in expected.items() if normalise(raw) not in {"0", ""}]
    invented = sum(miss.fault == "invented" for miss in misses)
    front = _wrong_front(record, gold)
    astray = any(name in {"agency", "year"} and not review for name, _, _, review in front)
    silent_gold = sum(not miss.review for miss in misses if miss.fault != "invented")
    silent_invented = sum(not miss.review for miss in misses if miss.fault == "invented")
    wrong_sections = _wrong_sections(record.get("sections", []), gold.sections)
    wrong_names = {name for name, *_ in front}
    counts = Counts(
        reports=1,
        fields=len(expected),
        right=sum(path not in missed for path in expected),
        nonzero=len(nonzero),
        nonzero_right=sum(path not in missed for path in nonzero),
        silent=(len(expected) if astray else silent_gold) + silent_invented,
        straight=_straight(record.get("fields", {}), expected),
        invented=invented,
        sections=len(gold.sections),
        sections_right=len(gold.sections) - sum(title is not None for _, title, _ in wrong_sections),
        sections_extra=sum(title is None for _, title, _ in wrong_sections),
        agency_right=int("agency" not in wrong_names),
        year_right=int("year" not in wrong_names),
        form_right=int("form" not in wrong_names),
    )
    return Score(counts, misses, wrong_sections, front)


def agrees(got: Mapping[str, Any], truth: GoldValue) -> bool:
    """Whether a record's field says what gold says: kind, raw, and for a number its value and unit."""
    if got.get("kind") != truth.kind or normalise(got.get("raw") or "") != truth.raw:
        return False
    if truth.kind != "number":
        return True
    return _decimal(got.get("value")) == truth.number and (got.get("unit") or None) == truth.unit


def _field_misses(got: Mapping[str, Any], gold: Gold, expected: Mapping[str, str]) -> tuple[Miss, ...]:
    misses = []
    for path in sorted(expected):
        field = got.get(path)
        if field is None:
            misses.append(_miss(path, "missing", expected[path], {}))
        elif not agrees(field, gold_value(path, expected[path])):
            misses.append(_miss(path, "wrong", expected[path], field))
    for path in sorted(set(got) - set(gold.fields) - gold.unverified):
        misses.append(_miss(path, "invented", None, got[path]))
    return tuple(misses)


def _miss(path: str, fault: Fault, gold: str | None, field: Mapping[str, Any]) -> Miss:
    return Miss(
        path=path,
        fault=fault,
        gold=gold,
        got=field.get("raw"),
        kind=field.get("kind"),
        value=field.get("value"),
        unit=field.get("unit"),
        review=bool(field.get("review")),
        confidence=field.get("confidence"),
        reasons=tuple(field.get("reasons") or ()),
        page=field.get("page"),
    )


def _straight(got: Mapping[str, Any], expected: Mapping[str, str]) -> int:
    return sum(path in got and not got[path].get("review") for path in expected)


def _wrong_front(record: Mapping[str, Any], gold: Gold) -> tuple[tuple[str, str, str, bool], ...]:
    """Agency, year and form that are not gold's. The form carries no review flag of its own."""
    wrong = []
    for name, truth in (("agency", gold.agency), ("year", gold.year)):
        field = record.get(name) or {}
        value = field.get("value")
        if normalise(_text(value)) != normalise(_text(truth)):
            wrong.append((name, _text(truth), _text(value), bool(field.get("review"))))
    if record.get("form") != gold.form:
        wrong.append(("form", _text(gold.form), _text(record.get("form")), False))
    return tuple(wrong)


def _wrong_sections(
    got: Sequence[Mapping[str, Any]], gold: Mapping[str, str]
) -> tuple[tuple[str, str | None, str | None], ...]:
    """Gold titles not found under their key, then sections that gold does not have (or has only once)."""
    wrong: list[tuple[str, str | None, str | None]] = []
    used: set[int] = set()
    for key, title in sorted(gold.items()):
        same = [i for i, section in enumerate(got) if section.get("key") == key]
        exact = [i for i in same if normalise(_text(got[i].get("title"))) == normalise(title)]
        used.update(exact[:1] or same[:1])
        if not exact:
            wrong.append((key, title, _text(got[same[0]].get("title")) if same else None))
    extra = [section for i, section in enumerate(got) if i not in used]
    wrong += sorted((_text(section.get("key")), None, _text(section.get("title"))) for section in extra)
    return tuple(wrong)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _decimal(value: Any) -> Decimal | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _rate(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
