"""Calibration: what is 0, what is perfect, what cannot be said, and the answers that it is measured on."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.cases import Gold
from eval.metrics.answers import Answer, answers_of
from eval.metrics.calibration import calibration

answers = st.lists(
    st.builds(
        Answer,
        path=st.just("a"),
        right=st.booleans(),
        confidence=st.one_of(st.none(), st.sampled_from([0.0, 0.2, 0.5, 0.9, 0.99, 1.0])),
    ),
    max_size=40,
)


def sure(right: bool, confidence: float | None, count: int = 1) -> list[Answer]:
    return [Answer("a", right, confidence)] * count


@given(answers, st.randoms(use_true_random=False))
def test_order_changes_nothing_and_all_stays_in_range(found: list[Answer], shuffler: random.Random) -> None:
    result = calibration(found)
    mixed = list(found)
    shuffler.shuffle(mixed)
    again = calibration(mixed)
    assert (again.count, again.wrong, again.without) == (result.count, result.wrong, result.without)
    assert again.ece_mass == pytest.approx(result.ece_mass)
    assert again.brier == pytest.approx(result.brier)
    assert again.auroc == result.auroc
    for value in (result.ece_mass, result.ece_width, result.brier, result.auroc or 0.0):
        assert 0.0 <= value <= 1.0
    for bins in (result.width_bins, result.mass_bins):
        assert sum(b.count for b in bins) == result.count
        assert sum(b.count * (1 - b.accuracy) for b in bins) == pytest.approx(result.wrong)


@given(answers)
def test_a_sure_and_wrong_answer_is_never_free(found: list[Answer]) -> None:
    """An invention or an absent field comes as one of confidence 1 that is wrong."""
    rated = [a for a in found if a.confidence is not None]
    before, after = calibration(found), calibration([*found, *sure(False, 1.0)])
    assert after.brier == pytest.approx((before.brier * len(rated) + 1) / (len(rated) + 1))
    assert after.wrong == before.wrong + 1


def test_a_perfect_answer() -> None:
    result = calibration(sure(True, 1.0, 5))
    assert (result.ece_mass, result.ece_width, result.brier, result.wrong) == (0.0, 0.0, 0.0, 0)
    assert result.auroc is None, "without a wrong answer nothing is known of telling them apart"


def test_calibrated_and_useless() -> None:
    """The same confidence for all, as right as it says: no calibration error, one bin, no discrimination."""
    result = calibration([*sure(True, 0.9, 9), *sure(False, 0.9)])
    assert result.ece_mass == result.ece_width == pytest.approx(0.0)
    assert (len(result.width_bins), len(result.mass_bins), result.auroc, result.wrong) == (1, 1, 0.5, 1)


def test_by_hand() -> None:
    result = calibration([*sure(True, 0.95, 3), *sure(False, 0.95), *sure(False, 0.15, 2), *sure(True, None)])
    assert (result.count, result.wrong, result.without) == (6, 3, 1)
    assert result.ece_width == pytest.approx((4 * 0.2 + 2 * 0.15) / 6)
    assert result.brier == pytest.approx((3 * 0.05**2 + 0.95**2 + 2 * 0.15**2) / 6)
    assert result.auroc == pytest.approx((3 * 2 + 3 * 0.5) / 9)


def test_bins_of_equal_mass_split_what_bins_of_equal_width_throw_together() -> None:
    found = [Answer("a", i % 2 == 0, 0.99 + i / 10000) for i in range(30)]
    result = calibration(found, bins=10)
    assert (len(result.width_bins), len(result.mass_bins)) == (1, 10)
    assert {b.count for b in result.mass_bins} == {3}


def test_nothing_is_measured_on_nothing() -> None:
    result = calibration([])
    assert (result.count, result.ece_mass, result.brier, result.auroc) == (0, 0.0, 0.0, None)


GOLD = Gold("2021", "甲局", 2021, {}, {"a": "0", "b": "5", "c": "7"}, unverified=frozenset({"c"}))


def record(**fields: dict[str, Any]) -> dict[str, Any]:
    return {"form": "2021", "agency": {"value": "甲局"}, "year": {"value": 2021}, "fields": fields}


def number(value: int, confidence: float | None = 0.9) -> dict[str, Any]:
    return {
        "kind": "number",
        "raw": str(value),
        "value": Decimal(value),
        "unit": None,
        "confidence": confidence,
    }


def test_every_field_of_gold_and_every_invention_is_an_answer() -> None:
    got = record(a=number(0), b=number(6, 0.5), c=number(1), d=number(2, 0.7))
    assert answers_of(got, GOLD) == (Answer("a", True, 0.9), Answer("b", False, 0.5), Answer("d", False, 0.7))


def test_an_absent_field_is_an_error_nobody_is_asked_about() -> None:
    unreadable = {"kind": "unreadable", "value": None, "confidence": None, "review": True}
    assert answers_of(record(b=unreadable), GOLD) == (Answer("a", False, 1.0), Answer("b", False, None))
    assert answers_of(None, GOLD) == (Answer("a", False, 1.0), Answer("b", False, 1.0))


def test_under_the_wrong_body_nothing_is_right() -> None:
    got = record(a=number(0), b=number(5)) | {"agency": {"value": "乙局"}}
    assert not any(answer.right for answer in answers_of(got, GOLD))
    got["agency"]["review"] = True
    assert all(answer.right for answer in answers_of(got, GOLD))
