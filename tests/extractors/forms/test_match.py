"""Matching of rebuilt tables to forms: every field's cell, whatever the print does to the form."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from pathlib import Path

import pytest
from filled import BY_ID, FORMS, SURE, UNSURE, codes, only, printed, texts
from hypothesis import given, settings
from hypothesis import strategies as st
from printed import Grid, print_table, rebuild, retext, rows_of

from extractors.confidence import assess
from extractors.document import JoinedTable
from extractors.fields import read_fields
from extractors.forms import Layout, match_tables
from extractors.forms.assemble import FORM_IN_DOUBT
from extractors.forms.labels import is_wordy


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


def without_what_tells_the_form(table: JoinedTable) -> JoinedTable:
    """Of the forms' tables 2, the rows that both have: page 1 of a report whose other pages are lost."""
    return rows_of(table, 0, 8, page=1)


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_of_a_form_in_doubt_nothing_passes_and_the_other_form_is_asked_for(form: str) -> None:
    table, values = only(form, "applications")
    tables = [without_what_tells_the_form(table)]
    match = match_tables(tables, FORMS)
    assert match.confidence < FORM_IN_DOUBT
    of_both = {path for each in FORMS for table in each.tables for path in table.layout.paths}
    assert set(match.expected) >= of_both
    fields, _ = read_fields(match, tables, assess)
    assert set(fields) == set(match.expected)
    assert {path for path, value in fields.items() if value.kind != "not_found"} <= set(values)
    assert all(value.review for value in fields.values())


def test_a_form_that_is_sure_asks_for_no_field_of_another() -> None:
    tables, values = printed(BY_ID["2021"])
    assert set(match_tables(tables, FORMS).expected) == set(values)
