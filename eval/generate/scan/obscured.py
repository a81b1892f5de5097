"""Whether a pen or a seal has made an answer unreadable: then nobody can be asked to read it; it is not scored."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from eval.generate.scan.warp import Image

DARK = 140  # level under which a pixel reads as ink
INSIDE = 0.12  # of a cell at each side, left out: rulings and the ends of marks beside it
MOST_COVERED = 0.15  # of the paper around an answer's strokes; by eye: 0.19 hid a 4, 0.09 left a 5 readable
MOST_STRAY = 0.04  # of a blank cell: more could be an answer


def obscured(page: Image, marked: Image, box: tuple[float, ...], colour: bool) -> bool:
    """Whether the answer in `box` (fractions) of `page` can no longer be read with certainty in `marked`.

    Both are BGR. In a colour scan a red mark leaves black strokes readable; in a grey one it is as dark as they are.
    """
    before, after = (_levels(_inside(picture, box), colour) for picture in (page, marked))
    if before.size == 0 or np.array_equal(before, after):
        return False
    ink = before < DARK
    covered = (after < DARK) & ~ink
    if not ink.any():
        return bool(covered.mean() > MOST_STRAY)
    rows, cols = np.nonzero(ink)
    around = slice(rows.min(), rows.max() + 1), slice(cols.min(), cols.max() + 1)
    paper = ~ink[around]
    return bool(covered[around].sum() > MOST_COVERED * max(1, paper.sum()))


def _inside(picture: Image, box: tuple[float, ...]) -> Image:
    height, width = picture.shape[:2]
    x0, y0, x1, y1 = box
    dx, dy = (x1 - x0) * INSIDE, (y1 - y0) * INSIDE
    return picture[
        round((y0 + dy) * height) : round((y1 - dy) * height),
        round((x0 + dx) * width) : round((x1 - dx) * width),
    ]


def _levels(picture: Image, colour: bool) -> npt.NDArray[np.uint8]:
    """How dark each pixel looks beside black print: its brightest channel in colour, its grey level otherwise."""
    if picture.size == 0:
        return np.zeros((0, 0), np.uint8)
    return (picture.max(axis=2) if colour else cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)).astype(np.uint8)
