"""From a record and its gold to rows. What is right is decided by eval.score, here it is only written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from eval.cases import Case, Gold
from eval.gold_values import gold_value, normalise
from eval.metrics.blanks import check_matches
from eval.metrics.cells import header_paths, with_known_headings
from eval.metrics.grid_table import GridTable, table_from_record
from eval.metrics.grounding import gold_places, grounding, record_places
from eval.metrics.html_tables import table_from_html
from eval.metrics.matches import Matches
from eval.metrics.tables import score_table
from eval.metrics.text import Characters, character_errors
from eval.runs.front import front_rows
from eval.runs.rows import Box, DocumentRow, FieldRow, HeadingRow, Place, Rows, TableRow, join
from eval.runs.table_heads import mark_headers
from eval.runs.tags import field_tags, report_traits
from eval.runs.title_lines import TRAPS, line_of
from eval.score import Score, agrees, score_record
from eval.volumes import bounds_right, match_reports
from extractors.forms import Form, load

Json = Mapping[str, Any]


def case_rows(case: Case, records: Sequence[Json], seconds: float | None, error: str | None) -> Rows:
    """The rows of one case: of every report of gold, then of every record that is of none.

    A report without a record misses all that gold has.
    """
    mates = match_reports(records, case.reports)
    bound = len(case.reports) > 1
    parts = []
    for number, gold in enumerate(case.reports):
        record = records[mates[number]] if number in mates else None
        bounds = record is not None and bounds_right(record, gold, len(records))
        place = place_of(case, gold, number + 1)
        parts.append(report_rows(place, gold, record, Kept(bounds, bound, seconds, error)))
    spare = [record for index, record in enumerate(records) if index not in mates.values()]
    for number, record in enumerate(spare, start=len(case.reports) + 1):
        place = place_of(case, NO_REPORT, number)
        parts.append(report_rows(place, NO_REPORT, record, Kept(False, bound, seconds, error)))
    return join(parts)


@dataclass(frozen=True, slots=True)
class Kept:
    """Of a report's file: were its first and last page found, are others bound in it, what did it take?"""

    bounds_right: bool
    in_volume: bool
    seconds: float | None
    error: str | None


NO_REPORT = Gold(form=None, agency=None, year=None, sections={}, fields={}, kind="nothing")
"""What a record is scored against that is of no report of gold: all that it says is invented."""


def place_of(case: Case, gold: Gold, report: int) -> Place:
    """Scans of one report share their document: its body and year, or the case's name without the level."""
    stem = case.name.removesuffix(f"-{case.level}")
    known = gold.agency is not None and gold.year is not None
    return Place(
        case=case.name,
        report=report,
        document=f"{gold.agency} {gold.year}" if known else stem,
        body=gold.agency or stem,
        level=case.level,
        form=gold.form or "none",
        label_source=gold.label_source,
    )


def report_rows(place: Place, gold: Gold, record: Json | None, kept: Kept) -> Rows:
    """The rows of one report."""
    score = score_record(record, gold)
    record = record or {}
    return Rows(
        fields=_field_rows(place, gold, record, score),
        documents=(_document_row(place, gold, record, score, kept),),
        headings=_heading_rows(place, gold, record, score),
        tables=_table_rows(place, gold, record),
        front=front_rows(place, gold, record),
    )


def _field_rows(place: Place, gold: Gold, record: Json, score: Score) -> tuple[FieldRow, ...]:
    got = record.get("fields", {})
    tags = field_tags(gold)
    astray = stands_elsewhere(score)
    turns = {page["page"]: page.get("rotation", 0) for page in record.get("source", {}).get("pages", ())}
    rows = []
    for path, printed in sorted(gold.scored_fields.items()):
        truth = gold_value(path, printed)
        field = got.get(path)
        right = field is not None and agrees(field, truth)
        review = bool((field or {}).get("review"))
        rows.append(
            FieldRow(
                place=place,
                path=path,
                tags=tags[path],
                gold_kind=truth.kind,
                gold_raw=truth.raw,
                right=right,
                fault=None if right else "missing" if field is None else "wrong",
                silent=astray or (not right and not review),
                turn=_turn(gold, path, field, turns),
                **_as_read(field or {}),
                **_gold_place(gold, path),
            )
        )
    for path in sorted(set(got) - set(gold.fields) - gold.unverified):
        as_read = _as_read(got[path])
        rows.append(
            FieldRow(
                place=place,
                path=path,
                tags=(),
                gold_kind=None,
                gold_raw=None,
                right=False,
                fault="invented",
                silent=not as_read["review"],
                turn=turns.get(as_read["page"] or 0, 0),
                **as_read,
            )
        )
    return tuple(rows)


