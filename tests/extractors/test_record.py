"""The record as a whole: every path answered, nothing changed in silence, everything in display pixels."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from printed import Grid, print_table, reading, rebuild, retext

from extractors.document import (
    Cell,
    Engine,
    Issue,
    JoinedTable,
    PageInfo,
    PageReading,
    Part,
    Reading,
    Record,
    Section,
    Source,
    Value,
)
from extractors.forms import load
from extractors.geometry import Box
from extractors.record import build_record

FORMS = {form.id: form for form in load()}
PAGE = PageInfo(1, "scan", 2000, 3000, 200.0, to_display=(2.0, 0.0, 10.0, 0.0, 2.0, 20.0))
RESULTS = "applications.results."


def record(tables: list[JoinedTable], **changes: Any) -> Record:
    given: dict[str, Any] = {
        "source": Source("a.pdf", ("a.pdf",), "", (PAGE,)),
        "pages": [PageReading(PAGE, issues=(Issue("page_dark"),))],
        "tables": tables,
        "sections": (),
        "front": {},
        "kind": "report",
        "kind_confidence": 0.99,
        "engine": Engine("0", "none", ""),
        "timing": {"total": 1.0},
    }
    return build_record(**(given | changes))


def report(form: str, values: Mapping[str, str] | None = None) -> list[JoinedTable]:
    return [print_table(table.layout, values or {}) for table in FORMS[form].tables]


def change(tables: list[JoinedTable], path: str, **changes: Any) -> list[JoinedTable]:
    """The tables with the cell of a 2021 field changed."""
    for index, table in enumerate(FORMS["2021"].tables):
        for form_cell in table.layout.cells:
            if form_cell.path == path:
                cells = tuple(
                    replace(cell, **changes)
                    if (cell.row0, cell.col0) == (form_cell.row, form_cell.col)
                    else cell
                    for cell in tables[index].table.cells
                )
                tables[index] = replace(tables[index], table=replace(tables[index].table, cells=cells))
    return tables


@pytest.mark.parametrize("case", ["hongze-2023-clean", "pingfang-2020-clean"])
def test_real_report_is_told_as_printed(shared_cases: Path, case: str) -> None:
    gold = json.loads((shared_cases / "reports" / case / "gold.json").read_text(encoding="utf-8"))
    fields: dict[str, str] = gold["fields"]
    layouts = [
        next(layout for layout in table.layouts if set(layout.paths) <= set(fields))
        for table in FORMS[gold["form"]].tables
    ]
    found = record([print_table(layout, fields) for layout in layouts])
    assert found.form == gold["form"]
    assert {path: value.raw for path, value in found.fields.items()} == fields
    broken = {path for check in found.checks if check.status == "broken" for path in check.fields}
    assert {path for path, value in found.fields.items() if value.review} == broken
    assert all(found.fields[path].value == int(fields[path]) for path in broken)


def test_everything_leaves_in_display_pixels() -> None:
    part = Part(1, Box(10, 10, 20, 20))
    found = record(
        report("2021"),
        front={"agency": Value(kind="text", value="甲局", raw="甲局", parts=(part,))},
        sections=(Section("overview", "一、总体情况", (part,), "", 1.0, False),),
    )
    shown = (Part(1, Box(30, 40, 50, 60)),)
    assert found.front["agency"].parts == shown
    assert found.sections[0].parts == shown
    cell = print_table(FORMS["2021"].tables[0].layout, {}).table.at(2, 1)
    box = cell.parts[0].box
    expected = Box(2 * box.x0 + 10, 2 * box.y0 + 20, 2 * box.x1 + 10, 2 * box.y1 + 20)
    assert found.fields["active_disclosure.art20_1.regulations.issued"].parts == (Part(1, expected),)
    assert found.tables[0].table.at(2, 1).parts == (Part(1, expected),)


def test_boxes_stay_on_the_page() -> None:
    part = Part(1, Box(-50, -50, 5000, 5000))
    found = record([], front={"agency": Value(kind="text", value="甲", raw="甲", parts=(part,))}, forms=())
    assert found.front["agency"].parts == (Part(1, Box(0, 0, 2000, 3000)),)


def test_order_keys_and_issues() -> None:
    other = Grid([[(1, 1, "联系人"), (1, 1, "电话")], [(1, 1, "张三"), (1, 1, "1234")]], [0.0, 100.0, 200.0])
    found = record([*report("2021"), rebuild(other)], issues=(Issue("document_odd"),))
    assert [table.key for table in found.tables] == [
        "active_disclosure",
        "applications",
        "review_litigation",
        None,
    ]
    assert list(found.fields) == [path for table in FORMS["2021"].tables for path in table.layout.paths]
    assert [issue.code for issue in found.issues] == ["page_dark", "document_odd"]


def test_missing_table_is_a_review_case() -> None:
    found = record(report("2021")[:2])
    missing = {path: value for path, value in found.fields.items() if path.startswith("review_litigation.")}
    assert len(missing) == 15
    for value in missing.values():
        assert (value.kind, value.value, value.raw, value.confidence) == ("not_found", None, None, None)
        assert (value.review, value.alternatives, value.reasons) == (True, (), ("not_found",))
    assert [issue.code for issue in found.issues if issue.severity == "error"] == ["table_not_found"]
    assert {check.status for check in found.checks if check.id.startswith("review")} == {"skipped"}


def test_report_without_any_table_owes_the_fields_of_a_form() -> None:
    year = Value(kind="number", value=2020, raw="2020")
    found = record([], front={"year": year})
    assert found.form == "2019"
    assert {value.kind for value in found.fields.values()} == {"not_found"}
    assert found.issues[1].code == "form_assumed"
    assert record([]).form == "2021"


@pytest.mark.parametrize(("kind", "form"), [("earlier_form", "earlier"), ("not_a_report", None)])
def test_other_kinds_have_generic_tables_and_no_fields(kind: str, form: str | None) -> None:
    found = record(report("2021"), kind=kind)
    assert (found.form, found.fields, found.checks) == (form, {}, ())
    assert {table.key for table in found.tables} == {None}


def test_ink_without_text_is_unreadable() -> None:
    path = f"{RESULTS}granted.total"
    found = record(change(report("2021"), path, reading=Reading("", 0.0), blank=False))
    value = found.fields[path]
    assert (value.kind, value.value, value.raw, value.confidence) == ("unreadable", None, None, None)
    assert (value.review, value.reasons) == (True, ("unreadable",))
    assert value.parts


def test_one_blank_among_values_is_doubted_a_blank_table_is_not() -> None:
    path = "active_disclosure.art20_1.regulations.issued"
    lone = record(change(report("2021"), path, reading=Reading("", 0.0), blank=True, ink=0.0)).fields[path]
    assert (lone.kind, lone.raw, lone.value) == ("blank", "", None)
    assert "blank_in_doubt" in lone.reasons
    all_blank = dict.fromkeys(FORMS["2021"].tables[0].layout.paths, "")
    assert not any(value.review for value in record(report("2021", all_blank)).fields.values())


@pytest.mark.parametrize(("usual", "odd"), [("{}", "0人"), ("{}件", "7")])
def test_a_unit_unlike_those_of_its_table_is_doubted(usual: str, odd: str) -> None:
    values = {path: usual.format(0) for path in FORMS["2021"].tables[2].layout.paths}
    path = "review_litigation.reconsideration.upheld"
    tables = report("2021", values)
    found = record(change(tables, path, reading=reading(odd), ink=0.1))
    assert "unit_in_doubt" in found.fields[path].reasons
    assert not any("unit_in_doubt" in value.reasons for name, value in found.fields.items() if name != path)


def test_blank_in_which_something_was_read_is_doubted() -> None:
    path = "active_disclosure.art20_1.regulations.issued"
    tables = report("2021", dict.fromkeys(FORMS["2021"].tables[0].layout.paths, ""))
    found = record(change(tables, path, reading=reading("0"))).fields[path]
    assert (found.kind, found.review, found.reasons) == ("blank", True, ("blank_in_doubt",))


def test_blank_whose_ink_may_have_been_a_character_is_doubted() -> None:
    path = "active_disclosure.art20_1.regulations.issued"
    tables = report("2021", dict.fromkeys(FORMS["2021"].tables[0].layout.paths, ""))
    found = record(change(tables, path, reading=Reading("", 0.5), ink=0.01)).fields[path]
    assert (found.kind, found.review, found.reasons) == ("blank", True, ("blank_in_doubt",))


@pytest.mark.parametrize(("raw", "note"), [("—", "dash_in_doubt"), ("/", "slash_in_doubt")])
def test_lone_sign_for_nothing_is_doubted(raw: str, note: str) -> None:
    path = "active_disclosure.art20_1.regulations.issued"
    found = record(report("2021", {path: raw})).fields[path]
    assert (found.kind, found.raw, found.value) == ("not_applicable", raw, None)
    assert note in found.reasons


def test_a_table_answered_with_slashes_is_not_doubted() -> None:
    tables = report("2021", dict.fromkeys(FORMS["2021"].tables[0].layout.paths, "/"))
    assert not any("slash_in_doubt" in value.reasons for value in record(tables).fields.values())


def test_misread_digit_of_table_3_is_caught_by_the_sums_alone() -> None:
    """The recogniser is sure of a wrong digit: only that cell goes to a person, its value as read."""
    path = f"{RESULTS}denied.state_secret.legal_person.other"
    found = record(report("2021", {path: "8"}))
    assert [field for field, value in found.fields.items() if value.review] == [path]
    assert found.fields[path].value == 8
    assert {reason.split(":")[0] for reason in found.fields[path].reasons} == {"check_broken"}


def test_weak_digit_is_carried_by_the_sums_and_not_without_them() -> None:
    weak = reading("0", 0.9)
    checked, unchecked = f"{RESULTS}granted.total", "active_disclosure.art20_1.regulations.issued"
    tables = change(change(report("2021"), checked, reading=weak), unchecked, reading=weak)
    found = record(tables).fields
    assert not found[checked].review
    assert found[unchecked].review


def test_doubtful_structure_goes_to_a_person_even_where_sums_hold() -> None:
    path = f"{RESULTS}granted.total"
    found = record(change(report("2021"), path, structure=0.4)).fields[path]
    assert (found.review, found.reasons) == (True, ("low_structure",))


def test_unit_is_the_forms_or_the_cells_and_never_guessed() -> None:
    fee = "active_disclosure.art20_8.administrative_fees.amount_wan_yuan"
    amount = "active_disclosure.art20_9.government_centralized_procurement.total_amount"
    assert record(report("2021", {fee: "7730.28"})).fields[fee].unit == "万元"
    assert record(report("2019", {amount: "251000元"})).fields[amount].unit == "元"
    assert record(report("2019", {amount: "251000"})).fields[amount].unit is None


def test_another_judge_can_be_brought_in() -> None:
    from extractors.confidence import Assessment, Evidence

    def strict(evidence: Evidence) -> Assessment:
        return Assessment(0.5, True, ("strict",))

    found = record(report("2021"), judge=strict)
    assert all(value.reasons == ("strict",) and value.confidence == 0.5 for value in found.fields.values())


def test_label_that_cannot_be_read_sends_its_row_to_a_person() -> None:
    tables = report("2021")

    def unread(cell: Cell) -> str:
        return "" if cell.text.startswith("4.保护") else cell.text

    tables[1] = retext(tables[1], unread)
    found = record(tables)
    row = [path for path, value in found.fields.items() if value.review]
    assert len(row) == 7
    assert all(path.startswith(f"{RESULTS}denied.third_party_rights.") for path in row)
    assert {found.fields[path].reasons for path in row} == {("label_in_doubt",)}


def test_of_a_document_that_may_be_no_report_nothing_passes() -> None:
    found = record(report("2021"), kind_review=True)
    assert len(found.fields) == 200
    assert all(value.review and "kind_in_doubt" in value.reasons for value in found.fields.values())
