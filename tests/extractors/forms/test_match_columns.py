"""Columns of a rebuilt table and of the form: equal headers, odd spans, lost rulings, lost headers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from filled import BY_ID, FORMS, SURE, UNSURE, only, texts
from printed import Grid, joined, reading, rebuild, rows_of

from extractors.document import JoinedTable, Part, Table
from extractors.forms import match_tables


def test_three_equal_groups_of_table_4_stay_apart() -> None:
    table, values = only("2021", "review_litigation")
    assert texts(match_tables([table], FORMS)) == values


def test_table_4_with_empty_cells_instead_of_rowspans() -> None:
    group = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    grid = Grid(
        [
            [(1, 5, "行政复议"), (1, 10, "行政诉讼")],
            [
                *[(1, 1, text) for text in group],
                (1, 5, "未经复议直接起诉"),
                (1, 5, "复议后起诉"),
            ],
            [*[(1, 1, "")] * 5, *[(1, 1, text) for text in group * 2]],
            [(1, 1, str(100 + index)) for index in range(15)],
        ],
        [index * 60.0 for index in range(16)],
    )
    match = match_tables([rebuild(grid)], FORMS)
    layout = BY_ID["2021"].table("review_litigation").layout
    assert texts(match) == {path: str(100 + index) for index, path in enumerate(layout.paths)}
    assert min(assigned.score for assigned in match.cells.values()) > SURE


def test_slivers_of_a_word_copy() -> None:
    """The 5-column copies of table 2: spans 1-1-2-1 in the head and 1-2-1-1 in the rows below."""
    head = [(1, 1, "信息内容"), (1, 1, "上一年项目数量"), (1, 2, "本年增/减"), (1, 1, "处理决定数量")]
    grid = Grid(
        [
            [(1, 5, "第二十条第（五）项")],
            head,
            [(1, 1, "行政许可"), (1, 2, "11"), (1, 1, "+12"), (1, 1, "13")],
            [(1, 1, "其他对外管理服务事项"), (1, 2, "21"), (1, 1, "22"), (1, 1, "23")],
            [(1, 5, "第二十条第（六）项")],
            head,
            [(1, 1, "行政处罚"), (1, 2, "31"), (1, 1, "32"), (1, 1, "33")],
            [(1, 1, "行政强制"), (1, 2, "41"), (1, 1, "42"), (1, 1, "43")],
            [(1, 5, "第二十条第（八）项")],
            [(1, 1, "信息内容"), (1, 2, "上一年项目数量"), (1, 2, "本年增/减")],
            [(1, 1, "行政事业性收费"), (1, 2, "51"), (1, 2, "52")],
        ],
        [0.0, 149.0, 248.0, 250.0, 350.0, 440.0],
    )
    found = texts(match_tables([rebuild(grid)], FORMS))
    stem = "active_disclosure.art20_"
    names = ("previous_year_items", "change", "decisions")
    assert [found[f"{stem}5.administrative_licensing.{name}"] for name in names] == ["11", "+12", "13"]
    assert [found[f"{stem}6.administrative_coercion.{name}"] for name in names] == ["41", "42", "43"]
    assert [found[f"{stem}8.administrative_fees.{name}"] for name in names[:2]] == ["51", "52"]


def test_piece_that_lost_its_label_columns_is_doubted() -> None:
    """Its columns do not stand where the header's do: nothing may be assigned by habit."""
    table, values = only("2021", "applications")
    rest = rows_of(table, 16, 28, 2).table
    cells = [replace(cell, col0=cell.col0 - 2, col1=cell.col1 - 2) for cell in rest.cells if cell.col0 >= 2]
    whole = [replace(cell, col0=0, col1=cell.col1 - 2) for cell in rest.cells if cell.col0 < 2 < cell.col1]
    piece = joined(replace(rest, n_cols=8, cells=(*cells, *whole)), 2)
    match = match_tables([rows_of(table, 0, 16, 1), piece], FORMS)
    lower = {path: assigned for path, assigned in match.cells.items() if assigned.table == 1}
    assert lower
    wrong = [path for path, assigned in lower.items() if assigned.cell.text != values[path]]
    assert all(lower[path].score < UNSURE for path in wrong)


@pytest.mark.parametrize("merged", [(0, 1), (1, 2), (3, 4), (8, 9), (13, 14)])
def test_lost_ruling_between_two_columns_shifts_no_other(merged: tuple[int, int]) -> None:
    """Header and values of two columns run together: the other thirteen keep their own."""
    table, values = only("2021", "review_litigation")
    left, right = merged
    kept = [c for c in table.table.cells if c.col1 - c.col0 > 1 or c.col0 not in merged]
    for row in (1 if left < 5 else 2, 3):
        one, two = table.table.at(row, left), table.table.at(row, right)
        box = one.parts[0].box.union(two.parts[0].box)
        text = one.text + two.text
        kept.append(replace(one, col1=right + 1, reading=reading(text), parts=(Part(1, box),)))
    match = match_tables([joined(replace(table.table, cells=tuple(kept)))], FORMS)
    paths = list(values)
    others = {path: text for path, text in values.items() if paths.index(path) not in merged}
    assert {path: text for path, text in texts(match).items() if path in others} == others


def test_no_header_at_all_goes_to_review() -> None:
    table, values = only("2021", "applications")
    match = match_tables([rows_of(table, 3, 28, 1)], FORMS)
    assert texts(match) == values
    assert max(assigned.score for assigned in match.cells.values()) < UNSURE


def test_merged_value_cell_serves_two_fields_and_says_so() -> None:
    table, _ = only("2021", "review_litigation")
    cells = [cell for cell in table.table.cells if not (cell.row0 == 3 and cell.col0 in (0, 1))]
    left = table.table.at(3, 0)
    cells.append(replace(left, col1=2))
    match = match_tables([replace(table, table=replace(table.table, cells=tuple(cells)))], FORMS)
    for name in ("upheld", "corrected"):
        assert "shared_cell" in match.cells[f"review_litigation.reconsideration.{name}"].reasons


def with_stroke(table: JoinedTable, text: str) -> JoinedTable:
    """The table with one cell cut in the middle of its text, by a new column line that no other row has."""
    struck = next(cell for cell in table.table.cells if cell.text == text)
    at, half, box = struck.col0, len(text) // 2, struck.parts[0].box
    middle = (box.x0 + box.x1) / 2
    cells = []
    for cell in table.table.cells:
        if cell is struck:
            for col, part, x0, x1 in (
                (at, text[:half], box.x0, middle),
                (at + 1, text[half:], middle, box.x1),
            ):
                parts = (replace(cell.parts[0], box=replace(box, x0=x0, x1=x1)),)
                cells.append(replace(cell, col0=col, col1=col + 1, reading=reading(part), parts=parts))
        else:
            cells.append(replace(cell, col0=cell.col0 + (cell.col0 > at), col1=cell.col1 + (cell.col1 > at)))
    return joined(Table(table.table.n_rows, table.table.n_cols + 1, tuple(cells)))


@pytest.mark.parametrize("text", ["商业企业", "社会公益组织", "法律服务机构"])
def test_a_header_cut_by_a_stroke_of_its_text_leaves_no_column_in_doubt(text: str) -> None:
    table, values = only("2021", "applications")
    match = match_tables([with_stroke(table, text)], FORMS)
    assert texts(match) == values
    assert min(assigned.column_score for assigned in match.cells.values()) > SURE
