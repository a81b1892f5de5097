"""The summary of a run: every metric with its counts and interval, over all, over the hand-labelled core, for the
answerer of zeros, and by slice. Made from rows alone, so a stored run can be summed up again without OCR.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from eval.cases import LEVELS
from eval.peers.zeros import all_zero
from eval.runs.facts import Facts
from eval.runs.measure import ALL_METRICS, FIELD_METRICS, FRONT_METRICS, METRICS, Metric, estimate
from eval.runs.rows import FieldRow, Place, Rows
from eval.runs.title_lines import confusion
from eval.runs.trust import trust_json

Json = dict[str, Any]
TRAIT_METRICS = (*FIELD_METRICS, METRICS["sections"], METRICS["header_path_loose"], *FRONT_METRICS)


def summarise(rows: Rows, facts: Facts) -> Json:
    """All that summary.json holds."""
    core = only(rows, lambda place: place.label_source == "hand")
    headline = {"all": estimates(rows, ALL_METRICS), "zeros": estimates(all_zero(rows), FIELD_METRICS)}
    if core.documents:
        headline["core"] = estimates(core, ALL_METRICS)
    return {
        "schema": "nianbao.summary/1",
        "cases": len({row.place.case for row in rows.documents}),
        "reports": sum(row.gold_kind is not None for row in rows.documents),
        "documents": len({row.place.document for row in rows.documents}),
        "fields": sum(row.gold_kind is not None for row in rows.fields),
        "headline": headline,
        "slices": slices(rows),
        "confusion": confusion(rows.headings),
        "trust": trust_json(rows.fields),
        "cost": cost(rows, facts),
        "failures": [
            {"case": row.place.case, "error": row.error} for row in rows.documents if row.error is not None
        ],
    }


def estimates(rows: Rows, metrics: Iterable[Metric]) -> Json:
    """Metric -> its estimate; metrics with nothing below the line anywhere are left out."""
    documents = list(rows.by_document().values())
    found = {metric.name: estimate(metric, documents) for metric in metrics}
    return {name: value.to_json() for name, value in found.items() if value.value is not None}


def only(rows: Rows, wanted: Callable[[Place], bool]) -> Rows:
    """The rows of the reports that are `wanted`."""
    return Rows(
        tuple(row for row in rows.fields if wanted(row.place)),
        tuple(row for row in rows.documents if wanted(row.place)),
        tuple(row for row in rows.headings if wanted(row.place)),
        tuple(row for row in rows.tables if wanted(row.place)),
        tuple(row for row in rows.front if wanted(row.place)),
    )


def slices(rows: Rows) -> Json:
    """group -> slice -> metrics. Slices by report have all metrics, those by field only the fields' own."""
    places = {row.place for row in rows.documents}
    return {
        "level": {
            level: estimates(only(rows, lambda place, level=level: place.level == level), ALL_METRICS)  # type: ignore[misc]
            for level in levels(rows)
        },
        "form": {
            form: estimates(only(rows, lambda place, form=form: place.form == form), ALL_METRICS)  # type: ignore[misc]
            for form in sorted({place.form for place in places})
        },
        "label_source": {
            source: estimates(
                only(rows, lambda place, source=source: place.label_source == source),  # type: ignore[misc]
                ALL_METRICS,
            )
            for source in sorted({place.label_source for place in places})
        },
        "table": _by_field(rows, lambda row: (row.path.split(".")[0],)),
        "tag": _by_field(rows, lambda row: row.tags),
        "trait": _by_trait(rows),
        "front": {
            name: estimates(Rows(front=tuple(row for row in rows.front if row.name == name)), FRONT_METRICS)
            for name in dict.fromkeys(row.name for row in rows.front)
        },
    }


def _by_trait(rows: Rows) -> Json:
    """Reports by what their gold says is special about them; of a report's many traits each counts it."""
    having: dict[str, set[tuple[str, int]]] = {}
    for row in rows.documents:
        for trait in row.traits:
            having.setdefault(trait, set()).add((row.place.case, row.place.report))
    return {
        trait: estimates(
            only(rows, lambda place, those=those: (place.case, place.report) in those),  # type: ignore[misc]
            TRAIT_METRICS,
        )
        for trait, those in sorted(having.items())
    }


def levels(rows: Rows) -> list[str]:
    """The levels of degradation of a run, mildest first."""
    found = {row.place.level for row in rows.documents}
    known = [level for level in LEVELS if level in found]
    return known + sorted(found - set(known))


def _by_field(rows: Rows, names: Callable[[FieldRow], Iterable[str]]) -> Json:
    groups: dict[str, list[FieldRow]] = {}
    for row in rows.fields:
        for name in names(row):
            groups.setdefault(name, []).append(row)
    return {name: estimates(Rows(fields=tuple(groups[name])), FIELD_METRICS) for name in sorted(groups)}


def cost(rows: Rows, facts: Facts) -> Json:
    """Seconds by stage (of all records), pages per second and core, peak memory of the largest process."""
    stages: Counter[str] = Counter()
    for row in rows.documents:
        stages.update(dict(row.stages))
    total = stages.pop("total", 0.0)
    pages = sum(row.pages for row in rows.documents)
    return {
        "stages": {name: round(seconds, 3) for name, seconds in stages.most_common()},
        "seconds": round(total, 3),
        "pages": pages,
        "pages_per_second": round(pages / total, 3) if total else None,
        "peak_memory_mb": facts.peak_memory_mb,
    }


def headline(summary: Mapping[str, Any], who: str = "all") -> Mapping[str, Any]:
    """The estimates of "all", "core" or "zeros"; empty where a run has none."""
    found: Mapping[str, Any] = summary["headline"].get(who, {})
    return found
