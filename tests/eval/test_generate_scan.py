"""The scan simulator moves labels with the ink, and the same seed gives the same scan."""

from __future__ import annotations

import random
import sys
from dataclasses import replace

import cv2
import numpy as np
import pytest

from eval.generate.scan.foreign import EFFECTS, NoAugraphy, apply_foreign
from eval.generate.scan.ladder import draw_treatment, with_foreign
from eval.generate.scan.marks import handwriting, punch, stamp
from eval.generate.scan.simulate import scan_page
from eval.generate.spec import Scan

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
        pytest.param(Scan(skew_deg=1, curl_mm=1, perspective=-0.03), id="all-three"),
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


class FakeAugraphy:
    """An effect that draws from the generators augraphy draws from."""

    def __getattr__(self, name: str) -> object:
        return lambda p: (
            lambda page: page - (np.random.randint(0, 9, page.shape) * random.random()).astype(np.uint8)
        )


def test_foreign_effects_are_seeded_and_leave_the_generators_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "augraphy", FakeAugraphy())
    random.seed(1)
    before = random.getstate()
    scan = Scan(colour=False, foreign=("InkBleed",))
    first, again, other = (scan_page(PAPER, scan, seed)[0] for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert first.shape == (*PAPER.shape[:2], 1)
    assert random.getstate() == before


def test_foreign_effects_need_the_extra_and_only_tried_ones_are_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "augraphy", None)
    with pytest.raises(NoAugraphy, match=r"requirements-generate\.lock"):
        apply_foreign(PAPER, ["InkBleed"], 1)
    with pytest.raises(ValueError, match="DirtyRollers"):
        apply_foreign(PAPER, ["DirtyRollers"], 1)
    foreign = with_foreign(draw_treatment(1, 4, 3))
    assert len(foreign.scan.foreign) == 2
    assert set(foreign.scan.foreign) <= set(EFFECTS)
    assert (foreign.scan.fade, foreign.scan.blur, foreign.scan.specks) == (0, 0, 0)
    assert with_foreign(draw_treatment(1, 0, 3)).scan.foreign == ()


@pytest.mark.parametrize(
    "scan",
    [
        pytest.param(Scan(shadow=0.4), id="shadow"),
        pytest.param(Scan(specks=40, streaks=2), id="dirt"),
        pytest.param(Scan(bleed=0.2), id="bleed"),
        pytest.param(Scan(perspective=0.03), id="keystone"),
    ],
)
def test_each_effect_changes_the_page_in_colour_and_grey(scan: Scan) -> None:
    page = PAPER.copy()
    cv2.rectangle(page, (60, 80), (430, 610), (0, 0, 0), 3)
    back = np.ascontiguousarray(page[::-1, 30:].copy())
    back = np.pad(back, ((0, 0), (0, 30), (0, 0)), constant_values=255)
    for colour in (True, False):
        plain, _ = scan_page(page, Scan(colour=colour), 5)
        done, _ = scan_page(page, replace(scan, colour=colour), 5, back)
        assert done.shape == plain.shape
        assert not np.array_equal(done, plain)


def test_pen_marks_and_holes_are_drawn_and_seeded() -> None:
    rng = [np.random.default_rng(seed) for seed in (1, 1, 2)]
    first, again, other = (handwriting(PAPER, 3, 100, each) for each in rng)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert (first < 200).any()
    holes = cv2.connectedComponents((punch(PAPER, 2, 60)[..., 0] < 128).astype(np.uint8))[0] - 1
    assert holes == 2
