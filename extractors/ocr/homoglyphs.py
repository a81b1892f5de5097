"""Letters that a value cell never holds, counted as the digit they look like.

The recogniser reads any text: a tall 0 alone in its cell is 60 % a 0 to it and 40 % an O. A value cell of the form
holds no Latin letters, so that 40 % speaks for 0 as well. Only shapes that are the same are folded: an l or a | may
be the remains of a ruling, and stays what it is. A space counts as the blank it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from extractors.ocr.decode import decode
from extractors.ocr.engine import Lattice

# Latin O and o and their full-width and Cyrillic twins; every full-width digit, which a crop by itself tells from the
# half-width one no better than a capital from a small letter.
SAME_SHAPE = dict.fromkeys("Oo\uff2f\uff4f\u041e\u043e", "0") | {chr(0xFF10 + n): str(n) for n in range(10)}
# A space parts 增 from its number and is no part of the value; between two digits it shows that they are not one.
SPACES = dict.fromkeys(" \u3000", "")
TORN = re.compile(r"\d\s+\d")
# A lone flat stroke: hyphen, minus, en dash, bar, the long-vowel mark, the full-width hyphen and the Chinese one.
DASHES = dict.fromkeys("-\u2212\u2013\u2015\u2500\u30fc\uff0d\u4e00_", "—")


def fold_homoglyphs(lattice: Lattice, dashes: bool = False) -> Lattice:
    """The lattice with the probability of look-alike letters added to their digit's, of spaces to the blank's.

    With `dashes`, for a cell whose only ink is one flat stroke, that of all such strokes is added to "—".
    """
    spaced = bool(lattice.ids.size) and TORN.search(decode(lattice).text) is not None
    target = _targets(_Key(lattice.alphabet), dashes, spaced)
    folded = target[lattice.ids] if lattice.ids.size else lattice.ids
    if np.array_equal(folded, lattice.ids):
        return lattice
    ids, probs = lattice.ids.copy(), lattice.probs.copy()
    for step in np.flatnonzero((folded != lattice.ids).any(axis=1)):
        ids[step], probs[step] = _merged(folded[step], lattice.probs[step])
    return replace(lattice, ids=ids, probs=probs)


def _merged(
    ids: npt.NDArray[np.int32], probs: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """One time step with equal classes put together, likeliest first, padded with classes of no probability."""
    mass: dict[int, float] = {}
    for index, p in zip(ids, probs, strict=True):
        mass[int(index)] = mass.get(int(index), 0.0) + float(p)
    ranked = sorted(mass.items(), key=lambda item: -item[1])
    ranked += [(0, 0.0)] * (len(ids) - len(ranked))
    return np.array([i for i, _ in ranked], np.int32), np.array([p for _, p in ranked], np.float32)


class _Key:
    """An alphabet as a cache key: by identity, since it has 18,710 entries and never changes."""

    def __init__(self, alphabet: Sequence[str]) -> None:
        self.alphabet = alphabet

    def __hash__(self) -> int:
        return id(self.alphabet)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.alphabet is self.alphabet


@lru_cache(maxsize=8)
def _targets(key: _Key, dashes: bool, spaced: bool) -> npt.NDArray[np.int32]:
    """For every class of the alphabet, the class it is counted as; spaces stay what they are where `spaced`."""
    same = SAME_SHAPE | (DASHES if dashes else {}) | ({} if spaced else SPACES)
    index = {character: i for i, character in enumerate(key.alphabet)}
    return np.array([index.get(same.get(c, c), i) for i, c in enumerate(key.alphabet)], dtype=np.int32)
