"""By how much a page is tilted, from its rulings, or from its lines of text where it has none.

First coarsely, from the profile of the ink along each direction (W. Postl, 1986), then exactly: rulings are
picked out along the coarse direction, each gets its own straight line by least squares, and the weighted
median of their tilts is the page's: one crooked or curled ruling does not move it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extractors.document import GrayImage
from extractors.pages.raster import dilated, factor_for, opened, shrunk

LIMIT_DEG = 15.0
COARSE_DPI = 36.0
COARSE_STEP = 0.5
MAX_POINTS = 12_000  # an even sample of the ink gathers on the same lines as all of it
FINE_DPI = 65.0
FINE_STEP = 0.1
FINE_REACH = 0.8
INK = 200  # of a page with paper at 255, strokes are darker than this
RULING_MM = 10.0  # unbroken, so that it is a ruling and no stroke
LONG_MM = 25.0  # a ruling this long fixes a tilt to a twentieth of a degree
ENOUGH_MM = 150.0  # of rulings in all; with less the lines of text are asked

Points = npt.NDArray[np.float32]  # (n, 2): x, y from the centre


@dataclass(frozen=True, slots=True)
class _Ruling:
    tilt: float  # degrees clockwise
    length: float  # mm
    level: bool  # lies along the text, not across it


def find(flat: GrayImage, dpi: float) -> float:
    """The clockwise tilt of `flat` (paper at 255, text running level but for the tilt), in degrees, to a
    twentieth; within LIMIT_DEG, 0 for a page with nothing on it."""
    factor = factor_for(dpi, FINE_DPI)
    # Hairlines are thickened first, or averaging three and more pixels would take them away.
    thick = cv2.erode(flat, np.ones((factor - 1, factor - 1), np.uint8)) if factor > 2 else flat
    small, small_dpi = shrunk(np.asarray(thick, dtype=np.uint8), factor), dpi / factor
    coarse = _coarse(small, small_dpi)
    if coarse is None:
        return 0.0
    straight = rotated(small, coarse)
    rulings = _rulings(straight, small_dpi)
    if sum(ruling.length for ruling in rulings) >= ENOUGH_MM:
        return coarse + _median(rulings)
    return coarse + _from_text(straight)


def rotated(image: GrayImage, tilt: float) -> GrayImage:
    """`image` turned back by `tilt` degrees about its centre, white where it had no pixels."""
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), tilt, 1.0)
    turned = cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=(255,))
    return np.asarray(turned, dtype=np.uint8)


def _points(ink: npt.NDArray[np.bool_]) -> Points:
    height, width = ink.shape
    y, x = np.nonzero(ink)
    return np.stack([x - width / 2, y - height / 2], axis=1).astype(np.float32)


def _peaks(along: npt.NDArray[np.float32], bins: int) -> float:
    """How strongly points gather on some lines: the sum of squares of their profile."""
    profile = np.bincount((along + bins / 2).astype(np.int32).clip(0, bins - 1), minlength=bins)
    return float(np.square(profile.astype(np.float64)).sum())


def _coarse(small: GrayImage, dpi: float) -> float | None:
    """To COARSE_STEP, where ink gathers best on rows and columns together; None for a page without ink."""
    factor = max(1, round(dpi / COARSE_DPI))
    # The darkest of each block: thin rulings must not be averaged away.
    dark = cv2.erode(small, np.ones((factor, factor), np.uint8))[::factor, ::factor]
    points = _points(dark < INK)
    if len(points) < 20:
        return None
    points = points[:: 1 + len(points) // MAX_POINTS]
    bins = 2 * math.ceil(math.hypot(*dark.shape) / 2) + 2
    angles = np.arange(-LIMIT_DEG, LIMIT_DEG + COARSE_STEP / 2, COARSE_STEP)
    scores = [_both_ways(points, math.radians(angle), bins) for angle in angles]
    return float(angles[int(np.argmax(scores))])


def _both_ways(points: Points, angle: float, bins: int) -> float:
    cos, sin = math.cos(angle), math.sin(angle)
    x, y = points[:, 0], points[:, 1]
    return _peaks(y * cos - x * sin, bins) + _peaks(x * cos + y * sin, bins)


def _rulings(straight: GrayImage, dpi: float) -> list[_Ruling]:
    """The long rulings of a page that is straight to COARSE_STEP, each with the tilt it has left."""
    ink = (straight < INK).view(np.uint8)
    mm = dpi / 25.4
    found: list[_Ruling] = []
    for level in (True, False):
        lying = ink if level else np.ascontiguousarray(ink.T)
        found.extend(_level_rulings(lying, mm, level))
    return found


def _level_rulings(ink: npt.NDArray[np.uint8], mm: float, level: bool) -> list[_Ruling]:
    # A ruling half a degree off steps up a pixel every 115: thickened by one, it stays unbroken.
    runs = opened(dilated(ink, 1, 3), round(RULING_MM * mm))
    if np.count_nonzero(runs) < LONG_MM * mm:
        return []
    count, labels, stats, centres = cv2.connectedComponentsWithStats(runs, connectivity=8)
    widths, heights = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    lines = (widths >= LONG_MM * mm) & (heights <= np.maximum(6.0, 0.05 * widths))
    lines[0] = False
    slopes = _slopes(labels.astype(np.int32, copy=False), centres.astype(np.float64, copy=False), count)
    tilts = np.degrees(np.arctan(slopes))
    return [
        _Ruling(float(tilts[index] if level else -tilts[index]), float(widths[index]) / mm, level)
        for index in np.flatnonzero(lines)
    ]


def _slopes(
    labels: npt.NDArray[np.int32], centres: npt.NDArray[np.float64], count: int
) -> npt.NDArray[np.float64]:
    """The slope of the least-squares line through each component, all at once."""
    rows, columns = np.nonzero(labels)
    owners = labels[rows, columns]
    x, y = columns - centres[owners, 0], rows - centres[owners, 1]
    spread = np.bincount(owners, weights=x * x, minlength=count)
    common = np.bincount(owners, weights=x * y, minlength=count)
    return np.asarray(common / np.maximum(spread, 1e-6), dtype=np.float64)


def _median(rulings: list[_Ruling]) -> float:
    """Median tilt by length; rulings along the text count double, since the text is to be level."""
    ordered = sorted(rulings, key=lambda ruling: ruling.tilt)
    weights = np.cumsum([ruling.length * (2 if ruling.level else 1) for ruling in ordered])
    return ordered[int(np.searchsorted(weights, weights[-1] / 2))].tilt


def _from_text(straight: GrayImage) -> float:
    """The tilt left on a page of text straight to COARSE_STEP, where its rows gather best."""
    points = _points(straight < INK)
    points = points[:: 1 + len(points) // (3 * MAX_POINTS)]
    bins = 2 * math.ceil(math.hypot(*straight.shape) / 2) + 4
    angles = np.arange(-FINE_REACH, FINE_REACH + FINE_STEP / 2, FINE_STEP)
    scores = np.array([_contrast(points, math.radians(angle), bins) for angle in angles])
    # The middle of the peak, not its highest sample: it is flat where lines are short.
    height = scores - (scores.min() + scores.max()) / 2
    weights = np.maximum(height, 0.0)
    return float((weights * angles).sum() / weights.sum()) if weights.any() else 0.0


def _contrast(points: Points, angle: float, bins: int) -> float:
    """How sharply rows of ink stand out at this angle: the squared steps of the profile.

    Each point is shared out between two rows, or whole pixels would favour angle 0.
    """
    row = points[:, 1] * math.cos(angle) - points[:, 0] * math.sin(angle) + bins / 2
    whole = row.astype(np.int32)
    part = row - whole
    profile = np.bincount(whole, weights=1 - part, minlength=bins)
    profile[1:] += np.bincount(whole, weights=part, minlength=bins)[:-1]
    return float(np.square(profile[2:] - profile[:-2]).sum())