def _turn(gold: Gold, path: str, field: Json | None, turns: Mapping[int, int]) -> int:
    """Degrees clockwise that bring a field's page upright: as the record found, else as gold says it was laid."""
    if field and field.get("box"):
        return turns.get(field["page"], 0)
    page = int(gold.boxes[path][0]) if path in gold.boxes else 0
    return -gold.turned.get(page, 0) % 360


def stands_elsewhere(score: Score) -> bool:
    """Whether the report stands under a wrong body or year and nobody is asked about that."""
    return any(name in {"agency", "year"} and not review for name, _, _, review in score.wrong_front)


def _as_read(field: Json) -> dict[str, Any]:
    value = field.get("value")
    confidence = field.get("confidence")
    return {
        "kind": field.get("kind"),
        "raw": field.get("raw"),
        "value": None if value is None else str(value),
        "unit": field.get("unit"),
        "confidence": None if confidence is None else float(confidence),
        "review": bool(field.get("review")),
        "reasons": tuple(field.get("reasons") or ()),
        "page": field.get("page"),
        "box": _box(field.get("box")),
        "alternatives": tuple((str(raw), float(p)) for raw, p in field.get("alternatives") or ()),
    }


def _box(edges: Sequence[Any] | None) -> Box | None:
    if not edges:
        return None
    x0, y0, x1, y1 = (float(edge) for edge in edges)
    return x0, y0, x1, y1


def _gold_place(gold: Gold, path: str) -> dict[str, Any]:
    box = gold.boxes.get(path)
    return {} if box is None else {"gold_page": int(box[0]), "gold_box": _box(box[1:5])}


def _document_row(place: Place, gold: Gold, record: Json, score: Score, kept: Kept) -> DocumentRow:
    counts = score.counts
    agency, year = (record.get(name) or {} for name in ("agency", "year"))
    checks = check_matches(record.get("checks", ()), broken_rules(gold))
    places = _places(gold, record)
    text = _characters(gold, record)
    return DocumentRow(
        place=place,
        gold_kind=None if gold is NO_REPORT else gold.kind,
        kind=record.get("kind"),
        kind_review=bool(record.get("kind_review")),
        gold_agency=_text(gold.agency),
        agency=_text(agency.get("value")),
        agency_right=bool(counts.agency_right),
        agency_review=bool(agency.get("review")),
        gold_year=_text(gold.year),
        year=_text(year.get("value")),
        year_right=bool(counts.year_right),
        year_review=bool(year.get("review")),
        form_right=bool(counts.form_right),
        bounds_right=kept.bounds_right,
        in_volume=kept.in_volume,
        sections=counts.sections,
        sections_right=counts.sections_right,
        sections_extra=counts.sections_extra,
        checks_broken=checks.gold,
        checks_found=checks.right,
        checks_false=checks.found - checks.right,
        places_gold=places.gold,
        places_read=places.found,
        places_right=places.right,
        characters=text.gold,
        characters_wrong=text.edits,
        pages=len(record.get("source", {}).get("pages", ())),
        seconds=kept.seconds,
        stages=tuple(sorted((name, float(s)) for name, s in record.get("timing_s", {}).items())),
        error=kept.error,
        traits=report_traits(gold),
    )


@cache
def _forms() -> Mapping[str, Form]:
    return {form.id: form for form in load()}


def broken_rules(gold: Gold) -> frozenset[str]:
    """Ids of the form's sums that do not hold in what the report prints; a rule with a non-number is left out.

    Where a path could not be verified the rule says nothing.
    """
    form = _forms().get(gold.form or "")
    if form is None:
        return frozenset()
    numbers = {path: gold_value(path, raw).number for path, raw in gold.scored_fields.items()}
    broken = set()
    for rule in form.rules_for(gold.fields.keys()):
        operands = [numbers.get(path) for path in rule.operands]
        if any(number is None for number in operands):
            continue
        left, right = (sum(numbers[path] or 0 for path in side) for side in (rule.left, rule.right))
        if left != right:
            broken.add(rule.id)
    return frozenset(broken)


