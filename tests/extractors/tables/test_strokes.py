"""A lone stroke: upright is 1, leaning is /, and in between nobody is sure."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extractors.document import Reading
from extractors.tables.strokes import is_dash, lean, settle_stroke


def stroke(sideways: int, height: int = 30) -> np.ndarray:
    marks = np.zeros((height + 6, abs(sideways) + 12), dtype=np.uint8)
    cv2.line(marks, (5, height + 2), (5 + sideways, 3), 255, 2)
    return marks


UNSURE = Reading("1", 0.6, (0.6,), (("1", 0.6), ("/", 0.35), ("7", 0.01)))


@pytest.mark.parametrize("sideways", [0, 2, 8, 15])
def test_lean_is_sideways_per_upwards(sideways: int) -> None:
    assert lean(stroke(sideways)) == pytest.approx(sideways / 30, abs=0.04)


def test_an_upright_stroke_is_one() -> None:
    settled = settle_stroke(UNSURE, stroke(0))
    assert settled.text == "1"
    assert settled.confidence > 0.94


def test_a_leaning_stroke_is_a_slash() -> None:
    settled = settle_stroke(UNSURE, stroke(11))
    assert settled.text == "/"
    assert settled.candidates[0] == ("/", settled.confidence)
    assert settled.confidence > 0.94


def test_between_the_two_neither_is_sure() -> None:
    settled = settle_stroke(UNSURE, stroke(6))
    assert settled.confidence < 0.9


def test_no_mass_is_made_up() -> None:
    settled = settle_stroke(UNSURE, stroke(11))
    assert sum(p for _, p in settled.candidates) == pytest.approx(sum(p for _, p in UNSURE.candidates))


def test_what_is_no_lone_stroke_is_left_alone() -> None:
    seven = Reading("7", 0.9, (0.9,), (("7", 0.9), ("1", 0.1)))
    assert settle_stroke(seven, stroke(11)) is seven
    dash = np.zeros((10, 40), dtype=np.uint8)
    dash[4:6, 4:36] = 255
    assert settle_stroke(UNSURE, dash) is UNSURE


def test_a_flat_stroke_is_a_dash_and_a_digit_is_none() -> None:
    dash = np.zeros((4, 20), dtype=np.uint8)
    dash[1:3] = 255
    assert is_dash(dash)
    assert not is_dash(stroke(0))
    assert not is_dash(np.zeros((4, 20), dtype=np.uint8))
    number = np.zeros(
        (20, 60), dtype=np.uint8
    )  # a minus and two noughts: as flat as a dash, but full of gaps
    number[9:12, :10] = 255
    cv2.ellipse(number, (25, 10), (8, 9), 0, 0, 360, 255, 2)
    cv2.ellipse(number, (49, 10), (8, 9), 0, 0, 360, 255, 2)
    assert not is_dash(number)
