"""Pages that are not flat: one smooth displacement field, fitted to traces of what is known to be straight.

A ruling, or the middle of a printed line, is known to be straight and level, so its trace *is* the distortion. The
field is fitted to all traces at once, so that the long clean ones carry the short broken ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extractors.document import GrayImage
from extractors.geometry import Box

Floats = npt.NDArray[np.float64]

RIDGE = 1e-3  # keeps the field tame where few traces speak


@dataclass(frozen=True, eq=False, slots=True)
class Field:
    """Displacement, in pixels, as a polynomial over a rectangle normalised to [-1, 1] in both axes. Outside of it
    the displacement is that of its nearest edge."""

    centre: tuple[float, float]
    half: tuple[float, float]
    across: Floats  # coefficients of dy(x, y), from traces that run across
    down: Floats  # coefficients of dx(y, x), from those that run down

    def displacement(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """(dx, dy) to add to straight coordinates to come to the page's."""
        u = np.clip((x - self.centre[0]) / self.half[0], -1.0, 1.0)
        v = np.clip((y - self.centre[1]) / self.half[1], -1.0, 1.0)
        return _basis(v, u) @ self.down, _basis(u, v) @ self.across


def _basis(along: Floats, side: Floats) -> Floats:
    """Terms that bend a line: shape (..., 7). Constants and pure functions of `side` only move it whole."""
    terms = [along, along**2, along**3, along**4, along * side, along**2 * side, along * side**2]
    return np.asarray(np.stack(terms, axis=-1), dtype=np.float64)


@dataclass(frozen=True, eq=False, slots=True)
class Straight:
    """A part of a page in a straight frame of its own. Origin at `offset` of the work frame."""

    image: GrayImage
    offset: tuple[int, int]
    field: Field | None  # None where all was straight already

    def to_work(self, box: Box) -> Box:
        """The upright box, in work pixels, around a rectangle of the straight frame."""
        x = np.array([box.x0, (box.x0 + box.x1) / 2, box.x1] * 3) + self.offset[0]
        y = np.repeat([box.y0, (box.y0 + box.y1) / 2, box.y1], 3) + self.offset[1]
        if self.field is not None:
            dx, dy = self.field.displacement(x, y)
            x, y = x + dx, y + dy
        return Box(float(x.min()), float(y.min()), float(x.max()), float(y.max()))


def resampled(work: GrayImage, part: tuple[int, int, int, int], field: Field | None) -> Straight:
    """The `part` (x0, y0, x1, y1 in work pixels) of a page, made straight by `field`."""
    x0, y0, x1, y1 = part
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


@dataclass(frozen=True, eq=False, slots=True)
class Trace:
    """Points of one straight thing: where along it, and how far aside, in pixels."""

    along: Floats
    across: Floats  # the coordinate that would be constant on straight paper, in pixels


def traces_along(mask: npt.NDArray[np.uint8], origin: tuple[int, int], least: int, step: int) -> list[Trace]:
    """Points every `step` pixels along the middle of each mark of `mask` that runs across and is `least` long.

    `origin`: where the mask's corner lies (along, aside).
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
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
            traces.append(Trace(taken + float(origin[0] + x), middle[taken] + float(origin[1] + y)))
    return traces


def normal(
    trace: Trace, centre: tuple[float, float], half: tuple[float, float], vertical: bool
) -> tuple[Floats, float, Floats]:
    """A trace as a field sees it: normalised position along, normalised mean position aside, position aside in px."""
    a, s = (1, 0) if vertical else (0, 1)
    along = (trace.along - centre[a]) / half[a]
    side = float(np.mean(trace.across) - centre[s]) / half[s]
    return along, side, trace.across - centre[s]


def fit(traces: Sequence[tuple[Floats, float, Floats]], near: float) -> Floats:
    """Coefficients of the bend shared by all traces; zeros where there are fewer than two.

    Two rounds: first each piece may lie at a height of its own; then pieces that came to lie on one line
    share one height, and traces that still stick out (strokes of text) are left out.
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
