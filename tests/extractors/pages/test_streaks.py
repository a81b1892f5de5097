"""Streaks of dust on the sensor: taken off wherever they run, and no ruling with them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extractors.document import GrayImage
from extractors.pages.streaks import without_streaks

DPI = 150.0
HEIGHT, WIDTH = 1754, 1240
COLUMNS = (130, 400, 640, 880, 1110)
ROWS = tuple(range(200, 900, 40))


def page(skew_deg: float = 0.0, columns: tuple[int, ...] = COLUMNS, open_ends: bool = False) -> GrayImage:
    """A ruled table with a digit in each cell, turned; `open_ends`: cut by page breaks above and below."""
    image = np.full((HEIGHT, WIDTH), 250, np.uint8)
    out = 25 if open_ends else 0
    for y in ROWS:
        cv2.line(image, (columns[0], y), (columns[-1], y), (40,), 2)
        for x in columns[:-1]:
            cv2.putText(
                image,
                str(17 * y % 97),
                (x + 60 + 7 * y % 40, y + 28),
                cv2.FONT_HERSHEY_SIMPLEX,
                0.7,
                (40,),
                2,
            )
    for x in columns:
        cv2.line(image, (x, ROWS[0] - out), (x, ROWS[-1] + out), (40,), 2)
    turn = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), skew_deg, 1.0)
    return np.asarray(cv2.warpAffine(image, turn, (WIDTH, HEIGHT), borderValue=(250,)), dtype=np.uint8)


def noisy(image: GrayImage) -> GrayImage:
    noise = np.random.default_rng(7).normal(0, 8, image.shape)
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def streaked(image: GrayImage, x: int, top: int, bottom: int, level: int = 90) -> GrayImage:
    out = image.copy()
    out[top:bottom, x] = level
    return out


@pytest.mark.parametrize("skew_deg", [0.0, 0.4, 1.2])
@pytest.mark.parametrize(
    ("x", "top", "bottom"),
    [(470, 310, 1300), (136, 150, 1400), (1000, 60, 1700)],
    ids=["within", "frame", "through"],
)
def test_a_streak_goes_and_the_print_it_crosses_stays(skew_deg: float, x: int, top: int, bottom: int) -> None:
    clean = page(skew_deg)
    cleaned = without_streaks(noisy(streaked(clean, x, top, bottom)), DPI)
    # Away from the ends, where noise decides how far the run goes, and from edges of print, which it blurs.
    rows = slice(top + 30, bottom - 30)
    beside = clean[rows, x - 3 : x + 4].astype(int)
    even = np.ptp(beside, axis=1) == 0
    assert even.mean() > 0.5
    assert np.abs(cleaned[rows, x].astype(int) - clean[rows, x])[even].max() < 60


def test_a_streak_that_chances_to_end_on_rulings_goes_where_rulings_step() -> None:
    clean = page(1.2)
    rulings = np.flatnonzero(clean[:, 560] < 100)
    top, bottom = int(rulings[2]), int(rulings[-2])
    cleaned = without_streaks(noisy(streaked(clean, 560, top, bottom)), DPI)
    assert float(np.median(cleaned[top + 30 : bottom - 30, 560])) > 200


@pytest.mark.parametrize("skew_deg", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("open_ends", [False, True])
@pytest.mark.parametrize("columns", [COLUMNS, (130, 1110), (130, 640, 1110)])
def test_rulings_stay(skew_deg: float, open_ends: bool, columns: tuple[int, ...]) -> None:
    image = noisy(page(skew_deg, columns, open_ends))
    assert without_streaks(image, DPI) is image


def test_the_one_upright_of_a_table_without_sides_stays() -> None:
    image = np.full((HEIGHT, WIDTH), 250, np.uint8)
    for y in ROWS:
        cv2.line(image, (130, y), (1110, y), (40,), 2)
    cv2.line(image, (640, ROWS[0]), (640, ROWS[-1]), (40,), 2)
    noise = noisy(image)
    assert without_streaks(noise, DPI) is noise


def test_a_column_of_digits_one_below_the_other_stays() -> None:
    image = page()
    for y in ROWS:
        cv2.putText(image, "1", (1000, y + 28), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (40,), 2)
        cv2.putText(image, "0", (780, y + 28), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (40,), 2)
    noise = noisy(image)
    assert without_streaks(noise, DPI) is noise


def test_a_page_of_text_stays() -> None:
    image = np.full((HEIGHT, WIDTH), 250, np.uint8)
    for y in range(150, 1600, 36):
        cv2.putText(
            image, "lillt 1111 HIHIHI lilli 17 " * 2, (120, y), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (40,), 2
        )
    noise = noisy(image)
    assert without_streaks(noise, DPI) is noise
