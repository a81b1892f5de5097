"""Evidence of vector rulings on a grid: shares of unit edges, slivers, lines that the grid lacks."""

import numpy as np
import pytest

from extractors.document import Segment
from extractors.tables.vectors import evidence

DPI = 72.0  # a pixel is a point here
XS, YS = (0.0, 50.0, 100.0), (0.0, 20.0, 40.0)


def across(y: float, x0: float, x1: float) -> Segment:
    return Segment(x0, y, x1, y)


def down(x: float, y0: float, y1: float) -> Segment:
    return Segment(x, y0, x, y1)


FRAME = (across(0, 0, 100), across(40, 0, 100), down(0, 0, 40), down(100, 0, 40))


def test_each_unit_edge_has_its_own_share() -> None:
    found = evidence(XS, YS, [*FRAME, across(20, 50, 100), down(50, 0, 20)], DPI)
    assert found.h_support.tolist() == [[1, 1], [0, 1], [1, 1]]
    assert found.v_support.tolist() == [[1, 1, 1], [1, 0, 1]]


def test_pieces_add_up_and_do_not_count_twice() -> None:
    pieces = [across(20, 0, 15), across(20.3, 10, 25)]
    found = evidence(XS, YS, [*FRAME, *pieces], DPI)
    assert found.h_support[1, 0] == pytest.approx(0.5, abs=0.01)


def test_drawn_backwards_is_drawn() -> None:
    found = evidence(XS, YS, [Segment(100, 20, 0, 20), *FRAME], DPI)
    assert found.h_support[1].tolist() == [1, 1]


def test_slivers_become_one_line_that_takes_the_rulings_of_both() -> None:
    found = evidence(
        (0.0, 49.0, 51.0, 100.0), YS, [*FRAME, down(49, 0, 20), down(51, 20, 40), across(20, 0, 100)], DPI
    )
    assert found.xs == pytest.approx((0.0, 50.0, 100.0))
    assert found.v_support[:, 1].tolist() == [1, 1]


def test_a_ruling_from_line_to_line_that_the_grid_lacks_is_added() -> None:
    found = evidence((0.0, 100.0), YS, [*FRAME, across(20, 0, 100), down(60, 20, 40)], DPI)
    assert found.xs == pytest.approx((0.0, 60.0, 100.0))
    assert found.v_support[:, 1].tolist() == [0, 1]


def test_underlined_text_adds_no_line() -> None:
    found = evidence(XS, YS, [*FRAME, across(20, 0, 100), down(50, 0, 40), across(12, 8, 40)], DPI)
    assert found.ys == pytest.approx(YS)


def test_without_rulings_there_is_no_support() -> None:
    found = evidence(XS, YS, [], DPI)
    assert not np.any(found.h_support)
    assert not np.any(found.v_support)
    assert found.xs == XS


def test_rulings_of_the_next_table_are_not_taken_for_this_ones() -> None:
    found = evidence(XS, YS, [*FRAME, across(46, 0, 100), across(16, 0, 100)], DPI)
    assert found.ys == pytest.approx((0.0, 16.0, 20.0, 40.0))
    assert found.h_support[:, 0].tolist() == [1, 1, 0, 1]
