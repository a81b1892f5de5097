"""Letters that look like digits: their probability is the digit's, and nobody else's changes."""

from __future__ import annotations

import numpy as np
import pytest

from extractors.ocr.decode import decode
from extractors.ocr.engine import Lattice
from extractors.ocr.homoglyphs import fold_homoglyphs

ALPHABET = ("", "0", "O", "o", "1", "l", "Q")


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
