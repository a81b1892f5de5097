"""The record as Markdown, for reading in plain text and for feeding to programs that read prose.

Markdown tables know no spans. Header rows are folded into one, each column with its whole chain of headings;
a label that covers several rows is repeated in each, so that every row stands by itself; a cell that covers
several columns is written once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from extractors.document import SECTION_KEYS, Record, Table
from extractors.export.json import FRONT_KEYS
from extractors.export.origin import origin_of
from extractors.export.view import (
    CellKey,
    Field,
    clean,
    doubts,
    fields_by_cell,
    form_text,
    header_rows,
    reasons_text,
    shown_value,
    summarise,
)
from extractors.messages import Lang, check_text, field_text, issue_text, text

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~#$&])")
_LIST = re.compile(r"^(\s*)([-+]|[0-9]{1,9}[.)])(?=\s|$)", re.MULTILINE)
_RULE = re.compile(r"^(\s*)([=-])", re.MULTILINE)
DOUBT = " **(?)**"


def record_to_markdown(record: Record, lang: Lang) -> str:
    summary = summarise(record)
    agency = summary.agency or text("word", "untitled", lang)
    year = str(summary.year) if summary.year is not None else text("word", "unknown", lang)
    fields = fields_by_cell(record)
    blocks = [f"# {escaped(agency)} · {year} · {text('kind', record.kind, lang)}"]
    blocks += [_front(record, lang), *_sections(record, fields, lang)]
    blocks += [*_doubts(record, lang), *_checks(record, lang), *_issues(record, lang)]
    return "\n\n".join((*blocks, f"<!-- {origin_of(record).mark} -->")) + "\n"


def escaped(raw: str) -> str:
    """`raw` on one line, so that Markdown shows exactly it, also inside a table."""
    return _SPECIAL.sub(r"\\\1", " ".join(clean(raw).split()))


def paragraphs(raw: str) -> str:
    """`raw` with each of its lines as a paragraph; what looks like a list, a rule or a heading is text."""
    kept = [_SPECIAL.sub(r"\\\1", line.strip()) for line in clean(raw).split("\n") if line.strip()]
    shown = (_RULE.sub(r"\1\\\2", _LIST.sub(_escape_list, line)) for line in kept)
    return "\n\n".join(shown)


def _escape_list(found: re.Match[str]) -> str:
    marker = found[2]
    return f"{found[1]}{marker[:-1]}\\{marker[-1]}"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _front(record: Record, lang: Lang) -> str:
    rows = [[text("column", "form", lang), escaped(form_text(record.form, lang))]]
    for key in FRONT_KEYS:
        if key in record.front:
            value = record.front[key]
            words = " – ".join(value.value) if isinstance(value.value, tuple) else value.value
            shown = shown_value(value, lang) if words is None else str(words)
            doubt = DOUBT if value.review and value.kind != "not_found" else ""
            rows.append([field_text(key, lang), escaped(shown) + doubt])
    return _table([text("column", "item", lang), text("column", "content", lang)], rows)


def _sections(record: Record, fields: Mapping[CellKey, Field], lang: Lang) -> list[str]:
    blocks: list[str] = []
    shown: set[int] = set()
    for key in SECTION_KEYS:
        for section in (section for section in record.sections if section.key == key):
            blocks.append(f"## {escaped(section.title)}{DOUBT if section.review else ''}")
            if section.text.strip():
                blocks.append(paragraphs(section.text))
            own = [i for i, table in enumerate(record.tables) if table.key == key and i not in shown]
            blocks += [_record_table(record, index, fields) for index in own]
            shown.update(own)
    rest = [index for index in range(len(record.tables)) if index not in shown]
    if rest:
        blocks.append("## " + text("word", "other_tables", lang))
    return blocks + [_record_table(record, index, fields) for index in rest]


def _record_table(record: Record, index: int, fields: Mapping[CellKey, Field]) -> str:
    table = record.tables[index].table
    heads = header_rows(record, index, fields)
    marked = {
        (row, col) for number, row, col in fields if number == index and fields[number, row, col].value.review
    }
    rows = [_body_row(table, row, marked) for row in range(heads, table.n_rows)]
    chains = [_head(table, heads, col) for col in range(table.n_cols)]
    once = ["" if col and chain == chains[col - 1] else chain for col, chain in enumerate(chains)]
    return _table(once, rows)


def _head(table: Table, heads: int, col: int) -> str:
    """The chain of headings above a column, top first, each once."""
    chain = dict.fromkeys(table.at(row, col).text for row in range(heads))
    return escaped(" / ".join(text for text in chain if text))


def _body_row(table: Table, row: int, marked: set[tuple[int, int]]) -> list[str]:
    cells = []
    for col in range(table.n_cols):
        cell = table.at(row, col)
        doubt = DOUBT if (cell.row0, cell.col0) in marked else ""
        cells.append(escaped(cell.text) + doubt if col == cell.col0 else "")
    return cells


def _doubts(record: Record, lang: Lang) -> list[str]:
    found = doubts(record)
    heading = "## " + text("word", "doubts", lang)
    if not found:
        return [heading, text("word", "no_doubts", lang)]
    columns = [text("column", name, lang) for name in ("field", "page", "raw", "reasons")]
    rows = [
        [
            escaped(field_text(field.path, lang)),
            ", ".join(str(part.page) for part in field.value.parts),
            escaped(shown_value(field.value, lang)),
            escaped(reasons_text(field.value.reasons, lang)),
        ]
        for field in found
    ]
    return [heading, _table(columns, rows)]


def _checks(record: Record, lang: Lang) -> list[str]:
    if not record.checks:
        return []
    columns = [text("column", name, lang) for name in ("check", "status", "left", "right")]
    rows = [
        [
            escaped(check_text(check.id, lang)),
            text("status", check.status, lang),
            *("" if side is None else f"{side:f}" for side in (check.left, check.right)),
        ]
        for check in record.checks
    ]
    return ["## " + text("word", "checks", lang), _table(columns, rows)]


def _issues(record: Record, lang: Lang) -> list[str]:
    if not record.issues:
        return []
    lines = []
    for issue in record.issues:
        place = text("word", "page_n", lang, page=issue.page) if issue.page else ""
        lines.append(
            f"- **{text('severity', issue.severity, lang)}** {escaped(issue_text(issue, lang))} {place}"
        )
    return ["## " + text("word", "issues", lang), "\n".join(line.rstrip() for line in lines)]
