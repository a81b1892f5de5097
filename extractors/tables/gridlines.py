"""The grid of a table: where its rows and columns are, and how surely each unit edge of it is ruled.

Works on a straightened table. Every unit edge carries its evidence, so that a cell's structure can be doubted even
where each digit in it is clear.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from extractors.tables.grid import Span
from extractors.tables.lines import (
    ENDS_IN,
    GAP_IN,
    LONG_LEAST_IN,
    PITCH_IN,
    Floats,
    Piece,
    accept,
    bridged_runs,
    ink_share,
    pieces_of_ruling,
    turned,
)
from extractors.tables.rulings import THICK_IN, Mask, Rulings
from extractors.tables.staggered import places_of_edges
from extractors.tables.worn import thin_ink, with_worn_lines

Flags = npt.NDArray[np.bool_]

NEAR_PX = 2  # a unit edge is looked for this far beside its line, for bends that the straightening left
OPEN_IN = 0.08  # rulings that reach this far beyond the last crossing one show an open border
OPEN_SHARE = 0.6  # if this share of them does
TEXT_BESIDE = 0.15  # share of ink beside an edge that a free corner turns into a sign of text
TEXT_AROUND = 0.25  # share of ink on both sides that is one by itself
TEXT_ALONG = 0.4  # and on one side, of an edge with breaks: the feet of a line of bold characters
BREAKS = 0.1  # share of breaks that the spaces between characters make at least
WORDS_IN = (
    0.6  # length from which ink along an edge is a line of text and not one character that stands close
)
BAND_ROWS = 2.0  # heights of a usual row: text between two tables, with its space, is higher
UNRULED = 0.1  # support below which a side is plainly not there
SIDE = 0.9  # probability of a border that is not printed but shown by where the rows end
WORN = 0.6  # probability of an edge that lies wholly in a break of a ruling


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
    open_sides: bool = False  # printed without borders at the left and right
    x_places: Floats | None = None
    y_places: Floats | None = None

    @property
    def xs_by_row(self) -> Floats:
        """Where line j lies beside row i, shape (n_rows, n_cols + 1)."""
        return np.tile(self.xs, (len(self.ys) - 1, 1)) if self.x_places is None else self.x_places

    @property
    def ys_by_column(self) -> Floats:
        """Where line i lies over column j, shape (n_rows + 1, n_cols)."""
        return np.tile(self.ys[:, None], (1, len(self.xs) - 1)) if self.y_places is None else self.y_places

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.ys) - 1, len(self.xs) - 1


@dataclass(frozen=True, eq=False, slots=True)
class _Way:
    """The rulings that run one way, turned so that they run along x. `pieces` and `ruled` without text."""

    pieces: list[Piece]
    ruled: Mask
    ink: Mask
    loose: Mask  # ink that is not `ruled`: the other line of a double ruling is no text
    thin: Flags  # where ink has paper on both sides


def _way(mask: Mask, ink: Mask, rulings: Rulings) -> _Way:
    pieces, ruled = pieces_of_ruling(mask, ink, rulings)
    return _Way(pieces, ruled, ink, np.asarray(ink & ~ruled, np.uint8), thin_ink(ink, rulings))


def find_grids(rulings: Rulings) -> tuple[GridLines, ...]:
    """The grids that the rulings of a straightened picture draw, top to bottom; none where they draw none.

    A grid needs two rows or columns and an upright ruling. A band without a single upright ruling parts two
    tables that stand close together, or a table from the line of text above it. So does one whose two sides are
    not ruled: what runs through it then is a streak of the scanner, or a pen.
    """
    whole = _whole_grid(rulings)
    return () if whole is None else tuple(_parts(whole))


def _parts(grid: GridLines) -> Iterator[GridLines]:
    ruled = np.concatenate([[False], _ruled_rows(grid), [False]])
    edges = np.flatnonzero(np.diff(ruled.astype(np.int8)))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        part = _rows(grid, int(first), int(last))
        if part.shape[0] * part.shape[1] > 1:
            yield part


def _ruled_rows(grid: GridLines) -> Flags:
    """Which rows are a table's: upright rulings stand in them, and not a streak alone."""
    if grid.open_sides:
        return np.asarray((grid.v_support[:, 1:-1] > 0.5).any(axis=1))
    lines, sides = (grid.v_support > 0.5).sum(axis=1), grid.v_support[:, [0, -1]]
    heights = np.diff(grid.ys)
    bare = (sides < UNRULED).sum(axis=1)
    # A single line at one side may be a border whose other side is worn off, unless the band is no row's height.
    streaked = (lines == 1) & ((bare == 2) | ((bare == 1) & (heights > BAND_ROWS * np.median(heights))))
    return np.asarray((lines > 0) & ~streaked)


