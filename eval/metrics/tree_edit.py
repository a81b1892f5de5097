"""The edit distance of two ordered trees: the cheapest way to make one of the other.

Zhang and Shasha, "Simple fast algorithms for the editing distance between trees and related problems", SIAM Journal
on Computing 18 (1989). Inserting and deleting a node cost 1. Why it is our own: docs/decisions/0012.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Costs = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Postorder:
    """A tree's nodes numbered in postorder, as far as the distance needs it.

    `first[i]` is the number of the leftmost leaf below node i (i itself for a leaf).
    """

    first: tuple[int, ...]

    @property
    def keyroots(self) -> tuple[int, ...]:
        """The highest node for each leftmost leaf, ascending: the subtrees that must be compared in full."""
        return tuple(sorted({leaf: node for node, leaf in enumerate(self.first)}.values()))


def tree_distance(a: Postorder, b: Postorder, rename: Costs) -> float:
    """The edit distance; `rename[i, j]` is the cost of making node i of `a` node j of `b`, at most 2.

    Shape of `rename`: (nodes of a, nodes of b). Time grows with nodes(a) * nodes(b) for trees as flat as tables.
    """
    table = np.asarray(rename, dtype=np.float64).tolist()  # leaf against leaf is a renaming and nothing else
    costs = np.asarray(rename, dtype=np.float64).tolist()
    for i in a.keyroots:
        for j in b.keyroots:
            if a.first[i] != i or b.first[j] != j:
                _compare(a.first, b.first, i, j, costs, table)
    return float(table[-1][-1])


def _compare(
    a_first: Sequence[int],
    b_first: Sequence[int],
    i: int,
    j: int,
    costs: Sequence[Sequence[float]],
    table: list[list[float]],
) -> None:
    """Fill `table` for all pairs of subtrees that share their leftmost leaf with i and with j."""
    i0, j0 = a_first[i], b_first[j]
    above = [float(n) for n in range(j - j0 + 2)]  # the empty forest against the first n nodes of b's
    rows = [above]
    for x in range(i0, i + 1):
        row = [above[0] + 1.0]
        whole_x = a_first[x] == i0
        for y in range(j0, j + 1):
            best = min(above[y - j0 + 1], row[-1]) + 1.0
            if whole_x and b_first[y] == j0:
                best = min(best, above[y - j0] + costs[x][y])
                table[x][y] = best
            else:
                best = min(best, rows[a_first[x] - i0][b_first[y] - j0] + table[x][y])
            row.append(best)
        rows.append(row)
        above = row
