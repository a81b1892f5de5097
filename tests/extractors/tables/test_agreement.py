"""Two readers of one text layer: when their difference is one of borders only, and when it is real."""

import pytest

from extractors.document import Glyph
from extractors.geometry import Box
from extractors.tables.agreement import AGREED, DISPUTED, MOVED, UNCHECKED, agreement, keeps_clear
from extractors.tables.grid import Span

A, B, C = (Span(0, 1, col, col + 1, 1.0) for col in range(3))
FAR = Span(5, 6, 5, 6, 1.0)


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        pytest.param("\uff11\uff12", "12\n", AGREED, id="width-and-breaks-do-not-count"),
        pytest.param("12", "13", DISPUTED, id="another-figure"),
        pytest.param("12", "21", DISPUTED, id="figures-in-another-order"),
        pytest.param("", "7", DISPUTED, id="ours-is-empty"),
        pytest.param("7", "", DISPUTED, id="theirs-is-empty"),
        pytest.param("结果维持", "结维果持", MOVED, id="a-label-in-another-order"),
        pytest.param("1\ufffd", "1\ufffd", DISPUTED, id="both-read-an-unnamed-character"),
        pytest.param("\ue001", "\ue001", DISPUTED, id="private-use"),
    ],
)
def test_one_cell(mine: str, theirs: str, expected: float) -> None:
    assert agreement({A: mine}, {A: theirs}, lambda _: True) == {A: expected}


def test_two_neighbours_run_together_by_the_other_reader_are_still_sure() -> None:
    found = agreement({A: "12", B: "34", C: "5"}, {A: "1234", B: "", C: "5"}, lambda _: True)
    assert found == {A: MOVED, B: MOVED, C: AGREED}


def test_but_not_where_our_own_characters_come_near_the_border() -> None:
    found = agreement({A: "12", B: "34"}, {A: "1234", B: ""}, lambda _: False)
    assert found == {A: DISPUTED, B: DISPUTED}


def test_a_figure_cut_in_two_by_the_other_reader_is_disputed() -> None:
    found = agreement({A: "1234", B: ""}, {A: "12", B: "34"}, lambda _: True)
    assert found[A] == DISPUTED


def test_cells_far_apart_do_not_make_up_for_each_other() -> None:
    found = agreement({A: "12", FAR: "34"}, {A: "34", FAR: "12"}, lambda _: True)
    assert found == {A: DISPUTED, FAR: DISPUTED}


def test_one_reader_alone_is_believed_a_little_less() -> None:
    assert agreement({A: "1", B: "\ufffd"}, None, lambda _: True) == {A: UNCHECKED, B: DISPUTED}


@pytest.mark.parametrize(
    ("x0", "other", "expected"),
    [
        pytest.param(20.0, 60.0, True, id="apart"),
        pytest.param(35.0, 60.0, False, id="across-the-border"),
        pytest.param(29.0, 41.0, False, id="running-on"),
        pytest.param(29.0, 50.0, True, id="at-the-border-alone"),
    ],
)
def test_keeping_clear_of_the_border(x0: float, other: float, expected: bool) -> None:
    cell = Box(0, 0, 40, 20)
    mine = Glyph("1", Box(x0, 5, x0 + 10, 15), size=10.0)
    theirs = Glyph("2", Box(other, 5, other + 8, 15), size=10.0)
    assert keeps_clear([mine], cell, [mine, theirs]) == expected