def _rows(grid: GridLines, first: int, last: int) -> GridLines:
    """Rows [first, last) of a grid as a grid of its own, without the columns that only the rest has."""
    n_rows, n_cols = grid.shape
    used = (grid.v_support[first:last] > 0.5).any(axis=0)
    if (first, last) == (0, n_rows) or used.sum() < 2:
        used = np.ones(n_cols + 1, dtype=np.bool_)
    columns = np.flatnonzero(used)
    merged = _merged(grid.h_support[first : last + 1], columns)
    return GridLines(
        grid.xs[columns],
        grid.ys[first : last + 1],
        merged,
        grid.v_support[first:last, columns],
        grid.open_top if first == 0 else float(merged[0].mean()) < 0.5,
        grid.open_bottom if last == n_rows else float(merged[-1].mean()) < 0.5,
        grid.open_sides,
        grid.xs_by_row[first:last, columns],
        _merged(grid.ys_by_column[first : last + 1], columns),
    )


def _merged(edges: Floats, lines: Sequence[int] | npt.NDArray[np.intp]) -> Floats:
    """Unit edges, shape (lines, edges along them), as those between the crossing `lines` that stay: their means."""
    return np.stack([edges[:, a:b].mean(axis=1) for a, b in pairwise(lines)], axis=1)


def without_idle_lines(grid: GridLines, spans: Sequence[Span]) -> tuple[GridLines, list[Span]]:
    """The grid without lines at which no cell begins or ends, as strokes of text leave them, and its cells."""
    rows = sorted({row for span in spans for row in (span.row0, span.row1)})
    cols = sorted({col for span in spans for col in (span.col0, span.col1)})
    if (len(rows), len(cols)) == (len(grid.ys), len(grid.xs)):
        return grid, list(spans)
    row, col = ({line: index for index, line in enumerate(lines)} for lines in (rows, cols))
    fewer = replace(
        grid,
        xs=grid.xs[cols],
        ys=grid.ys[rows],
        h_support=_merged(grid.h_support[rows], cols),
        v_support=_merged(grid.v_support[:, cols].T, rows).T,
        x_places=_merged(grid.xs_by_row[:, cols].T, rows).T,
        y_places=_merged(grid.ys_by_column[rows], cols),
    )
    moved = [Span(row[s.row0], row[s.row1], col[s.col0], col[s.col1], s.structure) for s in spans]
    return fewer, moved


def _whole_grid(rulings: Rulings) -> GridLines | None:
    across = _way(rulings.horizontal, rulings.ink, rulings)
    down = _way(turned(rulings.vertical), turned(rulings.ink), rulings)
    ys, xs = accept(across.pieces, down.pieces, rulings)
    if len(ys) < 1 or len(xs) < 1:  # one upright ruling and open sides make two columns
        return None
    lone_row = len(ys) == 1  # what a page break left of it: uprights that stand on one ruling or hang from it
    if not lone_row:
        xs = with_worn_lines(xs, ys, down.thin, rulings)
        ys = with_worn_lines(ys, xs, across.thin, rulings)
    ys, open_y = _close_rim(ys, down.pieces, xs, rulings)
    xs, open_x = _close_rim(xs, bridged_runs(across.pieces, rulings), ys, rulings, least=1 if lone_row else 2)
    ruled = _supported(xs, ys, open_x, open_y, across, down, rulings)
    if ruled is None or ruled.shape[0] * ruled.shape[1] < 2:
        return None
    h_support, v_support = ruled.h_support, ruled.v_support
    open_top = open_y[0] or float(h_support[0].mean()) < 0.5
    open_bottom = open_y[1] or float(h_support[-1].mean()) < 0.5
    # Where the rows run on to a common end, the paper's side closes the grid as a border would.
    open_sides = [
        is_open or _ends_unruled(h_support[:, side], v_support[:, side])
        for side, is_open in zip((0, -1), open_x, strict=True)
    ]
    for side, is_open in zip((0, -1), open_sides, strict=True):
        if is_open:
            v_support[:, side] = np.maximum(v_support[:, side], SIDE)
    return replace(ruled, open_top=open_top, open_bottom=open_bottom, open_sides=all(open_sides))


