"""Matching of rebuilt tables to forms: every field's cell, whatever the print does to the form."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printed import Grid, joined, print_table, reading, rebuild, retext, rows_of, with_row, without_row

from extractors.document import Cell, JoinedTable, Part
from extractors.forms import Form, FormMatch, Layout, load, locate_row, match_tables
from extractors.forms.labels import is_wordy

FORMS = load()
BY_ID = {form.id: form for form in FORMS}
SURE = 0.95
UNSURE = 0.8


def numbered(layout: Layout) -> dict[str, str]:
    """A different number in every field, so that a swap shows."""
    return {path: str(1000 + index) for index, path in enumerate(layout.paths)}


def printed(form: Form, layout: int = 0) -> tuple[list[JoinedTable], dict[str, str]]:
    """All tables of a form, `layout` where a table has it, and what each field holds."""
    tables, values = [], {}
    for table in form.tables:
        chosen = table.layouts[min(layout, len(table.layouts) - 1)]
        tables.append(print_table(chosen, numbered(chosen)))
        values.update(numbered(chosen))
    return tables, values


def texts(match: FormMatch) -> dict[str, str]:
    return {path: assigned.cell.text for path, assigned in match.cells.items()}


def only(form: str, key: str, layout: int = 0) -> tuple[JoinedTable, dict[str, str]]:
    chosen = BY_ID[form].table(key).layouts[layout]
    return print_table(chosen, numbered(chosen)), numbered(chosen)


def codes(match: FormMatch) -> list[str]:
    return [issue.code for issue in match.issues]


@pytest.mark.parametrize("layout", [0, 1])
@pytest.mark.parametrize("form", ["2019", "2021"])
def test_clean_print(form: str, layout: int) -> None:
    tables, values = printed(BY_ID[form], layout)
    match = match_tables(tables, FORMS)
    assert match.form is not None
    assert match.form.id == form
    assert match.confidence > SURE
    assert texts(match) == values
    assert set(match.expected) == set(values)
    assert min(assigned.score for assigned in match.cells.values()) > SURE
    assert ("hybrid_layout" in codes(match)) == (layout == 1)


@pytest.mark.parametrize("case", ["hongze-2023-clean", "pingfang-2020-clean"])
def test_real_reports(shared_cases: Path, case: str) -> None:
    gold = json.loads((shared_cases / "reports" / case / "gold.json").read_text(encoding="utf-8"))
    tables = [
        print_table(_printed_layout(table.layouts, gold["fields"]), gold["fields"])
        for table in BY_ID[gold["form"]].tables
    ]
    match = match_tables(tables, FORMS)
    assert match.form is not None
    assert match.form.id == gold["form"]
    assert texts(match) == gold["fields"]
    assert set(match.expected) == set(gold["fields"])


def _printed_layout(layouts: tuple[Layout, ...], fields: Mapping[str, str]) -> Layout:
    return next(layout for layout in layouts if set(layout.paths) <= set(fields))


COMMON = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工"


def noisy(text: str, rng: random.Random, rate: float) -> str:
    return "".join(rng.choice(COMMON) if rng.random() < rate else char for char in text)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.sampled_from(["2019", "2021"]), st.floats(0.05, 0.15))
def test_noise_in_labels_keeps_every_field(seed: int, form: str, rate: float) -> None:
    """Up to 15 % of the characters of labels replaced: no field may get another's number."""
    rng = random.Random(seed)
    tables, values = printed(BY_ID[form])
    dirty = [
        retext(table, lambda cell: noisy(cell.text, rng, rate) if is_wordy(cell.text) else cell.text)
        for table in tables
    ]
    match = match_tables(dirty, FORMS)
    assert match.form is not None
    assert match.form.id == form
    found = texts(match)
    wrong = {path for path, text in found.items() if text != values[path]}
    unsure = {path for path in wrong if match.cells[path].score < UNSURE}
    assert wrong == unsure, "a wrong cell that nobody would be asked about"
    assert len(found) - len(wrong) >= 0.97 * len(values)


def test_misprint_and_truncation_of_a_real_report() -> None:
    table, values = only("2021", "applications", 1)
    misprints = {
        "2.其他法律行政法规禁止公开": "2.其他法律行政止公开",
        "（二）部分公开（区分处理的，只计这一情形，不计其他情形）": "(二)部分公开",
        "四、结转下年度继续办理": "四、结转下年度\n继续办理（件）",
    }
    match = match_tables([retext(table, lambda cell: misprints.get(cell.text, cell.text))], FORMS)
    assert texts(match) == values
    assert min(assigned.score for assigned in match.cells.values()) > SURE


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


def test_extra_row_stays_in_the_table() -> None:
    table, values = only("2021", "active_disclosure")
    more = with_row(table, 4, [(1, "其他主动公开文件"), (1, "7"), (1, "8"), (1, "9")])
    match = match_tables([more], FORMS)
    assert texts(match) == values
    extra = [issue for issue in match.issues if issue.code == "extra_row"]
    assert [issue.facts["row"] for issue in extra] == ["其他主动公开文件"]


