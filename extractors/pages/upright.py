"""Whether text runs along the rows of a page or up and down it.

Which way up it stands (0 or 180, 90 or 270 degrees) no cheap look can tell: that is voted on by reading.
"""

from __future__ import annotations

import cv2
import numpy as np

from extractors.document import GrayImage
from extractors.pages.kinds import shrunk

LOOK_DPI = 50.0
INK = 200
RULING_MM = 25.0  # longer strokes are rulings; they run both ways
GAP_MM = 1.0  # characters of one line stand closer than this, lines mostly do not
LINE_MM = 9.0  # two or three characters: as long as only a line of text is
CLEARLY = 1.5


def is_sideways(flat: GrayImage, dpi: float) -> bool:
    """True if the lines of text of `flat` (paper at 255, level or upright to a degree) run up and down.

    Characters are grown into blots; blots as long as a line of text are weighed, rows against columns.
    """
    scale = min(1.0, LOOK_DPI / dpi)
    mm = dpi * scale / 25.4
    ink = (shrunk(flat, scale) < INK).astype(np.uint8)
    ink = _without(ink, round(RULING_MM * mm))
    gap = max(2, round(GAP_MM * mm) + 1)
    blots = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8))
    reach = round(LINE_MM * mm)
    rows = int(cv2.morphologyEx(blots, cv2.MORPH_OPEN, np.ones((1, reach), np.uint8)).sum())
    columns = int(cv2.morphologyEx(blots, cv2.MORPH_OPEN, np.ones((reach, 1), np.uint8)).sum())
    return columns > CLEARLY * rows


def _without(ink: GrayImage, reach: int) -> GrayImage:
    """`ink` less its strokes of at least `reach` pixels, either way."""
    level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, reach), np.uint8))
    upright = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((reach, 1), np.uint8))
    rulings = cv2.dilate(cv2.max(level, upright), np.ones((3, 3), np.uint8))
    return np.asarray(ink & (1 - rulings), dtype=np.uint8)