def _ends_unruled(rows: Floats, side: Floats) -> bool:
    """Whether the rows end at a side that is mostly not ruled: only shaded bands draw an edge there.

    `rows`: support of the edges that lead to the side, `side`: of those along it.
    """
    return float(np.mean(side > 0.5)) < 0.5 and float(np.mean(rows > 0.5)) >= OPEN_SHARE


def _close_rim(
    lines: Floats, crossing: Sequence[Piece], across: Floats, rulings: Rulings, least: int = 2
) -> tuple[Floats, tuple[bool, bool]]:
    """Add the unruled first or last line of a grid that a page break cut open.

    Where most of the crossing lines (and `least` of them) run on beyond the outermost line by OPEN_IN, the grid
    goes on to where they end (the median of their ends). Lines that come to it from outside do not count, unless
    it is the only one.
    """
    near = rulings.px(PITCH_IN)
    inside = near if len(lines) > 1 else -near
    ours = [p for p in crossing if np.abs(across - p.at).min() < near]
    at_first = [lines[0] - p.start for p in ours if p.start < lines[0] + inside < p.stop]
    at_last = [p.stop - lines[-1] for p in ours if p.start < lines[-1] - inside < p.stop]
    first = [float(lines[0]) - d for d in _rim(at_first, rulings, least)]
    last = [float(lines[-1]) + d for d in _rim(at_last, rulings, least)]
    return np.concatenate([first, lines, last]), (bool(first), bool(last))


def _rim(overhang: Sequence[float], rulings: Rulings, least: int) -> list[float]:
    """How far the grid goes on beyond its outermost line: nothing, or one distance.

    Most of the crossing lines must go on: one that does may be a character that touches the table. Of a merged
    cell at an open side only the first and the last line go on, but far, and both equally far.
    """
    longer = [d for d in overhang if d > rulings.px(OPEN_IN)]
    if len(longer) >= max(least, OPEN_SHARE * len(overhang)):
        return [float(np.median(longer))]
    far = [d for d in longer if d > rulings.px(LONG_LEAST_IN)]
    alike = len(far) > 1 and max(far) - min(far) <= max(3, rulings.px(ENDS_IN))
    return [float(np.median(far))] if alike else []


def _supported(
    xs: Floats,
    ys: Floats,
    open_x: tuple[bool, bool],
    open_y: tuple[bool, bool],
    across: _Way,
    down: _Way,
    rulings: Rulings,
) -> GridLines | None:
    """The grid of the lines that have a supported edge, as if closed; None where none is left.

    `open_x`, `open_y`: whether the first and the last line stand for an open border, which is kept.
    """
    while len(xs) > 1 and len(ys) > 1:
        y_places = places_of_edges(across.pieces, ys, xs, rulings)
        x_places = places_of_edges(down.pieces, xs, ys, rulings)
        h_support = edge_support(across, y_places, xs, rulings)
        v_support = edge_support(down, x_places, ys, rulings).T
        keep_y = _kept(h_support > 0.5, open_y)
        keep_x = _kept(v_support.T > 0.5, open_x)
        if keep_y.all() and keep_x.all():
            return GridLines(
                xs, ys, h_support, v_support, False, False, x_places=x_places.T, y_places=y_places
            )
        xs, ys = xs[keep_x], ys[keep_y]
    return None


def _kept(supported: Flags, rim_open: tuple[bool, bool]) -> Flags:
    kept = np.asarray(supported.any(axis=1), dtype=np.bool_)
    kept[0] |= rim_open[0]
    kept[-1] |= rim_open[1]
    return kept