def _places(gold: Gold, record: Json) -> Matches:
    """Boxes of values; nothing to measure where gold has none. What gold does not score has none either."""
    if not gold.boxes:
        return Matches()
    unscored = {*gold.fields, *gold.unverified} - gold.boxes.keys()
    truth = {path: box for path, box in gold.boxes.items() if path not in gold.unverified}
    found = record_places(record) if record else {}
    return grounding(found, gold_places(truth), unscored | gold.unverified)


def _characters(gold: Gold, record: Json) -> Characters:
    """Errors in the texts of the sections that gold has the text of."""
    found = {str(section["key"]): section.get("text", "") for section in record.get("sections", ())}
    known = gold.section_texts
    return character_errors({key: text for key, text in found.items() if key in known}, known)


def _heading_rows(place: Place, gold: Gold, record: Json, score: Score) -> tuple[HeadingRow, ...]:
    got = {str(section.get("key")): section for section in record.get("sections", ())}
    wrong = {key: title for key, truth, title in score.wrong_sections if truth is not None}
    rows = []
    for key, title in sorted(gold.sections.items()):
        section = got.get(key, {})
        read = wrong[key] if key in wrong else normalise(title)
        rows.append(_heading(place, key, title, read, key not in wrong, section, gold))
    rows += [
        _heading(place, key, None, title, False, got.get(key, {}), gold)
        for key, truth, title in score.wrong_sections
        if truth is None
    ]
    return tuple(rows)


def _heading(
    place: Place,
    key: str,
    truth: str | None,
    title: str | None,
    right: bool,
    section: Json,
    gold: Gold,
) -> HeadingRow:
    confidence = section.get("confidence")
    shown = None if confidence is None else float(confidence)
    line = None if title is None else line_of(normalise(title), gold, _forms().get(gold.form or ""))
    return HeadingRow(
        place, key, truth, title, right, shown, bool(section.get("review")), line in TRAPS, line
    )


def _table_rows(place: Place, gold: Gold, record: Json) -> tuple[TableRow, ...]:
    """Tables are paired by the form's key; of several that claim one key the first counts, the rest has no scores."""
    rows = []
    form = _forms().get(gold.form or "")
    unpaired = {key: mark_headers(table_from_html(html), form, key) for key, html in gold.tables.items()}
    for table in record.get("tables", ()):
        key = _text(table.get("key"))
        rows.append(
            TableRow(
                place=place,
                key=key,
                pages=tuple(table["pages"]),
                rows=table["rows"],
                cols=table["cols"],
                cells=len(table["cells"]),
                confidence=float(table["confidence"]),
                labelled=key in unpaired,
                scores=_scores(table, unpaired.pop(key)) if key in unpaired else (),
            )
        )
    rows += [
        TableRow(place, key, (), None, None, None, None, labelled=True, scores=_scores(None, unpaired[key]))
        for key in sorted(unpaired)
    ]
    return tuple(rows)


def _scores(table: Json | None, truth: GridTable) -> tuple[tuple[str, float], ...]:
    answer = table_from_record(table) if table else None
    score = score_table(answer, truth)
    told, true = answer and answer.normalised(), truth.normalised()
    headed_right, headed = header_paths(told, true)
    loosely_right, _ = header_paths(told and with_known_headings(told, true), true)
    return (
        ("teds", score.teds),
        ("teds_s", score.teds_s),
        ("grits_con", score.grits_con),
        ("grits_top", score.grits_top),
        ("spans_right", float(score.spans.right)),
        ("spans_gold", float(score.spans.gold)),
        ("spans_read", float(score.spans.found)),
        ("headed_right", float(headed_right)),
        ("headed", float(headed)),
        ("loosely_headed_right", float(loosely_right)),
        ("neighbours_right", float(score.adjacency.right)),
        ("neighbours_gold", float(score.adjacency.gold)),
        ("neighbours_read", float(score.adjacency.found)),
    )


def _text(value: Any) -> str:
    return "" if value is None else str(value)
