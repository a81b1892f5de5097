"""The laws, for every score of a table: an omission, an invention, a wrong text or span is never free."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from invented_tables import tables, with_row, without_last_row

from eval.metrics.adjacency import text_relations
from eval.metrics.cells import header_path_accuracy, span_matches, with_known_headings
from eval.metrics.grid_table import GridTable, grid_table
from eval.metrics.grits import grits_con, grits_top
from eval.metrics.teds import teds

Score = Callable[[GridTable | None, GridTable], float]


def teds_s(got: GridTable | None, gold: GridTable) -> float:
    return teds(got, gold, structure_only=True)


def span_f1(got: GridTable | None, gold: GridTable) -> float:
    return span_matches(got, gold).f1


def adjacency_f1(got: GridTable | None, gold: GridTable) -> float:
    return text_relations(got, gold).f1


def header_path_loose(got: GridTable | None, gold: GridTable) -> float:
    return header_path_accuracy(got and with_known_headings(got, gold), gold)


OF_TEXT: list[Score] = [teds, grits_con, header_path_accuracy, header_path_loose]
OF_STRUCTURE: list[Score] = [
    *(teds, teds_s, grits_con, grits_top, span_f1),
    *(header_path_accuracy, header_path_loose),
]
ALL: list[Score] = [*OF_STRUCTURE, adjacency_f1]

HEADED = (header_path_accuracy, header_path_loose)

every = pytest.mark.parametrize("score", ALL, ids=lambda score: score.__name__)
structural = pytest.mark.parametrize("score", OF_STRUCTURE, ids=lambda score: score.__name__)


def has_relations(table: GridTable) -> bool:
    return text_relations(table, table).gold > 0


@every
@given(table=tables())
def test_a_perfect_answer_scores_one(score: Score, table: GridTable) -> None:
    assume(score is not adjacency_f1 or has_relations(table))
    assert score(table, table) == pytest.approx(1.0)


@every
@given(table=tables())
def test_no_answer_scores_nothing(score: Score, table: GridTable) -> None:
    assert score(None, table) == 0.0


@every
@given(got=tables(), gold=tables())
def test_scores_stay_in_range(score: Score, got: GridTable, gold: GridTable) -> None:
    assert 0.0 <= score(got, gold) <= 1.0 + 1e-12


@structural
@given(table=tables())
def test_a_row_left_out_is_never_free(score: Score, table: GridTable) -> None:
    # Headings do not say how tall a value's cell is: only values that are lost count there.
    assume(score not in HEADED or any(c.row0 == table.n_rows - 1 for c in table.cells))
    assert score(without_last_row(table), table) < 1.0


@structural
@given(table=tables(), text=st.sampled_from(["", "7"]))
def test_a_row_invented_is_never_free(score: Score, table: GridTable, text: str) -> None:
    assert score(with_row(table, text), table) < 1.0


@pytest.mark.parametrize("score", OF_TEXT, ids=lambda score: score.__name__)
@given(table=tables(), data=st.data())
def test_a_wrong_text_is_never_free(score: Score, table: GridTable, data: st.DataObject) -> None:
    body = [i for i, cell in enumerate(table.cells) if not cell.header]
    index = data.draw(st.sampled_from(body))
    cells = [replace(c, text=c.text + "9") if i == index else c for i, c in enumerate(table.cells)]
    assert score(grid_table(cells), table) < 1.0


@given(table=tables())
def test_neighbours_left_out_or_invented_are_never_free(table: GridTable) -> None:
    assume(has_relations(table))
    bare = grid_table([replace(cell, text="") for cell in table.cells])
    assert text_relations(bare, table).f1 == 0.0
    assert text_relations(with_row(table, "新"), table).f1 < 1.0


@every
@given(got=tables(), gold=tables(), shuffler=st.randoms(use_true_random=False))
def test_the_order_of_cells_changes_nothing(
    score: Score, got: GridTable, gold: GridTable, shuffler: random.Random
) -> None:
    mixed = []
    for table in (got, gold):
        cells = list(table.cells)
        shuffler.shuffle(cells)
        mixed.append(grid_table(cells))
    assert score(*mixed) == score(got, gold)


@pytest.mark.parametrize("score", [teds_s, grits_top, span_f1], ids=lambda score: score.__name__)
@given(table=tables())
def test_structure_is_blind_to_texts(score: Score, table: GridTable) -> None:
    other = grid_table([replace(cell, text="x") for cell in table.cells])
    assert score(other, table) == pytest.approx(1.0)
