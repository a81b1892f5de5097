"""Grids from rulings that are not where one looks for them, and from strokes of text that nearly are rulings."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest
from drawing import as_page, draw_table, full_grid

from extractors.document import GrayImage
from extractors.tables.raster import Outlined, outline_tables

PITCH = 44  # pixels from row to row


def only_table(image: GrayImage) -> Outlined:
    tables = outline_tables(as_page(image))
    assert len(tables) == 1
    return tables[0]


def spans_of(found: Outlined) -> list[tuple[int, int, int, int]]:
    return sorted(tuple(cell.span[:4]) for cell in found.cells)


@pytest.mark.parametrize("gap", [3, 4, 5])
def test_upright_strokes_that_nearly_fill_their_row_are_no_columns(gap: int) -> None:
    """As of characters in rows set without space above and below: breaks so small are closed in worn rulings."""
    table = draw_table(full_grid(6, 3), [200, 200, 200], [PITCH] * 6)
    for row in range(6):
        for x in (table.xs[0] + 40 + 23 * row, table.xs[1] + 170 - 19 * row, table.xs[2] + 60 + 17 * row):
            cv2.line(table.image, (x, table.ys[row] + gap + 1), (x, table.ys[row + 1] - gap - 1), 0, 2)
    assert spans_of(only_table(table.image)) == sorted(table.spans)


@pytest.mark.parametrize("shift", [4, 7, 10])
def test_a_column_whose_ruling_stands_elsewhere_in_every_other_row_is_one_column(shift: int) -> None:
    """A word processor shifts the rulings of rows with other margins; the position between them is nobody's."""
    xs, heights, image = (60, 300, 540, 780), [40] * 8, np.full((440, 840), 255, np.uint8)
    for row in range(8):
        top, moved = 60 + 40 * row, (row // 2 % 2) * shift
        for left, right in pairwise(xs):
            inner = [x + moved if x in xs[1:-1] else x for x in (left, right)]
            cv2.rectangle(image, (inner[0], top), (inner[1], top + heights[row]), 0, 2)
        cv2.putText(image, "7", (xs[1] + 14, top + 31), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 0, 2)
    found = only_table(image)
    assert spans_of(found) == full_grid(8, 3)
    inked = {(cell.span.row0, cell.span.col0) for cell in found.cells if not cell.blank}
    assert inked == {(row, 1) for row in range(8)}, "a piece of ruling was left in a cell"


def test_what_runs_over_a_ruling_is_doubted_on_both_sides() -> None:
    table = draw_table(full_grid(5, 3), [120] * 3, [40] * 5, {(3, 2): "8"})
    x, y = table.xs[1], table.ys[2]
    tick = np.array([[x - 40, y + 8], [x + 10, y + 30], [x + 50, y - 20]], np.int32)
    cv2.polylines(table.image, [tick], False, 0, 3)
    doubted = {(c.span.row0, c.span.col0) for c in only_table(table.image).cells if c.doubt and not c.blank}
    assert {(2, 0), (2, 1), (1, 1)} <= doubted
    assert (3, 2) not in doubted
