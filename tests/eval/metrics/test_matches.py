"""Counts behind F1: their arithmetic and what they refuse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.matches import Matches, match_all

bags = st.lists(st.sampled_from("abc"), max_size=6)


@given(bags, bags)
def test_rates_come_from_the_same_three_numbers(got: list[str], gold: list[str]) -> None:
    found = match_all(got, gold)
    assert (found.gold, found.found) == (len(gold), len(got))
    assert 0.0 <= min(found.precision, found.recall) <= found.f1 <= max(found.precision, found.recall) <= 1.0
    assert found == match_all(got[::-1], sorted(gold))


@given(bags.filter(bool))
def test_laws(gold: list[str]) -> None:
    assert match_all(gold, gold).f1 == 1.0
    assert match_all([], gold).f1 == 0.0
    assert match_all(gold[1:], gold).f1 < 1.0
    assert match_all([*gold, "a"], gold).f1 < 1.0


def test_counts_add_up_over_documents() -> None:
    total = match_all("ab", "ab") + match_all("", "abc") + match_all("x", "")
    assert total == Matches(2, 5, 3)
    assert total.f1 == pytest.approx(4 / 8)


def test_nothing_to_measure_scores_nothing() -> None:
    assert (Matches().precision, Matches().recall, Matches().f1) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("counts", [(2, 1, 3), (2, 3, 1), (-1, 1, 1)])
def test_more_right_than_there_is_is_refused(counts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="more is right"):
        Matches(*counts)
