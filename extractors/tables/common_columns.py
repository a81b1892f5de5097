"""Which column lines of several fragments are one line.

Each line of a fragment stays a line of its own, in its order: two lines of one fragment are never made one, however
near they stand (Word leaves sliver columns of a hundredth of the width), or a cell between them would be lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from extractors.document import Fragment


def shares(fragment: Fragment) -> tuple[float, ...]:
    """Column lines as shares of the table's width, so that two scans can be compared."""
    first, last = fragment.xs[0], fragment.xs[-1]
    return tuple((x - first) / (last - first) for x in fragment.xs)


def common_columns(
    fragments: Sequence[Sequence[float]], same: float
) -> tuple[int, tuple[tuple[int, ...], ...]]:
    """How many columns the fragments have together, and per fragment which common line each of its lines is.

    `fragments` are column lines as shares of the width, increasing from 0 to 1. Lines within `same` of each other
    are one, as many as can be without two of one fragment falling together; the numbers of a fragment's lines are
    strictly increasing, its first line is 0 and its last the last of all.
    """
    order = sorted(range(len(fragments)), key=lambda i: -len(fragments[i]))
    lines: list[float] = list(fragments[order[0]])
    placed = {order[0]: tuple(range(len(lines)))}
    for index in order[1:]:
        lines, kept, placed[index] = _taken_in(lines, fragments[index], same)
        for other in placed.keys() - {index}:
            placed[other] = tuple(kept[line] for line in placed[other])
    return len(lines) - 1, tuple(placed[index] for index in range(len(fragments)))


def _taken_in(
    lines: Sequence[float], own: Sequence[float], same: float
) -> tuple[list[float], tuple[int, ...], tuple[int, ...]]:
    """`lines` and those of `own` that are none of them; the number there of each of `lines`, and of each of `own`."""
    merged: list[tuple[float, int | None, int | None]] = []
    pairs = paired(lines, own, same)
    for (line, mine), (next_line, next_mine) in pairwise([*pairs, (len(lines), len(own))]):
        between = [(lines[i], i, None) for i in range(line + 1, next_line)]
        new = [(own[i], None, i) for i in range(mine + 1, next_mine)]
        merged += [(lines[line], line, mine), *sorted([*between, *new], key=lambda entry: entry[0])]
    numbers = {(side, entry[side]): number for number, entry in enumerate(merged) for side in (1, 2)}
    return (
        list(accumulate((x for x, _, _ in merged), max)),
        tuple(numbers[1, i] for i in range(len(lines))),
        tuple(numbers[2, i] for i in range(len(own))),
    )


def paired(lines: Sequence[float], own: Sequence[float], same: float) -> list[tuple[int, int]]:
    """Pairs (index in `lines`, index in `own`) of lines within `same`, both increasing: as many as can, then nearest.

    The outer lines are the table's frame and always two of the pairs.
    """
    best: list[list[tuple[int, float, tuple[tuple[int, int], ...]]]] = [[(0, 0.0, ())] * (len(own) + 1)]
    for i, line in enumerate(lines):
        row = [best[0][0]]
        for j, mine in enumerate(own):
            options = [best[i][j + 1], row[j]]
            frames = (i in (0, len(lines) - 1), j in (0, len(own) - 1))
            apart = abs(line - mine)
            if apart <= same and frames[0] == frames[1]:
                count, cost, pairs = best[i][j]
                options.append((count + 1, cost - apart, (*pairs, (i, j))))
            row.append(max(options, key=lambda option: option[:2]))
        best.append(row)
    return list(best[-1][-1][2])
