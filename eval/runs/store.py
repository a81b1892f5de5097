"""A run on disk: rows as Parquet, all else as JSON, so that any tool can read a run without this project.

RUN/run.json            what was run: code, engine, gold, machine, time and memory
RUN/records/            the record of every report, as `nianbao extract` writes it
RUN/fields.parquet      documents.parquet, headings.parquet, tables.parquet, front.parquet: see rows.py
RUN/summary.json        every metric with its counts and interval
RUN/report.html         the same for people
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from eval.runs.rows import DocumentRow, FieldRow, FrontRow, HeadingRow, Place, Rows, TableRow
from extractors.errors import InputError

FACTS, SUMMARY, REPORT, RECORDS = "run.json", "summary.json", "report.html", "records"

_PLACE = [(field.name, pa.int32() if field.name == "report" else pa.string()) for field in fields(Place)]
_BOX = pa.list_(pa.float64(), 4)
_SCORES = pa.list_(pa.struct([("name", pa.string()), ("value", pa.float64())]))
_SCHEMAS: Mapping[type, list[tuple[str, Any]]] = {
    FieldRow: [
        ("path", pa.string()),
        ("tags", pa.list_(pa.string())),
        ("gold_kind", pa.string()),
        ("gold_raw", pa.string()),
        ("kind", pa.string()),
        ("raw", pa.string()),
        ("value", pa.string()),
        ("unit", pa.string()),
        ("confidence", pa.float64()),
        ("review", pa.bool_()),
        ("reasons", pa.list_(pa.string())),
        ("right", pa.bool_()),
        ("fault", pa.string()),
        ("silent", pa.bool_()),
        ("page", pa.int32()),
        ("box", _BOX),
        ("gold_page", pa.int32()),
        ("gold_box", _BOX),
        ("alternatives", _SCORES),
        ("turn", pa.int32()),
    ],
    DocumentRow: [
        ("gold_kind", pa.string()),
        ("kind", pa.string()),
        ("kind_review", pa.bool_()),
        ("gold_agency", pa.string()),
        ("agency", pa.string()),
        ("agency_right", pa.bool_()),
        ("agency_review", pa.bool_()),
        ("gold_year", pa.string()),
        ("year", pa.string()),
        ("year_right", pa.bool_()),
        ("year_review", pa.bool_()),
        ("form_right", pa.bool_()),
        ("bounds_right", pa.bool_()),
        ("in_volume", pa.bool_()),
        ("sections", pa.int32()),
        ("sections_right", pa.int32()),
        ("sections_extra", pa.int32()),
        ("checks_broken", pa.int32()),
        ("checks_found", pa.int32()),
        ("checks_false", pa.int32()),
        ("places_gold", pa.int32()),
        ("places_read", pa.int32()),
        ("places_right", pa.int32()),
        ("characters", pa.int32()),
        ("characters_wrong", pa.int32()),
        ("pages", pa.int32()),
        ("seconds", pa.float64()),
        ("stages", _SCORES),
        ("error", pa.string()),
        ("traits", pa.list_(pa.string())),
    ],
    HeadingRow: [
        ("key", pa.string()),
        ("gold_title", pa.string()),
        ("title", pa.string()),
        ("right", pa.bool_()),
        ("confidence", pa.float64()),
        ("review", pa.bool_()),
        ("trap", pa.bool_()),
        ("line", pa.string()),
    ],
    FrontRow: [
        ("name", pa.string()),
        ("gold", pa.string()),
        ("read", pa.string()),
        ("right", pa.bool_()),
        ("review", pa.bool_()),
    ],
    TableRow: [
        ("key", pa.string()),
        ("pages", pa.list_(pa.int32())),
        ("rows", pa.int32()),
        ("cols", pa.int32()),
        ("cells", pa.int32()),
        ("confidence", pa.float64()),
        ("labelled", pa.bool_()),
        ("scores", _SCORES),
    ],
}
_NAMES = {
    "fields": FieldRow,
    "documents": DocumentRow,
    "headings": HeadingRow,
    "tables": TableRow,
    "front": FrontRow,
}
_PAIRS = frozenset({"alternatives", "stages", "scores"})


def write_rows(rows: Rows, folder: Path) -> None:
    """One Parquet file for each kind of row."""
    for name, kind in _NAMES.items():
        schema = pa.schema([*_PLACE, *_SCHEMAS[kind]])
        table = pa.Table.from_pylist([_flat(row) for row in getattr(rows, name)], schema)
        pq.write_table(table, folder / f"{name}.parquet")


def read_rows(folder: Path) -> Rows:
    """The inverse of `write_rows`. Raises InputError where a file is missing or of another shape."""
    return Rows(**{name: tuple(_read(folder / f"{name}.parquet", kind)) for name, kind in _NAMES.items()})


def _flat(row: Any) -> dict[str, Any]:
    values = asdict(row)
    values |= values.pop("place")
    for name in _PAIRS & values.keys():
        values[name] = [{"name": key, "value": number} for key, number in values[name]]
    return values


def _read(path: Path, kind: type) -> list[Any]:
    try:
        entries = pq.read_table(path).to_pylist()
        return [_row(entry, kind) for entry in entries]
    except (OSError, pa.ArrowInvalid, KeyError, TypeError) as error:
        raise InputError(path=str(path), detail=str(error)) from error


def _row(entry: dict[str, Any], kind: type) -> Any:
    place = Place(**{name: entry.pop(name) for name, _ in _PLACE})
    for name, value in entry.items():
        if name in _PAIRS:
            entry[name] = tuple((pair["name"], pair["value"]) for pair in value)
        elif isinstance(value, list):
            entry[name] = tuple(value)
    return kind(place=place, **entry)


def write_json(value: Any, path: Path) -> None:
    """`value` with a line for every entry, so that two runs can be told apart with diff."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1, default=_plain) + "\n", encoding="utf-8")


def read_json(path: Path) -> dict[str, Any]:
    """Raises InputError where there is no such file, or no JSON object in it."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(path=str(path), detail=str(error)) from error
    if not isinstance(value, dict):
        raise InputError(path=str(path), detail="not a JSON object")
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"not JSON: {type(value)}")
