"""Ruled tables from pictures: structure exact on drawn tables, whatever was done to the picture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from drawing import DrawnTable, as_page, curled, draw_table, full_grid, noisy, turned, write_centred
from fakes import ReplayEngine
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from extractors.document import GrayImage
from extractors.tables.grid import tile
from extractors.tables.gridlines import GridLines, without_idle_lines
from extractors.tables.lines import Piece, accept
from extractors.tables.raster import Outlined, line_crop, outline_tables, read_tables
from extractors.tables.rulings import find_rulings

HEADER = [(0, 3, 0, 2), (0, 1, 2, 6), (1, 3, 2, 3), (1, 2, 3, 5), (1, 3, 5, 6), (2, 3, 3, 4), (2, 3, 4, 5)]
FORM = [*HEADER, (3, 4, 0, 2), (4, 9, 0, 1)]
FORM += [(r, r + 1, 1, 2) for r in range(4, 9)] + [
    (r, r + 1, c, c + 1) for r in range(3, 9) for c in range(2, 6)
]
WIDTHS = [120, 260, 90, 90, 90, 90]
HEIGHTS = [50, 50, 60, 38, 38, 38, 38, 38, 38]


def spans_of(found: Outlined) -> list[tuple[int, int, int, int]]:
    return sorted(tuple(cell.span[:4]) for cell in found.cells)


def only_table(image: GrayImage) -> Outlined:
    tables = outline_tables(as_page(image))
    assert len(tables) == 1
    return tables[0]


@pytest.fixture(scope="module")
def form() -> DrawnTable:
    texts = {(r, c): str(3 * r + c) for r in range(3, 9) for c in range(2, 6)} | {
        (3, 0): "first label of a row"
    }
    return draw_table(FORM, WIDTHS, HEIGHTS, texts)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda image: image, id="as-drawn"),
        pytest.param(lambda image: noisy(image, 8.0), id="noise"),
        pytest.param(lambda image: turned(image, 0.4), id="left-over-skew"),
        pytest.param(lambda image: curled(image, 10.0), id="curl"),
        pytest.param(lambda image: noisy(curled(image, -8.0), 6.0), id="curl-and-noise"),
        pytest.param(lambda image: cv2.GaussianBlur(image, (0, 0), 1.2), id="blur"),
        pytest.param(lambda image: np.where(image > 128, 255, 0).astype(np.uint8), id="one-bit"),
    ],
)
def test_merged_cells_come_out_exactly(form: DrawnTable, spoil) -> None:
    assert spans_of(only_table(spoil(form.image))) == sorted(form.spans)


def test_faded_stretches_of_rulings_do_not_merge_cells(form: DrawnTable) -> None:
    """A fifth of the picture's columns and rows is blanked in thin strips, as drop-outs of a worn scanner do."""
    image = form.image.copy()
    for x in range(70, image.shape[1], 35):
        image[:, x : x + 4] = 255
    assert spans_of(only_table(image)) == sorted(form.spans)


def test_the_feet_of_a_bold_line_of_a_label_are_no_ruling() -> None:
    """Bold characters set close: their level feet make one line from border to border, with ink on one side only."""
    table = draw_table(full_grid(3, 3), [420, 90, 90], [60, 70, 60])
    image = table.image.copy()
    left, foot = table.xs[0] + 5, table.ys[1] + 34
    for x in range(left, table.xs[1] - 30, 26):
        cv2.rectangle(image, (x, foot - 3), (x + 22, foot), 0, cv2.FILLED)
        for bar in (1, 9, 17):
            cv2.rectangle(image, (x + bar, foot - 22), (x + bar + 4, foot), 0, cv2.FILLED)
    assert spans_of(only_table(image)) == sorted(table.spans)


def test_strokes_of_text_are_no_rulings() -> None:
    """A row of characters whose strokes line up across cells, and a stack of strokes that line up down a cell."""
    table = draw_table([(0, 1, 0, 2), (1, 2, 0, 1), (1, 2, 1, 2)], [300, 300], [80, 200])
    image = table.image.copy()
    for n, x in enumerate(
        range(80, 600, 34)
    ):  # a line of bold characters: strokes one after the other, nearly level
        for y in (88, 96, 104):
            level = y + (0, 2, 1, -2, -1)[n % 5]
            cv2.rectangle(image, (x, level), (x + 28, level + 3), 0, cv2.FILLED)
        cv2.rectangle(image, (x + 12, 84), (x + 15, 112), 0, cv2.FILLED)
    for n, y in enumerate(range(150, 320, 34)):  # a stack of characters, their upright strokes nearly in line
        for x in (190, 199, 208, 217):
            place = x + (0, 1, -1, 2, -2)[n % 5]
            cv2.rectangle(image, (place, y), (place + 2, y + 28), 0, cv2.FILLED)
        cv2.rectangle(image, (188, y + 12), (219, y + 15), 0, cv2.FILLED)
    assert spans_of(only_table(image)) == sorted(table.spans)


