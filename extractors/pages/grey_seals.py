"""Takes seals off grey scans, where no colour tells them: as far as their tone does.

Red ink is a mid grey to a scanner without colour, lighter than print, and a seal's ring and star are broader than any
stroke of print on a form. So a seal is a ring of broad mid-grey strokes; only those strokes are lifted to paper,
and what is as dark as print in them stays. A seal as dark as print is left as it is, and its cells are doubted.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extractors.document import GrayImage
from extractors.pages import seals
from extractors.pages.raster import factor_for, shrunk
from extractors.pages.seals import Rect, Region

MIDDLE = (90, 225)  # of paper at 255: lighter than print, darker than the grain of paper
BROAD_MM = 0.75  # broader than strokes of print and their pale rims; the ring of a seal has 1 mm and more
GAP_MM = 1.0  # across which pieces of a ring are joined; a ruling that cuts it is thinner
CLOSED_RING = 0.8  # share of the ring's directions in which it must be found
RING_MM = 2.0  # how far from the seal's outline its ring may lie
HOLLOW = 0.4  # star and characters cover no more of what the ring encloses; a shaded area fills it
EVEN = 60.0  # grey levels between the quartiles of one seal's ink
LIGHTER = 40.0  # by which a seal must be lighter than print, or nothing is lifted
BLUR_PX = 1.0  # of scanners: how softly a stroke ends
PRINT = 60.0  # print is at least this dark; it is left alone


@dataclass(frozen=True, eq=False, slots=True)
class GreySeal:
    """A seal's place; `cover`, the share of each pixel (0..1) that broad strokes ink; `tone` of its darkest ink."""

    region: Region
    cover: npt.NDArray[np.float32]
    tone: float


def find(flat: GrayImage, dpi: float) -> tuple[GreySeal, ...]:
    """The seals on a grey page whose paper is at 255."""
    broad = _broad(flat, dpi)
    factor = factor_for(dpi, seals.SEARCH_DPI)
    small = shrunk(broad * np.uint8(255), factor) > 80
    if small.mean() < 1e-4:
        return ()
    mm = dpi / factor / 25.4
    marks = seals.clusters(small, GAP_MM * mm)
    boxes = [box for box in marks if seals.is_seal(box, small.shape, mm) and not seals.in_a_row(box, marks)]
    rings = [box for box in boxes if _is_ring(small, box, mm)]
    regions = [seals.region(small, box, factor, seals.RIM_MM * mm, flat.shape) for box in rings]
    return tuple(seal for region in regions if (seal := _seal(region, broad, flat)) is not None)


def without(flat: GrayImage, found: tuple[GreySeal, ...]) -> GrayImage:
    """`flat` with the broad strokes of the seals lifted to paper; what is darker in them stays the darker."""
    if not found:
        return flat
    result = flat.copy()
    for seal in found:
        part = _part(seal.region)
        inside = result[part]
        paper = 255.0 - (255.0 - seal.tone) * seal.cover
        lifted = PRINT + (inside.astype(np.float32) - PRINT) * (255.0 - PRINT) / (paper - PRINT)
        lifted = np.clip(np.maximum(lifted, inside), 0, 255).astype(np.uint8)
        np.copyto(inside, lifted, where=seal.cover > 0)
    return result


def _broad(flat: GrayImage, dpi: float) -> npt.NDArray[np.uint8]:
    """1 on mid-grey strokes as broad as no print is. Of print, only its pale rims are mid grey, and they are thin."""
    smooth = cv2.medianBlur(flat, 3)
    middle = ((smooth >= MIDDLE[0]) & (smooth <= MIDDLE[1])).view(np.uint8)
    side = max(3, round(BROAD_MM / 25.4 * dpi))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return np.asarray(cv2.morphologyEx(middle, cv2.MORPH_OPEN, kernel), dtype=np.uint8)


def _is_ring(small: npt.NDArray[np.bool_], box: Rect, mm: float) -> bool:
    """Whether marks stand along the ellipse inscribed in the box, nearly all around, and mostly not inside it."""
    x, y, width, height = box
    part = small[y : y + height, x : x + width]
    rows, columns = np.indices(part.shape)
    across = (columns + 0.5 - width / 2) / (width / 2)
    down = (rows + 0.5 - height / 2) / (height / 2)
    radius = np.hypot(across, down)
    band = 1.0 - 2 * RING_MM * mm / min(width, height)
    ring = part & (radius >= band) & (radius <= 2.0 - band)
    directions = ((np.arctan2(down, across) + np.pi) / (2 * np.pi) * 72).astype(int).clip(0, 71)
    found = np.unique(directions[ring]).size / 72
    inner = part[radius < band]
    return bool(found >= CLOSED_RING and inner.size and inner.mean() <= HOLLOW)


def _seal(region: Region, broad: npt.NDArray[np.uint8], flat: GrayImage) -> GreySeal | None:
    part = _part(region)
    core = (broad[part] & region.mask).astype(bool)
    ink = flat[part][core]
    if not ink.size:
        return None
    low, middle, high = (float(level) for level in np.percentile(ink, (25, 50, 75)))
    # Where print crosses it, it is darker; so its own darkest is taken from how even the rest is.
    darkest = 2 * low - middle
    if high - low > EVEN or darkest - PRINT < LIGHTER:
        return None
    inked = cv2.dilate(core.astype(np.float32), np.ones((3, 3), np.uint8))  # opening took the rims off
    cover = cv2.GaussianBlur(inked, (0, 0), BLUR_PX) * region.mask
    return GreySeal(region, np.asarray(cover, dtype=np.float32), darkest)


def _part(region: Region) -> tuple[slice, slice]:
    height, width = region.mask.shape
    return slice(region.y, region.y + height), slice(region.x, region.x + width)
