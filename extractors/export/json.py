"""The record as JSON: the contract that other programs read (schema "nianbao.record/1").

The dictionaries made here hold `Decimal` for printed numbers, because a float would change digits; `dumps`
writes them exactly, where the standard library's encoder would refuse. What only the pipeline needs (work
frames, characters, ink) is left out, so the law is: `record_to_json(record_from_json(j)) == j` for every j
that this module wrote. Boxes are rounded to a hundredth of a pixel, probabilities to six digits.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from extractors.document import (
    Cell,
    Check,
    Engine,
    Issue,
    PageInfo,
    Part,
    Reading,
    Record,
    RecordTable,
    Section,
    Source,
    Table,
    Value,
)
from extractors.errors import InputError
from extractors.geometry import Box
from extractors.messages import Lang, issue_text

SCHEMA = "nianbao.record/1"
FRONT_KEYS = (
    "agency",
    "year",
    "period",
    "address",
    "postcode",
    "phone",
    "fax",
    "email",
    "website",
    "issued_on",
)
ABSENT_KINDS = ("not_found", "unreadable")  # they have no `raw`
LINE_WIDTH = 160  # what fits is written on one line, so that a cell or a field is one line of a diff

Json = dict[str, Any]


def record_to_json(record: Record, lang: Lang) -> Json:
    """The record in the contract's shape; `lang` is the language of the issues' messages."""
    front = {key: value_to_json(record.front.get(key, MISSING)) for key in FRONT_KEYS}
    return {
        "schema": SCHEMA,
        "source": _source_to_json(record.source),
        "kind": record.kind,
        "kind_confidence": _probability(record.kind_confidence),
        "kind_review": record.kind_review,
        "form": record.form,
        **front,
        "sections": [_section_to_json(section) for section in record.sections],
        "tables": [_table_to_json(table) for table in record.tables],
        "fields": {path: value_to_json(value) for path, value in record.fields.items()},
        "checks": [_check_to_json(check) for check in record.checks],
        "issues": [_issue_to_json(issue, lang) for issue in record.issues],
        "engine": {
            "nianbao": record.engine.nianbao,
            "ocr": record.engine.ocr,
            "weights": record.engine.weights,
            "calibrated": record.engine.calibrated,
        },
        "timing_s": {stage: round(float(seconds), 4) for stage, seconds in record.timing_s.items()},
    }


def record_from_json(data: Mapping[str, Any]) -> Record:
    """A record from what `record_to_json` wrote. Raises InputError for another schema or a broken shape.

    Decisions of reviewers are not part of a Record and are left aside.
    """
    if data.get("schema") != SCHEMA:
        raise InputError(detail=f"schema {data.get('schema')!r}, expected {SCHEMA!r}")
    try:
        return _read(data)
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise InputError(detail=f"{type(error).__name__}: {error}") from error


def dumps(value: Any) -> str:
    """JSON text with exact decimals, one field or cell to the line. ValueError for NaN and infinities."""
    return _pretty(value, 0) + "\n"


def loads(text: str) -> Any:
    """The inverse of `dumps`: numbers with a point come back as Decimal."""
    return json.loads(text, parse_float=Decimal)


def printable(text: str) -> str:
    """`text` without lone surrogates (of undecodable file names or broken fonts), which no file can hold."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def value_to_json(value: Value) -> Json:
    first = value.parts[0] if value.parts else None
    raw = {} if value.kind in ABSENT_KINDS else {"raw": value.raw}
    return {
        "value": list(value.value) if isinstance(value.value, tuple) else value.value,
        **raw,
        "kind": value.kind,
        "unit": value.unit,
        "page": first.page if first else None,
        "box": _box(first.box) if first else None,
        "parts": _parts(value.parts),
        "confidence": None if value.confidence is None else _probability(value.confidence),
        "alternatives": [[text, _probability(chance)] for text, chance in value.alternatives],
        "review": value.review,
        "reasons": list(value.reasons),
        "decision": None,
    }


