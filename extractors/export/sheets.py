"""How one cell gets into a workbook safely, and how our sheets look. Used by xlsx.py only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from extractors.export.view import clean
from extractors.messages import text

Content = str | int | float | Decimal | None
Sheet = Any  # openpyxl has no types
SheetCell = Any

DOUBT = PatternFill("solid", fgColor="FFE08A")
HEADER = PatternFill("solid", fgColor="E3ECF5")
_EDGE = Side(style="thin", color="999999")
BORDER = Border(_EDGE, _EDGE, _EDGE, _EDGE)
CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
_TOP = Alignment(vertical="top", wrap_text=True)

MAX_TEXT = 32_767  # characters that a cell of Excel holds
MAX_NAME = 31  # characters of a sheet's name
EXACT_DIGITS = 15  # significant digits that Excel's numbers keep; longer ones are stored as text
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")


def put(cell: SheetCell, content: Content) -> None:
    """Write `content`: numbers as numbers, everything else as text that no spreadsheet runs."""
    if content is None or content == "":
        return
    if not isinstance(content, str) and fits(content):
        cell.value = content
        return
    shown = clean(str(content))[:MAX_TEXT]
    cell.value = shown
    cell.data_type = "s"  # openpyxl makes a formula of "=..." and an error of "#N/A"
    cell.number_format = "@"
    cell.quotePrefix = shown[:1] in ("=", "+", "-", "@", "'")  # it stays text also when someone edits it


def fits(number: float | Decimal) -> bool:
    """Whether Excel keeps every digit of `number`."""
    return len(Decimal(str(number)).normalize().as_tuple().digits) <= EXACT_DIGITS


def mark_doubt(cell: SheetCell, why: str) -> None:
    """Colour the cell and say in a comment why a person should look."""
    cell.fill = DOUBT
    comment = Comment(clean(why), "nianbao", width=320, height=120)
    cell.comment = comment


def new_sheet(book: Workbook, title: str) -> Sheet:
    """A sheet whose name Excel accepts and no other sheet has."""
    base = _NOT_IN_NAMES.sub(" ", clean(title)).strip()[:MAX_NAME] or "表"
    name, taken = base, {sheet.title.casefold() for sheet in book.worksheets}
    number = 2
    while name.casefold() in taken:
        name = f"{base[: MAX_NAME - len(str(number))]}{number}"
        number += 1
    return book.create_sheet(name)


def list_sheet(book: Workbook, key: str, columns: Sequence[str], widths: Sequence[float]) -> Sheet:
    """A sheet with a frozen header row, named and headed in Chinese."""
    sheet = new_sheet(book, text("sheet", key, "zh"))
    for number, column in enumerate(columns, start=1):
        cell = sheet.cell(1, number)
        put(cell, text("column", column, "zh"))
        cell.font, cell.fill, cell.border, cell.alignment = Font(bold=True), HEADER, BORDER, CENTRED
    set_widths(sheet, widths)
    sheet.freeze_panes = "A2"
    return sheet


def add_row(sheet: Sheet, contents: Sequence[Content], why: str | None = None) -> None:
    """Append a row; `why` marks all of it as doubtful ("" gives the colour without a comment)."""
    number = sheet.max_row + 1
    for column, content in enumerate(contents, start=1):
        cell = sheet.cell(number, column)
        put(cell, content)
        cell.alignment, cell.border = _TOP, BORDER
        if why is not None:
            cell.fill = DOUBT
    if why:
        mark_doubt(sheet.cell(number, 1), why)


def set_widths(sheet: Sheet, widths: Sequence[float]) -> None:
    """Column widths in characters of the default font."""
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
