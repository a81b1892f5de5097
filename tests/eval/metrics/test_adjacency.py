"""Adjacency relations, by texts and by boxes of text."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from invented_tables import simple, tables

from eval.metrics.adjacency import BoxedTable, box_relations, relations, text_relations
from eval.metrics.grid_table import GridCell, GridTable, grid_table
from eval.metrics.matches import Matches
from extractors.geometry import Box

PX = 100.0


def boxed(table: GridTable, x: float = 0.0) -> GridTable:
    """The table drawn with cells of 100 px, shifted to the right by x."""
    cells = [
        replace(c, box=Box(c.col0 * PX + x, c.row0 * PX, c.col1 * PX + x, c.row1 * PX)) for c in table.cells
    ]
    return grid_table(cells)


def labelled(table: GridTable) -> BoxedTable:
    """What cTDaR says about a drawn table: a small box for each text, and who is beside whom."""
    names = [f"c{i}" if cell.text else "" for i, cell in enumerate(table.cells)]
    texts = {
        name: Box(cell.box.x0 + 10, cell.box.y0 + 10, cell.box.x1 - 10, cell.box.y1 - 10)
        for name, cell in zip(names, table.cells, strict=True)
        if name and cell.box
    }
    boxes = [cell.box for cell in table.cells if cell.box]
    return BoxedTable(Box.around(boxes), texts, frozenset(relations(table, names)))


def test_neighbours_skip_blanks_and_are_counted_once() -> None:
    table = grid_table([GridCell(0, 2, 0, 1, "a"), GridCell(0, 1, 2, 3, "b"), GridCell(1, 2, 1, 2, "c")])
    assert relations(table, [cell.text for cell in table.cells]) == [("a", "b", "right"), ("a", "c", "right")]


def test_relations_of_equal_texts_each_count() -> None:
    gold = simple("0|0|0")
    assert text_relations(gold, gold) == Matches(2, 2, 2)
    assert text_relations(simple("0|0"), gold) == Matches(1, 2, 1)


def test_a_blank_row_is_not_seen() -> None:
    assert text_relations(simple("a|b", "|", "c|d"), simple("a|b", "c|d")).f1 == 1.0


@given(table=tables())
def test_boxes_a_perfect_answer_scores_one_and_no_answer_nothing(table: GridTable) -> None:
    gold = labelled(boxed(table))
    assume(gold.relations)
    assert box_relations([boxed(table)], [gold]).f1 == 1.0
    assert box_relations([], [gold]).f1 == 0.0


@given(table=tables(), other=tables())
def test_boxes_a_table_that_is_not_there_is_never_free(table: GridTable, other: GridTable) -> None:
    gold = labelled(boxed(table))
    assume(gold.relations)
    assume(text_relations(other, other).gold)
    assert box_relations([boxed(table), boxed(other, x=5000.0)], [gold]).f1 < 1.0


@given(table=tables(), other=tables(), shuffler=st.randoms(use_true_random=False))
def test_boxes_the_order_changes_nothing(table: GridTable, other: GridTable, shuffler: random.Random) -> None:
    gold, answer = labelled(boxed(table)), boxed(other)
    mixed = list(answer.cells)
    shuffler.shuffle(mixed)
    turned = BoxedTable(gold.box, dict(reversed(gold.texts.items())), gold.relations)
    assert box_relations([grid_table(mixed)], [turned]) == box_relations([answer], [gold])


def test_boxes_a_missing_ruling_loses_all_relations_of_the_merged_cell() -> None:
    gold = labelled(boxed(simple("a|b|c")))
    merged = boxed(grid_table([GridCell(0, 1, 0, 2, "ab"), GridCell(0, 1, 2, 3, "c")]))
    assert box_relations([merged], [gold]) == Matches(0, 2, 1)


def test_boxes_a_dash_that_gold_leaves_out_is_blank_for_both() -> None:
    gold = labelled(boxed(simple("a||c")))
    assert box_relations([boxed(simple("a|-|c"))], [gold]).f1 == 1.0


def test_boxes_without_a_box_a_cell_holds_nothing() -> None:
    gold = labelled(boxed(simple("a|b")))
    assert box_relations([simple("a|b")], [gold]).right == 0


@pytest.mark.parametrize("count", [0, 2])
def test_boxes_of_several_tables_are_kept_apart(count: int) -> None:
    gold = [labelled(boxed(simple("a|b"))), labelled(boxed(simple("a|b"), x=1000.0))]
    answers = [boxed(simple("a|b")), boxed(simple("a|b"), x=1000.0)][:count]
    assert box_relations(answers, gold) == Matches(count, 2, count)