def value_from_json(data: Mapping[str, Any]) -> Value:
    value = data["value"]
    confidence = data["confidence"]
    return Value(
        kind=data["kind"],
        value=tuple(value) if isinstance(value, list) else _exact(value),
        raw=data.get("raw"),
        unit=data["unit"],
        parts=_read_parts(data["parts"]),
        confidence=None if confidence is None else float(confidence),
        alternatives=tuple((text, float(chance)) for text, chance in data["alternatives"]),
        review=data["review"],
        reasons=tuple(data["reasons"]),
    )


MISSING = Value(kind="not_found", review=True, reasons=("not_found",))


def _source_to_json(source: Source) -> Json:
    numbers = [page.number for page in source.pages]
    return {
        "name": printable(source.name),
        "paths": [printable(path) for path in source.paths],
        "sha256": source.sha256,
        "first_page": min(numbers, default=None),
        "last_page": max(numbers, default=None),
        "pages": [_page_to_json(page) for page in source.pages],
    }


def _page_to_json(page: PageInfo) -> Json:
    return {
        "page": page.number,
        "kind": page.kind,
        "width": page.width,
        "height": page.height,
        "dpi": round(float(page.dpi), 2),
        "rotation": page.rotation,
        "skew_deg": round(float(page.skew_deg), 3),
    }


def _section_to_json(section: Section) -> Json:
    first = section.parts[0] if section.parts else None
    return {
        "key": section.key,
        "title": section.title,
        "page": first.page if first else None,
        "box": _box(first.box) if first else None,
        "parts": _parts(section.parts),
        "confidence": _probability(section.confidence),
        "review": section.review,
        "reasons": list(section.reasons),
        "text": section.text,
    }


def _table_to_json(shown: RecordTable) -> Json:
    table = shown.table
    return {
        "key": shown.key,
        "pages": list(table.pages),
        "rows": table.n_rows,
        "cols": table.n_cols,
        "confidence": _probability(shown.confidence),
        "cells": [_cell_to_json(cell) for cell in sorted(table.cells, key=lambda c: (c.row0, c.col0))],
    }


def _cell_to_json(cell: Cell) -> Json:
    first = cell.parts[0] if cell.parts else None
    return {
        "row": cell.row0,
        "col": cell.col0,
        "rowspan": cell.rowspan,
        "colspan": cell.colspan,
        "text": cell.text,
        "blank": cell.blank,
        "page": first.page if first else None,
        "box": _box(first.box) if first else None,
        "parts": _parts(cell.parts),
        # That the text is right *and* stands in this cell.
        "confidence": _probability(cell.reading.confidence * cell.structure),
    }


def _check_to_json(check: Check) -> Json:
    return {
        "id": check.id,
        "status": check.status,
        "left": check.left,
        "right": check.right,
        "fields": list(check.fields),
    }


def _issue_to_json(issue: Issue, lang: Lang) -> Json:
    return {
        "code": issue.code,
        "severity": issue.severity,
        "page": issue.page,
        "message": issue_text(issue, lang),
        "facts": {name: _plain(fact) for name, fact in issue.facts.items()},
    }


def _parts(parts: Sequence[Part]) -> list[Json]:
    return [{"page": part.page, "box": _box(part.box)} for part in parts]


def _box(box: Box) -> list[float]:
    return [round(float(edge), 2) for edge in (box.x0, box.y0, box.x1, box.y1)]


def _probability(chance: float) -> float:
    return round(float(chance), 6)


def _plain(fact: Any) -> Any:
    """A fact as JSON has it: sequences as lists, what JSON does not know as text."""
    if isinstance(fact, list | tuple):
        return [_plain(item) for item in fact]
    if isinstance(fact, float):
        return round(fact, 6)
    return fact if isinstance(fact, str | int | Decimal | None) else str(fact)


