from __future__ import annotations

from itertools import groupby, pairwise, product

import numpy as np
import pytest
from fakes import lattice, mixed
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.ocr.decode import VALUE_CHARACTERS, alternatives, decode, decode_value
from extractors.ocr.engine import Lattice

ALPHABET = ("", "1", "0", "一")


@st.composite
def lattices(draw: st.DrawFn) -> Lattice:
    """Up to five steps over three characters and the blank, as peaked or as flat as they come."""
    weight = st.one_of(st.just(0.0), st.floats(0.001, 1.0))
    rows = []
    for _ in range(draw(st.integers(1, 5))):
        weights = np.array([draw(weight) for _ in ALPHABET]) ** draw(st.sampled_from([1, 4]))
        weights[draw(st.integers(0, 3))] += 0.01
        rows.append(weights / weights.sum())
    probs = np.array(rows, dtype=np.float32)
    order = np.argsort(-probs, axis=1, kind="stable")
    return Lattice(order.astype(np.int32), np.take_along_axis(probs, order, axis=1), ALPHABET, 8.0)


def brute(given_lattice: Lattice) -> dict[str, float]:
    """The probability of every string, path by path: what CTC means, written down as it is defined."""
    dense = np.zeros(given_lattice.ids.shape)
    np.put_along_axis(dense, given_lattice.ids, given_lattice.probs, axis=1)
    result: dict[str, float] = {}
    for path in product(range(len(ALPHABET)), repeat=len(dense)):
        text = "".join(ALPHABET[symbol] for symbol, _ in groupby(path))
        result[text] = result.get(text, 0.0) + float(
            np.prod([row[i] for row, i in zip(dense, path, strict=True)])
        )
    return result


@settings(max_examples=150, deadline=None)
@given(lattices())
def test_confidence_is_the_probability_of_the_whole_text(one: Lattice) -> None:
    decoded = decode(one)
    assert decoded.confidence == pytest.approx(brute(one)[decoded.text], abs=2e-4)
    assert len(decoded.characters) == len(decoded.extents) == len(decoded.text)


@settings(max_examples=150, deadline=None)
@given(lattices())
def test_values_come_with_their_unrestricted_probabilities(one: Lattice) -> None:
    truth = {text: p for text, p in brute(one).items() if set(text) <= {"1", "0"}}
    found = decode_value(one, frozenset("10"), k=4)
    best = sorted(truth.values(), reverse=True)[:4]
    for (text, p), expected in zip(found, best, strict=False):
        assert p == pytest.approx(truth[text], abs=1e-4)
        assert p == pytest.approx(expected, abs=1e-4)
    assert [p for _, p in found] == sorted((p for _, p in found), reverse=True)


def test_a_sure_lattice_reads_as_it_is_written() -> None:
    decoded = decode(lattice("3119"))
    assert decoded.text == "3119"  # the double 1 has a blank between
    assert decoded.confidence == pytest.approx(0.999**4, rel=1e-3)
    assert decoded.characters == pytest.approx((0.999,) * 4, rel=1e-3)


def test_one_character_held_over_steps_is_one_character() -> None:
    assert decode(mixed([{"1": 0.9, "": 0.1}] * 3)).text == "1"


def test_doubt_between_two_digits_is_shown() -> None:
    one = mixed([{"3": 1.0}, {"": 1.0}, {"1": 0.7, "7": 0.29, "": 0.01}])
    values = dict(decode_value(one, VALUE_CHARACTERS, k=5))
    assert values == pytest.approx({"31": 0.7, "37": 0.29, "3": 0.01})


def test_a_crop_that_is_no_number_gives_only_improbable_ones() -> None:
    one = mixed([{"": 1.0}, {"à": 0.9, "0": 0.08, "": 0.02}, {"": 1.0}])
    assert dict(decode_value(one, VALUE_CHARACTERS)) == pytest.approx({"0": 0.08, "": 0.02})
    foreign = mixed([{"总": 1.0}])
    assert max(p for _, p in decode_value(foreign, VALUE_CHARACTERS)) == 0.0


def test_an_empty_crop_is_the_empty_string() -> None:
    blank = lattice("")
    assert decode(blank).text == ""
    assert decode_value(blank, VALUE_CHARACTERS)[0] == ("", 1.0)


def test_both_widths_are_values_and_stay_as_printed() -> None:
    assert decode_value(lattice("\uff11\uff12\uff0f"), VALUE_CHARACTERS)[0][0] == "\uff11\uff12\uff0f"


def test_extents_stand_in_order_and_touch() -> None:
    extents = decode(lattice("政府信息", step_px=10.0)).extents
    assert all(left[1] == right[0] for left, right in pairwise(extents))
    # Characters peak in steps 1, 3, 5, 7: their middles are at 15, 35, 55, 75.
    assert extents[1] == pytest.approx((25.0, 45.0))
    assert extents[0] == pytest.approx((5.0, 25.0))


def test_padding_in_a_lattice_counts_nothing() -> None:
    """A step with fewer classes than another is filled up with blanks of probability 0."""
    padded = Lattice(
        np.array([[1, 0]], dtype=np.int32), np.array([[1.0, 0.0]], dtype=np.float32), ("", "5"), 8.0
    )
    assert decode(padded).confidence == pytest.approx(1.0)
    assert decode_value(padded, VALUE_CHARACTERS)[0] == ("5", 1.0)


def test_alternatives_exchange_one_character_each() -> None:
    steps = [{"竹": 0.9, "行": 0.08}, {"": 1.0}, {"筑": 0.8, "笕": 0.15, "览": 0.01}, {"": 0.9, "乡": 0.1}]
    found = alternatives(mixed(steps), 0.02)
    assert [text for text, _ in found] == ["竹笕", "行筑"]
    assert found[0][1] == pytest.approx(0.9 * 0.15 * 0.9)
    assert alternatives(mixed(steps), 0.5) == ()
    assert alternatives(mixed([]), 0.02) == ()
