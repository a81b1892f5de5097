"""The record as one page for people: what is in doubt first, each doubt with its picture, then the report.

One file with no links out, so that it can be mailed and opened anywhere. The page forbids itself scripts and
foreign content, because its text comes from scans that anyone may have made.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path

from extractors.document import SECTION_KEYS, Cell, Check, Record, Section, SectionKey
from extractors.export.crops import Crops, Display, crop_fields
from extractors.export.elements import Markup, joined, lines, tag
from extractors.export.json import FRONT_KEYS
from extractors.export.origin import origin_of
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
    summarise,
    tables_of,
)
from extractors.messages import Lang, check_text, field_text, issue_text, text

# No script, no foreign picture, style or frame, whatever slips through.
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
LOCALES: Mapping[Lang, str] = {"zh": "zh-Hans", "en": "en"}


def record_to_html(record: Record, lang: Lang, display: Display) -> str:
    """A whole HTML document. `display` gives the pages that the doubtful values stand on."""
    found = doubts(record)
    crops = crop_fields(record, found, display)
    page = _Page(record, lang, found, fields_by_cell(record))
    body = joined(
        _header(page),
        _doubts(page, crops),
        _front(page),
        *(_section(page, key) for key in SECTION_KEYS if _has_section(page, key)),
        _other_tables(page),
        _checks(page),
        _issues(page),
        _origin(page),
    )
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="generator", content=origin_of(record).mark),
        tag("title", _title(page)),
        Markup(f"<style>{_style()}</style>"),
    )
    return "<!DOCTYPE html>\n" + tag("html", head, tag("body", body), lang=LOCALES[lang]) + "\n"


class _Page:
    """What every part of the page needs; made once per document and never changed."""

    def __init__(
        self, record: Record, lang: Lang, found: tuple[Field, ...], fields: Mapping[CellKey, Field]
    ) -> None:
        self.record = record
        self.lang = lang
        self.doubts = found
        self.fields = fields
        self.anchors = {field.path: f"doubt-{number}" for number, field in enumerate(found, start=1)}

    def word(self, code: str, **facts: object) -> str:
        return text("word", code, self.lang, **facts)

    def column(self, code: str) -> str:
        return text("column", code, self.lang)


def _style() -> str:
    return Path(__file__).with_name("record.css").read_text(encoding="utf-8")


def _title(page: _Page) -> str:
    summary = summarise(page.record)
    agency = summary.agency or page.word("untitled")
    year = str(summary.year) if summary.year is not None else page.word("unknown")
    return f"{agency} · {year} · {text('kind', page.record.kind, page.lang)}"


def _header(page: _Page) -> Markup:
    summary = summarise(page.record)
    figures = (
        ("form", form_text(page.record.form, page.lang), False),
        ("fields_read", f"{summary.read} / {summary.fields}", summary.read < summary.fields),
        ("to_review", str(summary.to_review), summary.to_review > 0),
        ("checks_broken", str(summary.checks_broken), summary.checks_broken > 0),
    )
    boxes = (
        tag(
            "div", tag("b", value), tag("span", page.column(name)), class_="figure warn" if warn else "figure"
        )
        for name, value, warn in figures
    )
    kind = tag("p", page.word("document_kind"), "？", class_="doubt") if page.record.kind_review else Markup()
    return tag("header", tag("h1", _title(page)), kind, tag("div", *boxes, class_="figures"))


def _doubts(page: _Page, crops: Crops) -> Markup:
    heading = tag("h2", page.word("doubts"))
    if not page.doubts:
        return tag("section", heading, tag("p", page.word("no_doubts")), id="doubts")
    names = ("field", "page", "picture", "raw", "alternatives", "reasons")
    head = tag("tr", *(tag("th", page.column(name), scope="col") for name in names))
    rows = (_doubt_row(page, field, crops.get(field.path, ())) for field in page.doubts)
    return tag("section", heading, tag("table", tag("thead", head), tag("tbody", *rows)), id="doubts")


def _doubt_row(page: _Page, field: Field, pictures: tuple[bytes, ...]) -> Markup:
    value = field.value
    shown = [
        tag(
            "img",
            src="data:image/png;base64," + b64encode(png).decode("ascii"),
            alt=shown_value(value, page.lang),
        )
        for png in pictures
    ]
    nbest = (tag("li", tag("code", string), " ", _percent(chance)) for string, chance in value.alternatives)
    sure = "" if value.confidence is None else _percent(value.confidence)
    return tag(
        "tr",
        tag("td", field_text(field.path, page.lang), tag("small", field.path)),
        tag("td", ", ".join(str(part.page) for part in value.parts)),
        tag("td", *shown or [tag("small", page.word("no_picture"))]),
        tag("td", tag("strong", shown_value(value, page.lang)), tag("small", sure, class_="sure")),
        tag("td", tag("ol", *nbest)),
        tag("td", reasons_text(value.reasons, page.lang)),
        id=page.anchors[field.path],
    )


def _percent(chance: float) -> str:
    return "< 0.1%" if 0 < chance < 0.001 else f"{chance:.1%}"


def _front(page: _Page) -> Markup:
    rows = []
    for key in FRONT_KEYS:
        if key in page.record.front:
            value = page.record.front[key]
            meaning = " – ".join(value.value) if isinstance(value.value, tuple) else value.value
            printed = value.raw if value.raw and value.raw != str(meaning) else ""
            shown = shown_value(value, page.lang) if meaning is None else str(meaning)
            cell = _marked(page, Field(key, value), shown)
            name = tag("th", field_text(key, page.lang), scope="row")
            rows.append(tag("tr", name, cell, tag("td", tag("small", printed))))
    return tag("section", tag("h2", page.word("front")), tag("table", *rows), id="front")


def _marked(page: _Page, field: Field | None, shown: str, **attributes: str | int | None) -> Markup:
    """A table cell; a doubtful one is coloured, has a mark that needs no colour, and leads to its picture."""
    if field is None or field.path not in page.anchors:
        return tag("td", shown, **attributes)
    why = reasons_text(field.value.reasons, page.lang)
    link = tag("a", "?", href="#" + page.anchors[field.path], aria_label=page.column("review"))
    return tag("td", shown, tag("sup", link), class_="doubt", title=why, **attributes)


def _has_section(page: _Page, key: SectionKey) -> bool:
    expected = page.record.kind == "report"
    return expected or any(section.key == key for section in page.record.sections)


def _section(page: _Page, key: SectionKey) -> Markup:
    found = [section for section in page.record.sections if section.key == key]
    tables = [_table(page, index) for index in tables_of(page.record, key)]
    if not found:
        missing = tag("p", page.word("missing_section"), class_="doubt")
        return tag("section", tag("h2", text("section", key, page.lang)), missing, *tables, id=key)
    return tag("section", *(_section_text(page, section) for section in found), *tables, id=key)


def _section_text(page: _Page, section: Section) -> Markup:
    place = page.word("page_n", page=section.parts[0].page) if section.parts else ""
    heading = tag("h2", section.title, tag("small", place), class_="doubt" if section.review else None)
    why = tag("p", reasons_text(section.reasons, page.lang), class_="doubt") if section.review else Markup()
    return joined(heading, why, lines(section.text))


def _other_tables(page: _Page) -> Markup:
    shown = [
        _table(page, index)
        for index, table in enumerate(page.record.tables)
        if table.key not in SECTION_KEYS or not _has_section_key(page, table.key)
    ]
    return tag("section", tag("h2", page.word("other_tables")), *shown, id="tables") if shown else Markup()


def _has_section_key(page: _Page, key: str | None) -> bool:
    return any(key == known and _has_section(page, known) for known in SECTION_KEYS)


def _table(page: _Page, index: int) -> Markup:
    table = page.record.tables[index].table
    heads = header_rows(page.record, index, page.fields)
    rows: list[list[Markup]] = [[] for _ in range(table.n_rows)]
    for cell in sorted(table.cells, key=lambda cell: (cell.row0, cell.col0)):
        field = page.fields.get((index, cell.row0, cell.col0))
        head = field is None and (cell.row0 < heads or cell.colspan == table.n_cols)
        rows[cell.row0].append(_table_cell(page, cell, field, head))
    body = tag("table", *(tag("tr", *cells) for cells in rows), class_="form")
    return tag("div", body, class_="wide")


def _table_cell(page: _Page, cell: Cell, field: Field | None, head: bool) -> Markup:
    spans: dict[str, str | int | None] = {
        "rowspan": cell.rowspan if cell.rowspan > 1 else None,
        "colspan": cell.colspan if cell.colspan > 1 else None,
    }
    if head:
        return tag("th", cell.text, **spans)
    unread = field is not None and field.value.kind == "unreadable"
    return _marked(page, field, "�" if unread else cell.text, **spans)


def _checks(page: _Page) -> Markup:
    broken = [check for check in page.record.checks if check.status == "broken"]
    others = [check for check in page.record.checks if check.status != "broken"]
    if not page.record.checks:
        return Markup()
    summary = tag("summary", page.word("holding", count=len(others)))
    rest = tag("details", summary, _check_table(page, others)) if others else Markup()
    shown = _check_table(page, broken) if broken else Markup()
    return tag("section", tag("h2", page.word("checks")), shown, rest, id="checks")


def _check_table(page: _Page, checks: list[Check]) -> Markup:
    names = ("check", "status", "left", "right")
    head = tag("tr", *(tag("th", page.column(name), scope="col") for name in names))
    return tag("table", tag("thead", head), tag("tbody", *(_check_row(page, check) for check in checks)))


def _check_row(page: _Page, check: Check) -> Markup:
    sides = ("" if side is None else f"{side:f}" for side in (check.left, check.right))
    status = text("status", check.status, page.lang)
    return tag(
        "tr",
        tag("td", check_text(check.id, page.lang)),
        tag("td", status, class_="doubt" if check.status == "broken" else None),
        *(tag("td", side) for side in sides),
    )


def _issues(page: _Page) -> Markup:
    items = []
    for issue in page.record.issues:
        place = page.word("page_n", page=issue.page) if issue.page else ""
        severity = tag("b", text("severity", issue.severity, page.lang))
        items.append(tag("li", severity, " ", issue_text(issue, page.lang), " ", tag("small", place)))
    return (
        tag("section", tag("h2", page.word("issues")), tag("ul", *items), id="issues") if items else Markup()
    )


def _origin(page: _Page) -> Markup:
    record = page.record
    facts = (
        ("source", "; ".join(record.source.paths)),
        ("pages", shown_pages(record)),
        ("sha256", record.source.sha256),
        ("engine", f"{record.engine.ocr} {record.engine.weights}"),
        ("version", record.engine.nianbao),
    )
    return tag("footer", tag("dl", *(tag("div", tag("dt", page.word(n)), tag("dd", v)) for n, v in facts)))