def _read(data: Mapping[str, Any]) -> Record:
    source = data["source"]
    return Record(
        source=Source(
            name=source["name"],
            paths=tuple(source["paths"]),
            sha256=source["sha256"],
            pages=tuple(_read_page(page) for page in source["pages"]),
        ),
        kind=data["kind"],
        kind_confidence=float(data["kind_confidence"]),
        kind_review=data["kind_review"],
        form=data["form"],
        front={key: value_from_json(data[key]) for key in FRONT_KEYS},
        sections=tuple(_read_section(section) for section in data["sections"]),
        tables=tuple(_read_table(table) for table in data["tables"]),
        fields={path: value_from_json(value) for path, value in data["fields"].items()},
        checks=tuple(_read_check(check) for check in data["checks"]),
        issues=tuple(_read_issue(issue) for issue in data["issues"]),
        engine=Engine(**data["engine"]),
        timing_s={stage: float(seconds) for stage, seconds in data["timing_s"].items()},
    )


def _read_page(page: Mapping[str, Any]) -> PageInfo:
    return PageInfo(
        number=page["page"],
        kind=page["kind"],
        width=page["width"],
        height=page["height"],
        dpi=float(page["dpi"]),
        rotation=page["rotation"],
        skew_deg=float(page["skew_deg"]),
    )


def _read_section(section: Mapping[str, Any]) -> Section:
    return Section(
        key=section["key"],
        title=section["title"],
        parts=_read_parts(section["parts"]),
        text=section["text"],
        confidence=float(section["confidence"]),
        review=section["review"],
        reasons=tuple(section["reasons"]),
    )


def _read_table(table: Mapping[str, Any]) -> RecordTable:
    cells = tuple(_read_cell(cell) for cell in table["cells"])
    return RecordTable(table["key"], Table(table["rows"], table["cols"], cells), float(table["confidence"]))


def _read_cell(cell: Mapping[str, Any]) -> Cell:
    return Cell(
        row0=cell["row"],
        row1=cell["row"] + cell["rowspan"],
        col0=cell["col"],
        col1=cell["col"] + cell["colspan"],
        reading=Reading(cell["text"], float(cell["confidence"])),
        parts=_read_parts(cell["parts"]),
        blank=cell["blank"],
    )


def _read_check(check: Mapping[str, Any]) -> Check:
    left, right = (None if side is None else Decimal(side) for side in (check["left"], check["right"]))
    return Check(check["id"], check["status"], left, right, tuple(check["fields"]))


def _read_issue(issue: Mapping[str, Any]) -> Issue:
    return Issue(issue["code"], issue["severity"], issue["page"], dict(issue["facts"]))


def _read_parts(parts: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
    return tuple(Part(part["page"], Box(*(float(edge) for edge in part["box"]))) for part in parts)


def _exact(value: Any) -> Any:
    """A number as the record holds it, also where a plain `json.load` made a float of it."""
    return Decimal(repr(value)) if isinstance(value, float) else value


def _pretty(value: Any, depth: int) -> str:
    line = _compact(value)
    if not isinstance(value, dict | list) or len(line) + 2 * depth <= LINE_WIDTH:
        return line
    inner, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, dict):
        items = [f"{inner}{_string(key)}: {_pretty(item, depth + 1)}" for key, item in value.items()]
        return "{\n" + ",\n".join(items) + f"\n{outer}}}"
    items = [f"{inner}{_pretty(item, depth + 1)}" for item in value]
    return "[\n" + ",\n".join(items) + f"\n{outer}]"


def _compact(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_string(key)}: {_compact(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_compact(item) for item in value) + "]"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, Decimal | float) and not math.isfinite(value):
        raise ValueError(f"JSON has no {value}")
    return f"{value:f}" if isinstance(value, Decimal) else json.dumps(value)


def _string(text: str) -> str:
    return json.dumps(printable(text), ensure_ascii=False)
