"""Evens out the paper: the same darkness means the same ink wherever it stands on the page.

Lamps, page curl, yellowed paper and shadows change the grey of paper by more than a faded ruling differs from
it. Dividing by the paper's own brightness takes that away; what remains is stretched until its strokes are
dark. Sources: the division is the flat-field correction of scanners.
"""

from __future__ import annotations

import cv2
import numpy as np

from extractors.document import GrayImage
from extractors.pages.raster import factor_for, shrunk

PAPER_DPI = 25.0  # at which paper is estimated: its brightness changes over centimetres
STROKE_REACH_MM = 6.0  # nothing printed is wider than this, except shading and pictures
MIN_PAPER = 60  # below this it is no paper: enlarging the contrast there would only enlarge noise
INK_LEVEL = 40.0  # to which the darkest strokes are stretched
MAX_STRETCH = 2.0
INK_PERCENTILE = 0.5
BILEVEL_SHARE = 0.97
LEVELS = np.arange(256, dtype=np.float32)


def is_bilevel(grey: GrayImage) -> bool:
    """Whether the page has only black and white: a fax, or a scan made as text."""
    counts = np.asarray(cv2.calcHist([grey[::3]], [0], None, [256], [0, 256])).ravel()
    return bool(counts[:32].sum() + counts[224:].sum() >= BILEVEL_SHARE * counts.sum())


def brightness(channel: GrayImage, dpi: float) -> GrayImage:
    """The brightness of the paper under and between the strokes of `channel`, at every pixel."""
    height, width = channel.shape
    factor = factor_for(dpi, PAPER_DPI)
    small = shrunk(channel, factor)
    reach = max(3, round(STROKE_REACH_MM / 25.4 * dpi / factor)) | 1
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    smooth = cv2.blur(closed, (reach, reach))
    full = cv2.resize(np.maximum(smooth, MIN_PAPER), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(full, dtype=np.uint8)


def flattened(channel: GrayImage, paper: GrayImage) -> GrayImage:
    """`channel` with `paper` as 255."""
    return np.asarray(cv2.divide(channel, paper, scale=255.0), dtype=np.uint8)


def stretched(flat: GrayImage) -> GrayImage:
    """`flat` with its darkest strokes at least as dark as INK_LEVEL, paper staying where it is."""
    # Every third row tells the same.
    counts = np.asarray(cv2.calcHist([flat[::3]], [0], None, [256], [0, 256])).ravel().cumsum()
    darkest = int(np.searchsorted(counts, counts[-1] * INK_PERCENTILE / 100))
    gain = min(MAX_STRETCH, max(1.0, (255.0 - INK_LEVEL) / max(1.0, 255.0 - darkest)))
    if gain < 1.02:
        return flat
    table = np.clip(255.0 - (255.0 - LEVELS) * gain, 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(flat, table), dtype=np.uint8)
