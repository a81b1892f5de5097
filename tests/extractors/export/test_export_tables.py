"""Spreadsheets: numbers are numbers, text is text, nothing runs, spans stand, doubts show."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_record import build_record

from extractors.document import Cell, Part, Reading, Record, RecordTable, Table, Value
from extractors.export.csv import as_text, record_to_csv, safe_text
from extractors.export.origin import origin_of, read_mark
from extractors.export.xlsx import record_to_xlsx
from extractors.geometry import Box

DANGEROUS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("http://x","y")',
    "\t=1",
    " =1",
    "\uff1d1+1",
    "=cmd|' /C calc'!A0",
    "|x",
)
NATURAL = "applications.new_received.natural_person"


@pytest.fixture(scope="module")
def book() -> Any:
    return openpyxl.load_workbook(io.BytesIO(record_to_xlsx(build_record(), "zh")))


def with_text(text: str) -> Record:
    """The sample with `text` in its agency, its values, its generic table, its section and its source."""
    record = build_record()
    agency = replace(record.front["agency"], value=text, raw=text)
    part = Part(1, record.front["agency"].parts[0].box)
    cell = Cell(0, 1, 0, 1, Reading(text, 0.9), (part,))
    field = replace(record.fields[NATURAL], kind="text", value=text, raw=text, alternatives=((text, 0.5),))
    return replace(
        record,
        front={**record.front, "agency": agency},
        fields={**record.fields, NATURAL: field},
        tables=(*record.tables, RecordTable(None, Table(1, 1, (cell,)), 1.0)),
        sections=tuple(replace(section, text=text, title=text) for section in record.sections),
        source=replace(record.source, name=text, paths=(text,)),
    )


def test_sheets_are_chinese_one_per_table_and_one_of_fields_and_checks(book: Any) -> None:
    assert book.sheetnames == [
        "概况",
        "章节",
        "主动公开政府信息情况",
        "收到和处理申请情况",
        "其他表格",
        "全部字段",
        "勾稽检查",
    ]


def test_merged_cells_are_kept(book: Any) -> None:
    merged = {str(merged) for merged in book["收到和处理申请情况"].merged_cells.ranges}
    assert {"A1:C3", "D1:J1", "D2:D3", "E2:I2", "J2:J3", "A4:C4", "A6:A9", "B7:B8", "A10:C10"} <= merged
    assert book["收到和处理申请情况"]["A6"].value == "三、本年度办理结果"


def test_numbers_are_numbers_and_other_answers_are_text(book: Any) -> None:
    sheet = book["收到和处理申请情况"]
    assert (sheet["D4"].value, sheet["D4"].data_type) == (3119, "n")
    assert [(cell.value, cell.data_type) for cell in sheet[7][3:6]] == [(1100, "n"), ("/", "s"), ("—", "s")]
    assert sheet["H8"].value is None  # blank stays blank
    assert sheet["I9"].value == "无"
    other = book["主动公开政府信息情况"]
    assert other["B4"].value == 1423  # 增1423
    assert other["B7"].value == pytest.approx(7730.28)
    fields = book["全部字段"]
    values = {row[0].value: row[3].value for row in fields.iter_rows(min_row=2)}
    assert len(values) == len(build_record().fields)
    assert values[NATURAL] == 3119


def test_doubtful_cells_are_coloured_and_say_why(book: Any) -> None:
    sheet = book["收到和处理申请情况"]
    doubtful = {
        cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == "00FFE08A"
    }
    assert doubtful == {"D4", "I10", "J10"}
    assert sheet["D4"].comment.text == "识别把握不足"
    assert "勾稽关系不成立" in sheet["J10"].comment.text
    assert {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment} == doubtful


def test_a_first_column_merged_over_the_end_of_the_header_can_be_frozen() -> None:
    """A spoiled table has such a cell; a generic one has no values that tell where the header ends."""

    def cell(rows: tuple[int, int], cols: tuple[int, int]) -> Cell:
        return Cell(*rows, *cols, reading=Reading("文", 1.0), parts=(Part(1, Box(0, 0, 9, 9)),))

    cells = (cell((0, 3), (0, 1)), cell((0, 1), (1, 2)), cell((1, 3), (1, 2)))
    fields = {"x.y": Value(kind="blank", raw="", parts=cells[2].parts)}
    record = replace(build_record(), tables=(RecordTable(None, Table(3, 2, cells), 1.0),), fields=fields)
    assert record_to_xlsx(record, "zh")


def test_codes_keep_their_leading_zeros(book: Any) -> None:
    rows = {row[0].value: row[1] for row in book["概况"].iter_rows(min_row=2)}
    assert (rows["邮编"].value, rows["邮编"].data_type) == ("012345", "s")
    assert (rows["年度"].value, rows["年度"].data_type) == (2023, "n")


@pytest.mark.parametrize("text", [*DANGEROUS, "#N/A", "#REF!", "TRUE", "a\x00b\x0bc", "\ud800", "x" * 40_000])
def test_no_text_becomes_a_formula_or_an_error_or_breaks_the_book(text: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(record_to_xlsx(with_text(text), "zh")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    shown = [cell.value for cell in cells if cell.data_type == "s"]
    if text in DANGEROUS:
        assert shown.count(text) >= 4


@pytest.mark.parametrize("key", ["a/b:c*?[x]", "'", "表" * 50, "History", "applications"])
def test_sheets_of_unknown_tables_have_names_that_excel_takes(key: str) -> None:
    record = build_record()
    tables = tuple(replace(table, key=key) for table in record.tables)
    names = openpyxl.load_workbook(
        io.BytesIO(record_to_xlsx(replace(record, tables=tables), "zh"))
    ).sheetnames
    assert len({name.casefold() for name in names}) == 7
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


def test_numbers_that_excel_would_round_are_stored_as_text() -> None:
    record = build_record()
    long = Decimal("12345678901234567.891")
    fields = {**record.fields, NATURAL: replace(record.fields[NATURAL], value=long, raw=str(long))}
    book = openpyxl.load_workbook(io.BytesIO(record_to_xlsx(replace(record, fields=fields), "zh")))
    assert book["收到和处理申请情况"]["D4"].value == "12345678901234567.891"


def read(record: Record, lang: Any = "zh") -> list[list[str]]:
    data = record_to_csv(record, lang)
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_csv_has_one_row_per_field_and_a_header() -> None:
    record = build_record()
    head, *rows = read(record)
    assert head[:6] == ["路径", "字段", "类别", "数值", "原文", "单位"]
    assert [row[0] for row in rows] == [*record.front, *record.fields]
    assert len({len(row) for row in (head, *rows)}) == 1
    row = next(row for row in rows if row[0] == NATURAL)
    assert row[2:7] == ["数值", "3119", "3119", "", "2"]


def test_csv_keeps_negative_numbers_as_numbers_and_codes_as_text() -> None:
    record = build_record()
    value = replace(record.fields[NATURAL], value=-38, raw="减38")
    rows = {row[0]: row for row in read(replace(record, fields={**record.fields, NATURAL: value}))}
    assert rows[NATURAL][3:5] == ["-38", "减38"]
    assert rows["postcode"][3] == "'012345"
    assert rows["phone"][3] == "'+86-0517-8722"
    assert rows["issued_on"][3] == "2024-01-16"


@pytest.mark.parametrize("text", DANGEROUS)
def test_csv_runs_nothing(text: str) -> None:
    for row in read(with_text(text)):
        for number, cell in enumerate(row):
            is_number = number == 3 and row[2] == "数值"
            assert is_number or not cell.lstrip().startswith(("=", "+", "-", "@", "|", "\uff1d")), row


@given(st.text(max_size=30))
def test_made_safe_text_never_starts_like_a_formula(text: str) -> None:
    for made in (safe_text(text), as_text(text)):
        assert not made.lstrip(' \t"').startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_marks_name_the_origin(form: str) -> None:
    record = build_record()
    made = record_to_xlsx(record, "zh") if form == "xlsx" else record_to_csv(record, "zh")
    assert read_mark(made, form) == origin_of(record).mark
    assert read_mark(b"something else", form) is None


def test_value_without_a_place_can_be_written() -> None:
    record = build_record()
    fields = {**record.fields, NATURAL: Value("not_found", review=True)}
    book = openpyxl.load_workbook(io.BytesIO(record_to_xlsx(replace(record, fields=fields), "en")))
    assert book["收到和处理申请情况"]["D4"].value == 3119  # as printed: nothing claims the cell now
