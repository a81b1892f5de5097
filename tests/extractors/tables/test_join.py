"""Tables over a page break: joined on evidence, cut labels made whole, values never glued, and all of it undone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from extractors.document import Cell, Fragment, Line, PageInfo, PageReading, Part, Reading, Table
from extractors.forms import load
from extractors.geometry import Box
from extractors.tables.join import join_tables, split

FORMS = load()
XS = (100.0, 200.0, 500.0, 900.0, 1000.0, 1100.0)
HEIGHT = 40.0
Entry = tuple[int, int, int, int, str]  # row0, row1, col0, col1, text

UPPER: list[Entry] = [
    (0, 2, 0, 1, "三、本年度办理结果"),
    (0, 2, 1, 2, "（四）无"),
    (0, 1, 2, 3, "1.本机关不掌握相关政府信息"),
    (0, 1, 3, 4, "10"),
    (0, 1, 4, 5, "10"),
    (1, 2, 2, 3, "2.没有现成信息需要另行制作"),
    (1, 2, 3, 4, "3"),
    (1, 2, 4, 5, "3"),
]
LOWER: list[Entry] = [
    (0, 2, 0, 1, ""),
    (0, 1, 1, 2, "法提供"),
    (0, 1, 2, 3, "3.补正后申请内容仍不明确"),
    (0, 1, 3, 4, "7"),
    (0, 1, 4, 5, "7"),
    (1, 2, 1, 3, "（七）总计"),
    (1, 2, 3, 4, "21"),
    (1, 2, 4, 5, "21"),
    (2, 3, 0, 3, "四、结转下年度继续办理"),
    (2, 3, 3, 4, "0"),
    (2, 3, 4, 5, "0"),
]


def fragment(
    page: int,
    entries: Sequence[Entry],
    xs: Sequence[float] = XS,
    top: float = 200.0,
    open_top: bool = False,
    open_bottom: bool = False,
) -> Fragment:
    n_rows, n_cols = max(e[1] for e in entries), max(e[3] for e in entries)
    ys = tuple(top + HEIGHT * i for i in range(n_rows + 1))
    cells = tuple(
        Cell(
            r0,
            r1,
            c0,
            c1,
            Reading(text, 0.99, (0.99,) * len(text), ((text, 0.99),)),
            (Part(page, Box(xs[c0], ys[r0], xs[c1], ys[r1])),),
            blank=not text,
        )
        for r0, r1, c0, c1, text in entries
    )
    box = Box(xs[0], ys[0], xs[-1], ys[-1])
    return Fragment(page, box, Table(n_rows, n_cols, cells), tuple(xs), ys, open_top, open_bottom)


def reading(number: int, *fragments: Fragment, lines: Sequence[tuple[float, str]] = ()) -> PageReading:
    info = PageInfo(number, "scan", 1200, 1700, 150.0, work_width=1200, work_height=1700)
    found = tuple(
        Line(number, Box(150.0, y, 150.0 + 30 * len(text), y + 30), Reading(text, 0.99, (0.99,) * len(text)))
        for y, text in lines
    )
    return PageReading(info, found, fragments)


def texts(table: Table) -> dict[tuple[int, int], str]:
    return {(cell.row0, cell.col0): cell.text for cell in table.cells}


def test_a_table_cut_by_a_page_break_is_one() -> None:
    joined = join_tables([reading(1, fragment(1, UPPER)), reading(2, fragment(2, LOWER))], FORMS)
    assert len(joined) == 1
    table = joined[0].table
    assert (table.n_rows, table.n_cols) == (5, 5)
    assert joined[0].confidence > 0.99
    assert texts(table)[0, 1] == "（四）无法提供"
    assert texts(table)[0, 0] == "三、本年度办理结果"
    assert table.at(0, 1).rowspan == 3
    assert table.at(0, 0).rowspan == 4


def test_values_on_both_sides_of_the_break_stay_two_cells() -> None:
    table = join_tables([reading(1, fragment(1, UPPER)), reading(2, fragment(2, LOWER))], FORMS)[0].table
    assert [table.at(row, 3).text for row in range(5)] == ["10", "3", "7", "21", "0"]


def test_every_cell_keeps_page_and_box_of_all_its_parts() -> None:
    table = join_tables([reading(1, fragment(1, UPPER)), reading(2, fragment(2, LOWER))], FORMS)[0].table
    assert [part.page for part in table.at(0, 1).parts] == [1, 2]
    assert [part.page for part in table.at(2, 3).parts] == [2]


def test_a_join_can_be_undone() -> None:
    fragments = fragment(1, UPPER), fragment(2, LOWER)
    joined = join_tables([reading(1, fragments[0]), reading(2, fragments[1])], FORMS)[0]
    assert tuple(part.fragments[0] for part in split(joined)) == fragments
    assert [part.table for part in split(joined)] == [f.table for f in fragments]


def test_a_heading_between_forbids_the_join() -> None:
    lower = reading(2, fragment(2, LOWER), lines=[(120.0, "四、政府信息公开行政复议、行政诉讼情况")])
    assert len(join_tables([reading(1, fragment(1, UPPER)), lower], FORMS)) == 2


def test_a_page_number_between_does_not() -> None:
    upper = reading(1, fragment(1, UPPER), lines=[(1640.0, "- 3 -")])
    assert len(join_tables([upper, reading(2, fragment(2, LOWER))], FORMS)) == 1


@pytest.mark.parametrize("shift", [40.0, -40.0])
def test_columns_that_disagree_forbid_the_join(shift: float) -> None:
    moved = (XS[0], XS[1], XS[2] + shift, XS[3] + shift, XS[4], XS[5])
    found = join_tables([reading(1, fragment(1, UPPER)), reading(2, fragment(2, LOWER, moved))], FORMS)
    assert len(found) == 2


def test_a_part_with_fewer_columns_joins() -> None:
    """The last row alone on the next page has no line between the label columns."""
    xs = (XS[0], XS[3], XS[4], XS[5])
    last = [(0, 1, 0, 1, "四、结转下年度继续办理"), (0, 1, 1, 2, "0"), (0, 1, 2, 3, "0")]
    joined = join_tables([reading(1, fragment(1, UPPER)), reading(2, fragment(2, last, xs))], FORMS)
    assert len(joined) == 1
    assert joined[0].table.at(2, 0).colspan == 3
    assert joined[0].table.at(2, 3).text == "0"


def test_a_scan_shifted_sideways_and_a_little_larger_still_joins() -> None:
    xs = tuple(60 + 1.02 * x for x in XS)
    assert len(join_tables([reading(1, fragment(1, UPPER)), reading(2, fragment(2, LOWER, xs))], FORMS)) == 1


def test_a_column_that_only_a_merged_cell_at_an_open_side_fills_is_put_back() -> None:
    """Between two page breaks no row crosses it, and without side borders nothing shows it."""
    narrow = [(r0, r1, c0 - 1, c1 - 1, text) for r0, r1, c0, c1, text in LOWER if c0 and r0 < 2]
    last: list[Entry] = [e for e in LOWER if e[0] == 2]
    pages = [
        reading(1, fragment(1, UPPER)),
        reading(2, fragment(2, narrow, XS[1:])),
        reading(3, fragment(3, [(0, 1, *e[2:]) for e in last])),
    ]
    (joined,) = join_tables(pages, FORMS)
    assert joined.table.at(0, 0).rowspan == 4
    assert texts(joined.table)[2, 2] == "3.补正后申请内容仍不明确"
    assert texts(joined.table)[4, 0] == "四、结转下年度继续办理"


@pytest.mark.parametrize("between", ["第二十条第（五）项", "三、收到和处理政府信息公开申请情况", ""])
def test_parts_of_one_page_join_over_a_band_of_the_form_alone(between: str) -> None:
    """Without side borders a band over the whole width is a line of text between two grids."""
    xs = (100.0, 400.0, 600.0, 800.0, 1000.0)
    upper: list[Entry] = [(0, 1, 0, 1, "规章"), *((0, 1, c, c + 1, "0") for c in (1, 2, 3))]
    lower: list[Entry] = [(0, 1, 0, 1, "信息内容"), (0, 1, 1, 2, "本年处理决定数量")]
    lower += [(1, 2, 0, 1, "行政许可"), (1, 2, 1, 2, "7")]
    below = fragment(1, lower, (xs[0], xs[1], xs[4]), top=300.0)
    page = reading(1, fragment(1, upper, xs), below, lines=[(255.0, between)] if between else ())
    assert len(join_tables([page], FORMS)) == (1 if between.startswith("第二十条") else 2)


def test_a_row_of_values_alone_goes_on_the_header_that_has_none() -> None:
    """Table 4 has one row of values and no label in it."""
    names = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计") * 3
    xs = [100.0 + 60 * i for i in range(16)]
    head: list[Entry] = [(0, 1, c, c + 1, name) for c, name in enumerate(names)]
    values: list[Entry] = [(0, 1, c, c + 1, str(c)) for c in range(15)]
    (joined,) = join_tables([reading(1, fragment(1, head, xs)), reading(2, fragment(2, values, xs))], FORMS)
    assert joined.table.at(1, 7).text == "7"


def test_a_header_printed_again_counts_once() -> None:
    header: list[Entry] = [
        (0, 1, 0, 3, "（本列数据的勾稽关系为）"),
        (0, 1, 3, 4, "自然人"),
        (0, 1, 4, 5, "总计"),
    ]

    def under_header(entries: Sequence[Entry]) -> list[Entry]:
        return header + [(r0 + 1, r1 + 1, c0, c1, text) for r0, r1, c0, c1, text in entries]

    pages = [reading(1, fragment(1, under_header(UPPER))), reading(2, fragment(2, under_header(LOWER)))]
    joined = join_tables(pages, FORMS)
    assert len(joined) == 1
    assert joined[0].table.n_rows == 6
    assert [part.page for part in joined[0].table.at(0, 3).parts] == [1, 2]


def test_a_header_printed_again_over_fewer_columns_counts_once() -> None:
    """The rows after the break have wide labels only, so that their part lacks a column of the header's."""
    header: list[Entry] = [(0, 1, 0, 3, "情形"), (0, 1, 3, 4, "自然人"), (0, 1, 4, 5, "总计")]
    again: list[Entry] = [(0, 1, 0, 2, "情形"), (0, 1, 2, 3, "自然人"), (0, 1, 3, 4, "总计")]
    rest: list[Entry] = [(1, 2, 0, 2, "四、结转下年度继续办理"), (1, 2, 2, 3, "5"), (1, 2, 3, 4, "5")]
    upper = header + [(r0 + 1, r1 + 1, c0, c1, text) for r0, r1, c0, c1, text in UPPER]
    xs = (XS[0], *XS[2:])
    (joined,) = join_tables(
        [reading(1, fragment(1, upper)), reading(2, fragment(2, again + rest, xs))], FORMS
    )
    assert joined.table.n_rows == 4


