"""Whether a change made extraction better: two runs over the same cases, paired document by document.

Two rates side by side say little: most fields are right in both runs. Paired, only what changed counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from eval.metrics.bootstrap import Comparison, Verdict, compare
from eval.runs.measure import ALL_METRICS, Metric, shares
from eval.runs.rows import FieldRow, Rows
from eval.runs.run import Run
from extractors.errors import UsageError

DECISIVE = ("silent", "accuracy", "straight_through")
"""In the order of what counts: a wrong number that nobody is asked about, any wrong number, then work for people."""

FieldKey = tuple[str, int, str]


class NotComparable(UsageError):
    """Two runs over different cases or different gold: a difference would say nothing. `detail` says what differs."""

    code = "not_comparable"


@dataclass(frozen=True, slots=True)
class Difference:
    """One metric in both runs, and how sure the difference is. `a`, `b`: (above, below the line)."""

    metric: Metric
    a: tuple[float, float]
    b: tuple[float, float]
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Paired:
    """B against A. `fixed`: (in A, in B) of fields wrong in A and right in B; `broken` the other way round;
    `silenced`: newly silent errors. An invention counts as wrong where it is, and as right where it is not.
    """

    a: Run
    b: Run
    differences: tuple[Difference, ...]
    fixed: tuple[tuple[FieldRow, FieldRow | None], ...]
    broken: tuple[tuple[FieldRow | None, FieldRow], ...]
    silenced: tuple[FieldRow, ...]

    @property
    def verdict(self) -> Verdict:
        """The verdict of the first decisive metric that has one."""
        told = {one.metric.name: one.comparison.verdict for one in self.differences}
        found = [
            told[name] for name in DECISIVE if told.get(name, "not distinguishable") != "not distinguishable"
        ]
        return found[0] if found else "not distinguishable"

    @property
    def needed(self) -> int | None:
        """Documents like these that would decide, at least; None where there is a verdict or no difference."""
        if self.verdict != "not distinguishable":
            return None
        asked = [
            one.comparison.needed
            for one in self.differences
            if one.metric.name in DECISIVE and one.comparison.needed is not None
        ]
        return min(asked, default=None)


def pair(a: Run, b: Run) -> Paired:
    """Compare B with A. Raises NotComparable unless both ran over the same cases with the same gold."""
    refuse_unlike(a.facts, b.facts)
    documents_a, documents_b = a.rows.by_document(), b.rows.by_document()
    names = sorted(documents_a.keys() | documents_b.keys())
    pairs = [(documents_a.get(name, Rows()), documents_b.get(name, Rows())) for name in names]
    found = (_difference(metric, pairs) for metric in ALL_METRICS)
    rows_a, rows_b = _by_key(a.rows), _by_key(b.rows)
    return Paired(
        a,
        b,
        tuple(one for one in found if one.a[1] or one.b[1]),
        fixed=tuple((row, rows_b.get(key)) for key, row in newly_wrong(rows_b, rows_a)),
        broken=tuple((rows_a.get(key), row) for key, row in newly_wrong(rows_a, rows_b)),
        silenced=tuple(row for key, row in rows_b.items() if row.silent and not _silent(rows_a.get(key))),
    )


def refuse_unlike(a: Mapping[str, object], b: Mapping[str, object]) -> None:
    """Raises NotComparable, naming what differs, unless the facts of both runs name the same cases and gold."""
    if a["cases"] != b["cases"]:
        first, second = (set(map(str, _listed(facts["cases"]))) for facts in (a, b))
        odd = sorted(first ^ second)
        raise NotComparable(detail=f"cases in one run only: {', '.join(odd[:5])} ({len(odd)} in all)")
    if a["gold"] != b["gold"]:
        raise NotComparable(detail="the same case names, but labels or documents changed between the runs")


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def _difference(metric: Metric, pairs: Sequence[tuple[Rows, Rows]]) -> Difference:
    a, b = (shares(metric, side) for side in zip(*pairs, strict=True))
    found = compare(a, b, higher_is_better=metric.good > 0)
    totals = [(sum(share.part for share in side), sum(share.whole for share in side)) for side in (a, b)]
    return Difference(metric, totals[0], totals[1], found)


def _by_key(rows: Rows) -> dict[FieldKey, FieldRow]:
    return {(row.place.case, row.place.report, row.path): row for row in rows.fields}


def newly_wrong(
    before: Mapping[FieldKey, FieldRow], after: Mapping[FieldKey, FieldRow]
) -> Iterator[tuple[FieldKey, FieldRow]]:
    """What is wrong in `after` and was not in `before`."""
    for key, row in after.items():
        earlier = before.get(key)
        if not row.right and (earlier is None or earlier.right):
            yield key, row


def _silent(row: FieldRow | None) -> bool:
    return row is not None and row.silent
