"""Levels the running text of a page that is not flat, before its lines are looked for.

Detection gives each line an upright or turned rectangle. Where lines are bent by more than the gap between them,
such rectangles cut characters off and take in the neighbours' (docs/decisions/0013-curled-text.md has figures). So
the bend is measured on the lines themselves: printed lines are straight, and where their middles are not, that is
the page. A page that is flat, or on which too few lines agree, stays as it is to the pixel.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from extractors.bend import Field, Floats, Straight, Trace, fit, normal, resampled
from extractors.document import GrayImage
from extractors.pages.ink import stroke_ink
from extractors.pages.raster import closed, factor_for, opened, shrunk

TRACING_DPI = 100.0
CHARACTER_GAP_MM = 6.0  # within a line; closed across, so lines under each other do not touch however narrow
TALLEST_MM = 12.0  # strokes that run down farther are rulings and frames
LEAST_MM = 25.0  # a line this long shows how it is bent
STEP_MM = 2.0
WINDOW_MM = 12.0  # two to three characters
SAME_LINE_MM = 1.0
ENOUGH_LINES = 4
STILL_MM = 0.8  # crops follow a line that strays no farther: up to 2 mm of curl nothing was lost
EXPLAINED = 0.5  # once the page is levelled, no more of how far lines stray may be left


def level(picture: GrayImage, dpi: float) -> Straight:
    """`picture` (a whole page, tables painted over, at `dpi`) with its lines of text made level."""
    height, width = picture.shape
    factor = factor_for(dpi, TRACING_DPI)
    lines = _traces(shrunk(picture, factor), dpi / factor, factor)
    field = _field(lines, dpi / 25.4) if len(lines) >= ENOUGH_LINES else None
    return resampled(picture, (0, 0, width, height), field)


def _traces(small: GrayImage, dpi: float, factor: int) -> list[Trace]:
    """The middles of the lines of text, in pixels of the page."""
    mm = dpi / 25.4
    strokes = stroke_ink(small, dpi).astype(np.uint8)
    ink = strokes & (1 - opened(strokes, 1, round(TALLEST_MM * mm)))
    joined = closed(ink, round(CHARACTER_GAP_MM * mm))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    traces = []
    for index in range(1, count):
        x, y, width, height, _area = stats[index]
        if width < LEAST_MM * mm or height > width // 3:
            continue
        piece = ink[y : y + height, x : x + width] * (labels[y : y + height, x : x + width] == index)
        along, across = _middles(piece, round(WINDOW_MM * mm), max(1, round(STEP_MM * mm)))
        # The middle of pixel n of the small picture is that of its block of pixels of the large one.
        traces.append(Trace((along + x + 0.5) * factor - 0.5, (across + y + 0.5) * factor - 0.5))
    return traces


def _middles(line: npt.NDArray[np.uint8], window: int, step: int) -> tuple[Floats, Floats]:
    """The centre of the ink in a window that moves along a line: single characters stand high or low."""
    kernel = np.ones(window)
    mass, moment = line.sum(axis=0, dtype=np.float64), np.arange(line.shape[0]) @ line.astype(np.float64)
    weight, along, across = (
        np.convolve(sums, kernel, "same")[::step] for sums in (mass, mass * np.arange(line.shape[1]), moment)
    )
    inked = weight > 0
    return along[inked] / weight[inked], across[inked] / weight[inked]


def _field(lines: list[Trace], mm: float) -> Field | None:
    along, across = (np.concatenate([getattr(line, axis) for line in lines]) for axis in ("along", "across"))
    centre = ((along.min() + along.max()) / 2, (across.min() + across.max()) / 2)
    half = (max(1.0, np.ptp(along) / 2), max(1.0, np.ptp(across) / 2))
    bend = fit([normal(line, centre, half, False) for line in lines], SAME_LINE_MM * mm)
    field = Field(centre, half, bend, np.zeros(len(bend)))
    strayed = _strayed([line.across for line in lines])
    left = _strayed([line.across - field.displacement(line.along, line.across)[1] for line in lines])
    if strayed < STILL_MM * mm or left > EXPLAINED * strayed:
        return None
    return field


def _strayed(lines: list[Floats]) -> float:
    """How far points of lines are from the middle of their own line: the 95th percentile, in pixels."""
    return float(np.percentile(np.abs(np.concatenate([line - np.median(line) for line in lines])), 95))
