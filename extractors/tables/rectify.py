"""Straightening one table: curl, keystone and left-over skew, measured on its own rulings.

A ruling is known to be straight and level, so its trace *is* the distortion. One smooth displacement field per
table is fitted to all traces at once, and the table is resampled into a frame where every ruling is a row or a
column of pixels. All later work (grid, ink, crops) is done there with plain rectangles; `Straight.to_work`
leads back. Fitting the field, not each line, lets the long clean rulings carry the short broken ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extractors.document import Box, GrayImage
from extractors.tables.rulings import Mask, Rulings

Floats = npt.NDArray[np.float64]

MARGIN_IN = 0.12  # kept around the rulings' box, so that lines at the rim keep their surroundings
TRACE_IN = 0.35  # shorter pieces of ruling are too often strokes of text to be trusted as traces
STEP_IN = 0.05  # spacing of the points taken from a trace
SAME_LINE_IN = 0.03  # pieces that come to lie this near to each other are pieces of one ruling
STILL_PX = 0.6  # displacements below this are not worth resampling for
RIDGE = 1e-3  # keeps the field tame where few rulings speak


@dataclass(frozen=True, eq=False, slots=True)
class Field:
    """Displacement, in pixels, as a polynomial over the table normalised to [-1, 1] in both axes."""

    centre: tuple[float, float]
    half: tuple[float, float]
    across: Floats  # coefficients of dy(x, y), from the horizontal rulings
    down: Floats  # coefficients of dx(y, x), from the vertical ones

    def displacement(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """(dx, dy) to add to straight coordinates to come to the page's."""
        u = (x - self.centre[0]) / self.half[0]
        v = (y - self.centre[1]) / self.half[1]
        return _basis(v, u) @ self.down, _basis(u, v) @ self.across


def _basis(along: Floats, side: Floats) -> Floats:
    """Terms that bend a line: shape (..., 7). Constants and pure functions of `side` only move it whole."""
    terms = [along, along**2, along**3, along**4, along * side, along**2 * side, along * side**2]
    return np.asarray(np.stack(terms, axis=-1), dtype=np.float64)


@dataclass(frozen=True, eq=False, slots=True)
class Straight:
    """A table's picture in its own straight frame. Origin at `offset` of the work frame."""

    image: GrayImage
    offset: tuple[int, int]
    field: Field | None  # None where the rulings were straight already

    def to_work(self, box: Box) -> Box:
        """The upright box, in work pixels, around a rectangle of the straight frame."""
        x = np.array([box.x0, (box.x0 + box.x1) / 2, box.x1] * 3) + self.offset[0]
        y = np.repeat([box.y0, (box.y0 + box.y1) / 2, box.y1], 3) + self.offset[1]
        if self.field is not None:
            dx, dy = self.field.displacement(x, y)
            x, y = x + dx, y + dy
        return Box(float(x.min()), float(y.min()), float(x.max()), float(y.max()))


