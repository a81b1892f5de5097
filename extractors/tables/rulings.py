"""Ruling lines of a scanned page, found by their physics: long, thin, straight-ish and dark.

Morphology at the page's own resolution rather than Hough or a network: a ruled form needs no model for its
structure, Hough finds text baselines as readily as rulings, and a network's fixed input size loses thin rows
(docs/decisions/0004-rulings-by-morphology.md has what was tried).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extractors.document import GrayImage
from extractors.geometry import Box

Mask = npt.NDArray[np.uint8]  # shape (height, width), 255 = set

# All lengths are in inches, turned to pixels by the page's dpi.
WINDOW_IN = (
    0.16  # neighbourhood for "darker than its surroundings": wider than a stroke, narrower than a band
)
SEED_IN = 0.17  # a ruling shows at least one unbroken run this long; characters of 12 pt or less do not
GAP_IN = 0.025  # breaks up to this are closed before runs are measured: faded ink, 1-bit drop-outs
REACH_IN = 0.1  # rulings this near to each other belong to one table
THICK_IN = 0.05  # no inner ruling is thicker
SOLID_IN = (
    0.075  # what is thicker is a filled area or a picture; frames of 4.5 pt, blurred, are still rulings
)
NARROW_PX = 5
MOST_GRAIN = 16.0  # the noisiest of the real cases, faded paper at 150 dpi, has 9
MIN_SIDE_IN = 0.5  # a table is at least this wide and MIN_HEIGHT_IN high
MIN_HEIGHT_IN = 0.2


@dataclass(frozen=True, eq=False, slots=True)
class Rulings:
    """Where the rulings of a page are. Masks in work pixels, 255 = belongs to a ruling (or is ink)."""

    horizontal: Mask
    vertical: Mask
    ink: Mask
    dpi: float
    grain: float

    def px(self, inches: float) -> int:
        return max(1, round(inches * self.dpi))


def paper_grain(work: GrayImage, dpi: float) -> float:
    """Standard deviation of the paper's own noise, in grey levels.

    From the lower quartile of the high-pass image (0.3186 standard deviations of a normal distribution), which
    stays paper even where half of the picture is text. A picture of a dense table has hardly any paper so far
    from ink: what comes out as more than any scanner's noise is measured again at close quarters.
    """
    return next(
        (grain for window in (WINDOW_IN * dpi, NARROW_PX) if (grain := _grain(work, window)) <= MOST_GRAIN),
        MOST_GRAIN,
    )


def _grain(work: GrayImage, window: float) -> float:
    high = np.abs(work[::4, ::4].astype(np.int16) - _surroundings(work, window)[::4, ::4])
    return float(np.percentile(high, 25)) / 0.3186


def _surroundings(work: GrayImage, window: float) -> GrayImage:
    side = max(3, round(window) | 1)
    return np.asarray(cv2.blur(work, (side, side), borderType=cv2.BORDER_REPLICATE), dtype=np.uint8)


def ink_mask(work: GrayImage, dpi: float, grain: float) -> Mask:
    """Pixels darker than their neighbourhood's mean by 3 standard deviations of the grain, at least 8 levels.

    `work`: uint8 (height, width).
    """
    depth = cv2.subtract(_surroundings(work, WINDOW_IN * dpi), work)
    return np.asarray(np.where(depth > max(8.0, 3.0 * grain), 255, 0), dtype=np.uint8)


def find_rulings(work: GrayImage, dpi: float, grain: float | None = None) -> Rulings:
    """Masks of the horizontal and vertical rulings. `work`: uint8 (height, width), black on white.

    `grain` is the page's `paper_grain`; it is measured on `work` where not given. Give it for a part of a page:
    a table has too little bare paper to measure it on.
    """
    grain = paper_grain(work, dpi) if grain is None else grain
    ink = ink_mask(work, dpi, grain)
    return Rulings(_runs(ink, dpi, across=True), _runs(ink, dpi, across=False), ink, dpi, grain)


def _runs(ink: Mask, dpi: float, *, across: bool) -> Mask:
    """The pixels of `ink` that lie in long thin runs along x (across) or y."""
    seed = max(9, round(SEED_IN * dpi))
    gap = max(2, round(GAP_IN * dpi))
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, _bar(gap, across))
    # One pixel of slack beside the run, so that a line that climbs a pixel now and then stays one run.
    closed = cv2.dilate(closed, _bar(2, not across))
    runs = cv2.morphologyEx(closed, cv2.MORPH_OPEN, _bar(seed, across))
    thick = max(4, round(SOLID_IN * dpi)) + 1
    solid = cv2.morphologyEx(runs, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, (thick, thick)))
    if solid.any():
        runs = cv2.subtract(runs, cv2.dilate(solid, np.ones((3, 3), np.uint8)))
    return np.asarray(runs, dtype=np.uint8)


def _bar(length: int, across: bool) -> npt.NDArray[np.uint8]:
    return np.ones((1, length) if across else (length, 1), np.uint8)


def table_boxes(rulings: Rulings) -> tuple[Box, ...]:
    """Boxes, in work pixels, of what rulings hold together and is large enough for a table, top to bottom."""
    both = cv2.bitwise_or(rulings.horizontal, rulings.vertical)
    reach = rulings.px(REACH_IN)
    joined = cv2.dilate(both, np.ones((reach, reach), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    boxes = []
    for x, y, width, height, _area in stats[1:count]:
        if width < rulings.px(MIN_SIDE_IN) or height < rulings.px(MIN_HEIGHT_IN):
            continue
        inside = np.s_[y : y + height, x : x + width]
        if rulings.horizontal[inside].any() and rulings.vertical[inside].any():
            boxes.append(Box(float(x), float(y), float(x + width), float(y + height)))
    return tuple(sorted(_without_nested(boxes), key=lambda box: (box.y0, box.x0)))


def _without_nested(boxes: list[Box]) -> list[Box]:
    """Boxes that lie inside a larger one are pieces of it (a broken inner line), not tables."""
    largest = sorted(boxes, key=lambda box: -box.area)
    kept: list[Box] = []
    for box in largest:
        if not any(other.overlap(box) > 0.9 * box.area for other in kept):
            kept.append(box)
    return kept
