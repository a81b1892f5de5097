"""From rulings to the lines of a grid: which rows and columns a table has, and how surely each unit edge is ruled.

Works on a straightened table. A real ruling ends on another ruling (or at the table's rim); a stroke of text
ends anywhere. That, and not length alone, decides which short pieces are lines of the grid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extractors.tables.rulings import THICK_IN, Mask, Rulings

Floats = npt.NDArray[np.float64]

PITCH_IN = 0.07  # lines nearer than this are one (double) ruling: no row of text fits between
BESIDE_IN = 0.015  # how far beside a ruling there is paper, where a stroke of text has other strokes
CROWDED = 0.2  # share of a line's length with ink on both sides above which it is text
LEAST_IN = 0.13  # shorter pieces are no evidence for a line
ENDS_IN = 0.015  # a piece "ends on" a ruling when it reaches it but for this; text keeps a wider distance
STRONG = 0.25  # a line whose pieces cover this share of the table's extent needs no further evidence
LONG_IN = 0.8  # if one of them is this long; a row of strokes in a line of text is not
NEAR_PX = 2  # a unit edge is looked for this far beside its line, for bends that the straightening left
OPEN_SHARE = 0.6  # of the crossing rulings must do so
OPEN_IN = 0.08  # rulings that reach this far beyond the last crossing one show an open border


@dataclass(frozen=True, slots=True)
class Piece:
    """An unbroken piece of ruling: at `at` across its direction, from `start` to `stop` along it, in pixels."""

    at: float
    start: float
    stop: float

    @property
    def length(self) -> float:
        return self.stop - self.start


@dataclass(frozen=True, eq=False, slots=True)
class GridLines:
    """Lines of a grid in the straight frame, and the support of each unit edge, 0..1.

    `xs` (n_cols + 1,), `ys` (n_rows + 1,), increasing. `h_support` (n_rows + 1, n_cols): edge on line i over
    column j. `v_support` (n_rows, n_cols + 1). Supports are the probability that the edge is ruled.
    """

    xs: Floats
    ys: Floats
    h_support: Floats
    v_support: Floats
    open_top: bool
    open_bottom: bool

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.ys) - 1, len(self.xs) - 1


def find_grid(rulings: Rulings) -> GridLines | None:
    """The grid that the rulings of a straightened table draw; None where they draw none.

    A grid needs two lines each way and more than one cell.
    """
    rows = _pieces(rulings.horizontal, rulings.ink, rulings)
    columns = _pieces(_turned(rulings.vertical), _turned(rulings.ink), rulings)
    ys, xs = _accept(rows, columns, rulings)
    if len(ys) < 2 or len(xs) < 2:
        return None
    ys, top_open, bottom_open = _close_rim(ys, columns, xs, rulings)
    xs, left_open, right_open = _close_rim(xs, rows, ys, rulings)
    xs, ys, across, down = _supported(xs, ys, (top_open, bottom_open), (left_open, right_open), rulings)
    if len(ys) < 2 or len(xs) < 2 or (len(ys) - 1) * (len(xs) - 1) < 2:
        return None
    return GridLines(
        xs,
        ys,
        across,
        down,
        top_open or float(across[0].mean()) < 0.5,
        bottom_open or float(across[-1].mean()) < 0.5,
    )


def _turned(mask: Mask) -> Mask:
    return np.ascontiguousarray(mask.T)


def _pieces(mask: Mask, ink: Mask, rulings: Rulings) -> list[Piece]:
    """Unbroken pieces of ruling that run along x of `mask`, without strokes of text."""
    count, _, stats, middles = cv2.connectedComponentsWithStats(mask, connectivity=8)
    pieces = []
    for index in range(1, count):
        x, y, width, height, _area = (int(v) for v in stats[index])
        if width < rulings.px(LEAST_IN):
            continue
        if _crowded(ink, y, y + height, x, x + width, rulings) < CROWDED:
            pieces.append(Piece(float(middles[index][1]), float(x), float(x + width)))
    return pieces


def _crowded(ink: Mask, top: int, bottom: int, start: int, stop: int, rulings: Rulings) -> float:
    """Share of a line's length that has ink just beside it, on the emptier of its two sides.

    A ruling runs through paper (a shaded band lies on one side at most, a touching digit too); a stroke of text
    has other strokes above and below.
    """
    beside = max(2, rulings.px(BESIDE_IN))
    shares = []
    for row in (top - beside, bottom - 1 + beside):
        inside = 0 <= row < ink.shape[0]
        shares.append(float((ink[row, start:stop] > 0).mean()) if inside and stop > start else 0.0)
    return min(shares)


def _accept(rows: list[Piece], columns: list[Piece], rulings: Rulings) -> tuple[Floats, Floats]:
    """Positions (ys, xs) of the lines: the strong ones first, then what ends on lines already accepted."""
    good_rows = _strong(rows, rulings)
    good_columns = _strong(columns, rulings)
    while True:
        more_rows = [p for p in rows if p not in good_rows and _ends_on(p, good_columns, rulings)]
        more_columns = [p for p in columns if p not in good_columns and _ends_on(p, good_rows, rulings)]
        if not more_rows and not more_columns:
            return _positions(good_rows, rulings), _positions(good_columns, rulings)
        good_rows += more_rows
        good_columns += more_columns


def _strong(pieces: list[Piece], rulings: Rulings) -> list[Piece]:
    """The pieces of lines that cover a good share of what the longest line covers."""
    if not pieces:
        return []
    lines = _lines(pieces, rulings)
    covered = [
        _covered(line) if max(p.length for p in line) >= rulings.px(LONG_IN) else 0.0 for line in lines
    ]
    least = max(STRONG * max(covered), 1.0)
    return [p for line, length in zip(lines, covered, strict=True) if length >= least for p in line]


def _lines(pieces: Sequence[Piece], rulings: Rulings) -> list[list[Piece]]:
    """Pieces put together that lie on one line, longest first: a stroke beside a ruling must not draw it aside."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: -p.length):
        near = [line for line in lines if abs(_place(line) - piece.at) < rulings.px(PITCH_IN)]
        if near:
            min(near, key=lambda line: abs(_place(line) - piece.at)).append(piece)
        else:
            lines.append([piece])
    return sorted(lines, key=_place)


