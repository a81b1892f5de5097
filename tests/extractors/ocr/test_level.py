"""Bent lines of text become level, and a page that is flat keeps its pixels."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from drawing import as_page, curled, noisy
from fakes import ReplayEngine, quad

from extractors.document import GrayImage
from extractors.ocr.level import level
from extractors.ocr.lines import read_lines

DPI = 200.0
TOP, PITCH, LINES = 300, 80, 20


def text(lines: int = LINES) -> GrayImage:
    page = np.full((2339, 1654), 255, np.uint8)
    for line in range(lines):
        left, words = (160, "annual report of open government in 2023, of the county")
        shown = words if line % 4 != 3 else words[:22]  # paragraphs end with a short line
        place = (left, TOP + line * PITCH)
        cv2.putText(page, shown, place, cv2.FONT_HERSHEY_SIMPLEX, 1.45, (0,), 3, cv2.LINE_AA)
    return page


def bow(page: GrayImage, amplitude: float) -> GrayImage:
    """Lines bent by `amplitude` pixels at mid-page, nothing moved sideways."""
    height, width = page.shape
    xs, ys = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    shift = (amplitude * np.sin(np.pi * xs / width)).astype(np.float32)
    return np.asarray(cv2.remap(page, xs, ys - shift, cv2.INTER_LINEAR, borderValue=(255,)), dtype=np.uint8)


def sharpness(page: GrayImage) -> float:
    """How clearly rows of text and rows of paper alternate, where the long lines are."""
    rows = (page[200:1900, 200:1400] < 128).mean(axis=1)
    return float(np.std(rows))


@pytest.mark.parametrize("amplitude", [-40.0, 20.0, 40.0])
def test_bent_lines_become_level(amplitude: float) -> None:
    flat, bent = text(), bow(text(), amplitude)
    result = level(noisy(bent, 4), DPI)
    assert result.field is not None
    assert sharpness(bent) < 0.9 * sharpness(flat)
    assert sharpness(result.image) > 0.93 * sharpness(flat)


@pytest.mark.parametrize("page", [text(), noisy(text(), 6), bow(text(), 3), text(0), curled(text(2), 40)])
def test_a_flat_page_and_one_with_too_few_lines_keep_their_pixels(page: GrayImage) -> None:
    result = level(page, DPI)
    assert result.field is None
    assert np.array_equal(result.image, page)


def test_marks_that_agree_on_no_bend_are_left_alone() -> None:
    page = np.full((2339, 1654), 255, np.uint8)
    rng = np.random.default_rng(4)
    for y in range(150, 2200, 120):
        ends = [(150, y + int(rng.integers(-40, 40))), (1500, y + int(rng.integers(-40, 40)))]
        cv2.line(page, ends[0], ends[1], (0,), 6)
    assert level(page, DPI).field is None


def test_lines_read_on_a_levelled_page_lie_where_they_are_printed() -> None:
    bent = bow(text(), 40)
    # Levelling keeps the middle of the page where it is, which the bow has moved down by 40.
    # The drawn line is longer than the quad, and so looked at twice.
    engine = ReplayEngine(["annual report"] * 2, [quad(160, TOP, 1480, TOP + 52)])
    (line,) = read_lines(as_page(bent, DPI), engine)
    (seen,) = engine.seen
    assert not np.array_equal(seen, bent)
    inked = bent[TOP - 45 : TOP + 60, 160:1480] < 128
    rows = np.nonzero(inked.any(axis=1))[0] + TOP - 45
    assert line.box.y0 == pytest.approx(rows.min(), abs=12)
    assert line.box.y1 == pytest.approx(rows.max(), abs=12)
    assert (line.box.x0, line.box.x1) == (160, 1480)
