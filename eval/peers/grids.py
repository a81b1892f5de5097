"""From what a peer found to our own type of table, in the peer's favour wherever there is a choice.

Edges that nearly agree are one line of the grid, holes are blank cells, and of two cells that claim one place the
first is kept. Joining over page breaks, the match with the form and the scores are then the same for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np
import numpy.typing as npt

from extractors.document import Cell, Fragment, Part, Reading, Table
from extractors.geometry import Box
from extractors.ocr.decode import VALUE_CHARACTERS
from extractors.wording import squeeze

SAME_LINE = 0.2  # of the median cell height: edges nearer than this are one line
SAME_ROW = 0.5  # of the median text height: centres nearer than this are one row
TABLE_ROW = 4  # texts beside each other that make a row of a table and not of prose

Grid = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Found:
    """A cell or a text with its place, in pixels of the picture that the peer was given."""

    box: Box
    text: str
    confidence: float = 1.0


def fragment(cells: Sequence[Found], page: int) -> Fragment | None:
    """The cells of one table as a grid that tiles; None where fewer than two cells are left."""
    if not cells:
        return None
    apart = SAME_LINE * median(cell.box.height for cell in cells)
    xs = lines(apart, (edge for cell in cells for edge in (cell.box.x0, cell.box.x1)))
    ys = lines(apart, (edge for cell in cells for edge in (cell.box.y0, cell.box.y1)))
    taken: Grid = np.zeros((max(0, len(ys) - 1), max(0, len(xs) - 1)), dtype=bool)
    kept = [made for cell in cells if (made := _placed(cell, xs, ys, taken, page)) is not None]
    if len(kept) < 2:
        return None
    holes = [Found(_box(r, r + 1, c, c + 1, xs, ys), "") for r, c in np.argwhere(~taken).tolist()]
    kept += [made for hole in holes if (made := _placed(hole, xs, ys, taken, page)) is not None]
    table = Table(len(ys) - 1, len(xs) - 1, tuple(sorted(kept, key=lambda cell: (cell.row0, cell.col0))))
    return Fragment(page, Box(xs[0], ys[0], xs[-1], ys[-1]), table, tuple(xs), tuple(ys))


def lines(apart: float, edges: Iterable[float]) -> list[float]:
    """Edges put together where they are nearer than `apart`: the means, increasing."""
    groups: list[list[float]] = []
    for edge in sorted(edges):
        if groups and edge - groups[-1][-1] <= apart:
            groups[-1].append(edge)
        else:
            groups.append([edge])
    return [sum(group) / len(group) for group in groups]


def _placed(found: Found, xs: Sequence[float], ys: Sequence[float], taken: Grid, page: int) -> Cell | None:
    """The cell on the grid lines nearest to its edges, which it then owns; None where one of them has an owner."""
    row0, row1 = _nearest(ys, found.box.y0), _nearest(ys, found.box.y1)
    col0, col1 = _nearest(xs, found.box.x0), _nearest(xs, found.box.x1)
    if row0 >= row1 or col0 >= col1 or taken[row0:row1, col0:col1].any():
        return None
    taken[row0:row1, col0:col1] = True
    text = squeeze(found.text)
    candidates = ((text, found.confidence),) if text and frozenset(text) <= VALUE_CHARACTERS else ()
    reading = Reading(text, found.confidence, (found.confidence,) * len(text), candidates)
    parts = (Part(page, _box(row0, row1, col0, col1, xs, ys)),)
    return Cell(row0, row1, col0, col1, reading, parts, blank=not text)


def _box(row0: int, row1: int, col0: int, col1: int, xs: Sequence[float], ys: Sequence[float]) -> Box:
    return Box(xs[col0], ys[row0], xs[col1], ys[row1])


def _nearest(grid: Sequence[float], edge: float) -> int:
    return min(range(len(grid)), key=lambda i: abs(grid[i] - edge))


def cluster_rows(texts: Sequence[Found]) -> list[Found]:
    """Texts without rulings as cells of one table: the naive way, rows by height and columns by overlap.

    A row of a table has at least TABLE_ROW texts; the table reaches from the first such row to the last, and only
    such rows say where columns are. A row's height is that of its texts, and columns are as wide as theirs.
    """
    rows = _rows(texts)
    wide = [n for n, row in enumerate(rows) if len(row) >= TABLE_ROW]
    if not wide:
        return []
    columns = _columns(text for n in wide for text in rows[n])
    cells = []
    for row in rows[wide[0] : wide[-1] + 1]:
        y0, y1 = min(text.box.y0 for text in row), max(text.box.y1 for text in row)
        for x0, x1 in columns:
            inside = [text for text in row if x0 <= text.box.centre[0] < x1]
            sure = min((text.confidence for text in inside), default=1.0)
            joined = "".join(text.text for text in sorted(inside, key=lambda text: text.box.x0))
            cells.append(Found(Box(x0, y0, x1, y1), joined, sure))
    return cells


def _rows(texts: Sequence[Found]) -> list[list[Found]]:
    apart = SAME_ROW * median([text.box.height for text in texts] or [1.0])
    rows: list[list[Found]] = []
    for text in sorted(texts, key=lambda text: text.box.centre[1]):
        if rows and text.box.centre[1] - rows[-1][-1].box.centre[1] <= apart:
            rows[-1].append(text)
        else:
            rows.append([text])
    return rows


def _columns(texts: Iterable[Found]) -> list[tuple[float, float]]:
    """Spans of x that no text crosses the gaps between, widened to meet in the middle of the gaps."""
    spans: list[list[float]] = []
    for text in sorted(texts, key=lambda text: text.box.x0):
        if spans and text.box.x0 < spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], text.box.x1)
        else:
            spans.append([text.box.x0, text.box.x1])
    for left, right in pairwise(spans):
        left[1] = right[0] = (left[1] + right[0]) / 2
    return [(x0, x1) for x0, x1 in spans]
