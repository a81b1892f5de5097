"""Whether text runs along the rows of a page or up and down it.

Which way up it stands (0 or 180, 90 or 270 degrees) no cheap look can tell: that is voted on by reading.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from extractors.document import GrayImage
from extractors.pages.raster import closed, dilated, factor_for, opened, shrunk

INK = 200  # of a page with paper at 255, strokes are darker than this
RULING_MM = 25.0  # longer strokes are rulings; they run both ways
SHAPE_DPI = 75.0
SMALLEST_MM, LARGEST_MM = 1.2, 7.0  # characters and their halves
LONGER = 1.25  # taller than wide, or wider than tall, by at least this
STROKE = 0.35  # narrower than this for its length, a mark is a stroke and says nothing
BLOT_DPI = 50.0
GAP_MM = 1.0  # characters of one line stand closer than this, lines mostly do not
LINE_MM = 9.0  # two or three characters: as long as only a line of text is
MOST = 2.0  # what one sign may weigh, in natural logarithms of its odds
DOUBT = 5  # added to counts, so that a few marks decide nothing
SIDEWAYS = -0.5  # most pages are not: the signs must outweigh this


def is_sideways(flat: GrayImage, dpi: float) -> bool:
    """True if the lines of text of `flat` (paper at 255, level or upright to a degree) run up and down.

    Two signs are added up. Upright, figures and letters are taller than wide, and so are the halves into
    which most ideographs fall. And blots grown from characters are long along the lines; that alone fails
    where figures stand tightly one below the other, the first alone on scribbles and logos. On some 200
    scanned pages at hand the first had the right sign on every one, the second on all but two.
    """
    return _limited(_tall_against_wide(flat, dpi)) + _limited(_rows_against_columns(flat, dpi)) < SIDEWAYS


def _limited(log_odds: float) -> float:
    return min(MOST, max(-MOST, log_odds))


def _tall_against_wide(flat: GrayImage, dpi: float) -> float:
    ink, mm = _marks(flat, dpi, SHAPE_DPI)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    width, height = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    short, long = np.minimum(width, height), np.maximum(width, height)
    character = (long >= SMALLEST_MM * mm) & (long <= LARGEST_MM * mm) & (short >= STROKE * long)
    tall = np.count_nonzero(character & (height >= LONGER * width))
    wide = np.count_nonzero(character & (width >= LONGER * height))
    return math.log((tall + DOUBT) / (wide + DOUBT))


def _rows_against_columns(flat: GrayImage, dpi: float) -> float:
    ink, mm = _marks(flat, dpi, BLOT_DPI)
    gap = max(2, round(GAP_MM * mm) + 1)
    blots = closed(ink, gap, gap)
    reach = round(LINE_MM * mm)
    unit = DOUBT * mm * mm
    rows = np.count_nonzero(opened(blots, reach, 1))
    columns = np.count_nonzero(opened(blots, 1, reach))
    return math.log((rows + unit) / (columns + unit))


def _marks(flat: GrayImage, dpi: float, wanted: float) -> tuple[GrayImage, float]:
    """The ink of `flat` at about the `wanted` resolution, without rulings, as 0 and 1; pixels per millimetre."""
    factor = factor_for(dpi, wanted)
    mm = dpi / factor / 25.4
    ink = np.asarray(shrunk(flat, factor) < INK, dtype=bool).view(np.uint8)
    reach = round(RULING_MM * mm)
    rulings = dilated(opened(ink, reach, 1) | opened(ink, 1, reach), 3, 3)
    return np.asarray(ink & (1 - rulings), dtype=np.uint8), mm
