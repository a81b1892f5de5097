"""GriTS by hand, and against the exact problem on grids small enough to try all alignments."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from invented_tables import simple, tables
from rapidfuzz.distance import Indel

from eval.metrics.grid_table import GridCell, GridTable, grid_table
from eval.metrics.grits import grits_con, grits_top


def exact_con(got: GridTable, gold: GridTable) -> float:
    """GriTS-Con with the best of all pairs of row and column subsets."""
    likeness = np.array(
        [[Indel.normalized_similarity(a.text, b.text) for b in gold.cells] for a in got.cells]
    )[np.ix_(got.owners.ravel(), gold.owners.ravel())].reshape(*got.owners.shape, *gold.owners.shape)
    best = 0.0
    for k in range(1, min(got.n_rows, gold.n_rows) + 1):
        for n in range(1, min(got.n_cols, gold.n_cols) + 1):
            for rows, cols, rows2, cols2 in (
                (r, c, r2, c2)
                for r in combinations(range(got.n_rows), k)
                for c in combinations(range(got.n_cols), n)
                for r2 in combinations(range(gold.n_rows), k)
                for c2 in combinations(range(gold.n_cols), n)
            ):
                pairs = [
                    (a, b, x, y)
                    for a, x in zip(rows, rows2, strict=True)
                    for b, y in zip(cols, cols2, strict=True)
                ]
                best = max(best, sum(likeness[pair] for pair in pairs))
    return 2 * best / (got.owners.size + gold.owners.size)


@settings(max_examples=40)
@given(tables(most=3), tables(most=3))
def test_the_heuristic_never_exceeds_the_exact_score(got: GridTable, gold: GridTable) -> None:
    assert grits_con(got, gold) <= exact_con(got, gold) + 1e-9


def test_a_lost_row_in_the_middle_costs_its_positions_only() -> None:
    gold = simple("a|b", "c|d", "e|f")
    got = simple("a|b", "e|f")
    assert grits_con(got, gold) == pytest.approx(2 * 4 / (4 + 6))
    assert grits_top(got, gold) == pytest.approx(2 * 4 / (4 + 6))


def test_a_row_finds_its_own_though_a_column_is_lost() -> None:
    assert grits_con(simple("a|c"), simple("a|b|c", "z|z|a")) == pytest.approx(2 * 2 / (2 + 6))


def test_texts_are_compared_by_their_longest_common_subsequence() -> None:
    assert grits_con(simple("120"), simple("12")) == pytest.approx(2 * 2 / 5)
    assert grits_con(simple(""), simple("")) == 1.0
    assert grits_con(simple(""), simple("0")) == 0.0


def test_a_span_not_seen_is_half_overlapped_at_each_of_its_two_positions() -> None:
    wide = grid_table([GridCell(0, 1, 0, 2)])
    assert grits_top(simple("|"), wide) == pytest.approx(0.5)


@given(tables(), tables())
def test_it_takes_both_sides_alike(got: GridTable, gold: GridTable) -> None:
    """As an F-score does: who is gold does not matter, unless ties are broken differently."""
    assert grits_top(got, got) == grits_top(gold, gold) == pytest.approx(1.0)
    assert (
        grits_con(got, gold)
        <= 2 * min(got.owners.size, gold.owners.size) / (got.owners.size + gold.owners.size) + 1e-9
    )