def test_missing_row_between_two_found_ones_is_absent() -> None:
    table, values = only("2021", "applications")
    row = "applications.results.denied.third_party_rights."
    match = match_tables([without_row(table, 10)], FORMS)
    rest = {path: text for path, text in values.items() if not path.startswith(row)}
    assert texts(match) == rest
    assert not any(path.startswith(row) for path in match.expected)
    assert [i.facts["row"] for i in match.issues if i.code == "row_absent"] == ["4.保护第三方合法权益"]


def test_missing_last_row_is_not_found_rather_than_absent() -> None:
    table, values = only("2021", "applications")
    row = "applications.carried_forward."
    match = match_tables([without_row(table, 27)], FORMS)
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
    match = match_tables([replace(cut, table=replace(cut.table, cells=on_two_pages))], FORMS)
    assert "applications.results.denied.third_party_rights.total" in match.expected


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


def test_table_that_is_missing() -> None:
    tables, values = printed(BY_ID["2019"])
    match = match_tables(tables[:2], FORMS)
    assert match.form is not None
    assert match.form.id == "2019"
    assert set(match.expected) == set(values)
    missing = [issue.facts["table"] for issue in match.issues if issue.code == "table_not_found"]
    assert missing == ["review_litigation"]


def test_only_table_4_leaves_the_form_in_doubt() -> None:
    table, _ = only("2019", "review_litigation")
    assert "form_in_doubt" in codes(match_tables([table], FORMS))


def test_table_of_another_kind_is_no_form() -> None:
    budget = Grid(
        [
            [(1, 1, "科目名称"), (1, 1, "本年预算数"), (1, 1, "本年执行数"), (1, 1, "占比")],
            [(1, 1, "一般公共服务支出"), (1, 1, "100"), (1, 1, "90"), (1, 1, "90%")],
            [(1, 1, "教育支出"), (1, 1, "200"), (1, 1, "190"), (1, 1, "95%")],
            [(1, 1, "总计"), (1, 1, "300"), (1, 1, "280"), (1, 1, "93%")],
        ],
        [0.0, 200.0, 300.0, 400.0, 500.0],
    )
    match = match_tables([rebuild(budget)], FORMS)
    assert match.form is None
    assert match_tables([], FORMS).form is None


def test_other_tables_beside_the_forms_stay_generic() -> None:
    tables, values = printed(BY_ID["2021"])
    other = Grid([[(1, 1, "联系人"), (1, 1, "电话")], [(1, 1, "张三"), (1, 1, "1234")]], [0.0, 100.0, 200.0])
    match = match_tables([rebuild(other), *tables], FORMS)
    assert texts(match) == values
    assert match.table_of(0) is None
    assert [match.table_of(index).key for index in (1, 2, 3)] == [  # type: ignore[union-attr]
        "active_disclosure",
        "applications",
        "review_litigation",
    ]


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


INVENTED = {
    "schema": "nianbao.form/1",
    "id": "2099",
    "title": "an invented form",
    "from_year": 2099,
    "tables": [
        {
            "key": "energy",
            "section": "overview",
            "bands": [
                {
                    "corner": {"label": "能源种类"},
                    "columns": [
                        {
                            "label": "消耗数量",
                            "columns": [
                                {"label": "上半年", "path": "first_half", "type": "amount", "unit": "吨"},
                                {"label": "下半年", "path": "second_half", "type": "amount", "unit": "吨"},
                            ],
                        },
                        {"label": "全年合计", "path": "year", "type": "amount", "unit": "吨"},
                    ],
                    "rows": [
                        {
                            "label": "化石能源",
                            "rows": [
                                {"label": "原煤", "path": "coal"},
                                {"label": "天然气", "path": "gas"},
                            ],
                        },
                        {"label": "可再生能源", "path": "renewable"},
                    ],
                }
            ],
        }
    ],
    "rules": [
        {
            "id": "energy_year.{row}",
            "table": "energy",
            "each": "row",
            "sum": ["first_half", "second_half"],
            "equals": ["year"],
        }
    ],
}


def test_invented_form_needs_no_code(tmp_path: Path) -> None:
    (tmp_path / "2099.json").write_text(json.dumps(INVENTED), encoding="utf-8")
    forms = (*FORMS, *load(tmp_path))
    layout = forms[-1].table("energy").layout
    match = match_tables([print_table(layout, numbered(layout))], forms)
    assert match.form is forms[-1]
    assert texts(match) == numbered(layout)
    assert match.expected["energy.coal.year"].unit == "吨"
    assert {rule.id for rule in match.form.rules} == {
        "energy_year.coal",
        "energy_year.gas",
        "energy_year.renewable",
    }
