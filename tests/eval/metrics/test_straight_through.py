"""The share that passes unasked at a bound on silent errors: exact, and nothing is claimed of too few."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from eval.metrics.answers import Answer
from eval.metrics.straight_through import (
    binomial_tail,
    choose_threshold,
    needed_answers,
    straight_through,
    upper_bound,
)

answers = st.lists(
    st.builds(
        Answer,
        path=st.just("a"),
        right=st.booleans(),
        confidence=st.one_of(st.none(), st.sampled_from([0.1, 0.5, 0.9, 0.99])),
    ),
    min_size=1,
    max_size=30,
)


def many(count: int, right: bool = True, confidence: float | None = 0.99) -> list[Answer]:
    return [Answer("a", right, confidence)] * count


def exact_tail(k: int, n: int, p: Fraction) -> Fraction:
    return sum((math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1)), Fraction(0))


@given(st.integers(1, 40), st.data())
def test_the_tail_is_the_binomial_sum(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n - 1))
    p = Fraction(data.draw(st.integers(1, 99)), 100)
    assert binomial_tail(k, n, float(p)) == pytest.approx(float(exact_tail(k, n, p)))


@given(st.integers(1, 2000), st.data())
def test_the_bound_is_where_so_few_errors_become_a_1_in_20_chance(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, min(n - 1, 60)))
    bound = upper_bound(k, n)
    assert k / n < bound < 1.0
    assert binomial_tail(k, n, bound) == pytest.approx(0.05, rel=1e-6)
    assert upper_bound(k + 1, n) > bound
    assert upper_bound(k, n + 1) < bound


@pytest.mark.parametrize(
    ("errors", "n", "expected"),
    [
        (0, 1, 0.95),
        (0, 100, 1 - 0.05**0.01),
        (1, 10, 0.3941633),  # R: binom.test(1, 10, alternative = "less")$conf.int
        (5, 5, 1.0),
        (0, 0, 1.0),
    ],
)
def test_bounds_from_elsewhere(errors: int, n: int, expected: float) -> None:
    assert upper_bound(errors, n) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("errors", "n"), [(-1, 5), (6, 5)])
def test_impossible_counts_are_refused(errors: int, n: int) -> None:
    with pytest.raises(ValueError, match="errors among"):
        upper_bound(errors, n)


@pytest.mark.parametrize(("target", "needed"), [(0.01, 299), (0.001, 2995), (0.0005, 5990), (0.0001, 29956)])
def test_so_many_without_an_error_are_needed(target: float, needed: int) -> None:
    assert needed_answers(target) == needed
    assert upper_bound(0, needed) <= target < upper_bound(0, needed - 1)
    assert choose_threshold(many(needed), target) == 0.99
    assert straight_through(many(needed), 0.99, target).accepted == needed, "as sure as asked is sure enough"
    assert choose_threshold(many(needed - 1), target) is None


@pytest.mark.parametrize("target", [0.0, 1.0, -0.1])
def test_targets_that_are_no_share_are_refused(target: float) -> None:
    with pytest.raises(ValueError, match="share of errors"):
        needed_answers(target)


@given(answers, st.sampled_from([0.05, 0.2, 0.5, 0.8]))
def test_the_chosen_threshold_holds_and_no_lower_one_does(found: list[Answer], target: float) -> None:
    chosen = choose_threshold(found, target)
    result = straight_through(found, chosen, target)
    assert result.holds or (chosen is None and result.accepted == 0)
    for lower in {a.confidence for a in found if a.confidence is not None}:
        if chosen is None or lower < chosen:
            assert not straight_through(found, lower, target).holds


@given(answers, st.randoms(use_true_random=False))
def test_order_changes_nothing(found: list[Answer], shuffler: random.Random) -> None:
    mixed = list(found)
    shuffler.shuffle(mixed)
    assert choose_threshold(mixed, 0.5) == choose_threshold(found, 0.5)
    assert straight_through(mixed, 0.5, 0.5) == straight_through(found, 0.5, 0.5)


def test_laws() -> None:
    perfect = straight_through(many(3000), 0.9, 0.001)
    assert (perfect.share, perfect.holds, perfect.measurable) == (1.0, True, True)
    nothing = straight_through(many(3000, confidence=None), 0.9, 0.001)
    assert (nothing.share, nothing.holds, nothing.measurable) == (0.0, False, False)
    left_out = straight_through([*many(3000), *many(1, right=False, confidence=1.0)], 0.9, 0.001)
    assert (left_out.errors, left_out.holds) == (1, False)
    handed_over = straight_through([*many(3000), *many(1000, confidence=None)], 0.9, 0.001)
    assert handed_over.share == 0.75


def test_few_answers_claim_nothing_however_right() -> None:
    result = straight_through(many(384), 0.9, 0.0001)
    assert (result.errors, result.measurable, result.holds) == (0, False, False)
    assert result.bound == pytest.approx(0.00777, abs=1e-5)


@given(answers, st.sampled_from([0.1, 0.9]))
def test_without_a_threshold_nothing_passes(found: list[Answer], target: float) -> None:
    assume(found)
    assert straight_through(found, None, target).accepted == 0
