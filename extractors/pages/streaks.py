"""Takes off the streaks that dust on a scanner's sensor draws down a page.

The sensor stands still while the paper moves past it, so a streak keeps to one column of pixels and begins and ends
anywhere. Taken for a ruling it parts numbers and ties one table to the next. Rulings of a page that lies askew or
curls step from column to column; those of a level page begin and end on other rulings, or level with each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extractors.document import GrayImage

LEAST_IN = 1.5  # shorter runs are no streaks
PIECE_IN = 0.3  # shorter runs are not looked at; gaps of a run are no longer, where print crosses it
BLUR_IN = 0.2  # noise is averaged over this length along a run
DEPTH = 20  # grey levels that a run is darker than what is on both sides of it
BESIDE_PX = 3  # and how far beside it is looked
STEP_PX = 3  # a ruling that steps on does so by at most this
STEP_IN = 0.1  # the next step of a ruling begins and ends this much further on
ALIKE = 0.3  # and is no shorter than this share of it
MOST_STEP = 0.5  # share of the other runs that step on, on a page that does not lie level
MUCH_LONGER = 2.0  # there a streak is by this much longer than the longest step, wherever it ends
OTHERS = 4  # fewer say nothing
HIDDEN_IN = 1.0  # print hides a streak over no more than this
UNBROKEN = 0.85  # share of its rows on bare paper in which a streak is seen
END_IN = 0.03  # rulings nearer to an end than this end it
ACROSS_IN = 0.12  # and are seen over this length beside it
DARK = 0.9  # if this share of it is ink
INK_DEPTH = 40
LEVEL_IN = 0.1  # ends nearer than this are level
ALONE_IN = 1.0  # no row of a table is so high that only one ruling runs down it


@dataclass(frozen=True, slots=True)
class _Run:
    """A dark line in column `x`, rows `top` to `bottom` (half-open), in pixels."""

    x: int
    top: int
    bottom: int

    @property
    def length(self) -> int:
        return self.bottom - self.top


def without_streaks(grey: GrayImage, dpi: float) -> GrayImage:
    """`grey` with streaks replaced by what stands beside them, so that print they cross stays; itself where none is.

    `grey`: uint8 (height, width), dark on light, upright or on its head as it came from the scanner.
    """
    runs = _runs(grey, dpi)
    streaks = [run for run in runs if run.length >= LEAST_IN * dpi and _is_streak(run, runs, grey, dpi)]
    if not streaks:
        return grey
    cleaned = grey.copy()
    for run in _whole(streaks, dpi):
        _take_off(cleaned, run)
    return cleaned


def _whole(streaks: Sequence[_Run], dpi: float) -> list[_Run]:
    """The streaks with their parts put together: strokes of print beside one hide it for a while."""
    whole: list[_Run] = []
    for run in sorted(streaks, key=lambda run: (run.x, run.top)):
        if whole and whole[-1].x == run.x and run.top - whole[-1].bottom <= HIDDEN_IN * dpi:
            whole[-1] = _Run(run.x, whole[-1].top, max(whole[-1].bottom, run.bottom))
        else:
            whole.append(run)
    return whole


def _runs(grey: GrayImage, dpi: float) -> list[_Run]:
    """Dark lines that keep to one column for PIECE_IN; of neighbouring columns the one that is darkest."""
    level = cv2.blur(grey, (1, round(BLUR_IN * dpi) | 1)).astype(np.int16)
    wide = np.pad(level, ((0, 0), (BESIDE_PX, BESIDE_PX)), mode="edge")
    depth = np.minimum(wide[:, : -2 * BESIDE_PX], wide[:, 2 * BESIDE_PX :]) - level
    piece = np.ones((round(PIECE_IN * dpi), 1), np.uint8)
    there = (depth >= DEPTH).astype(np.uint8)
    long = cv2.morphologyEx(cv2.morphologyEx(there, cv2.MORPH_OPEN, piece), cv2.MORPH_CLOSE, piece)
    columns: dict[int, list[_Run]] = {}
    for x in np.flatnonzero(long.any(axis=0)).tolist():
        edges = np.flatnonzero(np.diff(np.concatenate([[0], long[:, x].astype(np.int8), [0]])))
        columns[x] = [_Run(x, int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    lines = [
        run
        for x, runs in columns.items()
        for run in runs
        if not any(
            _outdoes(other, run, depth) for near in (x - 1, x, x + 1) for other in columns.get(near, ())
        )
    ]
    return [_with_sharp_ends(run, grey, dpi) for run in lines]


def _with_sharp_ends(run: _Run, grey: GrayImage, dpi: float) -> _Run:
    """The run with its ends where the line ends, which the blur hid."""
    reach = min(round(BLUR_IN * dpi), run.length // 2)
    first, last = max(0, run.top - reach), min(len(grey), run.bottom + reach)
    column = grey[first:last, max(0, run.x - BESIDE_PX) : run.x + BESIDE_PX + 1].astype(np.int16)
    depth = np.minimum(column[:, 0], column[:, -1]) - grey[first:last, run.x]
    gain = np.cumsum(np.clip(depth, 0, 2 * DEPTH) - DEPTH)
    top = first + int(np.argmin(gain[: run.top - first + reach])) + 1
    bottom = last - int(np.argmax(gain[::-1][: last - run.bottom + reach]))
    return _Run(run.x, top, bottom)


def _outdoes(other: _Run, run: _Run, depth: npt.NDArray[np.int16]) -> bool:
    """Whether `run` is the rim of `other`, in the same column or the next: a line wider than a pixel."""
    if other == run:
        return False
    if min(other.bottom, run.bottom) - max(other.top, run.top) < run.length / 2:
        return False
    rows = slice(run.top, run.bottom)
    mine, theirs = float(depth[rows, run.x].mean()), float(depth[rows, other.x].mean())
    return (theirs, other.x) > (mine, run.x)


def _is_streak(run: _Run, runs: Sequence[_Run], grey: GrayImage, dpi: float) -> bool:
    """Whether a run is no ruling.

    Where the others step on, its length tells or one free end, elsewhere two of them, or one with nothing beside it.
    """
    # What has gaps is print, and says nothing about rulings.
    others = [other for other in runs if abs(other.x - run.x) > STEP_PX and _is_unbroken(other, grey)]
    if _steps_on(run, runs, dpi) or not _is_unbroken(run, grey):
        return False
    stepping = sum(_steps_on(other, runs, dpi) for other in others)
    free = [end for end in (run.top, run.bottom) if not _meets_ruling(run.x, end, grey, dpi)]
    if len(others) >= OTHERS and stepping >= MOST_STEP * len(others):
        return bool(free) or run.length >= MUCH_LONGER * max(other.length for other in others)
    free = [end for end in free if not _is_level(end, others, dpi)]
    return len(free) == 2 or any(_is_alone(run, end, others, dpi) for end in free)


def _is_unbroken(run: _Run, grey: GrayImage) -> bool:
    """Whether a run goes on wherever there is paper beside it; the strokes of digits below each other have gaps."""
    rows = slice(run.top, run.bottom)
    x0, x1 = max(0, run.x - BESIDE_PX), min(grey.shape[1] - 1, run.x + BESIDE_PX)
    beside = np.minimum(grey[rows, x0], grey[rows, x1]).astype(np.int16)
    on_paper = beside > np.median(beside) - INK_DEPTH
    return bool(np.mean((beside - grey[rows, run.x])[on_paper] >= DEPTH) >= UNBROKEN)


def _is_level(y: int, others: Sequence[_Run], dpi: float) -> bool:
    """Whether another run ends at this height."""
    return any(abs(y - end) < LEVEL_IN * dpi for other in others for end in (other.top, other.bottom))


def _is_alone(run: _Run, end: int, others: Sequence[_Run], dpi: float) -> bool:
    """Whether the run goes to its end over ALONE_IN without another beside it."""
    inner = end + ALONE_IN * dpi if end == run.top else end - ALONE_IN * dpi
    first, last = sorted((float(end), inner))
    return not any(other.top < last and other.bottom > first for other in others)


def _steps_on(run: _Run, runs: Sequence[_Run], dpi: float) -> bool:
    """Whether the line goes on in a column close by."""
    step, gap = STEP_IN * dpi, PIECE_IN * dpi
    return any(
        0 < abs(other.x - run.x) <= STEP_PX
        and other.length >= ALIKE * run.length
        and (
            (other.top > run.top + step and other.bottom > run.bottom + step and other.top < run.bottom + gap)
            or (
                other.top < run.top - step
                and other.bottom < run.bottom - step
                and other.bottom > run.top - gap
            )
        )
        for other in runs
    )


def _meets_ruling(x: int, y: int, grey: GrayImage, dpi: float) -> bool:
    """Whether a ruling crosses, or ends on, a run at (x, y)."""
    near, along, off = round(END_IN * dpi), round(ACROSS_IN * dpi), BESIDE_PX + 1
    rows = grey[max(0, y - near) : y + near + 1]
    ink = rows < np.median(grey[:, max(0, x - along) : x + along + 1]) - INK_DEPTH
    sides = (ink[:, max(0, x - off - along) : max(0, x - off)], ink[:, x + off : x + off + along])
    return any(side.size > 0 and float(side.mean(axis=1).max()) >= DARK for side in sides)


def _take_off(grey: GrayImage, run: _Run) -> None:
    """Put what stands left and right of a streak in its place, over all columns that it darkens."""
    rows = slice(run.top, run.bottom)
    x0, x1 = max(0, run.x - BESIDE_PX), min(grey.shape[1] - 1, run.x + BESIDE_PX)
    paper = np.median(grey[rows, [x0, x1]])
    dark = [x for x in range(x0 + 1, x1) if np.median(grey[rows, x]) <= paper - DEPTH]
    left, right = min([*dark, run.x]) - 1, max([*dark, run.x]) + 1
    if left < 0 or right >= grey.shape[1]:
        return
    share = (np.arange(left + 1, right) - left) / (right - left)
    beside = grey[rows, [left, right]].astype(np.float64)
    grey[rows, left + 1 : right] = np.rint(beside[:, :1] * (1 - share) + beside[:, 1:] * share).astype(
        np.uint8
    )
