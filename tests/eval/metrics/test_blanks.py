"""Blanks, kinds of documents, boundaries and broken sums."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.gold_values import gold_value
from eval.metrics.blanks import blank_matches, boundary_matches, check_matches, kind_matches
from eval.metrics.matches import Matches

golds = st.dictionaries(
    st.sampled_from("abcdef"), st.sampled_from(["", " ", "0", "/", "—", "无", "3"]), min_size=1
)


def fields(gold: dict[str, str]) -> dict[str, dict[str, Any]]:
    return {path: {"kind": gold_value(path, printed).kind} for path, printed in gold.items()}


@given(golds)
def test_laws_of_blanks(gold: dict[str, str]) -> None:
    blanks = [path for path, printed in gold.items() if not printed.strip()]
    perfect = blank_matches(fields(gold), gold)
    assert perfect == Matches(len(blanks), len(blanks), len(blanks))
    assert blank_matches({}, gold).f1 == 0.0
    everything = blank_matches({path: {"kind": "blank"} for path in [*gold, "invented"]}, gold)
    assert everything.recall == (1.0 if blanks else 0.0)
    assert everything.precision == len(blanks) / (len(gold) + 1)
    if blanks:
        assert blank_matches({**fields(gold), blanks[0]: {"kind": "number"}}, gold).f1 < 1.0


def test_no_other_answer_is_a_blank() -> None:
    gold = {"a": "", "b": "0", "c": "/", "d": "—", "e": "空"}
    assert blank_matches(fields(gold), gold) == Matches(1, 1, 1)


def test_a_report_that_gave_no_record_is_missed_and_a_budget_taken_for_one_is_invented() -> None:
    gold = ["report", "report", "not_a_report", "earlier_form"]
    assert kind_matches(gold, gold) == Matches(2, 2, 2)
    found = kind_matches(["report", None, "report", "not_a_report"], gold)
    assert found == Matches(1, 2, 2)
    assert kind_matches(gold, gold, "earlier_form") == Matches(1, 1, 1)
    with pytest.raises(ValueError, match="zip"):
        kind_matches([], gold)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=4, unique=True))
def test_laws_of_boundaries(gold: list[tuple[int, int]]) -> None:
    assert boundary_matches(gold[::-1], gold).f1 == 1.0
    assert boundary_matches([], gold).f1 == 0.0
    assert boundary_matches(gold[1:], gold).f1 < 1.0
    assert boundary_matches([*gold, (10, 12)], gold).f1 < 1.0


def test_two_reports_taken_for_one_are_both_wrong() -> None:
    assert boundary_matches([(1, 9)], [(1, 5), (6, 9)]) == Matches(0, 2, 1)


def test_broken_sums_found_and_falsely_reported() -> None:
    checks = [
        {"id": "a", "status": "broken"},
        {"id": "b", "status": "broken"},
        {"id": "c", "status": "skipped"},
        {"id": "d", "status": "holds"},
    ]
    found = check_matches(checks, {"a", "c"})
    assert found == Matches(1, 2, 2)
    assert (found.recall, found.found - found.right) == (0.5, 1)
    assert check_matches([], {"a"}).f1 == 0.0
    assert check_matches(reversed(checks), {"b", "a"}).f1 == 1.0
