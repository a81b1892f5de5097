"""The scan simulator moves labels with the ink, and the same seed gives the same scan."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from eval.samples.scan import scan_page, stamp
from eval.samples.spec import Scan

PAPER = np.full((700, 500, 3), 255, np.uint8)


def test_same_seed_same_pixels_other_seed_other_noise() -> None:
    scan = Scan(colour=False, skew_deg=1, noise=5, fade=0.2, broken=0.1, shade=0.2, curl_mm=1)
    page = PAPER.copy()
    cv2.rectangle(page, (100, 100), (400, 600), (0, 0, 0), 2)
    first, again, other = (scan_page(page, scan, seed)[0] for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize(
    "scan",
    [
        pytest.param(Scan(), id="flat"),
        pytest.param(Scan(skew_deg=1.5), id="skew"),
        pytest.param(Scan(skew_deg=-2, curl_mm=2), id="skew-and-curl"),
    ],
)
def test_boxes_follow_the_ink(scan: Scan, rotate: int) -> None:
    for x, y in ((90, 120), (400, 130), (250, 350), (120, 600), (420, 640)):
        page = PAPER.copy()
        page[y : y + 12, x : x + 20] = 0
        picture, warp = scan_page(page, replace(scan, rotate=rotate), 1)
        rows, cols = np.nonzero(picture[..., 0] < 128)
        height, width = picture.shape[:2]
        x0, y0, x1, y1 = warp.box((x / 500, y / 700, (x + 20) / 500, (y + 12) / 700))
        found = cols.min() / width, rows.min() / height, (cols.max() + 1) / width, (rows.max() + 1) / height
        assert found == pytest.approx((x0, y0, x1, y1), abs=2.5 / 500)


def test_broken_takes_rulings_and_leaves_characters() -> None:
    page = PAPER.copy()
    cv2.line(page, (20, 200), (480, 200), (0, 0, 0), 2)
    cv2.putText(page, "0", (240, 400), cv2.FONT_HERSHEY_SIMPLEX, 1, (0, 0, 0), 2)
    worn, _ = scan_page(page, Scan(broken=0.3), 3)
    ruling = (worn[200, 20:480, 0] < 128).mean()
    assert 0.3 < ruling < 0.95
    digit = slice(370, 410), slice(230, 270)
    assert (worn[digit] < 128).sum() == (page[digit] < 128).sum()


def test_one_bit_is_one_bit_and_a_seal_multiplies() -> None:
    bits, _ = scan_page(PAPER - 100, Scan(colour=False, one_bit=True, speckle=0.01), 1)
    assert set(np.unique(bits)) == {0, 255}
    seal = np.full((60, 60, 3), 255, np.uint8)
    cv2.circle(seal, (30, 30), 25, (0, 0, 220), 4)
    page = PAPER.copy()
    page[350] = 0
    pressed = stamp(page, seal, (0.5, 0.5), 0, 0.9, 1)
    assert (pressed <= page).all()
    assert (pressed[350] == 0).all()
    blue, _, red = pressed[350 - 25, 250]
    assert blue < red - 60


def test_a_seal_over_the_edge_is_cut_off() -> None:
    seal = np.zeros((80, 80, 3), np.uint8)
    pressed = stamp(PAPER, seal, (0.0, 1.0), 10, 1, 1)
    assert pressed.shape == PAPER.shape
    assert pressed[-1, 0, 0] < 128
