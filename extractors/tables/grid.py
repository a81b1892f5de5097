"""From evidence on the unit edges of a grid to cells whose spans tile it.

Both table readers end here: the raster one (ink under each unit edge) and the born-digital one (vector
rulings over it). Deciding every edge by itself leaves L-shapes and lines that stop half-way through a cell;
no table has those, so they are resolved here, once, towards the likeliest set of rectangles. Two simpler ways
were dropped: growing each shape to its bounding box swallows good cells for one faded edge, and cutting each
shape into unit cells loses every merged cell that touches one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Support = npt.NDArray[np.floating]
_Logits = npt.NDArray[np.float64]
_Open = npt.NDArray[np.bool_]
_Owner = npt.NDArray[np.int64]

CERTAIN = 1e-5  # no evidence is believed further than this, or one edge could outvote all others


class Span(NamedTuple):
    """A cell of the grid, half-open; `structure` is the probability that its borders are just these."""

    row0: int
    row1: int
    col0: int
    col1: int
    structure: float


class _Box(NamedTuple):
    row0: int
    row1: int
    col0: int
    col1: int

    @property
    def area(self) -> int:
        return (self.row1 - self.row0) * (self.col1 - self.col0)


class _Chord(NamedTuple):
    """A straight cut through one shape: unit edges `start`..`stop` of the inner grid line `line`."""

    gain: float  # sum of the log odds that its edges are ruled
    horizontal: bool
    line: int
    start: int
    stop: int


def tile(h_support: Support, v_support: Support) -> list[Span]:
    """The cells of a grid, sorted by row and column; together they cover each position exactly once.

    h_support: shape (n_rows + 1, n_cols), probability in 0..1 that the edge above row i (below row i - 1) is
    ruled in column j. v_support: shape (n_rows, n_cols + 1), likewise for the edge left of column j. The
    outer frame is not asked: an open border does not change the cells. Raises ValueError if the shapes do
    not belong together, the grid is empty, or a support is not a probability.
    """
    _require_grid(h_support, v_support)
    h, v = _log_odds(h_support[1:-1]), _log_odds(v_support[:, 1:-1])
    owner = _merged_back(_without_odd_shapes(h, v), h, v)
    boxes = sorted(_boxes(owner).values())
    return [Span(*box, _structure(box, owner, h, v)) for box in boxes]


def _require_grid(h_support: Support, v_support: Support) -> None:
    n_rows, n_cols = v_support.shape[0], h_support.shape[1]
    if n_rows < 1 or n_cols < 1:
        raise ValueError("a grid needs at least one row and one column")
    if h_support.shape != (n_rows + 1, n_cols) or v_support.shape != (n_rows, n_cols + 1):
        raise ValueError(f"edges {h_support.shape} and {v_support.shape} belong to no one grid")
    for support in (h_support, v_support):
        if not ((support >= 0) & (support <= 1)).all():
            raise ValueError("a support is not a probability")


def _log_odds(support: Support) -> _Logits:
    p = np.clip(support.astype(np.float64), CERTAIN, 1 - CERTAIN)
    return np.asarray(np.log(p) - np.log1p(-p), dtype=np.float64)


def _without_odd_shapes(h: _Logits, v: _Logits) -> _Owner:
    """Owner of each position, every owner a rectangle. h, v: log odds of the inner edges.

    Each step takes one shape and either cuts it or fills it up to a rectangle, whichever the evidence opposes
    least. It ends: a fill lowers the number of positions outside rectangles, a cut never raises it and lowers
    the number of open edges.
    """
    h_open, v_open = h < 0, v < 0
    while True:
        owner = _labelled(h_open, v_open)
        sizes = np.bincount(owner.ravel())
        for label, box in _boxes(owner).items():
            whole = box.area == sizes[label]
            if whole and _all_open(box, h_open, v_open):
                continue
            cut = max(_chords(owner, label, box, h, v, h_open, v_open), default=None)
            if whole and (cut is None or cut.gain <= 0):
                continue
            filled = box if whole else _closure(owner, box)
            if not whole and (cut is None or cut.gain < _fill_gain(filled, h, v, h_open, v_open)):
                _fill(filled, h_open, v_open)
            elif cut is not None:
                _cut(cut, h_open, v_open)
            break
        else:
            return owner


def _labelled(h_open: _Open, v_open: _Open) -> _Owner:
    """Connected positions share a label. h_open: (n_rows - 1, n_cols), v_open: (n_rows, n_cols - 1)."""
    n_rows, n_cols = v_open.shape[0], h_open.shape[1]
    owner = np.full((n_rows, n_cols), -1, dtype=np.int64)
    count = 0
    for row, col in np.ndindex(n_rows, n_cols):
        if owner[row, col] < 0:
            _flood(owner, count, (row, col), h_open, v_open)
            count += 1
    return owner


def _flood(owner: _Owner, label: int, seed: tuple[int, int], h_open: _Open, v_open: _Open) -> None:
    n_rows, n_cols = owner.shape
    todo = [seed]
    while todo:
        row, col = todo.pop()
        if owner[row, col] >= 0:
            continue
        owner[row, col] = label
        if row > 0 and h_open[row - 1, col]:
            todo.append((row - 1, col))
        if row + 1 < n_rows and h_open[row, col]:
            todo.append((row + 1, col))
        if col > 0 and v_open[row, col - 1]:
            todo.append((row, col - 1))
        if col + 1 < n_cols and v_open[row, col]:
            todo.append((row, col + 1))


def _boxes(owner: _Owner) -> dict[int, _Box]:
    """The smallest box around each owner's positions, in reading order of first appearance."""
    found: dict[int, _Box] = {}
    for (row, col), label in np.ndenumerate(owner):
        box = found.get(int(label), _Box(row, row + 1, col, col + 1))
        found[int(label)] = _Box(
            min(box.row0, row), max(box.row1, row + 1), min(box.col0, col), max(box.col1, col + 1)
        )
    return found