def test_a_double_ruling_is_one_line() -> None:
    table = draw_table(full_grid(3, 3), [150] * 3, [60] * 3)
    image = table.image.copy()
    for y in table.ys:
        cv2.line(image, (table.xs[0], y + 6), (table.xs[-1], y + 6), 0, 2)
    assert spans_of(only_table(image)) == sorted(table.spans)


def test_shaded_bands_keep_their_edges() -> None:
    table = draw_table(
        [(0, 1, 0, 3), *((r, r + 1, c, c + 1) for r in (1, 2) for c in range(3))], [180] * 3, [60] * 3
    )
    image = table.image.copy()
    band = image[table.ys[0] + 2 : table.ys[1] - 1, table.xs[0] + 2 : table.xs[3] - 1]
    band[:] = 190
    assert spans_of(only_table(image)) == sorted(table.spans)


@pytest.mark.parametrize("side", ["top", "bottom"])
def test_a_border_cut_by_a_page_break_is_open(side: str) -> None:
    table = draw_table(full_grid(4, 3), [160] * 3, [60] * 4)
    image = table.image.copy()
    y = table.ys[0] if side == "top" else table.ys[-1]
    for x0, x1 in zip(table.xs, table.xs[1:], strict=False):
        image[y - 3 : y + 4, x0 + 3 : x1 - 2] = 255
    found = only_table(image)
    assert found.grid.shape == (4, 3)
    assert (found.grid.open_top, found.grid.open_bottom) == (side == "top", side == "bottom")


def without_sides(table: DrawnTable) -> GrayImage:
    """The table's picture with its left and right border taken off."""
    image = table.image.copy()
    for x, inside in ((table.xs[0], 2), (table.xs[-1], -2)):
        for y0, y1 in zip(table.ys, table.ys[1:], strict=False):
            image[y0 + 3 : y1 - 2, min(x - 3, x + inside) : max(x + 4, x + inside)] = 255
    return image


def test_two_columns_without_side_borders_are_a_table() -> None:
    """One upright ruling, and half of all upright edges not printed: the rows after a band of table 2."""
    table = draw_table(full_grid(3, 2), [300, 700], [50] * 3)
    found = only_table(without_sides(table))
    assert found.grid.open_sides
    assert found.grid.shape == (3, 2)


def test_a_merged_cell_at_an_open_side_keeps_its_column() -> None:
    """Six of eight rulings end at its inner border: the first column shows in the other two alone."""
    spans = [(0, 6, 0, 1), *((r, r + 1, c, c + 1) for r in range(6) for c in range(1, 4))]
    spans += [(6, 7, 0, 2), (6, 7, 2, 3), (6, 7, 3, 4)]
    table = draw_table(spans, [110, 300, 90, 90], [44] * 7)
    image = without_sides(table)
    image[table.ys[0] - 3 : table.ys[0] + 4, : table.xs[1] - 2] = 255  # a page break above
    assert spans_of(only_table(image)) == sorted(spans)


def test_a_shaded_band_at_open_sides_closes_no_other_row() -> None:
    """Its shade ends where the borders would be, and the columns end there for the rows as well.

    The band itself may be a heading between two tables for all the rulings know: the form's words tell when joining.
    """
    spans = [(0, 1, 0, 3), *((r, r + 1, c, c + 1) for r in (1, 2, 3) for c in range(3))]
    table = draw_table(spans, [180] * 3, [60, 40, 40, 40])
    image = without_sides(table)
    image[table.ys[0] + 2 : table.ys[1] - 1, table.xs[0] : table.xs[3] + 1] = 190
    found = only_table(image)
    assert spans_of(found) == [(r, r + 1, c, c + 1) for r in range(3) for c in range(3)]
    assert found.grid.open_sides


