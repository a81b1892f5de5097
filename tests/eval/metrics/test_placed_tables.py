"""The tables of a document: which answer is meant for which truth, and what is left over."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_tables import simple

from eval.metrics.matches import Matches
from eval.metrics.tables import (
    PlacedTable,
    in_fractions,
    mean_scores,
    pair_tables,
    score_table,
    score_tables,
)
from extractors.geometry import Box

A = PlacedTable(1, Box(0.1, 0.1, 0.9, 0.4), simple("a|b", "c|d"))
B = PlacedTable(1, Box(0.1, 0.5, 0.9, 0.9), simple("1|2", "3|4"))
C = PlacedTable(2, Box(0.1, 0.1, 0.9, 0.4), simple("x|y"))


@given(st.randoms(use_true_random=False))
def test_tables_find_their_own_in_any_order(shuffler: random.Random) -> None:
    got, gold = [A, B, C], [A, B, C]
    shuffler.shuffle(got)
    shuffler.shuffle(gold)
    scores = score_tables(got, gold)
    means = mean_scores(scores)
    assert (means.tables, means.missed, means.invented) == (3, 0, 0)
    rates = (means.teds, means.teds_s, means.grits_con, means.grits_top, means.spans.f1, means.adjacency.f1)
    assert rates == pytest.approx((1.0,) * 6)


def test_a_missed_table_counts_as_nothing_for_all_of_the_truth() -> None:
    means = mean_scores(score_tables([A, B], [A, B, C]))
    assert (means.missed, means.invented) == (1, 0)
    assert means.teds == means.grits_con == pytest.approx(2 / 3)
    assert means.spans == Matches(8, 10, 8)


def test_an_invented_table_is_never_free() -> None:
    means = mean_scores(score_tables([A, B, C], [A, B]))
    assert (means.missed, means.invented) == (0, 1)
    assert means.teds == means.grits_top == pytest.approx(2 / 3)
    assert means.spans == Matches(8, 8, 10)
    assert means.adjacency == Matches(8, 8, 9)


def test_no_tables_score_nothing() -> None:
    means = mean_scores(score_tables([], [A, B]))
    assert (means.teds, means.spans.f1, means.adjacency.f1) == (0.0, 0.0, 0.0)
    assert mean_scores([]).teds == 0.0


def test_the_better_fit_is_the_pair() -> None:
    shifted = PlacedTable(1, Box(0.1, 0.3, 0.9, 0.6), simple("?"))
    pairs = pair_tables([shifted, A], [A, B])
    assert pairs == [(A, A), (shifted, B)]
    assert pair_tables([C], [A]) == [(None, A), (C, None)]
    assert pair_tables([A], [B]) == [(None, B), (A, None)], "on one page, but not in one place"


def test_headings_are_scored_where_gold_marks_them() -> None:
    gold = simple("h|k", "1|2", heads=1)
    assert score_table(simple("h|k", "1|3"), gold).header_path == 0.5
    assert score_table(A.table, A.table).header_path is None
    both = [score_table(gold, gold), score_table(A.table, A.table)]
    assert mean_scores(both).header_path == 1.0


def test_texts_are_compared_without_space_and_width() -> None:
    assert score_table(simple("１ 2|—"), simple("12|－－")).teds == 1.0  # noqa: RUF001


def test_boxes_become_fractions_of_the_page() -> None:
    table = simple("a|b")
    assert in_fractions(table, 10.0, 10.0) == table
    placed = type(table)(1, 2, tuple(type(c)(*c.span, c.text, Box(10, 20, 30, 40)) for c in table.cells))
    assert in_fractions(placed, 100.0, 200.0).cells[0].box == Box(0.1, 0.1, 0.3, 0.2)
