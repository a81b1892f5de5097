"""Did anything get worse? A run over fixed cases against what was committed as the state of the art.

The baseline holds, field by field, only what is not right or is asked about: all else of its cases is right and
passes. So a change shows in the diff of the baseline, case by case. Two machines' arithmetic may differ in the last
bits and turn a doubtful field; beyond that noise is what the sign test calls more than chance. A new silent error,
a wrong body, year or form, or a wrong title always fails: there are few of them and no noise excuses one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb
from typing import Any

from eval.compare import NotComparable
from eval.runs.rows import DocumentRow, FieldRow
from eval.runs.run import Run
from extractors.errors import NianbaoError

LEVEL = (
    0.05  # of the one-sided sign test: five fields broken and none fixed are more than chance, four are not
)
SCHEMA = "nianbao.baseline/1"

Key = tuple[str, str]  # case (with "#2" for the second report of a volume), path
Json = dict[str, Any]


class QualityDropped(NianbaoError):
    """The gate's refusal; `detail` says what got worse."""

    code = "quality_dropped"
    exit_code = 7


@dataclass(frozen=True, slots=True)
class State:
    """What is not perfect in a run: `silent` and `wrong` fields (wrong and asked about), `asked` ones that are right,
    and what else is wrong about a report (its body, a title, no record).
    """

    gold: str
    cases: tuple[str, ...]
    silent: frozenset[Key]
    wrong: frozenset[Key]
    asked: frozenset[Key]
    reports: frozenset[Key]


@dataclass(frozen=True, slots=True)
class Change:
    """The state after against the state before."""

    silenced: tuple[Key, ...]
    broken: tuple[Key, ...]
    fixed: tuple[Key, ...]
    newly_asked: tuple[Key, ...]
    no_longer_asked: tuple[Key, ...]
    reports: tuple[Key, ...]

    @property
    def faults(self) -> tuple[str, ...]:
        """Why the gate stays shut; empty where it opens."""
        found = []
        if self.silenced:
            found.append(f"new silent errors: {_named(self.silenced)}")
        if self.reports:
            found.append(f"newly wrong: {_named(self.reports)}")
        if more_than_chance(len(self.broken), len(self.fixed)):
            found.append(f"{len(self.broken)} fields broken, {len(self.fixed)} fixed: {_named(self.broken)}")
        if more_than_chance(len(self.newly_asked), len(self.no_longer_asked)):
            counts = f"{len(self.newly_asked)} more fields asked about, {len(self.no_longer_asked)} fewer"
            found.append(f"{counts}: {_named(self.newly_asked)}")
        return tuple(found)

    @property
    def improved(self) -> bool:
        """Whether the baseline is behind: to be renewed, or the gain can be lost again unseen."""
        return not self.faults and bool(self.fixed or self.no_longer_asked)


def more_than_chance(worse: int, better: int) -> bool:
    """One-sided sign test: whether so many of the changes would be for the worse by even chance under LEVEL."""
    changes = worse + better
    tail = sum(comb(changes, k) for k in range(worse, changes + 1)) / 2**changes
    return worse > better and tail < LEVEL


def state_of(run: Run) -> State:
    """The state that a run found."""
    fields = run.rows.fields
    return State(
        gold=run.facts["gold"],
        cases=tuple(run.facts["cases"]),
        silent=frozenset(_key(row) for row in fields if row.silent),
        wrong=frozenset(_key(row) for row in fields if not row.right and not row.silent),
        asked=frozenset(_key(row) for row in fields if row.right and row.review and not row.silent),
        reports=frozenset(
            [
                *(key for row in run.rows.documents for key in _faults_of(row)),
                *((_case(row), f"title of {row.key}") for row in run.rows.headings if not row.right),
            ]
        ),
    )


def change(before: State, after: State) -> Change:
    """Raises NotComparable unless both states are of the same cases with the same gold."""
    if before.cases != after.cases or before.gold != after.gold:
        raise NotComparable(
            detail="the baseline is of other cases or labels: look at the run, then give --update"
        )
    old, new = before.wrong | before.silent, after.wrong | after.silent
    asked_old, asked_new = before.asked | before.wrong, after.asked | after.wrong
    return Change(
        silenced=_sorted(after.silent - before.silent),
        broken=_sorted(new - old),
        fixed=_sorted(old - new),
        newly_asked=_sorted(asked_new - asked_old),
        no_longer_asked=_sorted(asked_old - asked_new),
        reports=_sorted(after.reports - before.reports),
    )


def to_json(state: State) -> Json:
    """Case by case, so that a diff of two baselines reads as what changed."""
    groups = {"silent": state.silent, "wrong": state.wrong, "asked": state.asked, "report": state.reports}
    names = sorted({case for keys in groups.values() for case, _ in keys})
    return {
        "schema": SCHEMA,
        "gold": state.gold,
        "cases": list(state.cases),
        "imperfect": {
            name: {
                group: sorted(path for case, path in keys if case == name)
                for group, keys in groups.items()
                if any(case == name for case, _ in keys)
            }
            for name in names
        },
    }


def from_json(data: Mapping[str, Any]) -> State:
    """The inverse of `to_json`. Raises NotComparable for another schema."""
    if data.get("schema") != SCHEMA:
        raise NotComparable(detail=f"the baseline's schema is {data.get('schema')!r}, expected {SCHEMA!r}")

    def keys(group: str) -> frozenset[Key]:
        return frozenset(
            (case, path) for case, groups in data["imperfect"].items() for path in groups.get(group, ())
        )

    return State(
        gold=data["gold"],
        cases=tuple(data["cases"]),
        silent=keys("silent"),
        wrong=keys("wrong"),
        asked=keys("asked"),
        reports=keys("report"),
    )


def _faults_of(row: DocumentRow) -> list[Key]:
    checks = {
        "no record": row.error is None,
        "a record of no report": row.gold_kind is not None,
        "kind": row.kind == row.gold_kind,
        "body": row.agency_right,
        "year": row.year_right,
        "form": row.form_right,
        "first and last page": row.bounds_right,
    }
    return [(_case(row), name) for name, good in checks.items() if not good]


def _key(row: FieldRow) -> Key:
    return _case(row), row.path


def _case(row: Any) -> str:
    place = row.place
    return place.case if place.report == 1 else f"{place.case}#{place.report}"


def _sorted(keys: frozenset[Key]) -> tuple[Key, ...]:
    return tuple(sorted(keys))


def _named(keys: Sequence[Key], most: int = 5) -> str:
    named = "; ".join(f"{case} {path}" for case, path in keys[:most])
    return named if len(keys) <= most else f"{named}; … {len(keys) - most} more"
