"""Ink that runs over a ruling from one cell into the next: a pen's tick, a seal, a character printed over the line.

No value is printed into two cells, so what stands on either side is read, but not believed: the end of a tick reads
as a clear 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

import numpy as np

from extractors.geometry import Box
from extractors.tables.gridlines import GridLines
from extractors.tables.ink import BAND_IN, CellInk
from extractors.tables.rulings import Mask, Rulings

SLANT_PX = 2  # a stroke shifts by so much while it is hidden by the ruling


def with_doubted_crossings(
    cells: Sequence[CellInk], grid: GridLines, marks: Mask, rulings: Rulings
) -> tuple[CellInk, ...]:
    """`cells` with a doubt on both sides of every ruling that ink runs over. `marks`: the ink without rulings.

    A level ruling is looked at with x and y exchanged, so that it stands upright.
    """
    owner = np.zeros(grid.shape, dtype=int)
    for index, cell in enumerate(cells):
        owner[cell.span.row0 : cell.span.row1, cell.span.col0 : cell.span.col1] = index
    lines = [cell.lines for cell in cells]
    turned = [tuple(Box(box.y0, box.x0, box.y1, box.x1) for box in cell.lines) for cell in cells]
    reach = rulings.px(BAND_IN) + SLANT_PX
    upright = (
        (owner[row, line - 1], owner[row, line], marks, grid.xs_by_row[row, line], lines)
        for row, line in np.argwhere(grid.v_support > 0.5)
        if 0 < line < grid.shape[1]
    )
    level = (
        (owner[line - 1, column], owner[line, column], marks.T, grid.ys_by_column[line, column], turned)
        for line, column in np.argwhere(grid.h_support > 0.5)
        if 0 < line < grid.shape[0]
    )
    doubted = {
        int(index)
        for first, second, ink, place, texts in chain(upright, level)
        if first != second and _crosses(ink, round(place), reach, texts[first], texts[second])
        for index in (first, second)
    }
    return tuple(replace(cell, doubt=True) if i in doubted else cell for i, cell in enumerate(cells))


def _crosses(ink: Mask, place: int, reach: int, left: Sequence[Box], right: Sequence[Box]) -> bool:
    """Whether text that ends within `reach` of the upright line at `place` meets text that begins there."""
    before = [line for line in left if line.x1 >= place - reach]
    behind = [line for line in right if line.x0 <= place + reach]
    return any(_meet(ink, place, reach, one, other) for one in before for other in behind)


def _meet(ink: Mask, place: int, reach: int, one: Box, other: Box) -> bool:
    top, bottom = int(max(one.y0, other.y0)) - SLANT_PX, int(min(one.y1, other.y1)) + SLANT_PX
    left = np.flatnonzero(ink[max(0, top) : bottom, max(0, place - reach) : place].any(axis=1))
    right = np.flatnonzero(ink[max(0, top) : bottom, place : place + reach + 1].any(axis=1))
    return bool(len(left) and len(right) and np.abs(left[:, None] - right).min() <= reach)
