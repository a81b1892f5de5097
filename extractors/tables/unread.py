"""Ink in the picture of a text line for which nothing was read.

A recogniser leaves out what it cannot name, half a character or a smeared one, and is none the less sure of the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2

from extractors.tables.rulings import Mask

TALL = 0.5  # in heights of a character: lower ink is a point, a dash or dirt
AWAY = 0.5  # and this far beyond the characters read; their places are sure to 0.4 on the development scans


def has_unread_ink(marks: Mask, start: float, extents: Sequence[tuple[float, float]], size: float) -> bool:
    """Whether ink as tall as a character stands beside all that was read.

    `marks`: (height, width), 255 = ink, whose left edge is at `start` in the pixels of `extents`, (x0, x1) per
    character read. `size`: height of the table's characters in pixels.
    """
    if not extents:
        return False
    first, last = min(x0 for x0, _ in extents), max(x1 for _, x1 in extents)
    count, _, stats, _ = cv2.connectedComponentsWithStats(marks, connectivity=8)
    return any(
        height >= TALL * size and (start + x + width < first - AWAY * size or start + x > last + AWAY * size)
        for x, _, width, height, _ in stats[1:count].tolist()
    )
