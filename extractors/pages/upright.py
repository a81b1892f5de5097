"""Whether text runs along the rows of a page or up and down it.

Which way up it stands (0 or 180, 90 or 270 degrees) no cheap look can tell: that is voted on by reading.
"""

from __future__ import annotations

import numpy as np

from extractors.document import GrayImage
from extractors.pages.raster import closed, dilated, factor_for, opened, shrunk

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
    factor = factor_for(dpi, LOOK_DPI)
    mm = dpi / factor / 25.4
    ink = (shrunk(flat, factor) < INK).view(np.uint8)
    ink = _without(ink, round(RULING_MM * mm))
    gap = max(2, round(GAP_MM * mm) + 1)
    blots = closed(ink, gap, gap)
    reach = round(LINE_MM * mm)
    rows = int(np.count_nonzero(opened(blots, reach, 1)))
    columns = int(np.count_nonzero(opened(blots, 1, reach)))
    return columns > CLEARLY * rows


def _without(ink: GrayImage, reach: int) -> GrayImage:
    """`ink` less its strokes of at least `reach` pixels, either way."""
    rulings = dilated(opened(ink, reach, 1) | opened(ink, 1, reach), 3, 3)
    return np.asarray(ink & (1 - rulings), dtype=np.uint8)
