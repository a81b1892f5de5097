"""Takes the pepper off black-and-white pages, and no decimal point with it.

A speck is told from a dot by its size against the strokes of the same page, and by standing alone.
"""

from __future__ import annotations

import cv2
import numpy as np

from extractors.document import GrayImage
from extractors.pages.raster import dilated, eroded

INK = 128
SPECK_OF_STROKE = 0.35  # a decimal point has about the area of a stroke's width squared
ALWAYS_SPECK_OF_STROKE = 0.15
ALONE_MM = 1.2  # from any real mark; a decimal point stands within this of its digits
MIN_COUNT = 20


def without_specks(grey: GrayImage, dpi: float) -> GrayImage:
    """`grey` (black and white, or nearly) without marks too small to be part of any character."""
    ink = (grey < INK).view(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    if count < MIN_COUNT:
        return grey
    areas = stats[:, cv2.CC_STAT_AREA].astype(np.int64)
    width = stroke_width(ink)
    small = areas <= SPECK_OF_STROKE * width * width
    if not small.any():
        return grey
    places = np.flatnonzero(ink)  # a tenth of the page: all that follows looks at ink alone
    owners = labels.ravel()[places]
    real = np.zeros_like(ink)
    real.ravel()[places] = ~small[owners]
    reach = max(3, round(2 * ALONE_MM / 25.4 * dpi)) | 1
    alone = dilated(real, reach, reach).ravel()[places] == 0
    tiny = areas <= max(1.0, ALWAYS_SPECK_OF_STROKE * width * width)
    gone = np.zeros_like(ink)
    gone.ravel()[places[(small[owners] & alone) | tiny[owners]]] = 1
    # Where rendering has blurred the page, a speck has a grey rim that is no ink; it goes with it.
    rim = (dilated(gone, 3, 3) & (1 - ink)) | gone
    return np.where(rim.view(bool), np.uint8(255), grey)


def stroke_width(ink: GrayImage) -> float:
    """How thick the strokes of the page are, in pixels: twice its ink over the length of its outline.

    `ink` is 1 on strokes. A long stroke of width w has 2 pixels of outline for every w of ink.
    """
    whole, inner = int(np.count_nonzero(ink)), int(np.count_nonzero(eroded(ink, 3, 3)))
    return 2.0 * whole / max(1, whole - inner)