def _place(line: Sequence[Piece]) -> float:
    """Where a line lies. Weighted by the square of the length: place is what long pieces know best."""
    return float(np.average([p.at for p in line], weights=[p.length**2 for p in line]))


def _covered(line: Sequence[Piece]) -> float:
    """Length covered by the pieces, overlaps counted once."""
    covered, reach = 0.0, -np.inf
    for piece in sorted(line, key=lambda p: p.start):
        covered += max(0.0, piece.stop - max(piece.start, reach))
        reach = max(reach, piece.stop)
    return covered


def _ends_on(piece: Piece, crossing: Sequence[Piece], rulings: Rulings) -> bool:
    """Whether both ends of a piece lie on rulings that cross it.

    It may stop short by ENDS_IN, and run over by as much as a ruling is thick.
    """
    short, over = max(3, rulings.px(ENDS_IN)), rulings.px(THICK_IN)
    here = [other.at for other in crossing if other.start - over <= piece.at <= other.stop + over]
    return any(-over <= piece.start - at <= short for at in here) and any(
        -over <= at - piece.stop <= short for at in here
    )


def _positions(pieces: Sequence[Piece], rulings: Rulings) -> Floats:
    return np.array([_place(line) for line in _lines(pieces, rulings)])


def _close_rim(
    lines: Floats, crossing: Sequence[Piece], across: Floats, rulings: Rulings
) -> tuple[Floats, bool, bool]:
    """Add the unruled first or last line of a grid that a page break cut open.

    Where most of the crossing lines run on beyond the outermost line by OPEN_IN, the grid goes on to where they
    end (the median of their ends).
    """
    near, beyond = rulings.px(PITCH_IN), rulings.px(OPEN_IN)
    ours = [p for p in crossing if np.abs(across - p.at).min() < near]
    at_first = [p.start for p in ours if p.start < lines[0] + near < p.stop]
    at_last = [p.stop for p in ours if p.start < lines[-1] - near < p.stop]
    first = _rim([lines[0] - start for start in at_first], beyond)
    last = _rim([stop - lines[-1] for stop in at_last], beyond)
    first, last = [float(lines[0]) - d for d in first], [float(lines[-1]) + d for d in last]
    return np.concatenate([first, lines, last]), bool(first), bool(last)


