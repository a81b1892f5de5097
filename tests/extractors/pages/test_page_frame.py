"""The work frame is upright and level, and every place in it leads back to where it is displayed."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from page_drawings import Image, in_colour, table, tilted

from extractors.document import Glyph, Segment
from extractors.geometry import Affine, Box
from extractors.pages import RawPage, prepare

TILTS = (-14.2, -5.5, -2.03, -0.6, -0.17, 0.0, 0.31, 1.0, 3.3, 9.9)


def scan(page: Image, dpi: float = 200.0) -> RawPage:
    return RawPage(1, in_colour(page), dpi, "scan")


def mapped(affine: Affine, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = affine
    return a * x + b * y + c, d * x + e * y + f


@pytest.mark.parametrize("tilt", TILTS)
@pytest.mark.parametrize("rulings", [True, False], ids=["rulings", "text"])
def test_skew_is_found_to_a_tenth_of_a_degree(tilt: float, rulings: bool) -> None:
    page = prepare(scan(tilted(table(rulings=rulings), tilt)))
    assert page.info.skew_deg == pytest.approx(tilt, abs=0.1)
    assert page.info.rotation == 0


def test_skew_is_found_on_a_noisy_shaded_page_of_low_resolution() -> None:
    clean = cv2.resize(table(), (1240, 1754), interpolation=cv2.INTER_AREA)
    shade = np.linspace(0.55, 1.0, 1240)[None, :]
    noise = np.random.default_rng(7).normal(0, 10, clean.shape)
    dirty = np.clip(tilted(clean, 1.3) * shade + noise, 0, 255).astype(np.uint8)
    assert prepare(scan(dirty, 150.0)).info.skew_deg == pytest.approx(1.3, abs=0.1)


def test_page_with_nothing_on_it_is_left_alone() -> None:
    page = prepare(scan(np.full((2339, 1654), 230, np.uint8)))
    assert page.info.skew_deg == 0.0
    assert page.work.shape == (2339, 1654)


def test_level_page_is_not_resampled() -> None:
    sharp = table()
    assert np.array_equal(prepare(scan(sharp), rotation=0).work < 128, sharp < 128)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("tilt", [0.0, -2.4, 4.0])
def test_marks_lead_back_to_their_places(rotation: int, tilt: float) -> None:
    """Dots on the display are found in the work image; mapped back, they are where they were drawn."""
    upright = tilted(table(), tilt)
    places = [(60.5, 70.5), (1590.5, 60.5), (1500.5, 1120.5), (40.5, 1100.5)]
    for x, y in places:
        upright[int(y) - 8 : int(y) + 9, int(x) - 8 : int(x) + 9] = 0
    display = np.ascontiguousarray(np.rot90(upright, rotation // 90))
    page = prepare(scan(display), rotation=rotation)
    assert page.info.skew_deg == pytest.approx(tilt, abs=0.1)
    assert (page.info.work_height, page.info.work_width) == page.work.shape
    assert page.display.shape[:2] == (page.info.height, page.info.width)
    _, _, stats, centres = cv2.connectedComponentsWithStats((page.work < 128).astype(np.uint8))
    dots = [
        mapped(page.info.to_display, float(x) + 0.5, float(y) + 0.5)
        for (x, y), stat in zip(centres, stats, strict=True)
        if 250 <= stat[cv2.CC_STAT_AREA] <= 330 and max(stat[2], stat[3]) <= 20
    ]
    _, _, stats, centres = cv2.connectedComponentsWithStats((display < 128).astype(np.uint8))
    drawn = [
        (float(x) + 0.5, float(y) + 0.5)
        for (x, y), stat in zip(centres, stats, strict=True)
        if stat[cv2.CC_STAT_AREA] == 17 * 17
    ]
    assert len(drawn) == len(places)
    for place in drawn:
        assert min(np.hypot(place[0] - x, place[1] - y) for x, y in dots) < 0.25


@pytest.mark.parametrize("tilt", [-3.0, 0.0, 2.0])
@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_whether_text_runs_along_or_across_is_seen(turns: int, tilt: float) -> None:
    page = prepare(scan(tilted(np.ascontiguousarray(np.rot90(table(), turns)), tilt)))
    # 0 against 180 and 90 against 270 is for reading to tell.
    assert page.info.rotation % 180 == (0 if turns % 2 == 0 else 90)
    assert page.info.skew_deg == pytest.approx(tilt, abs=0.1)


def test_rotation_is_by_quarter_turns() -> None:
    with pytest.raises(ValueError, match="45"):
        prepare(scan(table()), rotation=45)


def test_digital_page_is_turned_with_its_glyphs_and_rulings() -> None:
    display = np.full((300, 200), 255, np.uint8)
    display[40:60, 100:110] = 0
    raw = RawPage(
        1,
        in_colour(display),
        100.0,
        "digital",
        (Glyph("一", Box(100, 40, 110, 60), 20.0),),
        (Segment(20, 10, 20, 290, 2.0),),
        turn=90,
    )
    page = prepare(raw)
    assert page.info.rotation == 90
    assert page.work.shape == (200, 300)
    (glyph,) = page.glyphs
    y, x = np.nonzero(page.work < 128)
    assert (glyph.box.x0, glyph.box.y0) == (x.min(), y.min())
    assert (glyph.box.x1, glyph.box.y1) == (x.max() + 1, y.max() + 1)
    assert page.segments == (Segment(10, 20, 290, 20, 2.0),)
    assert prepare(raw, rotation=0).glyphs == raw.glyphs
