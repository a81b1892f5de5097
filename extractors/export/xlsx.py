"""The record as a workbook for people who work in Excel: tables with their merged cells, doubts in colour.

Sheet names and headers are Chinese whatever the language of the rest, because the workbook goes to the
offices that wrote the report. Printed text is always stored as text: nothing that stands in a scan can become
a formula.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.styles import Font

from extractors.document import Cell, Record, Value
from extractors.export.json import FRONT_KEYS
from extractors.export.origin import origin_of
from extractors.export.sheets import (
    BORDER,
    CENTRED,
    HEADER,
    Content,
    Sheet,
    SheetCell,
    add_row,
    list_sheet,
    mark_doubt,
    new_sheet,
    put,
    set_widths,
)
from extractors.export.view import (
    CellKey,
    Field,
    doubts,
    fields_by_cell,
    form_text,
    header_rows,
    reasons_text,
    shown_pages,
    shown_value,
)
from extractors.messages import Lang, check_text, field_text, issue_text, known, text

# A printed number that Excel shows as it is printed: no leading zeros, no more digits than Excel keeps.
_PLAIN = re.compile(r"-?(0|[1-9][0-9]{0,10})(\.[0-9]{1,4})?")
_UNIT = re.compile(r"[^\s\"\\0-9.,]{1,8}")


def record_to_xlsx(record: Record, lang: Lang) -> bytes:
    """A workbook: summary, sections, one sheet per table, all fields, all checks."""
    book = Workbook()
    book.remove(book.active)
    _summary_sheet(book, record, lang)
    _sections_sheet(book, record, lang)
    fields = fields_by_cell(record)
    for index in range(len(record.tables)):
        _table_sheet(book, record, index, fields, lang)
    _fields_sheet(book, record, lang)
    _checks_sheet(book, record)
    book.properties.creator = "nianbao"
    book.properties.identifier = origin_of(record).mark
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _summary_sheet(book: Workbook, record: Record, lang: Lang) -> None:
    columns = ("item", "content", "confidence", "page", "review", "reasons")
    sheet = list_sheet(book, "summary", columns, (18, 60, 10, 8, 10, 50))
    doubtful = {field.path for field in doubts(record)}
    for key in FRONT_KEYS:
        if key in record.front:
            value = record.front[key]
            why = reasons_text(value.reasons, lang)
            row = (field_text(key, "zh"), _front_content(value), value.confidence, _page(value))
            add_row(sheet, (*row, _yes(value.review), why), why if key in doubtful else None)
    for name, content in _origin(record):
        add_row(sheet, (text("word", name, "zh"), content))
    kind = (text("word", "document_kind", "zh"), text("kind", record.kind, "zh"), record.kind_confidence)
    add_row(sheet, (*kind, None, _yes(record.kind_review)), "" if record.kind_review else None)
    add_row(sheet, (text("column", "form", "zh"), form_text(record.form, "zh")))
    for issue in record.issues:
        severity = text("severity", issue.severity, "zh")
        add_row(sheet, (severity, issue_text(issue, lang), None, issue.page))


def _origin(record: Record) -> Iterable[tuple[str, Content]]:
    source, engine = record.source, record.engine
    yield "source", "\n".join(source.paths)
    yield "pages", shown_pages(record)
    yield "sha256", source.sha256
    yield "engine", f"{engine.ocr} {engine.weights}"
    yield "version", engine.nianbao


def _front_content(value: Value) -> Content:
    if isinstance(value.value, tuple):
        return " – ".join(value.value)
    return value.value if value.value is not None else shown_value(value, "zh")


def _sections_sheet(book: Workbook, record: Record, lang: Lang) -> None:
    columns = ("item", "title", "page", "confidence", "review", "text")
    sheet = list_sheet(book, "sections", columns, (30, 36, 8, 10, 10, 100))
    for section in record.sections:
        page = section.parts[0].page if section.parts else None
        name = text("section", section.key, "zh")
        row = (name, section.title, page, section.confidence, _yes(section.review), section.text)
        add_row(sheet, row, reasons_text(section.reasons, lang) if section.review else None)


def _table_sheet(
    book: Workbook, record: Record, index: int, fields: Mapping[CellKey, Field], lang: Lang
) -> None:
    shown = record.tables[index]
    key = shown.key if shown.key and known("sheet", shown.key) else "table"
    sheet = new_sheet(book, shown.key if key == "table" and shown.key else text("sheet", key, "zh"))
    heads = header_rows(record, index, fields)
    for cell in shown.table.cells:
        field = fields.get((index, cell.row0, cell.col0))
        _table_cell(sheet, cell, field, lang)
        if field is None and (cell.row0 < heads or cell.colspan == shown.table.n_cols):
            sheet.cell(cell.row0 + 1, cell.col0 + 1).fill = HEADER
    set_widths(sheet, [14.0] * shown.table.n_cols)
    if heads < shown.table.n_rows:
        sheet.freeze_panes = f"A{heads + 1}"  # by name: the cell may be inside a merged one


def _table_cell(sheet: Sheet, cell: Cell, field: Field | None, lang: Lang) -> None:
    for row in range(cell.row0 + 1, cell.row1 + 1):
        for column in range(cell.col0 + 1, cell.col1 + 1):
            sheet.cell(row, column).border = BORDER  # before the merge: afterwards it would show on one side
    target = sheet.cell(cell.row0 + 1, cell.col0 + 1)
    target.alignment = CENTRED
    if field is None:
        put(target, Decimal(cell.text) if _PLAIN.fullmatch(cell.text) else cell.text)
    else:
        _put_value(target, field.value, lang)
    if cell.rowspan > 1 or cell.colspan > 1:
        sheet.merge_cells(
            start_row=cell.row0 + 1, end_row=cell.row1, start_column=cell.col0 + 1, end_column=cell.col1
        )


def _put_value(target: SheetCell, value: Value, lang: Lang) -> None:
    """A number as a number that shows its unit; what it was printed as, and why it is in doubt, beside it."""
    raw = value.raw or ""
    number = value.value if isinstance(value.value, int | Decimal) else None
    put(target, raw if number is None else number)
    remarks = []
    if number is not None and not _PLAIN.fullmatch(raw):
        remarks.append(text("word", "printed_as", lang, raw=raw))
        if value.unit and raw.endswith(value.unit) and _UNIT.fullmatch(value.unit):
            target.number_format = f'General"{value.unit}"'
    if value.review:
        remarks.append(reasons_text(value.reasons, lang) or text("word", "yes", lang))
        mark_doubt(target, "\n".join(remarks))


def _fields_sheet(book: Workbook, record: Record, lang: Lang) -> None:
    columns = ("path", "field", "kind", "value", "raw", "unit", "page", "confidence", "review", "reasons")
    sheet = list_sheet(book, "fields", columns, (50, 50, 10, 14, 16, 8, 8, 10, 10, 50))
    for path, value in record.fields.items():
        why = reasons_text(value.reasons, lang)
        number = value.value if isinstance(value.value, int | Decimal) else None
        kind = text("value_kind", value.kind, "zh")
        row = (path, field_text(path, "zh"), kind, number, value.raw, value.unit, _page(value))
        add_row(sheet, (*row, value.confidence, _yes(value.review), why), why if value.review else None)
    sheet.auto_filter.ref = sheet.dimensions


def _checks_sheet(book: Workbook, record: Record) -> None:
    columns = ("check", "path", "status", "left", "right", "fields")
    sheet = list_sheet(book, "checks", columns, (60, 50, 12, 14, 14, 80))
    for check in record.checks:
        status = text("status", check.status, "zh")
        row = (check_text(check.id, "zh"), check.id, status, check.left, check.right, "\n".join(check.fields))
        add_row(sheet, row, "" if check.status == "broken" else None)
        if check.status == "broken":
            sheet.cell(sheet.max_row, 3).font = Font(bold=True)


def _page(value: Value) -> int | None:
    return value.parts[0].page if value.parts else None


def _yes(is_so: bool) -> str:
    return text("word", "yes" if is_so else "no", "zh")