def test_a_row_that_comes_earlier_in_the_form_forbids_the_join() -> None:
    """A second copy of the table, on the next page, is not its continuation."""
    again = [(0, 1, 0, 3, "一、本年新收政府信息公开申请数量"), (0, 1, 3, 4, "5"), (0, 1, 4, 5, "5")]
    assert len(join_tables([reading(1, fragment(1, UPPER)), reading(2, fragment(2, again))], FORMS)) == 2


def test_a_generic_table_joins_only_where_its_border_is_open() -> None:
    def plain(page: int, word: str, **borders: bool) -> PageReading:
        rows = [(r, r + 1, c, c + 1, f"{word}{r}{c}") for r in range(3) for c in range(5)]
        return reading(page, fragment(page, rows, **borders))

    assert len(join_tables([plain(1, "甲"), plain(2, "乙")], FORMS)) == 2
    assert len(join_tables([plain(1, "甲", open_bottom=True), plain(2, "乙", open_top=True)], FORMS)) == 1


def test_blank_pages_between_do_not_part_a_table() -> None:
    pages = [reading(1, fragment(1, UPPER)), reading(2), reading(3, fragment(3, LOWER))]
    assert len(join_tables(pages, FORMS)) == 1


def test_a_row_cut_through_its_text_is_one_row() -> None:
    upper = [*UPPER[:5], (1, 2, 2, 3, "2.没有现成信息"), (1, 2, 3, 4, "3"), (1, 2, 4, 5, "3")]
    lower: list[Entry] = [
        (0, 2, 0, 1, ""),
        (0, 2, 1, 2, "法提供"),
        (0, 1, 2, 3, "需要另行制作"),
        (0, 1, 3, 4, ""),
        (0, 1, 4, 5, ""),
        (1, 2, 2, 3, "3.补正后申请内容仍不明确"),
        (1, 2, 3, 4, "7"),
        (1, 2, 4, 5, "7"),
    ]
    pages = [
        reading(1, fragment(1, upper, open_bottom=True)),
        reading(2, fragment(2, lower, open_top=True)),
    ]
    table = join_tables(pages, FORMS)[0].table
    assert table.n_rows == 3
    assert table.at(1, 2).text == "2.没有现成信息需要另行制作"
    assert [table.at(row, 3).text for row in range(3)] == ["10", "3", "7"]