def _rim(overhang: Sequence[float], beyond: int) -> list[float]:
    """How far the grid goes on beyond its outermost line: nothing, or one distance.

    Most of the crossing lines must go on: one that does may be a character that touches the table.
    """
    longer = [d for d in overhang if d > beyond]
    if len(longer) < 2 or len(longer) < OPEN_SHARE * len(overhang):
        return []
    return [float(np.median(longer))]


def _supported(
    xs: Floats, ys: Floats, open_y: tuple[bool, bool], open_x: tuple[bool, bool], rulings: Rulings
) -> tuple[Floats, Floats, Floats, Floats]:
    """Drop lines without a single supported edge; give what is left with its supports.

    `open_y`, `open_x`: whether the first and the last line stand for an open border, which is kept.
    """
    while len(xs) > 1 and len(ys) > 1:
        across = edge_support(rulings.horizontal, rulings.ink, ys, xs, rulings)
        down = edge_support(_turned(rulings.vertical), _turned(rulings.ink), xs, ys, rulings).T
        keep_y = _kept(across > 0.5, open_y)
        keep_x = _kept(down.T > 0.5, open_x)
        if keep_y.all() and keep_x.all():
            return xs, ys, across, down
        xs, ys = xs[keep_x], ys[keep_y]
    return xs, ys, np.zeros((0, 0)), np.zeros((0, 0))


def _kept(supported: npt.NDArray[np.bool_], rim_open: tuple[bool, bool]) -> npt.NDArray[np.bool_]:
    kept = np.asarray(supported.any(axis=1), dtype=np.bool_)
    kept[0] |= rim_open[0]
    kept[-1] |= rim_open[1]
    return kept


def edge_support(mask: Mask, ink: Mask, lines: Floats, crossing: Floats, rulings: Rulings) -> Floats:
    """Probability that each unit edge is ruled, shape (len(lines), len(crossing) - 1).

    `mask`, `ink`: (height, width) with the lines running along x. Evidence is the share of the edge's length
    covered by ruling pixels, asked for over the whole edge and near both of its ends: a stroke of text under
    the edge covers the middle, a ruling reaches the corners.
    """
    support = np.zeros((len(lines), len(crossing) - 1))
    height = mask.shape[0]
    for i, line in enumerate(lines):
        top, bottom = max(0, round(line) - NEAR_PX), min(height, round(line) + NEAR_PX + 1)
        ruled = _any(mask[top:bottom])
        dark = _any(ink[top:bottom])
        for j in range(len(crossing) - 1):
            start, stop = round(crossing[j]) + NEAR_PX + 1, round(crossing[j + 1]) - NEAR_PX
            crowded = _crowded(ink, top, bottom, start, stop, rulings)
            support[i, j] = _probability(ruled[start:stop], dark[start:stop], crowded)
    return support


def _any(rows: Mask) -> npt.NDArray[np.bool_]:
    """Per column, whether any pixel of `rows` is set."""
    return np.asarray(rows.any(axis=0), dtype=np.bool_)


def _probability(ruled: npt.NDArray[np.bool_], dark: npt.NDArray[np.bool_], crowded: float) -> float:
    """P(edge is ruled) from its cover. Runs of ruling count whole, plain ink only where it hardly ever breaks.

    A stroke of text under an edge covers its middle and leaves the corners free: 70 % of cover without corners is
    text (0.15), with them a faded ruling (0.7). Full cover gives 0.998.
    """
    if len(ruled) == 0:
        return 0.0
    unbroken = max(0.0, (float(dark.mean()) - 0.8) / 0.2)
    end = max(2, len(ruled) // 5)
    corners = min(float((ruled | dark)[:end].mean()), float((ruled | dark)[-end:].mean()))
    cover = max(float(ruled.mean()), unbroken)
    evidence = cover * (0.6 + 0.4 * corners) - max(0.0, crowded - CROWDED)
    return float(1.0 / (1.0 + np.exp(-14.0 * (evidence - 0.55))))
