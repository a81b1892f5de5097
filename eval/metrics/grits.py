"""GriTS: how much of one table's grid is found in the other's, in both directions.

Smock, Pesala, Abraham, "GriTS: Grid table similarity metric for table structure recognition", ICDAR 2023. Rows and
columns of both grids are aligned, each by dynamic programming with the alignment of their entries as reward (factored
2D-MSS: the exact problem is NP-hard, this gives a lower bound); then

    GriTS = 2 * sum of similarities of aligned positions / (positions of the truth + positions of the answer)

A spanning cell stands at each position that it covers. Similarity of two positions: for *Con* 2 * LCS / (sum of
lengths) of the texts, 1 for two blanks; for *Top* the overlap (IoU) of the cells' spans relative to the position.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

from eval.metrics.grid_table import GridTable

Ids = npt.NDArray[np.intp]  # shape (rows, columns): which entry stands at a position
Similarities = npt.NDArray[np.float64]  # shape (entries of got, entries of gold)


def grits_con(got: GridTable | None, gold: GridTable) -> float:
    """GriTS of texts, compared as they are. Range 0..1. Denominator: all positions of both grids; no answer is 0."""
    if got is None:
        return 0.0
    texts = [[cell.text for cell in table.cells] for table in (got, gold)]
    likeness = cdist(*texts, scorer=Indel.normalized_similarity, dtype=np.float64)
    return _grits(got.owners, gold.owners, likeness)


def grits_top(got: GridTable | None, gold: GridTable) -> float:
    """GriTS of spans, blind to texts. Range 0..1. Denominator: all positions of both grids; no answer is 0."""
    if got is None:
        return 0.0
    (got_ids, got_spans), (gold_ids, gold_spans) = _relative_spans(got), _relative_spans(gold)
    return _grits(got_ids, gold_ids, _overlaps(got_spans, gold_spans))


def _grits(got: Ids, gold: Ids, likeness: Similarities) -> float:
    rows = _aligned(got, gold, likeness)
    cols = _aligned(got.T, gold.T, likeness)
    total = sum(likeness[got[r, c], gold[s, d]] for r, s in rows for c, d in cols)
    return float(2.0 * total / (got.size + gold.size))


def _aligned(got: Ids, gold: Ids, likeness: Similarities) -> list[tuple[int, int]]:
    """The rows of both grids that belong together: the alignment with the greatest sum of row rewards."""
    rewards = _row_rewards(got, gold, likeness)
    best = np.zeros((got.shape[0] + 1, gold.shape[0] + 1))
    for r in range(got.shape[0]):
        for s in range(gold.shape[0]):
            best[r + 1, s + 1] = max(best[r, s] + rewards[r, s], best[r, s + 1], best[r + 1, s])
    pairs = []
    r, s = got.shape[0], gold.shape[0]
    while r and s:
        if best[r, s] == best[r - 1, s - 1] + rewards[r - 1, s - 1]:
            r, s = r - 1, s - 1
            pairs.append((r, s))
        elif best[r, s] == best[r, s - 1]:
            s -= 1
        else:
            r -= 1
    return pairs


def _row_rewards(got: Ids, gold: Ids, likeness: Similarities) -> npt.NDArray[np.float64]:
    """The best alignment of each row of `got` with each of `gold`, all rows at once; shape (rows, rows)."""
    shape = (got.shape[0], gold.shape[0])
    above = [np.zeros(shape) for _ in range(gold.shape[1] + 1)]
    for c in range(got.shape[1]):
        row = [np.zeros(shape)]
        for d in range(gold.shape[1]):
            reward = likeness[np.ix_(got[:, c], gold[:, d])]
            row.append(np.maximum(np.maximum(above[d] + reward, above[d + 1]), row[d]))
        above = row
    return above[-1]


def _relative_spans(table: GridTable) -> tuple[Ids, npt.NDArray[np.float64]]:
    """Per position the number of its span, and the spans: y0, y1, x0, x1 relative to the position."""
    rows, cols = np.indices((table.n_rows, table.n_cols))
    spans = np.array([cell.span for cell in table.cells])[table.owners]
    relative = spans - np.stack([rows, rows, cols, cols], axis=-1)
    kinds, ids = np.unique(relative.reshape(-1, 4), axis=0, return_inverse=True)
    return ids.reshape(rows.shape), kinds.astype(np.float64)


def _overlaps(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]) -> Similarities:
    """IoU of all boxes y0, y1, x0, x1 of `a` with all of `b`."""
    low = np.maximum(a[:, None, (0, 2)], b[None, :, (0, 2)])
    high = np.minimum(a[:, None, (1, 3)], b[None, :, (1, 3)])
    shared = np.prod(np.clip(high - low, 0.0, None), axis=-1)
    area_a, area_b = (np.prod(x[:, (1, 3)] - x[:, (0, 2)], axis=-1) for x in (a, b))
    result: Similarities = shared / (area_a[:, None] + area_b[None, :] - shared)
    return result
