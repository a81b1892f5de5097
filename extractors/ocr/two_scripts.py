"""A character that a lattice leaves open between its traditional and simplified form, as the page's script has it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from extractors.ocr.engine import Lattice
from extractors.ocr.homoglyphs import _Key, _merged
from extractors.script import TO_SIMPLIFIED

LIKELY = 0.05  # probability of a class at a time step from which the picture leaves it open


def fold_script(lattice: Lattice) -> Lattice:
    """The lattice of a line in simplified script, with what a step says of a traditional form added to its twin's.

    Only where the picture leaves both open: a traditional form without its twin among the likely classes stays.
    """
    twins = _twins(_Key(lattice.alphabet))
    ids, probs = lattice.ids, lattice.probs
    contested = [
        step
        for step in np.flatnonzero((twins[ids] != ids).any(axis=1))
        if _is_contested(ids[step], probs[step], twins)
    ]
    if not contested:
        return lattice
    ids, probs = ids.copy(), probs.copy()
    for step in contested:
        ids[step], probs[step] = _merged(twins[ids[step]], probs[step])
    return replace(lattice, ids=ids, probs=probs)


def _is_contested(
    ids: npt.NDArray[np.int32], probs: npt.NDArray[np.float32], twins: npt.NDArray[np.int32]
) -> bool:
    likely = ids[probs >= LIKELY].tolist()
    return any(twins[index] != index and int(twins[index]) in likely for index in likely)


@lru_cache(maxsize=4)
def _twins(key: _Key) -> npt.NDArray[np.int32]:
    """For every class of the alphabet, that of its simplified form, or itself."""
    index = {character: i for i, character in enumerate(key.alphabet)}
    return np.array(
        [index.get(TO_SIMPLIFIED.get(c, c), i) for i, c in enumerate(key.alphabet)], dtype=np.int32
    )
