"""Ink of a cell that its reading does not account for makes the cell doubtful, if it could have been a character."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from drawing import as_page, draw_table, full_grid, write_centred
from fakes import ReplayEngine

from extractors.document import GrayImage
from extractors.geometry import Box
from extractors.ocr.engine import Lattice
from extractors.tables.cuts import with_doubted_cuts
from extractors.tables.grid import Span
from extractors.tables.gridlines import GridLines
from extractors.tables.ink import CellInk
from extractors.tables.raster import outline_tables, read_tables
from extractors.tables.rulings import Mask
from extractors.tables.unread import has_unread_ink


def doubts(image: GrayImage) -> dict[tuple[int, int], bool]:
    (table,) = outline_tables(as_page(image))
    return {(cell.span.row0, cell.span.col0): cell.doubt for cell in table.cells}


def page_of_numbers() -> tuple[GrayImage, int, int]:
    """A table of numbers, its picture and the middle of its first cell."""
    texts = {(0, 0): "1900", (0, 1): "1900", (1, 0): "2612", (1, 1): "405"}
    table = draw_table(full_grid(2, 2), [300] * 2, [60, 60], texts)
    return table.image.copy(), (table.xs[0] + table.xs[1]) // 2, (table.ys[0] + table.ys[1]) // 2


def test_clean_numbers_are_not_doubted() -> None:
    image, _, _ = page_of_numbers()
    assert not any(doubts(image).values())


@pytest.mark.parametrize(("away", "doubted"), [(45, True), (110, False)])
def test_a_faint_character_left_out_is_doubted_where_it_could_belong(away: int, doubted: bool) -> None:
    image, x, y = page_of_numbers()
    ghost = np.full_like(image, 255)
    write_centred(ghost, "8", x - away, y, 0.6)
    found = doubts(np.minimum(image, 255 - (255 - ghost) // 4))
    assert found.pop((0, 0)) is doubted
    assert not any(found.values())


def test_a_character_broken_into_specks_is_doubted() -> None:
    image, x, y = page_of_numbers()
    for down in range(-9, 10, 4):
        image[y + down : y + down + 2, x - 45 : x - 43] = 0
    found = doubts(image)
    assert found.pop((0, 0))
    assert not any(found.values())


def test_dust_is_not_doubted() -> None:
    image, x, y = page_of_numbers()
    for across, down in ((-100, -15), (-80, 12), (90, 2)):
        image[y + down : y + down + 2, x + across : x + across + 2] = 0
    cv2.circle(image, (x - 110, y), 2, 150, cv2.FILLED)
    assert not any(doubts(image).values())


def cell(row: int, col: int, *lines: Box) -> CellInk:
    box = Box(100.0 * col, 40.0 * row, 100.0 * col + 100, 40.0 * row + 40)
    return CellInk(Span(row, row + 1, col, col + 1, 1.0), box, 0.1, not lines, lines, size=20.0)


def grid(*ruled: bool) -> GridLines:
    """Two columns; `ruled`: in which rows the line between them is."""
    rows = len(ruled)
    upright = np.array([[1.0, float(there), 1.0] for there in ruled])
    at = np.arange(rows + 1) * 40.0
    return GridLines(np.array([0.0, 100.0, 200.0]), at, np.ones((rows + 1, 2)), upright, False, False)


def text(x0: float, x1: float, row: int) -> Box:
    return Box(x0, 40.0 * row + 10, x1, 40.0 * row + 30)


@pytest.mark.parametrize(
    ("ruled", "gap", "doubted"),
    [
        pytest.param((False, True, False), 18.0, True, id="a stroke of a character"),
        pytest.param((False, True, False), 30.0, False, id="two cells with their padding"),
        pytest.param((True, True, False), 18.0, False, id="a ruling that goes on"),
        pytest.param((True,), 18.0, False, id="a lone row"),
    ],
)
def test_a_text_cut_by_a_line_is_doubted_on_both_sides(
    ruled: tuple[bool, ...], gap: float, doubted: bool
) -> None:
    row = len(ruled) // 2
    cells = [cell(row, 0, text(60, 95, row)), cell(row, 1, text(95 + gap, 170, row))]
    assert [one.doubt for one in with_doubted_cuts(cells, grid(*ruled))] == [doubted, doubted]


def test_texts_of_different_lines_are_not_one() -> None:
    cells = [cell(1, 0, Box(60, 40, 95, 55)), cell(1, 1, Box(105, 60, 170, 78))]
    assert not any(one.doubt for one in with_doubted_cuts(cells, grid(False, True, False)))


def strokes(*at: tuple[int, int, int]) -> Mask:
    """Ink in a line 20 pixels high: per stroke its x, width and height."""
    marks = np.zeros((20, 200), dtype=np.uint8)
    for x, width, height in at:
        marks[20 - height :, x : x + width] = 255
    return marks


@pytest.mark.parametrize(
    ("beside", "unread"),
    [
        pytest.param((10, 15, 18), True, id="a character not read"),
        pytest.param((60, 15, 18), False, id="as near as the places of characters are sure"),
        pytest.param((10, 4, 4), False, id="a point"),
        pytest.param((170, 15, 18), True, id="on the right"),
    ],
)
def test_ink_beside_all_that_was_read_is_doubted(beside: tuple[int, int, int], unread: bool) -> None:
    marks = strokes((85, 10, 20), (105, 10, 20), beside)
    assert has_unread_ink(marks, 5.0, [(88.0, 102.0), (108.0, 122.0)], 20.0) is unread


def test_a_value_with_a_part_unread_is_no_sure_value() -> None:
    table = draw_table(full_grid(1, 2), [300] * 2, [60], {(0, 0): "88   26", (0, 1): "26"})
    page = as_page(table.image)
    outlined = outline_tables(page)
    (fragment,) = read_tables(outlined, page, RightHandEngine())
    confidence = {cell.col0: cell.reading.confidence for cell in fragment.table.cells}
    assert confidence[0] <= 0.5 < 0.9 < confidence[1]


class RightHandEngine(ReplayEngine):
    """Reads 26 at the right end of every crop and nothing else."""

    def __init__(self) -> None:
        super().__init__([])

    def recognise(self, crops: Sequence[GrayImage]) -> tuple[Lattice, ...]:
        alphabet = ("", "2", "6")
        found = []
        for crop in crops:
            ids = np.zeros((20, 1), dtype=np.int32)
            step = crop.shape[1] / 20
            back = 0.6 * crop.shape[0] / step
            for index, places in ((1, 1.5), (2, 0.8)):
                ids[int(20 - places * back), 0] = index
            found.append(Lattice(ids, np.ones((20, 1), dtype=np.float32), alphabet, step))
        return tuple(found)