def straighten(work: GrayImage, rulings: Rulings, box: Box) -> Straight:
    """Resample the table in `box` (work pixels) so that its rulings become straight and level."""
    height, width = work.shape
    margin = rulings.px(MARGIN_IN)
    x0, y0 = max(0, int(box.x0) - margin), max(0, int(box.y0) - margin)
    x1, y1 = min(width, int(box.x1) + margin), min(height, int(box.y1) + margin)
    field = fit_field(rulings, Box(x0, y0, x1, y1))
    if field is None:
        return Straight(work[y0:y1, x0:x1], (x0, y0), None)
    grid_x, grid_y = np.meshgrid(_nodes(x0, x1), _nodes(y0, y1))
    dx, dy = field.displacement(grid_x, grid_y)
    # The field is smooth: it is evaluated on a coarse grid and interpolated, not per pixel.
    size = (x1 - x0, y1 - y0)
    map_x = cv2.resize((grid_x + dx).astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    map_y = cv2.resize((grid_y + dy).astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    image = cv2.remap(work, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return Straight(np.asarray(image, dtype=np.uint8), (x0, y0), field)


def _nodes(start: int, stop: int) -> Floats:
    """Coordinates of the coarse grid: the centres of cells, as cv2.resize interpolates between them."""
    count = max(2, (stop - start) // 16)
    cell = (stop - start) / count
    return np.asarray(start + cell * (np.arange(count) + 0.5) - 0.5, dtype=np.float64)


def fit_field(rulings: Rulings, box: Box) -> Field | None:
    """The displacement field of the table in `box`, or None where it would move nothing noticeably."""
    centre = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
    half = (max(1.0, box.width / 2), max(1.0, box.height / 2))
    rows = _traces(rulings.horizontal, rulings, box, across=True)
    columns = _traces(rulings.vertical, rulings, box, across=False)
    near = rulings.px(SAME_LINE_IN)
    across = _fit([_normal(t, centre, half, False) for t in rows], near, half[1])
    down = _fit([_normal(t, centre, half, True) for t in columns], near, half[0])
    field = Field(centre, half, across, down)
    xs, ys = np.meshgrid(np.linspace(box.x0, box.x1, 9), np.linspace(box.y0, box.y1, 9))
    dx, dy = field.displacement(xs, ys)
    if max(np.abs(dx).max(), np.abs(dy).max()) < STILL_PX:
        return None
    return field


@dataclass(frozen=True, eq=False, slots=True)
class _Trace:
    along: Floats
    across: Floats  # the coordinate that would be constant on straight paper, in pixels


def _normal(
    trace: _Trace, centre: tuple[float, float], half: tuple[float, float], vertical: bool
) -> tuple[Floats, float, Floats]:
    """(normalised position along, normalised mean position aside, position aside in pixels)."""
    a, s = (1, 0) if vertical else (0, 1)
    along = (trace.along - centre[a]) / half[a]
    side = float(np.mean(trace.across) - centre[s]) / half[s]
    return along, side, trace.across - centre[s]


def _traces(mask: Mask, rulings: Rulings, box: Box, *, across: bool) -> list[_Trace]:
    """Points along the middle of each long piece of ruling in `box`, in work pixels."""
    x0, y0 = int(box.x0), int(box.y0)
    part = mask[y0 : int(box.y1), x0 : int(box.x1)]
    if not across:
        part = np.ascontiguousarray(part.T)
        x0, y0 = y0, x0
    count, labels, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    least, step = rulings.px(TRACE_IN), rulings.px(STEP_IN)
    traces = []
    for index in range(1, count):
        x, y, width, height, _area = stats[index]
        if width < least or height > width // 3:
            continue
        piece = labels[y : y + height, x : x + width] == index
        sums = piece.sum(axis=0)
        middle = (piece * np.arange(height)[:, None]).sum(axis=0) / np.maximum(sums, 1)
        taken = np.arange(step // 2, width, step)
        taken = taken[sums[taken] > 0]
        if len(taken) >= 3:
            traces.append(_Trace(taken + float(x0 + x), middle[taken] + float(y0 + y)))
    return traces


def _fit(traces: Sequence[tuple[Floats, float, Floats]], near: float, half_px: float) -> Floats:
    """Coefficients of the bend shared by all traces; zeros where there are fewer than two.

    Two rounds: first each piece may lie at a height of its own; then pieces that came to lie on one line
    share one height, and pieces that still stick out (strokes of text) are left out.
    """
    if len(traces) < 2:
        return np.zeros(7)
    groups = list(range(len(traces)))
    bend, heights, _ = _solve(traces, groups)
    groups = _one_line(heights, near)
    bend, _, residuals = _solve(traces, groups)
    limit = max(1.5, 3.0 * float(np.median(residuals)))
    kept = [i for i, residual in enumerate(residuals) if residual <= limit]
    if 2 <= len(kept) < len(traces):
        names = {group: n for n, group in enumerate(sorted({groups[i] for i in kept}))}
        bend, _, _ = _solve([traces[i] for i in kept], [names[groups[i]] for i in kept])
    return bend


def _one_line(heights: Floats, near: float) -> list[int]:
    """Number the pieces so that those within `near` pixels of each other share a number."""
    order = np.argsort(heights)
    numbers = [0] * len(heights)
    current, last = 0, heights[order[0]]
    for index in order:
        if heights[index] - last > near:
            current += 1
        last = heights[index]
        numbers[index] = current
    return numbers


def _solve(
    traces: Sequence[tuple[Floats, float, Floats]], groups: Sequence[int]
) -> tuple[Floats, Floats, Floats]:
    """Least squares for bend (7,) and one height per group; also each trace's root mean square residual."""
    n_groups = max(groups) + 1
    rows, targets = [], []
    for (along, side, aside), group in zip(traces, groups, strict=True):
        heights = np.zeros((len(along), n_groups))
        heights[:, group] = 1.0
        rows.append(np.hstack([_basis(along, np.full_like(along, side)), heights]))
        targets.append(aside)
    matrix, target = np.vstack(rows), np.concatenate(targets)
    ridge = np.zeros((7, matrix.shape[1]))
    ridge[:, :7] = np.eye(7) * np.sqrt(RIDGE * len(target))
    solution = np.linalg.lstsq(np.vstack([matrix, ridge]), np.concatenate([target, np.zeros(7)]), rcond=None)[
        0
    ]
    errors = matrix @ solution - target
    ends = np.cumsum([len(t) for t in targets])[:-1]
    residuals = np.array([float(np.sqrt(np.mean(part**2))) for part in np.split(errors, ends)])
    return solution[:7], solution[7:], residuals
