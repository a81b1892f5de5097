"""What the vector rulings of a born-digital page say about a grid: which of its unit edges are drawn.

camelot finds where the lines of a grid run but gives no spans; word processors draw each border as its own
piece, so which unit edges are covered by a piece is known exactly. It also shows what camelot loses: lines drawn as
boxes too thick for it, and double lines that it takes for slivers of columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from extractors.document import Segment

SLIVER_PT = 3.0  # no text fits in a row or column this thin: a double line, or a slip of the word processor
REACH = 0.4  # share of the gap to the next line within which a ruling still belongs to a line

Support = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ruling:
    """One straight line: `at` across its direction, from `start` to `stop` along it, in work pixels."""

    at: float
    start: float
    stop: float


@dataclass(frozen=True, eq=False, slots=True)
class Evidence:
    """Grid lines in work pixels and the share of each unit edge that is drawn.

    h_support: shape (n_rows + 1, n_cols), v_support: (n_rows, n_cols + 1), both in 0..1.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    h_support: Support
    v_support: Support


def evidence(xs: Sequence[float], ys: Sequence[float], segments: Sequence[Segment], dpi: float) -> Evidence:
    """Grid lines `xs`, `ys` (increasing), without slivers, with lines that were missed, and their support."""
    sliver = SLIVER_PT * dpi / 72
    across, down = rulings(segments, sliver)
    some_x = _snapped(_thinned(xs, sliver), down, sliver)
    some_y = _snapped(_thinned(ys, sliver), across, sliver)
    all_x = _with_missed(some_x, some_y, down, sliver)
    all_y = _with_missed(some_y, some_x, across, sliver)
    h_support = _support(all_y, all_x, across, sliver)
    return Evidence(all_x, all_y, h_support, _support(all_x, all_y, down, sliver).T)


def rulings(segments: Iterable[Segment], sliver: float) -> tuple[list[Ruling], list[Ruling]]:
    """Segments as horizontal and vertical rulings, pieces of one line joined where they nearly touch."""
    across, down = [], []
    for segment in segments:
        x0, x1 = sorted((segment.x0, segment.x1))
        y0, y1 = sorted((segment.y0, segment.y1))
        if x1 - x0 >= y1 - y0:
            across.append(Ruling((y0 + y1) / 2, x0, x1))
        else:
            down.append(Ruling((x0 + x1) / 2, y0, y1))
    return _joined(across, sliver), _joined(down, sliver)


def _joined(pieces: Sequence[Ruling], sliver: float) -> list[Ruling]:
    """Pieces that lie on one line (a third of a sliver apart) and follow each other become one ruling."""
    found: list[Ruling] = []
    open_by_line: list[Ruling] = []
    for piece in sorted(pieces, key=lambda ruling: ruling.start):
        for index, ruling in enumerate(open_by_line):
            if abs(ruling.at - piece.at) <= sliver / 3 and piece.start <= ruling.stop + sliver / 3:
                open_by_line[index] = Ruling(ruling.at, ruling.start, max(ruling.stop, piece.stop))
                break
        else:
            found += [ruling for ruling in open_by_line if ruling.stop < piece.start - sliver]
            open_by_line = [ruling for ruling in open_by_line if ruling.stop >= piece.start - sliver]
            open_by_line.append(piece)
    return found + open_by_line


def _thinned(lines: Sequence[float], sliver: float) -> list[list[float]]:
    """Lines in groups, each within one sliver of its first line."""
    groups: list[list[float]] = []
    for line in sorted(lines):
        if groups and line - groups[-1][0] < sliver:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _snapped(groups: Sequence[Sequence[float]], drawn: Sequence[Ruling], sliver: float) -> list[float]:
    """Of each group, the middle of what is drawn near it, weighted by length; its own middle if nothing is."""
    lines = []
    for group in groups:
        near = [r for r in drawn if group[0] - sliver / 2 <= r.at <= group[-1] + sliver / 2]
        weights = [r.stop - r.start for r in near]
        lines.append(
            float(np.average([r.at for r in near], weights=weights))
            if sum(weights)
            else sum(group) / len(group)
        )
    return lines


def _with_missed(
    lines: Sequence[float], others: Sequence[float], drawn: Sequence[Ruling], sliver: float
) -> tuple[float, ...]:
    """`lines` and those rulings between the first and last of them that run from one of `others` to another.

    Both ends must meet a line: underlined text does not.
    """
    found = list(lines)
    for ruling in sorted(drawn, key=lambda r: r.at):
        ends = all(min(abs(end - other) for other in others) < sliver for end in (ruling.start, ruling.stop))
        inside = lines[0] < ruling.at < lines[-1] and ruling.stop - ruling.start > 2 * sliver
        if ends and inside and min(abs(ruling.at - line) for line in found) >= sliver:
            found.append(ruling.at)
    return tuple(sorted(found))


def _support(
    lines: Sequence[float], others: Sequence[float], drawn: Sequence[Ruling], sliver: float
) -> Support:
    """Share of each unit edge that is drawn, shape (len(lines), len(others) - 1)."""
    support = np.zeros((len(lines), len(others) - 1))
    reach = _reach(lines, sliver)
    for i, line in enumerate(lines):
        near = [r for r in drawn if abs(r.at - line) <= reach[i]]
        for j in range(len(others) - 1):
            support[i, j] = _covered(others[j], others[j + 1], near, sliver)
    return support


def _reach(lines: Sequence[float], sliver: float) -> list[float]:
    gaps = np.diff([-np.inf, *lines, np.inf])
    return [float(min(sliver, REACH * before, REACH * after)) for before, after in pairwise(gaps)]


def _covered(start: float, stop: float, near: Sequence[Ruling], sliver: float) -> float:
    """Share of start..stop that rulings cover. The ends do not count: lines stop short of one another."""
    trim = min(sliver, 0.25 * (stop - start))
    start, stop = start + trim, stop - trim
    covered, here = 0.0, start
    for ruling in sorted(near, key=lambda r: r.start):
        left, right = max(here, ruling.start), min(stop, ruling.stop)
        if right > left:
            covered += right - left
            here = right
    return min(1.0, covered / (stop - start))
