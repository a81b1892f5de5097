"""Spans and headings by example: what each of the two sees and the other does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from invented_tables import simple

from eval.metrics.cells import header_path_accuracy, span_matches, with_known_headings
from eval.metrics.grid_table import GridCell, grid_table
from eval.metrics.matches import Matches

GOLD = grid_table(
    [
        GridCell(0, 2, 0, 1, "项目", header=True),
        GridCell(0, 1, 1, 3, "本年", header=True),
        GridCell(1, 2, 1, 2, "新收", header=True),
        GridCell(1, 2, 2, 3, "结转", header=True),
        GridCell(2, 3, 0, 1, "甲", header=True),
        GridCell(2, 3, 1, 2, "5"),
        GridCell(2, 3, 2, 3, "0"),
        GridCell(3, 4, 0, 1, "乙", header=True),
        GridCell(3, 4, 1, 2, "7"),
        GridCell(3, 4, 2, 3, "9"),
    ]
)


def change(**texts: str) -> object:
    """GOLD without header marks, texts changed: `r2c1="6"`."""
    cells = []
    for cell in GOLD.cells:
        text = texts.get(f"r{cell.row0}c{cell.col0}", cell.text)
        cells.append(GridCell(*cell.span, text))
    return grid_table(cells)


def test_a_heading_read_wrong_costs_all_values_under_it() -> None:
    assert header_path_accuracy(change(), GOLD) == 1.0
    assert header_path_accuracy(change(r1c1="新放"), GOLD) == 0.5
    assert header_path_accuracy(change(r0c1="上年"), GOLD) == 0.0
    assert header_path_accuracy(change(r2c1="6"), GOLD) == 0.75


def test_headings_that_changed_places_are_seen() -> None:
    """What TEDS takes for two small errors of text puts all values under the wrong heading."""
    assert header_path_accuracy(change(r1c1="结转", r1c2="新收"), GOLD) == 0.0


def test_rows_that_changed_places_with_their_labels_are_right() -> None:
    swapped = change(r2c0="乙", r2c1="7", r2c2="9", r3c0="甲", r3c1="5", r3c2="0")
    assert header_path_accuracy(swapped, GOLD) == 1.0


def test_values_that_gold_does_not_have_count_below_the_line() -> None:
    longer = grid_table([*change().cells, *(GridCell(4, 5, c, c + 1, "1") for c in range(3))])
    assert header_path_accuracy(longer, GOLD) == pytest.approx(4 / 7)


def test_a_table_without_values_has_nothing_to_measure() -> None:
    heads = simple("a|b", heads=1)
    assert header_path_accuracy(heads, heads) == 0.0


def test_headings_misread_in_part_can_be_forgiven_but_no_other_heading_and_no_place() -> None:
    truth = grid_table(
        [
            *(replace(cell, text=LONG.get(cell.text, cell.text)) for cell in GOLD.cells),
        ]
    )

    def loosely(**texts: str) -> float:
        read = grid_table(
            GridCell(*cell.span, texts.get(f"r{cell.row0}c{cell.col0}", cell.text)) for cell in truth.cells
        )
        return header_path_accuracy(with_known_headings(read, truth), truth)

    assert loosely() == 1.0
    assert loosely(r1c1="新收申晴") == 1.0  # one character of four
    assert loosely(r1c1="放收申晴") == 0.5  # two of four
    assert loosely(r1c1="结转申请", r1c2="新收申请") == 0.0
    assert loosely(r2c1="新收申请") == 0.75  # a value is no heading


LONG = {"新收": "新收申请", "结转": "结转申请"}


def test_one_cell_cut_in_two_is_one_lost_and_two_invented() -> None:
    merged = grid_table([GridCell(0, 1, 0, 2, "x"), GridCell(1, 2, 0, 2)])
    cut = grid_table([GridCell(0, 1, 0, 1, "x"), GridCell(0, 1, 1, 2), GridCell(1, 2, 0, 2)])
    assert span_matches(cut, merged) == Matches(1, 2, 3)
    assert span_matches(cut, merged).f1 == pytest.approx(2 / 5)
