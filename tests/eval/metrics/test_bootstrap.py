"""Intervals by document, and when two scores are told apart."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.metrics.bootstrap import Share, compare, f1_share, interval, least_differing
from eval.metrics.matches import Matches

shares = st.integers(1, 50).flatmap(lambda n: st.builds(Share, st.integers(0, n), st.just(n)))
documents = st.lists(shares, min_size=1, max_size=8)


@settings(max_examples=40)
@given(documents, st.randoms(use_true_random=False))
def test_the_interval_holds_the_score_and_knows_no_order(found: list[Share], shuffler: random.Random) -> None:
    result = interval(found)
    mixed = list(found)
    shuffler.shuffle(mixed)
    assert interval(mixed) == result
    assert 0.0 <= result.low <= result.high <= 1.0
    assert result.score == sum(s.part for s in found) / sum(s.whole for s in found)


def test_laws() -> None:
    assert interval([Share(5, 5)] * 3).score == 1.0
    assert interval([Share(0, 5)] * 3).score == interval([]).score == 0.0
    assert interval([Share(5, 5), Share(0, 5)]).score == 0.5, "a document without an answer counts in full"


def test_cells_of_one_document_are_one_sample() -> None:
    """The same 300 cells, a third of them wrong: scattered over documents they say more than in a lump."""
    scattered = interval([Share(6, 10), Share(7, 10), Share(7, 10)] * 10)
    lump = interval([Share(100, 100), Share(100, 100), Share(0, 100)])
    assert scattered.score == lump.score
    assert scattered.high - scattered.low < 0.05 < 0.5 < lump.high - lump.low


def test_an_f1_over_documents_is_that_of_their_sum() -> None:
    found = [Matches(3, 5, 4), Matches(0, 2, 0), Matches(1, 1, 3)]
    assert interval([f1_share(one) for one in found]).score == sum(found, Matches()).f1


def test_one_document_has_no_interval() -> None:
    assert (interval([Share(9, 10)]).low, interval([Share(9, 10)]).high) == (0.0, 1.0)


@settings(max_examples=40)
@given(st.lists(st.tuples(shares, shares), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_a_comparison_knows_no_order_and_turns_with_its_sides(
    pairs: list[tuple[Share, Share]], shuffler: random.Random
) -> None:
    a, b = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    result = compare(a, b)
    shuffler.shuffle(pairs)
    assert compare([p[0] for p in pairs], [p[1] for p in pairs]) == result
    assert compare(b, a).difference == pytest.approx(-result.difference)
    assert compare(a, a).verdict == compare(b, b).verdict == "not distinguishable"


def test_a_clear_gain_is_told_from_chance() -> None:
    a = [Share(90 + i % 3, 100) for i in range(12)]
    b = [Share(95 + i % 3, 100) for i in range(12)]
    better = compare(a, b)
    assert (better.verdict, better.differing, better.needed) == ("better", 12, None)
    assert better.low > 0
    assert compare(b, a).verdict == "worse"
    assert compare(a, b, higher_is_better=False).verdict == "worse", "as for error rates"


def test_documents_are_drawn_together() -> None:
    """Documents differ a lot from each other, the two sides never: the pairs tell, the sides alone could not."""
    a = [Share(part, 100) for part in range(10, 100, 10)]
    b = [Share(part + 1, 100) for part in range(10, 100, 10)]
    assert interval(a).high - interval(a).low > 0.2
    assert compare(a, b).verdict == "better"


def test_five_documents_decide_nothing_however_equal_the_gain() -> None:
    assert least_differing(0.95) == 6
    few = compare([Share(1, 10)] * 5, [Share(9, 10)] * 5)
    assert (few.verdict, few.needed) == ("not distinguishable", 6)
    assert compare([Share(1, 10)] * 6, [Share(9, 10)] * 6).verdict == "better"


def test_documents_that_do_not_differ_do_not_count() -> None:
    same = [Share(5, 10)] * 95
    result = compare([*same, *[Share(5, 10)] * 5], [*same, *[Share(9, 10)] * 5])
    assert (result.differing, result.verdict) == (5, "not distinguishable")
    assert result.needed == 120, "six that differ, at five in a hundred"


def test_a_gain_lost_in_noise_says_how_many_would_decide() -> None:
    a = [Share(50, 100)] * 10
    b = [Share(50 + step, 100) for step in (9, -8, 7, -6, 8, -7, 6, -9, 9, -4)]
    result = compare(a, b)
    assert result.verdict == "not distinguishable"
    assert result.needed is not None
    assert result.needed > 100


def test_other_documents_are_refused() -> None:
    with pytest.raises(ValueError, match="not the same documents"):
        compare([Share(1, 1)], [])


def test_no_documents_differ_in_nothing() -> None:
    assert compare([], []).verdict == "not distinguishable"