def test_both_strokes_of_a_double_frame_are_taken_out() -> None:
    """The inner one, a row high beside each value, would read as a 1."""
    table = draw_table(full_grid(3, 3), [150] * 3, [60] * 3)
    image = table.image.copy()
    cv2.rectangle(image, (table.xs[0] + 8, table.ys[0] + 8), (table.xs[-1] - 8, table.ys[-1] - 8), 0, 2)
    cv2.rectangle(image, (table.xs[0] + 3, table.ys[0] + 3), (table.xs[-1] - 3, table.ys[-1] - 3), 255, 3)
    for y in table.ys[:-1]:  # worn: a third of the right side is gone
        image[y + 4 : y + 24, table.xs[-1] - 12 : table.xs[-1] - 5] = 255
    found = only_table(image)
    assert spans_of(found) == sorted(table.spans)
    assert all(cell.blank and not cell.doubt for cell in found.cells)


def test_a_thick_frame_is_a_ruling() -> None:
    table = draw_table(full_grid(3, 3), [150] * 3, [60] * 3)
    image = table.image.copy()
    cv2.rectangle(image, (table.xs[0], table.ys[0]), (table.xs[-1], table.ys[-1]), 0, 12)  # 4.5 pt at 200 dpi
    found = only_table(image)
    assert spans_of(found) == sorted(table.spans)
    assert all(cell.blank for cell in found.cells)


@pytest.mark.parametrize("side", ["top", "bottom"])
@pytest.mark.parametrize("sides", [True, False])
def test_a_lone_low_row_cut_off_by_a_page_break_is_a_table(side: str, sides: bool) -> None:
    """One ruling across and uprights too short to be lines by themselves."""
    table = draw_table(full_grid(1, 8), [600, *[90] * 7], [44], {(0, 3): "7"})
    image = table.image.copy() if sides else without_sides(table)
    y = table.ys[0] if side == "top" else table.ys[-1]
    for x0, x1 in zip(table.xs, table.xs[1:], strict=False):
        image[y - 3 : y + 4, x0 + 3 : x1 - 2] = 255
    found = only_table(image)
    assert found.grid.shape == (1, 8)
    assert (found.grid.open_top, found.grid.open_bottom) == (side == "top", side == "bottom")
    assert [cell.span.col0 for cell in found.cells if not cell.blank] == [3]


def test_strokes_of_underlined_text_are_no_columns() -> None:
    image = np.full((300, 1000), 255, dtype=np.uint8)
    cv2.line(image, (60, 140), (900, 140), 0, 2)
    for n, x in enumerate(range(80, 880, 60)):  # strokes that stand on the ruling, each as long as it likes
        cv2.line(image, (x, 105 - 5 * (n * 5 % 14)), (x, 140), 0, 3)
        cv2.line(image, (x, 120), (x + 30, 120), 0, 3)
    assert outline_tables(as_page(image)) == ()


def test_a_stroke_of_the_line_above_a_table_is_no_row() -> None:
    """It begins and ends where two columns would cross it, did they not begin further down."""
    rulings = find_rulings(np.full((400, 600), 255, dtype=np.uint8), 200.0)
    columns = [Piece(float(x), 100.0, 300.0) for x in (50, 200, 350, 500)]
    rows = [Piece(100.0, 50.0, 500.0), Piece(300.0, 50.0, 500.0)]
    worn = [
        Piece(200.0, 50.0, 120.0),
        Piece(200.0, 150.0, 200.0),
    ]  # inside the table pieces on columns do count
    ys, _ = accept([*rows, *worn, Piece(60.0, 200.0, 350.0)], columns, rulings)
    assert list(ys) == [100, 200, 300]


def test_what_is_no_table_is_none() -> None:
    image = np.full((800, 800), 255, dtype=np.uint8)
    cv2.line(image, (100, 100), (700, 100), 0, 2)  # an underlined heading
    cv2.circle(image, (400, 400), 120, 0, 6)  # a seal in grey
    cv2.rectangle(image, (50, 600), (300, 760), 0, 2)  # a text box: one cell
    assert outline_tables(as_page(image)) == ()


