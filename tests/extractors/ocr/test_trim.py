from __future__ import annotations

import numpy as np
import pytest
from fakes import quad

from extractors.document import GrayImage
from extractors.ocr.trim import MARGIN, STRIDE, trim


def sheet(*rows: tuple[int, int], columns: tuple[int, int] = (200, 600)) -> GrayImage:
    image = np.full((960, 680), 250, dtype=np.uint8)
    for y0, y1 in rows:
        image[y0:y1, columns[0] : columns[1]] = 30
    return image


def test_empty_paper_is_nothing_to_look_at() -> None:
    assert trim(sheet()) is None
    noisy = np.random.default_rng(0).normal(230, 5, (960, 680)).clip(0, 255).astype(np.uint8)
    trimmed = trim(noisy)
    assert trimmed is None or trimmed.image.size <= noisy.size * 1.1


def test_margins_and_long_gaps_are_cut_short_and_all_ink_stays() -> None:
    image = sheet((100, 120), (140, 160), (700, 720))
    trimmed = trim(image)
    assert trimmed is not None
    assert trimmed.image.size < 0.25 * image.size
    assert (trimmed.image == 30).sum() == (image == 30).sum()
    assert all(side % STRIDE == 0 for side in trimmed.image.shape)
    gap = np.diff(np.flatnonzero((trimmed.image == 30).any(axis=1))).max()
    assert gap == 2 * MARGIN + 1


def test_quads_are_led_back_to_where_they_were() -> None:
    image = sheet((100, 120), (700, 720))
    trimmed = trim(image)
    assert trimmed is not None
    ys, xs = np.nonzero(trimmed.image == 30)
    lower = ys > ys.min() + 40
    found = quad(xs.min(), ys[lower].min(), xs.max(), ys[lower].max())
    assert trimmed.back(found) == pytest.approx(quad(200, 700, 599, 719))


def test_a_full_page_stays_whole() -> None:
    image = np.tile(np.array([[30, 250], [250, 250]], dtype=np.uint8), (64, 64))
    trimmed = trim(image)
    assert trimmed is not None
    assert trimmed.image.shape == image.shape