def _chords(
    owner: _Owner, label: int, box: _Box, h: _Logits, v: _Logits, h_open: _Open, v_open: _Open
) -> Iterator[_Chord]:
    """All straight cuts from side to side of a shape that would close at least one open edge."""
    inside = owner[box.row0 : box.row1, box.col0 : box.col1] == label
    for line, start, stop in _runs(inside, box.row0, box.col0):
        if h_open[line, start:stop].any():
            yield _Chord(float(h[line, start:stop].sum()), True, line, start, stop)
    for line, start, stop in _runs(inside.T, box.col0, box.row0):
        if v_open[start:stop, line].any():
            yield _Chord(float(v[start:stop, line].sum()), False, line, start, stop)


def _runs(inside: _Open, line0: int, start0: int) -> Iterator[tuple[int, int, int]]:
    """(line, start, stop) of each longest stretch where a shape lies on both sides of an inner line."""
    both = inside[:-1] & inside[1:]
    if not both.size:
        return
    edges = np.diff(np.pad(both.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    for (line, start), (_, stop) in zip(np.argwhere(edges == 1), np.argwhere(edges == -1), strict=True):
        yield line0 + int(line), start0 + int(start), start0 + int(stop)


def _closure(owner: _Owner, box: _Box) -> _Box:
    """The smallest box that holds `box` and cuts through no shape."""
    boxes = _boxes(owner)
    while True:
        touched = [boxes[int(i)] for i in np.unique(owner[box.row0 : box.row1, box.col0 : box.col1])]
        wider = _Box(
            min(b.row0 for b in touched),
            max(b.row1 for b in touched),
            min(b.col0 for b in touched),
            max(b.col1 for b in touched),
        )
        if wider == box:
            return box
        box = wider


def _all_open(box: _Box, h_open: _Open, v_open: _Open) -> bool:
    rows, cols = slice(box.row0, box.row1), slice(box.col0, box.col1)
    return bool(h_open[box.row0 : box.row1 - 1, cols].all() and v_open[rows, box.col0 : box.col1 - 1].all())


def _fill_gain(box: _Box, h: _Logits, v: _Logits, h_open: _Open, v_open: _Open) -> float:
    inner_h = np.s_[box.row0 : box.row1 - 1, box.col0 : box.col1]
    inner_v = np.s_[box.row0 : box.row1, box.col0 : box.col1 - 1]
    return -float(h[inner_h][~h_open[inner_h]].sum() + v[inner_v][~v_open[inner_v]].sum())


def _fill(box: _Box, h_open: _Open, v_open: _Open) -> None:
    h_open[box.row0 : box.row1 - 1, box.col0 : box.col1] = True
    v_open[box.row0 : box.row1, box.col0 : box.col1 - 1] = True


def _cut(cut: _Chord, h_open: _Open, v_open: _Open) -> None:
    if cut.horizontal:
        h_open[cut.line, cut.start : cut.stop] = False
    else:
        v_open[cut.start : cut.stop, cut.line] = False


def _merged_back(owner: _Owner, h: _Logits, v: _Logits) -> _Owner:
    """Rectangles that share a whole side against the evidence (left over from forced cuts) become one."""
    owner = owner.copy()
    merged = True
    while merged:
        merged = False
        boxes = _boxes(owner)
        for label, box in boxes.items():
            other = _mergeable(box, boxes, owner, h, v)
            if other is not None:
                owner[owner == other] = label
                merged = True
                break
    return owner


def _mergeable(box: _Box, boxes: dict[int, _Box], owner: _Owner, h: _Logits, v: _Logits) -> int | None:
    row0, row1, col0, col1 = box
    if col1 < owner.shape[1]:
        right = boxes[int(owner[row0, col1])]
        if (right.row0, right.row1) == (row0, row1) and v[row0:row1, col1 - 1].sum() < 0:
            return int(owner[row0, col1])
    if row1 < owner.shape[0]:
        below = boxes[int(owner[row1, col0])]
        if (below.col0, below.col1) == (col0, col1) and h[row1 - 1, col0:col1].sum() < 0:
            return int(owner[row1, col0])
    return None


def _structure(box: _Box, owner: _Owner, h: _Logits, v: _Logits) -> float:
    """Product of P(ruled) over the borders with each neighbour and P(not ruled) over each cut through it."""
    row0, row1, col0, col1 = box
    n_rows, n_cols = owner.shape
    borders: list[_Logits] = []
    if row0 > 0:
        borders += _by_neighbour(h[row0 - 1, col0:col1], owner[row0 - 1, col0:col1])
    if row1 < n_rows:
        borders += _by_neighbour(h[row1 - 1, col0:col1], owner[row1, col0:col1])
    if col0 > 0:
        borders += _by_neighbour(v[row0:row1, col0 - 1], owner[row0:row1, col0 - 1])
    if col1 < n_cols:
        borders += _by_neighbour(v[row0:row1, col1 - 1], owner[row0:row1, col1])
    cuts = [*h[row0 : row1 - 1, col0:col1], *v[row0:row1, col0 : col1 - 1].T]
    ruled = [_probability(border) for border in borders] + [1 - _probability(cut) for cut in cuts]
    return float(np.prod(ruled))


def _by_neighbour(edges: _Logits, owners: _Owner) -> list[_Logits]:
    return np.split(edges, np.flatnonzero(np.diff(owners)) + 1)


def _probability(edges: _Logits) -> float:
    """That a stretch, ruled or not as a whole, is ruled.

    What lies along one line fades or is cut together, so n edges count as sqrt(n) independent ones; for a
    single edge this is its own probability.
    """
    return float(1 / (1 + np.exp(-edges.sum() / np.sqrt(len(edges)))))
