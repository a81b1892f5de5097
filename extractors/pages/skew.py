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
from extractors.pages.kinds import shrunk

LIMIT_DEG = 15.0
COARSE_DPI = 36.0
COARSE_STEP = 0.5
FINE_DPI = 100.0
FINE_STEP = 0.05
INK = 200  # of a page with paper at 255, strokes are darker than this
RULING_MM = 10.0  # unbroken, so that it is a ruling and no stroke
LONG_MM = 30.0  # a ruling this long fixes a tilt to a twentieth of a degree
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
    small = shrunk(flat, min(1.0, FINE_DPI / dpi))
    small_dpi = dpi * min(1.0, FINE_DPI / dpi)
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
    turned = cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=255)
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
    ink = (straight < INK).astype(np.uint8)
    mm = dpi / 25.4
    found: list[_Ruling] = []
    for level in (True, False):
        lying = ink if level else np.ascontiguousarray(ink.T)
        found.extend(_level_rulings(lying, mm, level))
    return found


def _level_rulings(ink: npt.NDArray[np.uint8], mm: float, level: bool) -> list[_Ruling]:
    # A ruling half a degree off steps up a pixel every 115: thickened by one, it stays unbroken.
    thick = cv2.dilate(ink, np.ones((3, 1), np.uint8))
    runs = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, round(RULING_MM * mm)), np.uint8))
    runs = cv2.morphologyEx(runs, cv2.MORPH_CLOSE, np.ones((1, round(RULING_MM * mm / 2)), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    found = []
    for index in range(1, count):
        x, y, width, height, _ = (int(value) for value in stats[index])
        if width < LONG_MM * mm or height > max(6.0, 0.05 * width):
            continue
        rows, columns = np.nonzero(labels[y : y + height, x : x + width] == index)
        slope = _slope(columns, rows)
        tilt = math.degrees(math.atan(slope))
        found.append(_Ruling(tilt if level else -tilt, width / mm, level))
    return found


def _slope(x: npt.NDArray[np.intp], y: npt.NDArray[np.intp]) -> float:
    across = x - x.mean()
    return float((across * (y - y.mean())).sum() / max(1e-6, float((across * across).sum())))


def _median(rulings: list[_Ruling]) -> float:
    """Median tilt by length; rulings along the text count double, since the text is to be level."""
    ordered = sorted(rulings, key=lambda ruling: ruling.tilt)
    weights = np.cumsum([ruling.length * (2 if ruling.level else 1) for ruling in ordered])
    return ordered[int(np.searchsorted(weights, weights[-1] / 2))].tilt


def _from_text(straight: GrayImage) -> float:
    """The tilt left on a page of text straight to COARSE_STEP, where its rows gather best."""
    points = _points(straight < INK)
    bins = 2 * math.ceil(math.hypot(*straight.shape) / 2) + 2
    angles = np.arange(-COARSE_STEP, COARSE_STEP + FINE_STEP / 2, FINE_STEP)
    scores = []
    for angle in angles:
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        scores.append(_peaks(points[:, 1] * cos - points[:, 0] * sin, bins))
    return float(angles[int(np.argmax(scores))])
