"""Seals and specks go, print stays: judged by pixels of figures that are known to be there."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from page_drawings import Image, in_colour, stamped, table

from extractors.pages import RawPage, prepare

DPI = 200.0
CENTRE, RADIUS = (1000, 1600), 160  # a seal 40 mm wide, on the table
RED, FADED, ORANGE = (40, 40, 200), (165, 160, 225), (40, 90, 220)


def work(page: Image) -> Image:
    return prepare(RawPage(1, page, DPI, "scan"), rotation=0).work


def around(image: Image) -> Image:
    x, y = CENTRE
    reach = RADIUS + 20
    return image[y - reach : y + reach, x - reach : x + reach]


def coloured_paper(page: Image, tint: tuple[int, int, int]) -> Image:
    return np.asarray(in_colour(page).astype(np.uint16) * np.array(tint, np.uint16) // 255, dtype=np.uint8)


@pytest.mark.parametrize("colour", [RED, FADED, ORANGE], ids=["red", "faded", "orange"])
@pytest.mark.parametrize("paper", [(255, 255, 255), (195, 215, 225)], ids=["white", "yellowed"])
def test_seal_goes_and_print_under_it_stays(
    colour: tuple[int, int, int], paper: tuple[int, int, int]
) -> None:
    clean = table()
    page = stamped(coloured_paper(clean, paper), CENTRE, RADIUS, colour)
    black, result = around(clean) < 60, around(work(page))
    assert (result[black] < 128).mean() > 0.98
    assert (result[around(clean) > 250] > 190).mean() > 0.995


def test_blurred_compressed_seal_goes_too() -> None:
    clean = table()
    page = cv2.GaussianBlur(stamped(coloured_paper(clean, (225, 232, 236)), CENTRE, RADIUS, RED), (3, 3), 0)
    _, packed = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, 60])
    result = around(work(np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), dtype=np.uint8)))
    far = cv2.erode((around(clean) > 250).astype(np.uint8), np.ones((7, 7), np.uint8)).astype(bool)
    assert (result[around(clean) < 60] < 140).mean() > 0.97
    assert (result[far] > 150).mean() > 0.999


def test_half_a_seal_at_the_edge_of_the_sheet_goes() -> None:
    clean = table()
    page = stamped(in_colour(clean), (1653, 1200), RADIUS, RED)
    assert (work(page)[1000:1400, 1490:] > 190).mean() > 0.995


def test_red_title_and_red_figures_stay() -> None:
    page = in_colour(np.full((2339, 1654), 255, np.uint8))
    cv2.putText(page, "REPORT 2023", (150, 300), cv2.FONT_HERSHEY_SIMPLEX, 6, RED, 14, cv2.LINE_AA)
    cv2.putText(page, "4119", (900, 1500), cv2.FONT_HERSHEY_SIMPLEX, 1.2, RED, 3, cv2.LINE_AA)
    cv2.line(page, (150, 500), (1500, 500), RED, 6)
    red = page[..., 1] < 60
    assert (work(page)[red] < 128).mean() > 0.98


def test_widely_spaced_red_letterhead_is_no_row_of_seals() -> None:
    page = in_colour(np.full((2339, 1654), 255, np.uint8))
    for index in range(4):
        left = 150 + index * 340
        cv2.rectangle(page, (left, 200), (left + 170, 370), RED, 24)
        cv2.line(page, (left, 285), (left + 170, 285), RED, 20)
    red = page[..., 1] < 60
    assert (work(page)[red] < 128).mean() > 0.98


def test_shaded_paper_becomes_even_and_faint_rulings_stay() -> None:
    clean = table(thickness=2)
    faint = np.where(clean < 128, 150, 255).astype(np.float64)
    shade = np.linspace(0.5, 0.95, clean.shape[1])[None, :] * np.ones((clean.shape[0], 1))
    result = work(in_colour((faint * shade).astype(np.uint8)))
    assert result[clean > 250].min() > 190 or (result[clean > 250] > 190).mean() > 0.998
    assert (result[clean < 60] < 160).mean() > 0.98


def test_text_in_a_shaded_band_is_readable() -> None:
    clean = table()
    banded = clean.copy()
    banded[1300:1400] = np.minimum(banded[1300:1400], 190)
    result = work(in_colour(banded))
    inside = slice(1310, 1390)
    assert (result[inside][clean[inside] > 250] > 170).mean() > 0.98
    assert (result[inside][clean[inside] < 60] < 100).mean() > 0.98


def fax(page: Image) -> Image:
    small = cv2.resize(page, (1240, 1754), interpolation=cv2.INTER_AREA)
    return np.where(small < 150, 0, 255).astype(np.uint8)


def test_specks_go_and_decimal_points_stay() -> None:
    page = np.full((1754, 1240), 255, np.uint8)
    for line in range(30):
        cv2.putText(page, "7730.28; i: 0,5", (100, 100 + 50 * line), cv2.FONT_HERSHEY_DUPLEX, 1.0, (0,), 2)
    page = np.where(page < 150, 0, 255).astype(np.uint8)
    rng = np.random.default_rng(3)
    dirty = page.copy()
    far = cv2.erode(page, np.ones((41, 41), np.uint8)) == 255
    spots = [(int(y), int(x)) for y, x in rng.permutation(np.argwhere(far))[:600]]
    for y, x in spots:
        dirty[y, x : x + 2] = 0
    result = prepare(RawPage(1, in_colour(dirty), 150.0, "scan"), rotation=0).work
    assert np.array_equal(result[page == 0], page[page == 0])
    gone = sum(result[y, x] == 255 for y, x in spots)
    assert gone >= 0.99 * len(spots)


def test_black_and_white_page_keeps_its_pixels() -> None:
    page = fax(table())
    result = prepare(RawPage(1, in_colour(page), 150.0, "scan"), rotation=0).work
    assert (result != page).mean() < 1e-4
