"""One row per field, for spreadsheets and scripts. Opens right in Excel by a double click (UTF-8 with a BOM).

A spreadsheet runs a CSV cell that begins like a formula, whoever wrote it into the scan, and turns codes into
numbers or dates: such text gets a leading apostrophe (OWASP, "CSV Injection"). The value of a number is the
only cell written bare, so that -38 stays one.
"""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal

from extractors.document import Record, Value
from extractors.export.json import FRONT_KEYS
from extractors.export.origin import origin_of
from extractors.export.view import clean, reasons_text
from extractors.messages import Lang, field_text, text

COLUMNS = (
    "path", "field", "kind", "value", "raw", "unit", "page", "box",
    "confidence", "review", "reasons", "alternatives", "origin",
)  # fmt: skip
BOM = "\ufeff"
# Full-width signs count: some spreadsheets read them as the half-width ones.
_ACTIVE = re.compile(r"[\s'\"]*[=+\-@|%\t\uff1d\uff0b\uff0d\uff20]")
# What a spreadsheet would change on reading: leading zeros, long codes, exponents, day-month pairs.
_CHANGED = re.compile(r"0[0-9].*|[0-9]{12,}|[0-9.]+[eE][0-9]+|[0-9]{1,4}[-/:][0-9]{1,2}")


def record_to_csv(record: Record, lang: Lang) -> bytes:
    """Front matter first, then every field of the form. The header row is in `lang`."""
    mark = origin_of(record).mark
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow([text("column", name, lang) for name in COLUMNS])
    for key in FRONT_KEYS:
        if key in record.front:
            writer.writerow([*_row(key, record.front[key], lang), mark])
    for path, value in record.fields.items():
        writer.writerow([*_row(path, value, lang), mark])
    return (BOM + sheet.getvalue()).encode("utf-8")


def _row(path: str, value: Value, lang: Lang) -> list[str]:
    first = value.parts[0] if value.parts else None
    box = first.box if first else None
    return [
        safe_text(path),
        safe_text(field_text(path, lang)),
        text("value_kind", value.kind, lang),
        _value(value),
        as_text(value.raw or ""),
        safe_text(value.unit or ""),
        str(first.page) if first else "",
        f"{box.x0:.0f} {box.y0:.0f} {box.x1:.0f} {box.y1:.0f}" if box else "",
        "" if value.confidence is None else f"{value.confidence:.4f}",
        text("word", "yes" if value.review else "no", lang),
        safe_text(reasons_text(value.reasons, lang)),
        safe_text(" | ".join(f"{string} ({chance:.3f})" for string, chance in value.alternatives)),
    ]


def _value(value: Value) -> str:
    if isinstance(value.value, int | Decimal):
        return f"{value.value:f}" if isinstance(value.value, Decimal) else str(value.value)
    words = " / ".join(value.value) if isinstance(value.value, tuple) else value.value or ""
    return as_text(words)


def as_text(raw: str) -> str:
    """A code or a printed number, so that a spreadsheet leaves its characters alone."""
    return "'" + raw if _CHANGED.fullmatch(raw) else safe_text(raw)


def safe_text(raw: str) -> str:
    """`raw` so that no spreadsheet runs it."""
    found = clean(raw)
    return "'" + found if _ACTIVE.match(found) else found
