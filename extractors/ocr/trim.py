"""Leaves empty paper out of the picture that detection sees: its time is the picture's area.

Margins, and the space where a masked table stood, are half of many pages. Long runs of empty rows are cut
short rather than out, so that what stands on either side still looks apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from extractors.document import GrayImage, Quad

MARGIN = (
    16  # empty pixels kept beside ink, in the shrunken picture: half the network's coarsest stride or more
)
STRIDE = 32  # the network wants sides that are multiples of this
CONTRAST = 12  # grey levels: fainter than this is never ink


@dataclass(frozen=True, eq=False, slots=True)
class Trimmed:
    """`image` is what is left of a picture; `rows` gives the picture's row for each row of it, `x0` its left."""

    image: GrayImage
    rows: npt.NDArray[np.float32]
    x0: float

    def back(self, quad: Quad) -> Quad:
        """A quad of `image` in pixels of the whole picture."""
        ys = np.interp(quad[:, 1], np.arange(len(self.rows)), self.rows)
        return np.stack([quad[:, 0] + self.x0, ys], axis=1).astype(np.float32)


def trim(picture: GrayImage) -> Trimmed | None:
    """`picture` without its empty parts, filled up with paper to whole strides; None where all of it is empty."""
    paper = float(np.median(picture))
    noise = 1.4826 * float(np.median(np.abs(picture.astype(np.float32) - paper)))
    dark = picture < paper - max(CONTRAST, 6.0 * noise)
    inked_columns = np.flatnonzero(dark.any(axis=0))
    if not len(inked_columns):
        return None
    rows = _kept(np.asarray(dark.any(axis=1)))
    x0 = max(0, int(inked_columns[0]) - MARGIN)
    x1 = min(picture.shape[1], int(inked_columns[-1]) + 1 + MARGIN)
    body = picture[rows, x0:x1]
    filled = np.full([-(-side // STRIDE) * STRIDE for side in body.shape], paper, dtype=np.uint8)
    filled[: body.shape[0], : body.shape[1]] = body
    beyond = rows[-1] + np.arange(1, filled.shape[0] - len(rows) + 2)
    return Trimmed(filled, np.concatenate([rows, beyond]).astype(np.float32), float(x0))


def _kept(inked: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Which rows stay: all with ink, and no more than MARGIN empty ones beside any of them."""
    keep = inked.copy()
    at = 0
    for has_ink, run in groupby(inked.tolist()):
        end = at + sum(1 for _ in run)
        if not has_ink:
            if at > 0:
                keep[at : min(at + MARGIN, end)] = True
            if end < len(inked):
                keep[max(at, end - MARGIN) : end] = True
        at = end
    return np.flatnonzero(keep)
