"""The pictures on a born-digital page: which of its ink they show, and which of them may hold text.

Word processors let people paste a scanned table, a signed half page or a photo between typed lines. Where such a
picture lies is known from the file; what of the page's ink is its alone, from a rendering of nothing but images.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extractors.document import GrayImage
from extractors.geometry import Box
from extractors.pages import paper
from extractors.pages.ink import stroke_ink
from extractors.pages.raw import Picture

JOIN_MM = 1.0  # images this near to each other are strips of one picture
RIM_MM = 2.0  # kept around the ink of a picture
LEAST_MM = (15.0, 2.5)  # width and height of a line of four small characters; what is smaller is an icon
PAPER_LEVEL = 200  # of 255: what is brighter, once light is evened out, is paper
PAPER_SHARE = 0.6  # of a sheet with writing, be it a dense table, is paper; a photo has all shades
PAPER_DARKEST = 100  # a sheet's own grey; photos of meetings are darker

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class Weighed:
    """What a page's images show, at the resolution in which ink is weighed.

    `alone`: the images on white. `ink`: their strokes. `near`: those strokes and the pixels beside them, which
    resampling may have darkened. `covered`: where images lie.
    """

    alone: GrayImage
    ink: Mask
    near: Mask
    covered: Mask

    @property
    def cover(self) -> float:
        """The share of the page that images cover."""
        return float(self.covered.mean())

    def share(self, ink: Mask) -> float:
        """The share of the page's `ink` that its images alone show."""
        return float((ink & self.near).sum() / max(1, ink.sum()))


def weigh(images: Sequence[Box], alone: GrayImage | None, ink: Mask, scale: float, dpi: float) -> Weighed:
    """`images` in display pixels; `alone` any rendering of them without the rest, None where there is none.

    `ink` is that of the whole page at `dpi`, which is `scale` times the display's.
    """
    height, width = ink.shape
    if alone is None:
        nothing = np.zeros(ink.shape, dtype=bool)
        return Weighed(np.full(ink.shape, 255, np.uint8), nothing, nothing, nothing)
    resized = np.asarray(cv2.resize(alone, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
    # Resampling paled the strokes, so that both inks are compared where the page has any, not by amount.
    strokes = stroke_ink(resized, dpi)
    near = cv2.dilate(strokes.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    covered = np.zeros(ink.shape, np.uint8)
    for box in images:
        x0, y0 = max(0, int(box.x0 * scale)), max(0, int(box.y0 * scale))
        covered[y0 : max(0, int(np.ceil(box.y1 * scale))), x0 : max(0, int(np.ceil(box.x1 * scale)))] = 1
    return Weighed(resized, strokes, near, covered.astype(bool))


def find(weighed: Weighed, ink: Mask, scale: float, dpi: float) -> tuple[Picture, ...]:
    """The pictures in which something is drawn, top to bottom; icons and plain backgrounds left out."""
    if not weighed.ink.any():
        return ()
    mm = dpi / 25.4
    reach = round(JOIN_MM * mm) * 2 + 1
    joined = cv2.dilate(weighed.covered.astype(np.uint8), np.ones((reach, reach), np.uint8))
    _, labels = cv2.connectedComponents(joined, connectivity=8)
    strokes = np.argwhere(weighed.ink & weighed.covered)
    owners = labels[strokes[:, 0], strokes[:, 1]]
    found = [_picture(strokes[owners == owner], weighed, ink, scale, mm) for owner in np.unique(owners)]
    return tuple(sorted((one for one in found if one is not None), key=lambda one: (one.box.y0, one.box.x0)))


def _picture(
    strokes: npt.NDArray[np.intp], weighed: Weighed, ink: Mask, scale: float, mm: float
) -> Picture | None:
    (top, left), (bottom, right) = strokes.min(axis=0), strokes.max(axis=0) + 1
    if right - left < LEAST_MM[0] * mm or bottom - top < LEAST_MM[1] * mm:
        return None
    rim = round(RIM_MM * mm)
    height, width = ink.shape
    x0, y0 = max(0, int(left) - rim), max(0, int(top) - rim)
    x1, y1 = min(width, int(right) + rim), min(height, int(bottom) + rim)
    own = (ink & weighed.near)[y0:y1, x0:x1].sum()
    box = Box(x0 / scale, y0 / scale, x1 / scale, y1 / scale)
    return Picture(box, float(own / max(1, ink.sum())), _is_sheet(weighed.alone[y0:y1, x0:x1], mm * 25.4))


def _is_sheet(grey: GrayImage, dpi: float) -> bool:
    """Whether this looks like paper with writing on it, however grey and unevenly lit."""
    level = paper.brightness(grey, dpi)
    even = paper.flattened(grey, level)
    return bool(np.median(level) >= PAPER_DARKEST and (even >= PAPER_LEVEL).mean() >= PAPER_SHARE)