def test_blank_is_decided_by_ink_and_a_thin_one_is_ink() -> None:
    table = draw_table(full_grid(2, 4), [160] * 4, [60, 60])
    image = table.image.copy()
    middle = (table.ys[0] + table.ys[1]) // 2
    cv2.line(image, (table.xs[0] + 60, middle - 10), (table.xs[0] + 60, middle + 10), 0, 2)  # 1
    cv2.line(image, (table.xs[1] + 50, middle), (table.xs[1] + 70, middle), 0, 2)  # -
    image[middle : middle + 2, table.xs[2] + 60 : table.xs[2] + 62] = 0  # a speck of dust
    blanks = {cell.span.col0: cell.blank for cell in only_table(image).cells if cell.span.row0 == 0}
    assert blanks == {0: False, 1: False, 2: True, 3: True}


def test_a_digit_that_touches_a_ruling_is_not_lost() -> None:
    """A 1 flush with the ruling may be taken for its remains, but then the cell must be doubted."""
    table = draw_table(full_grid(2, 2), [200] * 2, [60, 60])
    image = table.image.copy()
    cv2.line(image, (table.xs[1] + 4, table.ys[0] + 18), (table.xs[1] + 4, table.ys[0] + 42), 0, 2)
    cell = next(cell for cell in only_table(image).cells if cell.span[:4] == (0, 1, 1, 2))
    assert cell.doubt or not cell.blank


def test_text_lines_of_a_cell_are_told_apart() -> None:
    table = draw_table(full_grid(2, 2), [300, 60], [160, 60], {})
    image = table.image.copy()
    for y in (100, 150, 190):
        cv2.putText(image, "label text", (80, y), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 0, 2)
    cell = next(cell for cell in only_table(image).cells if cell.span[:4] == (0, 1, 0, 1))
    assert len(cell.lines) == 3
    assert all(a.y1 <= b.y0 for a, b in zip(cell.lines, cell.lines[1:], strict=False))


@st.composite
def tilings(draw: st.DrawFn) -> tuple[int, int, list[tuple[int, int, int, int]]]:
    """A random guillotine tiling: cut a grid again and again, every line of it somewhere used."""
    n_rows, n_cols = draw(st.integers(2, 5)), draw(st.integers(2, 5))

    def cut(row0: int, row1: int, col0: int, col1: int) -> list[tuple[int, int, int, int]]:
        if (row1 - row0) * (col1 - col0) == 1 or (row1 - row0 < n_rows and draw(st.integers(0, 3)) == 0):
            return [(row0, row1, col0, col1)]
        if col1 - col0 == 1 or (row1 - row0 > 1 and draw(st.booleans())):
            at = draw(st.integers(row0 + 1, row1 - 1))
            return cut(row0, at, col0, col1) + cut(at, row1, col0, col1)
        at = draw(st.integers(col0 + 1, col1 - 1))
        return cut(row0, row1, col0, at) + cut(row0, row1, at, col1)

    return n_rows, n_cols, cut(0, n_rows, 0, n_cols)


@settings(max_examples=25, deadline=None)
@given(tilings(), st.integers(0, 1000))
def test_random_tilings_are_rebuilt(tiling, seed: int) -> None:
    n_rows, n_cols, spans = tiling
    used_rows = sorted({edge for s in spans for edge in s[:2]})
    used_cols = sorted({edge for s in spans for edge in s[2:]})
    assume(len(used_rows) > 2 and len(used_cols) > 2)  # a single row or column is a frame around text
    table = draw_table(spans, [110] * n_cols, [60] * n_rows)
    expected = sorted(
        (used_rows.index(a), used_rows.index(b), used_cols.index(c), used_cols.index(d))
        for a, b, c, d in spans
    )
    assert spans_of(only_table(noisy(table.image, 4.0, seed))) == expected


def test_a_line_at_which_no_cell_ends_is_none() -> None:
    """A page break joins on the rows of a header: a line that parts nothing must not make it one row higher."""
    lone = GridLines(
        np.array([0.0, 50, 100]),
        np.array([0.0, 20, 40, 60]),
        np.array([[1, 1], [0.1, 0.2], [1, 1], [1, 1]]),
        np.ones((3, 3)),
        open_top=False,
        open_bottom=False,
    )
    grid, spans = without_idle_lines(lone, tile(lone.h_support, lone.v_support))
    assert list(grid.ys) == [0, 40, 60]
    assert [span[:4] for span in spans] == [(0, 1, 0, 1), (0, 1, 1, 2), (1, 2, 0, 1), (1, 2, 1, 2)]
    assert (grid.h_support.shape, grid.v_support.shape) == ((3, 2), (2, 3))