def with_stroke(entries: Sequence[Entry], row: int, col: int) -> list[Entry]:
    """One cell parted by a stroke of text that was taken for a ruling: a new line `col` + 1, in `row` alone."""

    def moved(entry: Entry) -> list[Entry]:
        r0, r1, c0, c1, text = entry
        if (r0, c0) == (row, col):
            return [(r0, r1, c0, c0 + 1, text[:2]), (r0, r1, c0 + 1, c1 + 1, text[2:])]
        return [(r0, r1, c0 + (c0 > col), c1 + (c1 > col), text)]

    return [new for entry in entries for new in moved(entry)]


def test_lines_that_one_row_alone_has_do_not_part_a_table_whose_labels_go_on() -> None:
    upper = fragment(1, with_stroke(UPPER, 1, 2), (*XS[:3], 700.0, *XS[3:]))
    lower = fragment(2, with_stroke(LOWER, 0, 2), (*XS[:3], 620.0, *XS[3:]))
    (joined,) = join_tables([reading(1, upper), reading(2, lower)], FORMS)
    assert joined.table.n_cols == 7
    assert texts(joined.table)[0, 1] == "（四）无法提供"
    assert [joined.table.at(row, 6).text for row in range(5)] == ["10", "3", "7", "21", "0"]


def test_lines_that_one_row_alone_has_part_a_table_whose_labels_do_not_go_on() -> None:
    rows: list[Entry] = [(r, r + 1, c, c + 1, f"甲乙{r}{c}") for r in range(3) for c in range(5)]
    upper = fragment(1, with_stroke(rows, 1, 2), (*XS[:3], 700.0, *XS[3:]), open_bottom=True)
    lower = fragment(2, with_stroke(rows, 1, 2), (*XS[:3], 620.0, *XS[3:]), open_top=True)
    assert len(join_tables([reading(1, upper), reading(2, lower)], FORMS)) == 2


