"""The metrics of a run: each a ratio of two counts per document, so that slices, intervals and differences of all
of them are made alike. `over` says what stands below the line; it is always all of the truth (or, where said, all
that was claimed), never only what was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from eval.metrics.bootstrap import Share, interval
from eval.runs.rows import FieldRow, Rows

LEAST_DOCUMENTS = 5  # a bootstrap over fewer is narrower than it may be, so there is no interval then
Ratio = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Metric:
    """`count` gives (above, below the line) for the rows of one document. `good`: +1 where more is better."""

    name: str
    label: str
    over: str
    count: Callable[[Rows], Ratio]
    good: int = 1


@dataclass(frozen=True, slots=True)
class Estimate:
    """A metric over some documents; `value` is None where there is nothing below the line.

    `low` and `high`: the 95 % percentile bootstrap over documents, None under LEAST_DOCUMENTS of them.
    """

    numerator: float
    denominator: float
    value: float | None
    low: float | None
    high: float | None
    documents: int

    def to_json(self) -> dict[str, Any]:
        return {
            "numerator": _number(self.numerator),
            "denominator": _number(self.denominator),
            "value": None if self.value is None else round(self.value, 6),
            "low": None if self.low is None else round(self.low, 6),
            "high": None if self.high is None else round(self.high, 6),
            "documents": self.documents,
        }


def _number(count: float) -> int | float:
    return int(count) if count == int(count) else round(count, 6)


def share(what: Callable[[FieldRow], bool], of: Callable[[FieldRow], bool]) -> Callable[[Rows], Ratio]:
    """Counts the fields `of` and those among them that are `what`."""

    def count(rows: Rows) -> Ratio:
        chosen = [row for row in rows.fields if of(row)]
        return float(sum(what(row) for row in chosen)), float(len(chosen))

    return count


def _gold(row: FieldRow) -> bool:
    return row.gold_kind is not None


def _any(row: FieldRow) -> bool:
    return True


Counted = Callable[[Any], int | bool | None]


def _documents(what: Counted, of: Counted) -> Callable[[Rows], Ratio]:
    """Adds up `what` and `of` over the reports."""

    def count(rows: Rows) -> Ratio:
        chosen = rows.documents
        return float(sum(what(row) or 0 for row in chosen)), float(sum(of(row) or 0 for row in chosen))

    return count


def _is_report(row: Any) -> bool:
    return bool(row.gold_kind == "report")


def _is_bound(row: Any) -> bool:
    return bool(row.in_volume and row.gold_kind)


def _said_report(row: Any) -> bool:
    return bool(row.kind == "report")


FIELD_METRICS: tuple[Metric, ...] = (
    Metric("accuracy", "fields right", "all fields of gold", share(lambda r: r.right, _gold)),
    Metric(
        "nonzero_accuracy",
        "fields right, not zero",
        "fields of gold that print neither 0 nor nothing",
        share(lambda r: r.right, lambda r: r.nonzero),
    ),
    Metric(
        "silent",
        "silent errors",
        "fields of gold and inventions",
        share(lambda r: r.silent, _any),
        good=-1,
    ),
    Metric(
        "straight_through",
        "pass unasked",
        "fields of gold and inventions",
        share(lambda r: r.straight, _any),
    ),
    Metric(
        "invented", "invented", "fields of gold and inventions", share(lambda r: not _gold(r), _any), good=-1
    ),
    Metric(
        "blank_recall",
        "blanks read as blank",
        "blank fields of gold",
        share(lambda r: r.kind == "blank", lambda r: r.gold_kind == "blank"),
    ),
    Metric(
        "blank_precision",
        "blanks that are blank",
        "fields read as blank",
        share(lambda r: r.gold_kind == "blank", lambda r: r.kind == "blank"),
    ),
)

DOCUMENT_METRICS: tuple[Metric, ...] = (
    Metric("agency", "agency", "reports", _documents(lambda d: _is_report(d) and d.agency_right, _is_report)),
    Metric("year", "year", "reports", _documents(lambda d: _is_report(d) and d.year_right, _is_report)),
    Metric("form", "form", "reports", _documents(lambda d: _is_report(d) and d.form_right, _is_report)),
    Metric(
        "report_recall",
        "reports told to be reports",
        "reports",
        _documents(lambda d: _is_report(d) and d.kind == "report", _is_report),
    ),
    Metric(
        "report_precision",
        "said to be reports that are",
        "records of reports",
        _documents(lambda d: _is_report(d) and _said_report(d), _said_report),
    ),
    Metric(
        "earlier_recall",
        "earlier forms told to be such",
        "reports of earlier forms",
        _documents(
            lambda d: d.gold_kind == "earlier_form" == d.kind, lambda d: d.gold_kind == "earlier_form"
        ),
    ),
    Metric(
        "paper_recall",
        "other papers told to be no reports",
        "papers that are no reports",
        _documents(
            lambda d: d.gold_kind == "not_a_report" == d.kind, lambda d: d.gold_kind == "not_a_report"
        ),
    ),
    Metric(
        "kind",
        "report, earlier form or no report",
        "documents",
        _documents(lambda d: d.gold_kind and d.kind == d.gold_kind, lambda d: d.gold_kind is not None),
    ),
    Metric(
        "bounds_f1",
        "first and last page of reports F1",
        "reports of gold and records of reports",
        _documents(
            lambda d: 2 * (_is_report(d) and d.bounds_right), lambda d: _is_report(d) + _said_report(d)
        ),
    ),
    Metric(
        "volume_bounds",
        "first and last page in volumes",
        "reports bound in volumes",
        _documents(lambda d: _is_bound(d) and d.bounds_right, _is_bound),
    ),
    Metric(
        "sections",
        "exact section titles",
        "section titles of gold",
        _documents(lambda d: d.sections_right, lambda d: d.sections),
    ),
    Metric(
        "sections_f1",
        "section titles F1",
        "titles of gold and titles of the records",
        lambda rows: (
            2.0 * sum(row.right for row in rows.headings),
            float(sum((row.gold_title is not None) + (row.title is not None) for row in rows.headings)),
        ),
    ),
    Metric(
        "trapped",
        "titles that only look like one",
        "titles of the records",
        lambda rows: (
            float(sum(row.trap for row in rows.headings)),
            float(sum(row.title is not None for row in rows.headings)),
        ),
        good=-1,
    ),
    Metric(
        "checks_found",
        "broken sums found",
        "sums broken in print",
        _documents(lambda d: d.checks_found, lambda d: d.checks_broken),
    ),
    Metric(
        "checks_true",
        "broken sums that are broken in print",
        "sums said to be broken",
        _documents(lambda d: d.checks_found, lambda d: d.checks_found + d.checks_false),
    ),
    Metric(
        "places_f1",
        "places of values F1 (IoU 0.5)",
        "places of gold and places of the records",
        _documents(lambda d: 2 * d.places_right, lambda d: d.places_gold + d.places_read),
    ),
    Metric(
        "character_errors",
        "character errors in section texts",
        "characters of gold's section texts",
        _documents(lambda d: d.characters_wrong, lambda d: d.characters),
        good=-1,
    ),
)


def _table_mean(name: str) -> Callable[[Rows], Ratio]:
    def count(rows: Rows) -> Ratio:
        labelled = [dict(row.scores) for row in rows.tables if row.labelled]
        return sum(scores[name] for scores in labelled), float(len(labelled))

    return count


def _score_sums(above: str, *below: str) -> Callable[[Rows], Ratio]:
    def count(rows: Rows) -> Ratio:
        every = (dict(row.scores) for row in rows.tables if row.labelled)
        labelled = [scores for scores in every if above in scores]  # a stored run may be older than a score
        return (
            sum(scores[above] for scores in labelled) * len(below),
            sum(scores[name] for scores in labelled for name in below),
        )

    return count


TABLE_METRICS: tuple[Metric, ...] = (
    Metric("teds", "tables, TEDS", "tables of gold", _table_mean("teds")),
    Metric("teds_s", "tables, TEDS-S", "tables of gold", _table_mean("teds_s")),
    Metric("grits_con", "tables, GriTS-Con", "tables of gold", _table_mean("grits_con")),
    Metric("grits_top", "tables, GriTS-Top", "tables of gold", _table_mean("grits_top")),
    Metric(
        "spans_f1",
        "cells with their spans F1",
        "cells of gold and cells of the records",
        _score_sums("spans_right", "spans_gold", "spans_read"),
    ),
    Metric(
        "header_path",
        "values under their headings",
        "values of gold's tables, or of the record's where it has more",
        _score_sums("headed_right", "headed"),
    ),
    Metric(
        "header_path_loose",
        "values under their headings, misread in part",
        "values of gold's tables, or of the record's where it has more",
        _score_sums("loosely_headed_right", "headed"),
    ),
    Metric(
        "adjacency_f1",
        "neighbouring texts F1",
        "neighbours of gold and neighbours of the records",
        _score_sums("neighbours_right", "neighbours_gold", "neighbours_read"),
    ),
)

FRONT_METRICS: tuple[Metric, ...] = (
    Metric(
        "front_recall",
        "period, contact data, date right",
        "such items of gold",
        lambda rows: (
            float(sum(row.right for row in rows.front)),
            float(sum(row.gold is not None for row in rows.front)),
        ),
    ),
    Metric(
        "front_precision",
        "period, contact data, date read that are right",
        "such items of the records",
        lambda rows: (
            float(sum(row.right for row in rows.front if row.read is not None)),
            float(sum(row.read is not None for row in rows.front)),
        ),
    ),
)

ALL_METRICS = (*FIELD_METRICS, *DOCUMENT_METRICS, *FRONT_METRICS, *TABLE_METRICS)
METRICS: Mapping[str, Metric] = {metric.name: metric for metric in ALL_METRICS}


def shares(metric: Metric, documents: Iterable[Rows]) -> list[Share]:
    """What stands above and below the line, document by document."""
    return [Share(*metric.count(rows)) for rows in documents]


def estimate(metric: Metric, documents: Iterable[Rows]) -> Estimate:
    """The metric with its interval. Documents with nothing below the line count as none."""
    used = [share for share in shares(metric, documents) if share.whole > 0]
    above, below = sum(share.part for share in used), sum(share.whole for share in used)
    if not used:
        return Estimate(0.0, 0.0, None, None, None, 0)
    if len(used) < LEAST_DOCUMENTS:
        return Estimate(above, below, above / below, None, None, len(used))
    found = interval(used)
    return Estimate(above, below, found.score, found.low, found.high, found.documents)
