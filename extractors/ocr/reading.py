"""Reads crops of running text and labels: faster than one by one, and doubtful ones twice.

A recogniser's time is the width of its crops, and it was trained on condensed type too: a line squeezed to
0.7 of its width reads the same (docs and benchmark), in 0.7 of the time. Where a squeezed line comes out
doubtful it is read again as it is, and the surer reading stands. Values of cells are not read this way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from extractors.document import GrayImage
from extractors.ocr.decode import Decoded, alternatives, decode
from extractors.ocr.engine import Lattice, OcrEngine
from extractors.ocr.two_scripts import fold_script
from extractors.script import is_simplified

SQUEEZE = 0.7
LONG = 4.0  # width over height from which a crop is squeezed: a few digits are not
ALTERNATIVE = (
    0.02  # probability from which another reading of a character is kept: other places may speak for it
)
DOUBTFUL = 0.7  # a character less probable than this has the line read again


def read_texts(
    crops: Sequence[GrayImage], engine: OcrEngine, known: Sequence[str] = ()
) -> tuple[Decoded, ...]:
    """What each crop says, in the order given; extents in pixels of the crop. Raises what the engine raises.

    The crops are of one page, and `known` is what of it was read before: where all that is in simplified script, so
    is a character that could be either. `candidates` are the readings with one character exchanged.
    """
    lattices = read_lattices(crops, engine)
    if is_simplified([*known, *(decode(lattice).text for lattice in lattices)]):
        lattices = tuple(fold_script(lattice) for lattice in lattices)
    return tuple(
        replace(decode(lattice), candidates=alternatives(lattice, ALTERNATIVE)) for lattice in lattices
    )


def read_lattices(crops: Sequence[GrayImage], engine: OcrEngine) -> tuple[Lattice, ...]:
    """As `engine.recognise`, but long crops squeezed, and those that come out doubtful read again in full."""
    squeezed = [_squeezed(crop) for crop in crops]
    found = [
        _stretched(lattice, crop.shape[1] / max(1, given.shape[1]))
        for lattice, crop, given in zip(engine.recognise(squeezed), crops, squeezed, strict=True)
    ]
    again = [i for i, crop in enumerate(crops) if squeezed[i] is not crop and _is_doubtful(decode(found[i]))]
    if again:
        for i, lattice in zip(again, engine.recognise([crops[i] for i in again]), strict=True):
            if decode(lattice).confidence > decode(found[i]).confidence:
                found[i] = lattice
    return tuple(found)


def _squeezed(crop: GrayImage) -> GrayImage:
    height, width = crop.shape
    if not crop.size or width < LONG * height:
        return crop
    size = (max(1, round(SQUEEZE * width)), height)
    return np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _stretched(lattice: Lattice, factor: float) -> Lattice:
    return replace(lattice, step_px=lattice.step_px * factor)


def _is_doubtful(decoded: Decoded) -> bool:
    return min(decoded.characters, default=0.0) < DOUBTFUL
