"""Rulings so worn that no long piece of them is left: dotted by a bad scanner, faded, cut by a seal.

On a straightened table such a ruling is still a row of pixels with ink in it and paper on both sides, from one
ruling to another. Text has that only for a stroke or two: inside a character there is ink close beside.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from extractors.tables.rulings import THICK_IN, Mask, Rulings

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

CLEAR_IN = 0.04  # how far on either side of a worn ruling there is paper
NEAR_PX = 1  # a straightened ruling wavers by this much
LEAST = 0.35  # share of every unit edge that is still there
MEAN = 0.5  # and of all of them together
LENGTH_IN = 0.35  # a shorter stretch may be a character
SHARE = 0.12  # of the table's extent that a stretch must have: digits of one column make no row
PITCH_IN = 0.1  # least distance from a line already known


def thin_ink(ink: Mask, line: int, rulings: Rulings) -> Flags:
    """Where along row `line` of `ink` there is ink with paper above and below it."""
    top, bottom = line - NEAR_PX, line + NEAR_PX + 1
    near, clear = rulings.px(THICK_IN) // 3, rulings.px(CLEAR_IN)
    if top - clear < 0 or bottom + clear > ink.shape[0]:
        return np.zeros(ink.shape[1], dtype=np.bool_)
    above = ink[top - clear : top - near].any(axis=0)
    below = ink[bottom + near : bottom + clear].any(axis=0)
    return np.asarray(ink[top:bottom].any(axis=0) & ~above & ~below, dtype=np.bool_)


def with_worn_lines(lines: Floats, crossing: Floats, ink: Mask, rulings: Rulings) -> Floats:
    """`lines` and those found between them that are worn but run from one of the `crossing` lines to another.

    `ink`: (height, width), with the lines running along x, so `lines` are rows and `crossing` columns of it.
    """
    first, last = int(lines[0]), int(lines[-1])
    strength = np.array([_strength(ink, row, crossing, rulings) for row in range(first, last + 1)])
    found = list(lines)
    for index in np.argsort(-strength):
        if strength[index] <= 0.0:
            break
        if min(abs(first + index - line) for line in found) >= rulings.px(PITCH_IN):
            found.append(float(first + index))
    return np.array(sorted(found))


def _strength(ink: Mask, row: int, crossing: Floats, rulings: Rulings) -> float:
    """Pixels of ink on the best stretch of neighbouring edges of `row` that are all there in part.

    0 where no stretch is long enough, or where it keeps clear of the crossing lines, as a column of digits does.
    """
    thin = thin_ink(ink, row, rulings)
    at = np.clip(np.round(crossing).astype(int), 0, len(thin))
    width = np.maximum(np.diff(at), 1)
    rim = np.zeros(len(thin), dtype=np.bool_)
    for start, stop in pairwise(at):
        reach = max(2, (stop - start) // 6)
        rim[start : start + reach] = rim[max(start, stop - reach) : stop] = True
    inked, inked_rim, rims = (_between(flags, at) for flags in (thin, thin & rim, rim))
    best = 0.0
    for start, stop in _stretches(inked / width >= LEAST):
        length, ink_there = width[start:stop].sum(), float(inked[start:stop].sum())
        reaches = inked_rim[start:stop].sum() >= LEAST * rims[start:stop].sum()
        if (
            length >= max(rulings.px(LENGTH_IN), SHARE * (at[-1] - at[0]))
            and ink_there >= MEAN * length
            and reaches
        ):
            best = max(best, ink_there)
    return best


def _between(flags: Flags, at: npt.NDArray[np.int_]) -> npt.NDArray[np.int_]:
    """How many flags are set between each two neighbours of `at`."""
    sums = np.concatenate([[0], np.cumsum(flags)])
    return np.asarray(np.diff(sums[at]))


def _stretches(flags: npt.ArrayLike) -> list[tuple[int, int]]:
    """Half-open stretches of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], np.asarray(flags, dtype=np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