def edge_support(way: _Way, places: Floats, crossing: Floats, rulings: Rulings) -> Floats:
    """Probability that each unit edge is ruled, shape of `places`: (lines, len(crossing) - 1).

    The lines run along x of the masks of `way`; `places` has where each edge of them lies.
    """
    support = np.zeros(places.shape)
    for i, line in enumerate(np.round(places).astype(int)):
        for place in np.unique(line):
            here = line == place
            support[i, here] = _support_at(int(place), way, crossing, rulings)[here]
    return support


def _support_at(place: int, way: _Way, crossing: Floats, rulings: Rulings) -> Floats:
    """Probability that each unit edge of a line would be ruled if all of it lay at `place`."""
    ruled, ink = way.ruled, way.ink
    top, bottom = max(0, place - NEAR_PX), min(ruled.shape[0], place + NEAR_PX + 1)
    long = _any(ruled[top:bottom])
    here = long | way.thin[min(place, len(way.thin) - 1)]
    worn = here | _bridged(long, crossing, rulings)
    dark = _any(ink[top:bottom])
    sides = (top - rulings.px(THICK_IN) // 2, bottom + rulings.px(THICK_IN) // 2)
    support = np.zeros(len(crossing) - 1)
    for j in range(len(crossing) - 1):
        start, stop = round(crossing[j]) + NEAR_PX + 1, round(crossing[j + 1]) - NEAR_PX
        if stop <= start:
            continue
        beside = [ink_share(ink, row, start, stop) for row in sides]
        loose = max(ink_share(way.loose, row, start, stop) for row in sides)
        loose *= min(1.0, (stop - start) / rulings.px(WORDS_IN))
        support[j] = _probability(here[start:stop], worn[start:stop], dark[start:stop], beside, loose)
    return support


def _any(rows: Mask) -> Flags:
    """Per column, whether any pixel of `rows` is set."""
    return np.asarray(rows.any(axis=0), dtype=np.bool_)


def _bridged(ruled: Flags, crossing: Floats, rulings: Rulings) -> Flags:
    """The breaks of a worn ruling: gaps between pieces that do not both start and end on a crossing line.

    The lines of a merged cell end on other lines; a drop-out ends anywhere.
    """
    bridged = np.zeros(len(ruled), dtype=np.bool_)
    near = max(3, rulings.px(ENDS_IN)) + rulings.px(THICK_IN) // 2
    edges = np.flatnonzero(np.diff(np.concatenate([[0], ruled.astype(np.int8), [0]])))
    for stop, start in zip(edges[1:-1:2], edges[2::2], strict=True):
        on_lines = all(np.abs(crossing - end).min() <= near for end in (stop, start))
        if not on_lines and start - stop <= rulings.px(GAP_IN):
            bridged[stop:start] = True
    return bridged


def _probability(ruled: Flags, worn: Flags, dark: Flags, beside: Sequence[float], loose: float) -> float:
    """P(edge is ruled) from its cover, 0..1. `beside`: share of ink close by on either side; `loose`: the larger
    share of ink there that belongs to no ruling, less along a short edge.

    Half an edge of clean ruling is proof enough, since nothing else leaves pieces on the line. But what has ink on
    both sides, or on one and a free corner, or on one and breaks, may be strokes of text. Plain ink counts where it
    hardly ever breaks. An edge within a break of its ruling is left nearly open, unless text stands there.
    """
    unbroken = max(0.0, (float(dark.mean()) - 0.8) / 0.2)
    cover = max(float(ruled.mean()), unbroken)
    end = max(2, len(ruled) // 5)
    corner = min(float((ruled | dark)[:end].mean()), float((ruled | dark)[-end:].mean()))
    leaves_corner = (1.0 - corner) * min(1.0, max(beside) / TEXT_BESIDE)
    surrounded = min(1.0, min(beside) / TEXT_AROUND) * (1.0 - unbroken)
    lined = min(1.0, loose / TEXT_ALONG) * min(1.0, (1.0 - float(dark.mean())) / BREAKS)
    evidence = cover * (1.0 - 0.6 * leaves_corner) * (1.0 - max(0.6 * surrounded, 0.7 * lined))
    probability = 1.0 / (1.0 + np.exp(-14.0 * (evidence - 0.35)))
    if float(worn.mean()) > 0.95 and loose < TEXT_BESIDE:
        probability = max(probability, WORN)
    return float(probability)
