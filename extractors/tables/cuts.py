"""Where a line of the grid may run through a line of text instead of along a ruling.

An upright stroke of a character that fills its row looks like a short ruling. The row then falls into two cells with
a part of the text each, and the part with the digits reads well: 增1900 becomes 1900. No ruling of a form stands in
one row alone, with text on both sides closer than two cells ever come.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from extractors.geometry import Box
from extractors.tables.gridlines import GridLines
from extractors.tables.ink import CellInk

CLOSE = 1.0  # in heights of a character: the padding of two cells and a ruling are wider


def with_doubted_cuts(cells: Sequence[CellInk], grid: GridLines) -> tuple[CellInk, ...]:
    """`cells` with a doubt on both sides of every upright line that may have cut through a text."""
    starting: dict[int, list[int]] = {}
    for index, cell in enumerate(cells):
        starting.setdefault(cell.span.col0, []).append(index)
    doubted = {
        index
        for left, one in enumerate(cells)
        for right in starting.get(one.span.col1, ())
        if _is_lone(grid, one, cells[right]) and _is_one_text(one, cells[right])
        for index in (left, right)
    }
    return tuple(replace(cell, doubt=True) if i in doubted else cell for i, cell in enumerate(cells))


def _is_lone(grid: GridLines, left: CellInk, right: CellInk) -> bool:
    """Whether two cells share one row, and the line between them is ruled there and neither above nor below.

    In a table of one row every line is, which says nothing.
    """
    first, last = max(left.span.row0, right.span.row0), min(left.span.row1, right.span.row1)
    ruled = np.pad(grid.v_support[:, left.span.col1] > 0.5, 1)
    return len(grid.v_support) > 1 and last - first == 1 and not ruled[first] and not ruled[first + 2]


def _is_one_text(left: CellInk, right: CellInk) -> bool:
    """Whether a line of text on the left goes on on the right with no more than a space between."""
    return any(_close(one, other, left.size) for one in left.lines for other in right.lines)


def _close(left: Box, right: Box, size: float) -> bool:
    level = min(left.y1, right.y1) - max(left.y0, right.y0)
    return level > 0.3 * min(left.height, right.height) and right.x0 - left.x1 < CLOSE * size
