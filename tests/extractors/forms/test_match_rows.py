"""Rows of a rebuilt table and of the form: extra, missing, run together, cut off by a page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from filled import BY_ID, FORMS, SURE, UNSURE, codes, only, printed, texts
from printed import retext, rows_of, with_row, without_row

from extractors.document import Cell, JoinedTable
from extractors.forms import FormMatch, locate_row, match_tables

THIRD_PARTY = "applications.results.denied.third_party_rights.total"


def of_2021(applications: JoinedTable) -> FormMatch:
    """The match of a whole report with this table 2: the form is in no doubt."""
    (active, _, review), _ = printed(BY_ID["2021"])
    return match_tables([active, applications, review], FORMS)


def test_extra_row_stays_in_the_table() -> None:
    table, values = only("2021", "active_disclosure")
    more = with_row(table, 4, [(1, "其他主动公开文件"), (1, "7"), (1, "8"), (1, "9")])
    match = match_tables([more], FORMS)
    assert texts(match) == values
    extra = [issue for issue in match.issues if issue.code == "extra_row"]
    assert [issue.facts["row"] for issue in extra] == ["其他主动公开文件"]


def test_missing_row_between_two_found_ones_is_absent() -> None:
    tables, values = printed(BY_ID["2021"])
    row = "applications.results.denied.third_party_rights."
    match = of_2021(without_row(tables[1], 10))
    rest = {path: text for path, text in values.items() if not path.startswith(row)}
    assert texts(match) == rest
    assert not any(path.startswith(row) for path in match.expected)
    assert [i.facts["row"] for i in match.issues if i.code == "row_absent"] == ["4.保护第三方合法权益"]


def test_missing_last_row_is_not_found_rather_than_absent() -> None:
    table, values = only("2021", "applications")
    row = "applications.carried_forward."
    match = of_2021(without_row(table, 27))
    assert not any(path.startswith(row) for path in match.cells)
    assert {path for path in match.expected if path.startswith(row)} == {
        path for path in values if path.startswith(row)
    }
    assert "row_not_found" in codes(match)


def test_row_lost_at_a_page_break_is_not_absent() -> None:
    table, _ = only("2021", "applications")
    cut = without_row(table, 10)
    on_two_pages = tuple(
        replace(cell, parts=(replace(cell.parts[0], page=1 + (cell.row0 >= 10)),)) for cell in cut.table.cells
    )
    match = of_2021(replace(cut, table=replace(cut.table, cells=on_two_pages)))
    assert THIRD_PARTY in match.expected


def test_rows_lost_below_a_header_are_not_absent() -> None:
    """A page that prints the header again begins with any row: those before it were printed, or not, elsewhere."""
    table, _ = only("2021", "applications")
    match = of_2021(without_row(without_row(table, 4), 3))
    assert {"applications.new_received.total", "applications.carried_over.total"} <= set(match.expected)
    assert "row_absent" not in codes(match)


def test_row_lost_in_a_gap_of_the_table_is_not_absent() -> None:
    """Two pieces of one page that were joined: what stood between them is not known."""
    table, _ = only("2021", "applications")
    cut = without_row(table, 10)

    def lowered(cell: Cell) -> Cell:
        box = cell.parts[0].box
        part = replace(cell.parts[0], box=replace(box, y0=box.y0 + 60, y1=box.y1 + 60))
        return replace(cell, parts=(part,)) if cell.row0 >= 10 else cell

    match = of_2021(replace(cut, table=replace(cut.table, cells=tuple(map(lowered, cut.table.cells)))))
    assert THIRD_PARTY in match.expected


def test_row_beside_one_whose_rulings_are_in_doubt_is_not_absent() -> None:
    table, _ = only("2021", "applications")
    cut = without_row(table, 10)
    cells = tuple(
        replace(cell, structure=0.5) if cell.text.startswith("3.危及") else cell for cell in cut.table.cells
    )
    assert THIRD_PARTY in of_2021(replace(cut, table=replace(cut.table, cells=cells))).expected


@pytest.mark.parametrize("text", ["", "保", "丨丨"])
def test_row_beside_one_that_was_not_read_is_not_absent(text: str) -> None:
    table, _ = only("2021", "applications")
    faded = retext(
        without_row(table, 10), lambda cell: text if cell.text.startswith("5.属于三类") else cell.text
    )
    assert THIRD_PARTY in of_2021(faded).expected


def test_row_beside_one_on_no_form_is_not_absent() -> None:
    """The row not understood may be the one that is missed."""
    table, _ = only("2021", "applications")
    odd = retext(table, lambda cell: "日常政务咨询" if cell.text.startswith("4.保护") else cell.text)
    match = of_2021(odd)
    assert THIRD_PARTY in match.expected
    assert THIRD_PARTY not in match.cells
    assert "extra_row" in codes(match)


def test_two_rows_run_together_are_no_missing_row() -> None:
    """A ruling that was not seen: one row with two labels and the digits of two values."""
    table, _ = only("2021", "applications")

    def both(cell: Cell) -> str:
        return cell.text + "4.保护第三方合法权益" if cell.text.startswith("3.危及") else cell.text

    match = match_tables([retext(without_row(table, 10), both)], FORMS)
    stem = "applications.results.denied."
    both_rows = [f"{stem}three_securities_one_stability.total", f"{stem}third_party_rights.total"]
    assert set(both_rows) <= set(match.expected)
    placed = [match.cells[path] for path in both_rows if path in match.cells]
    assert len(placed) == 1
    assert placed[0].score < UNSURE
    assert "merged_row" in placed[0].reasons


def test_unread_label_between_read_ones_is_placed_but_doubted() -> None:
    table, values = only("2021", "applications")
    match = match_tables([retext(table, lambda c: "" if c.text.startswith("4.保护") else c.text)], FORMS)
    assert texts(match) == values
    unread = "applications.results.denied.third_party_rights.total"
    assert match.cells[unread].score < UNSURE
    assert match.cells["applications.results.granted.total"].score > SURE


def test_what_is_left_of_a_faded_label_counts_in_its_place() -> None:
    table, values = only("2021", "applications")
    match = match_tables(
        [retext(table, lambda c: "1. 属于" if c.text.endswith("国家秘密") else c.text)], FORMS
    )
    assert texts(match) == values
    assert min(assigned.score for assigned in match.cells.values()) > SURE


def test_pieces_that_were_not_joined() -> None:
    table, values = only("2021", "applications")
    pieces = [rows_of(table, 0, 16, 1), rows_of(table, 16, 28, 2)]
    match = match_tables(pieces, FORMS)
    assert texts(match) == values
    assert match.tables[0].tables == (0, 1)
    assert "table_in_pieces" in codes(match)
    assert min(assigned.score for assigned in match.cells.values()) > UNSURE


def test_last_row_alone_on_the_next_page() -> None:
    table, values = only("2021", "applications")
    match = match_tables([rows_of(table, 0, 27, 1), rows_of(table, 27, 28, 2)], FORMS)
    assert texts(match) == values


def test_locate_row_tells_the_joiner_where_a_row_stands() -> None:
    guesses = locate_row(["三、本年度办理结果", "法提供", "2.没有现成信息需要另行制作"], FORMS)
    assert {(g.table_key, g.row) for g in guesses[:2]} == {("applications", 16)}
    assert {g.form for g in guesses[:2]} == {"2019", "2021"}
    assert [(g.row, g.form) for g in locate_row(["四、结转下年度继续办理"], FORMS)[:2]] == [
        (25, "2019"),
        (27, "2021"),
    ]
    assert locate_row(["张三"], FORMS) == []
    assert locate_row([], FORMS) == []