@pytest.mark.parametrize(("between", "count"), [("政府", 1), ("四、其他情况", 2)])
def test_what_a_seal_left_between_parts_no_table_and_a_heading_does(between: str, count: int) -> None:
    lower = reading(2, fragment(2, LOWER), lines=[(120.0, between)])
    assert len(join_tables([reading(1, fragment(1, UPPER)), lower], FORMS)) == count


def test_a_header_alone_goes_with_its_first_row_where_its_last_line_cannot_be_read() -> None:
    """Closed at the break; of its lowest labels a seal left nothing that is like the form's."""
    header: list[Entry] = [
        (0, 3, 0, 3, "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"),
        (0, 1, 3, 9, "申请人情况"),
        (1, 3, 3, 4, "自然人"),
        (1, 2, 4, 8, "法人或其他组织"),
        (1, 3, 8, 9, "总计"),
        *((2, 3, col, col + 1, "镇人民省市县乡村") for col in range(4, 8)),
    ]
    first: list[Entry] = [(0, 1, 0, 3, "一、本年新收政府信息公开申请数量")]
    first += [(0, 1, col, col + 1, "5") for col in range(3, 9)]
    xs = (100.0, 200.0, 300.0, 500.0, 600.0, 700.0, 800.0, 900.0, 1000.0, 1100.0)
    assert (
        len(join_tables([reading(1, fragment(1, header, xs)), reading(2, fragment(2, first, xs))], FORMS))
        == 1
    )
