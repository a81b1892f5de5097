"""What all the formats for people show alike: which field a table cell holds, what is in doubt, and why.

A record's tables say what stands where and its fields say what it means; nothing links them but their place
on the page. They are brought together here, once, so that no two formats mark different cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from extractors.document import Part, Record, Value
from extractors.export.json import ABSENT_KINDS, FRONT_KEYS, printable
from extractors.messages import Lang, reason_text, text

SAME_PLACE = (
    0.5  # IoU from which a field's box and a cell's are the same: neighbours share less than a border
)
VITAL_FRONT = (
    "agency",
    "year",
)  # without them every number belongs to nobody; the others are often not printed

# What XML 1.0, and so XLSX and well-formed HTML, cannot hold; tab and line feed stay.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")

CellKey = tuple[int, int, int]  # index of the table, row0, col0


@dataclass(frozen=True, slots=True)
class Field:
    """A value under its path; front matter has its key as path."""

    path: str
    value: Value


@dataclass(frozen=True, slots=True)
class Summary:
    """One report in the numbers of the closing table. `to_review` counts what `doubts` lists."""

    agency: str | None
    year: int | None
    kind: str
    form: str | None
    fields: int
    read: int
    to_review: int
    checks_broken: int


def summarise(record: Record) -> Summary:
    agency, year = (record.front[key].value if key in record.front else None for key in VITAL_FRONT)
    sections = sum(section.review for section in record.sections)
    return Summary(
        agency=agency if isinstance(agency, str) else None,
        year=year if isinstance(year, int) else None,
        kind=record.kind,
        form=record.form,
        fields=len(record.fields),
        read=sum(value.kind not in ABSENT_KINDS for value in record.fields.values()),
        to_review=len(doubts(record)) + sections + record.kind_review,
        checks_broken=sum(check.status == "broken" for check in record.checks),
    )


def doubts(record: Record) -> tuple[Field, ...]:
    """The values that a person should look at: front matter first, then the fields in their order.

    Front matter that a report need not have and that was not found is no doubt.
    """
    front = [
        Field(key, record.front[key])
        for key in FRONT_KEYS
        if key in record.front and record.front[key].review and _matters(key, record.front[key])
    ]
    fields = [Field(path, value) for path, value in record.fields.items() if value.review]
    return (*front, *fields)


def _matters(key: str, value: Value) -> bool:
    return key in VITAL_FRONT or value.kind != "not_found"


def fields_by_cell(record: Record) -> Mapping[CellKey, Field]:
    """The field that each value cell holds, matched by place (display pixels of the first part)."""
    by_page: dict[int, list[tuple[Part, CellKey]]] = {}
    exact: dict[Part, CellKey] = {}
    for index, shown in enumerate(record.tables):
        for cell in shown.table.cells:
            if cell.parts:
                key = (index, cell.row0, cell.col0)
                by_page.setdefault(cell.parts[0].page, []).append((cell.parts[0], key))
                exact[cell.parts[0]] = key
    found: dict[CellKey, Field] = {}
    for path, value in record.fields.items():
        if value.parts:
            part = value.parts[0]
            key_or_none = exact.get(part) or _nearest(part, by_page.get(part.page, []))
            if key_or_none:
                found[key_or_none] = Field(path, value)
    return found


def _nearest(part: Part, cells: list[tuple[Part, CellKey]]) -> CellKey | None:
    best = max(cells, key=lambda cell: part.box.iou(cell[0].box), default=None)
    return best[1] if best and part.box.iou(best[0].box) >= SAME_PLACE else None


def header_rows(record: Record, index: int, fields: Mapping[CellKey, Field]) -> int:
    """How many leading rows of table `index` are column headers: those above its first value.

    A table without values (a generic one) has the rows that its first row's tallest cell covers.
    """
    rows = [row for table, row, _ in fields if table == index]
    if rows and min(rows) > 0:
        return min(rows)
    return max(cell.row1 for cell in record.tables[index].table.cells if cell.row0 == 0)


def shown_value(value: Value, lang: Lang) -> str:
    """The value as a person reads it: what is printed, or the kind in words where nothing is."""
    return value.raw or f"（{text('value_kind', value.kind, lang)}）"


def form_text(form: str | None, lang: Lang) -> str:
    """The form's name; a form that was added as data is shown by its key."""
    return text("form", form, lang) if form else text("word", "unknown", lang)


def reasons_text(reasons: tuple[str, ...], lang: Lang) -> str:
    return ("；" if lang == "zh" else "; ").join(reason_text(reason, lang) for reason in reasons)


def shown_pages(record: Record) -> str:
    """The report's pages in its file, as in "6–10"."""
    numbers = [page.number for page in record.source.pages]
    edges = sorted({min(numbers, default=0), max(numbers, default=0)})
    return "–".join(str(edge) for edge in edges)


def tables_of(record: Record, key: str) -> Iterator[int]:
    """Indices of the tables that belong to the section `key`."""
    return (index for index, shown in enumerate(record.tables) if shown.key == key)


def clean(raw: str) -> str:
    """`raw` without the characters that no XML file can hold."""
    return _UNWRITABLE.sub("", printable(raw).replace("\r\n", "\n").replace("\r", "\n"))
