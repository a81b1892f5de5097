"""Letters that look like digits: their probability is the digit's, and nobody else's changes."""

from __future__ import annotations

import numpy as np
import pytest

from extractors.ocr.decode import decode, decode_value
from extractors.ocr.engine import Lattice
from extractors.ocr.homoglyphs import fold_homoglyphs

ALPHABET = ("", "0", "O", "o", "1", "l", "Q", " ", "增", "\uff11")


def lattice(*steps: dict[str, float]) -> Lattice:
    ids = np.array([[ALPHABET.index(c) for c in step] for step in steps], dtype=np.int32)
    probs = np.array([list(step.values()) for step in steps], dtype=np.float32)
    return Lattice(ids, probs, ALPHABET, 8.0)


def test_an_o_speaks_for_nought() -> None:
    folded = fold_homoglyphs(lattice({"O": 0.5, "0": 0.3, "o": 0.15, "Q": 0.05}))
    assert folded.alphabet[folded.ids[0, 0]] == "0"
    assert folded.probs[0, 0] == pytest.approx(0.95)
    assert folded.probs.sum() == pytest.approx(1.0)
    assert decode(folded).text == "0"


def test_an_l_stays_an_l() -> None:
    plain = lattice({"l": 0.6, "1": 0.3, "": 0.1})
    assert fold_homoglyphs(plain) is plain


def test_steps_without_letters_are_left_alone() -> None:
    mixed = lattice({"1": 0.9, "": 0.1, "l": 0.0}, {"O": 0.8, "0": 0.1, "": 0.1})
    folded = fold_homoglyphs(mixed)
    assert np.array_equal(folded.ids[0], mixed.ids[0])
    assert decode(folded).text == "10"


def test_a_space_between_a_word_and_its_number_is_the_blank_it_looks_like() -> None:
    """Whether 增 661 is read with its space or without is all the same: it is one value, and its chances add up."""
    folded = fold_homoglyphs(lattice({"增": 1.0, "": 0.0}, {" ": 0.8, "": 0.2}, {"1": 1.0, "": 0.0}))
    assert decode(folded).text == "增1"
    assert decode(folded).confidence == pytest.approx(1.0)


def test_a_space_between_two_digits_keeps_them_apart() -> None:
    """A digit and what is left of a pen stroke beside it are no number of two digits."""
    torn = lattice({"1": 1.0, "": 0.0}, {" ": 0.8, "": 0.2}, {"0": 1.0, "": 0.0})
    assert fold_homoglyphs(torn) is torn
    assert decode_value(torn, frozenset("01"))[0] == ("10", pytest.approx(0.2))


def test_full_width_digits_are_the_same_digits() -> None:
    folded = fold_homoglyphs(lattice({"1": 0.7, "\uff11": 0.25, "": 0.05}))
    assert decode_value(folded, frozenset("1"))[0] == ("1", pytest.approx(0.95))
