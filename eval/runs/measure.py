"""The metrics of a run: each a ratio of two counts per document, so that slices, intervals and differences of all
of them are made alike. `over` says what stands below the line; it is always all of the truth (or, where said, all
that was claimed), never only what was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from eval.runs.rows import FieldRow, Rows

RESAMPLES = 2000
SEED = 20190601
LEAST_DOCUMENTS = 5  # a bootstrap over fewer is narrower than it may be, so there is no interval then
Floats = npt.NDArray[np.float64]
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


def _documents(what: Callable[[Any], int | float | bool], of: Callable[[Any], int | float | bool]) -> Any:
    def count(rows: Rows) -> Ratio:
        chosen = rows.documents
        return float(sum(what(row) for row in chosen)), float(sum(of(row) for row in chosen))

    return count


def _is_report(row: Any) -> bool:
    return bool(row.gold_kind == "report")


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
        "kind",
        "report, earlier form or no report",
        "documents",
        _documents(lambda d: d.kind == d.gold_kind, lambda d: 1),
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
)


METRICS: Mapping[str, Metric] = {metric.name: metric for metric in (*FIELD_METRICS, *DOCUMENT_METRICS)}


def counts(metric: Metric, documents: Iterable[Rows]) -> tuple[Floats, Floats]:
    """What stands above and below the line, per document; shape (documents,) each."""
    pairs = [metric.count(rows) for rows in documents]
    above, below = np.array(pairs, dtype=np.float64).reshape(-1, 2).T
    return above, below


def estimate(metric: Metric, documents: Iterable[Rows]) -> Estimate:
    """The metric with its interval. Documents with nothing below the line count as none."""
    above, below = counts(metric, documents)
    used = below > 0
    above, below = above[used], below[used]
    total = float(below.sum())
    if not total:
        return Estimate(0.0, 0.0, None, None, None, 0)
    low, high = interval(above, below)
    return Estimate(float(above.sum()), total, float(above.sum()) / total, low, high, len(below))


def interval(above: Floats, below: Floats) -> tuple[float | None, float | None]:
    """95 % percentile bootstrap of the ratio of sums, resampling documents."""
    if len(below) < LEAST_DOCUMENTS:
        return None, None
    drawn = resamples(len(below))
    ratios = above[drawn].sum(axis=1) / below[drawn].sum(axis=1)
    low, high = np.quantile(ratios, (0.025, 0.975))
    return float(low), float(high)


def resamples(documents: int) -> npt.NDArray[np.int64]:
    """Indices of documents drawn with replacement, shape (RESAMPLES, documents); always the same."""
    return np.random.default_rng(SEED).integers(0, documents, (RESAMPLES, documents))
