"""Where a page has strokes, whatever its paper: what is weighed when pages are judged."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from extractors.document import GrayImage

INK_CONTRAST = 40  # grey levels below the paper around it
STROKE_REACH_MM = 5.0  # no stroke of a title is wider; shaded areas are, and are no ink
SPECK_PIXELS = 4  # at 100 dpi: a quarter of a square millimetre
BLANK_INK = 5e-5  # of the page: less than one small character


def stroke_ink(grey: GrayImage, dpi: float) -> npt.NDArray[np.bool_]:
    """Where there are strokes darker than what is around them, without specks."""
    reach = max(3, round(STROKE_REACH_MM / 25.4 * dpi)) | 1
    paper = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    dark = (cv2.subtract(paper, grey) > INK_CONTRAST).astype(np.uint8)
    if dark.mean() > 100 * BLANK_INK:
        return dark.astype(bool)
    # So little ink that dust would matter.
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    keep = stats[:, cv2.CC_STAT_AREA] >= SPECK_PIXELS
    keep[0] = False
    return np.asarray(keep[labels], dtype=bool)
