"""Two runs side by side: what may be compared, what changed, and when a difference is more than chance."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from run_cases import FACTS, PATHS, ROW, case, field, run_of, scored

from eval.compare import NotComparable, pair
from eval.report.comparison import changes_table, compare_verdict, comparison_table, render_comparison
from eval.runs.run import Run

TOTAL = f"{ROW}.total"
EVIL = "<b>8</b>"


def body_run(count: int, wrong: range, raw: str = "8", review: bool = True) -> Run:
    """A run over `count` bodies; those in `wrong` have one wrong field."""
    answer = {TOTAL: field(TOTAL, raw, review=review)}
    parts = [
        scored(case(f"b{n:02}-2021-clean", agency=f"机关{n:02}"), answer if n in wrong else None)
        for n in range(count)
    ]
    return run_of(*parts)


def test_a_run_against_itself_has_no_difference() -> None:
    run = body_run(8, range(3))
    paired = pair(run, run)
    assert paired.verdict == "not distinguishable"
    assert (paired.fixed, paired.broken, paired.silenced, paired.needed) == ((), (), (), None)
    assert all(one.comparison.difference == 0 for one in paired.differences)
    assert "Not a single document differs." in compare_verdict(paired)


def test_many_fixed_fields_are_better_and_the_other_way_round_worse() -> None:
    bad, good = body_run(20, range(12)), body_run(20, range(2))
    assert pair(bad, good).verdict == "better"
    assert pair(good, bad).verdict == "worse"
    assert len(pair(bad, good).fixed) == len(pair(good, bad).broken) == 10
    assert pair(bad, good).broken == ()


def test_few_differences_decide_nothing_and_the_number_that_would_is_named() -> None:
    paired = pair(body_run(20, range(3)), body_run(20, range(1)))
    assert paired.verdict == "not distinguishable"
    assert paired.needed is not None
    assert paired.needed > 20
    assert len(paired.fixed) == 2


def test_silent_errors_decide_before_what_else_is_better() -> None:
    """B gets more right, but what it has wrong nobody is asked about."""
    loud, silent = body_run(40, range(20)), body_run(40, range(20, 30), review=False)
    paired = pair(loud, silent)
    told = {one.metric.name: one.comparison.verdict for one in paired.differences}
    assert told["straight_through"] == "better"
    assert told["silent"] == paired.verdict == "worse"
    assert len(paired.silenced) == 10


def test_inventions_count_as_broken_and_their_end_as_fixed() -> None:
    one = case()
    plain, inventing = run_of(scored(one)), run_of(scored(one, {"x.y": field("x.y", "1")}))
    assert [row.path for _, row in pair(plain, inventing).broken] == ["x.y"]
    assert [row.path for row, _ in pair(inventing, plain).fixed] == ["x.y"]


@pytest.mark.parametrize(
    ("changes", "named"),
    [({"gold": "other"}, "labels"), ({"cases": ("a", "b")}, "b"), ({"cases": ()}, "a")],
)
def test_other_cases_or_labels_are_refused(changes: dict[str, object], named: str) -> None:
    a = run_of(scored(case()))
    b = run_of(scored(case()), facts=replace(FACTS, **changes))  # type: ignore[arg-type]
    with pytest.raises(NotComparable) as refusal:
        pair(a, b)
    assert named in str(refusal.value)
    assert refusal.value.exit_code == 2


def test_the_page_and_the_tables_show_what_changed_and_escape_it() -> None:
    paired = pair(run_of(scored(case())), run_of(scored(case(), {TOTAL: field(TOTAL, EVIL)})))
    page = render_comparison(paired)
    assert EVIL not in page
    assert "&lt;b&gt;8&lt;/b&gt;" in page
    assert "Newly broken (1)" in page
    assert "Newly silent (1)" in page
    assert "http:" not in page
    assert comparison_table(paired).row_count == len(paired.differences)
    assert changes_table(paired, 5).row_count == 1
    assert f"{len(PATHS)} / {len(PATHS)}" in page
