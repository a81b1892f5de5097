"""Figures for a form: totals worked out where none are given, so that only planted faults break the arithmetic."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence

from extractors.forms import Form, Layout

PEOPLE = (
    "natural_person",
    "legal_person.commercial_enterprise",
    "legal_person.research_institution",
    "legal_person.social_welfare_organization",
    "legal_person.legal_service_organization",
    "legal_person.other",
)
RESULT_TOTAL = "results.total"
OUTCOMES = ("upheld", "corrected", "other", "pending")
_BEFORE, _AFTER = ("new_received", "carried_over"), "carried_forward"


def result_rows(layout: Layout) -> tuple[str, ...]:
    """Stems of the rows that add up to （七）总计, top to bottom."""
    stems = [row.stem for row in layout.rows if row.stem is not None]
    return tuple(stem for stem in stems if stem.startswith("results.") and stem != RESULT_TOTAL)


def applications(layout: Layout, rows: Mapping[str, Sequence[int]]) -> dict[str, int]:
    """Table 3 from its non-zero rows: stem -> counts per applicant, 自然人 first (missing ones are 0).

    （七）总计, the 总计 column and, where not given, 四、结转 (一 + 二 less （七）) are worked out. Raises KeyError
    for a row the layout does not print, ValueError if more were answered than came in.
    """
    stems = {row.stem for row in layout.rows if row.stem is not None}
    unknown = set(rows) - stems
    if unknown:
        raise KeyError(f"no such rows: {sorted(unknown)}")
    full = {stem: [*rows.get(stem, ()), *[0] * 6][:6] for stem in stems}
    full[RESULT_TOTAL] = _sum(full[stem] for stem in result_rows(layout))
    came = _sum(full[stem] for stem in _BEFORE)
    if _AFTER not in rows:
        full[_AFTER] = [a - b for a, b in zip(came, full[RESULT_TOTAL], strict=True)]
    if min(full[_AFTER]) < 0:
        raise ValueError(f"more answered than received: {full[_AFTER]}")
    values = {}
    for stem, counts in full.items():
        for person, count in zip((*PEOPLE, "total"), (*counts, sum(counts)), strict=True):
            values[f"applications.{stem}.{person}"] = count
    return values


def _sum(rows: Iterable[Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)]


def litigation(**groups: Sequence[int]) -> dict[str, int]:
    """Table 4: per group the counts 维持, 纠正, 其他, 尚未审结; 总计 is worked out."""
    values = {}
    for group in ("reconsideration", "litigation_direct", "litigation_after_reconsideration"):
        counts = [*groups.get(group, ()), 0, 0, 0, 0][:4]
        for name, count in zip((*OUTCOMES, "total"), (*counts, sum(counts)), strict=True):
            values[f"review_litigation.{group}.{name}"] = count
    return values


def draw_applications(layout: Layout, rng: random.Random, volume: int) -> dict[str, int]:
    """A year of about `volume` applications, most by natural persons, spread over few outcomes."""
    leaves = result_rows(layout)
    likely = rng.sample(leaves, k=min(len(leaves), rng.randint(3, 9)))
    rows: dict[str, list[int]] = {stem: [0] * 6 for stem in likely}
    for _ in range(volume):
        rows[rng.choice(likely)][_person(rng)] += 1
    answered = _sum(rows.values()) if rows else [0] * 6
    left = [rng.randint(0, 1 + count // 8) if count else 0 for count in answered]
    came = [a + b for a, b in zip(answered, left, strict=True)]
    old = [rng.randint(0, count // 5) for count in came]
    rows["carried_over"] = old
    rows["new_received"] = [a - b for a, b in zip(came, old, strict=True)]
    return applications(layout, rows)


def _person(rng: random.Random) -> int:
    return rng.choices(range(6), weights=(70, 12, 3, 4, 6, 5))[0]


def draw_litigation(rng: random.Random, volume: int) -> dict[str, int]:
    groups = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
    return litigation(**{group: [rng.randint(0, volume) for _ in OUTCOMES] for group in groups})


def as_printed(form: Form, layout_index: int, counts: Mapping[str, int | str]) -> dict[str, str]:
    """A string for every printed field: the given one, "0" for the others."""
    printed: dict[str, str] = {}
    for table in form.tables:
        layout = table.layouts[layout_index] if table.key == "applications" else table.layout
        printed.update((path, str(counts.get(path, 0))) for path in layout.paths)
    unknown = set(counts) - set(printed)
    if unknown:
        raise KeyError(f"the form prints no such fields: {sorted(unknown)[:5]}")
    return printed
