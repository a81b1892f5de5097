"""Rulings so worn that no long piece of them is left: dotted by a bad scanner, faded, cut by a seal.

On a straightened table such a ruling is still a row of pixels with ink in it and paper on both sides, from one
ruling to another. Text has that only for a stroke or two: inside a character there is ink close beside.
"""

from __future__ import annotations

from itertools import pairwise

import cv2
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


def thin_ink(ink: Mask, rulings: Rulings) -> Flags:
    """Where there is ink with paper above and below it, as on a ruling that runs along x; shape of `ink`.

    The zones beside a row are CLEAR_IN high. Rows too near to the picture's rim to have both are without.
    """
    height = ink.shape[0]
    near, clear = rulings.px(THICK_IN) // 3, rulings.px(CLEAR_IN)
    around = NEAR_PX + clear
    thin = np.zeros(ink.shape, dtype=np.bool_)
    if height <= 2 * around + 1:
        return thin
    line = cv2.dilate(ink, np.ones((2 * NEAR_PX + 1, 1), np.uint8)) > 0
    # zone[y] is the ink of rows y .. y + clear - near - 1.
    zone = cv2.dilate(ink, np.ones((clear - near, 1), np.uint8), anchor=(0, 0)) > 0
    rows = np.arange(around, height - around)
    crowded = zone[rows - around] | zone[rows + NEAR_PX + 1 + near]
    thin[rows] = line[rows] & ~crowded
    return thin


def with_worn_lines(lines: Floats, crossing: Floats, thin: Flags, rulings: Rulings) -> Floats:
    """`lines` and those found between them that are worn but run from one of the `crossing` lines to another.

    `thin`: `thin_ink` of the picture, with the lines running along x, so `lines` are rows and `crossing` columns.
    """
    first, last = int(lines[0]), int(lines[-1])
    strength = _strengths(thin[first : last + 1], crossing, rulings)
    found = list(lines)
    for index in np.argsort(-strength):
        if strength[index] <= 0.0:
            break
        if min(abs(first + index - line) for line in found) >= rulings.px(PITCH_IN):
            found.append(float(first + index))
    return np.array(sorted(found))


def _strengths(thin: Flags, crossing: Floats, rulings: Rulings) -> Floats:
    """Per row, the pixels of ink on its best stretch of neighbouring edges that are all there in part.

    0 where no stretch is long enough, or where it keeps clear of the crossing lines, as a column of digits does.
    """
    at = np.clip(np.round(crossing).astype(int), 0, thin.shape[1])
    width = np.maximum(np.diff(at), 1)
    rim = np.zeros(thin.shape[1], dtype=np.bool_)
    for start, stop in pairwise(at):
        reach = max(2, (stop - start) // 6)
        rim[start : start + reach] = rim[max(start, stop - reach) : stop] = True
    inked, inked_rim = _between(thin, at), _between(thin & rim, at)
    rims = _between(rim[None, :], at)[0]
    least = max(float(rulings.px(LENGTH_IN)), SHARE * float(at[-1] - at[0]))
    strengths = np.zeros(len(thin))
    there = inked >= LEAST * width
    for row in np.flatnonzero((there * width).sum(axis=1) >= least):
        for start, stop in _stretches(there[row]):
            length, ink_there = width[start:stop].sum(), float(inked[row, start:stop].sum())
            reaches = inked_rim[row, start:stop].sum() >= LEAST * rims[start:stop].sum()
            if length >= least and ink_there >= MEAN * length and reaches:
                strengths[row] = max(strengths[row], ink_there)
    return strengths


def _between(flags: Flags, at: npt.NDArray[np.int_]) -> npt.NDArray[np.int32]:
    """How many flags of each row are set between each two neighbours of `at`, shape (rows, len(at) - 1)."""
    sums = np.zeros((flags.shape[0], flags.shape[1] + 1), dtype=np.int32)
    np.cumsum(flags, axis=1, dtype=np.int32, out=sums[:, 1:])
    return np.asarray(np.diff(sums[:, at], axis=1), dtype=np.int32)


def _stretches(flags: npt.ArrayLike) -> list[tuple[int, int]]:
    """Half-open stretches of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], np.asarray(flags, dtype=np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