def test_print_that_shines_through_is_no_answer_but_a_doubt() -> None:
    table = draw_table(
        full_grid(2, 3), [200] * 3, [60, 60], {(0, 0): "12", (1, 0): "7", (1, 1): "40", (1, 2): "3"}
    )
    image = table.image.copy()
    ghost = np.full_like(image, 255)
    write_centred(ghost, "88", (table.xs[1] + table.xs[2]) // 2, (table.ys[0] + table.ys[1]) // 2, 0.8)
    image = np.minimum(image, 255 - (255 - ghost) // 7)
    cell = next(cell for cell in only_table(image).cells if cell.span[:4] == (0, 1, 1, 2))
    assert cell.blank
    assert cell.doubt


def test_a_hyphen_is_shown_at_the_height_of_the_characters() -> None:
    """Cut out by its own ink and blown up, it would look like any stroke."""
    table = draw_table(full_grid(2, 2), [300] * 2, [60, 60], {(0, 0): "some label", (1, 0): "other label"})
    image = table.image.copy()
    middle = (table.ys[0] + table.ys[1]) // 2
    cv2.rectangle(image, (table.xs[1] + 140, middle - 2), (table.xs[1] + 150, middle + 1), 0, cv2.FILLED)
    found = only_table(image)
    cell = next(cell for cell in found.cells if cell.span[:4] == (0, 1, 1, 2))
    crop = line_crop(found.clean.image, cell.lines[0], cell)
    assert crop.shape[0] >= cell.size
    assert crop.shape[0] < cell.box.height


def test_a_digit_wider_than_high_is_doubted() -> None:
    """What is left of a dash on a fax may read as a 1, and surely so; its ink says otherwise."""
    table = draw_table(full_grid(1, 2), [300] * 2, [60])
    image = table.image.copy()
    for x, (width, height) in ((140, (12, 5)), (440, (3, 20))):
        cv2.rectangle(image, (60 + x, 90 - height // 2), (60 + x + width, 90 + height // 2), 0, cv2.FILLED)
    page = as_page(image)
    (fragment,) = read_tables(outline_tables(page), page, ReplayEngine(["1", "1"]))
    flat, upright = sorted(fragment.table.cells, key=lambda cell: cell.col0)
    assert (flat.text, upright.text) == ("1", "1")
    assert flat.reading.confidence <= 0.5 < upright.reading.confidence


def test_a_minus_read_at_any_length_is_a_minus() -> None:
    """How long a dash is, its crop cannot tell; before a number it is the sign."""
    table = draw_table(full_grid(1, 2), [300] * 2, [60], {(0, 0): "-900", (0, 1): "-900"})
    page = as_page(table.image)
    (fragment,) = read_tables(outline_tables(page), page, ReplayEngine(["—900", "-900"]))
    assert [cell.text for cell in fragment.table.cells] == ["-900", "-900"]
    assert all(cell.reading.candidates[0][0] == "-900" for cell in fragment.table.cells)


def two_tables_and_a_heading(streak: int | None) -> GrayImage:
    """Two tables of one width, 90 pixels apart, with a line of text between; a scanner's streak at x = `streak`."""
    upper = draw_table(full_grid(4, 4), [150, 120, 120, 150], [40] * 4).image
    lower = draw_table(full_grid(5, 6), [90] * 6, [40] * 5).image
    image = np.vstack([upper[:-15], lower[15:]])
    write_centred(image, "a heading of its own", 240, upper.shape[0] - 15, 0.8)
    if streak is not None:
        image[120:300, streak : streak + 2] = 60
    return image


@pytest.mark.parametrize("streak", [505, 60], ids=["through a column", "on the left border"])
def test_a_streak_does_not_join_two_tables_over_the_heading_between_them(streak: int) -> None:
    plain = outline_tables(as_page(two_tables_and_a_heading(None)))
    streaked = outline_tables(as_page(two_tables_and_a_heading(streak)))
    assert [table.grid.shape[0] for table in plain] == [4, 5]
    assert [table.grid.shape[0] for table in streaked] == [4, 5]
    assert streaked[0].grid.ys[-1] < 240


def test_a_row_with_worn_borders_stays_in_its_table(form: DrawnTable) -> None:
    """Both borders of one row are gone; more than one ruling stands in it all the same."""
    image = form.image.copy()
    top, bottom = form.ys[5] + 4, form.ys[6] - 3
    for x in (form.xs[0], form.xs[-1]):
        image[top:bottom, x - 4 : x + 5] = 255
    assert spans_of(only_table(image)) == sorted(form.spans)
