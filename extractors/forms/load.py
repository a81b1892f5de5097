"""Reads the form files. Kept apart from `model.py` so that only this module knows how a form is written down.

A form file is JSON, one form per file, schema `nianbao.form/1`:

    FORM   {"schema": "nianbao.form/1", "id", "title", "from_year", "tables": [TABLE…], "rules": [RULE…]}
    TABLE  {"key", "section", "bands": [BAND…]}        field paths are KEY.ROW.COLUMN, empty parts left out
    BAND   {"label"?, "variants"?, "corner"?: LABEL, "columns": [COLUMN…], "rows": [ROW…]}
           `label` is a line over the whole width; `corner` the cell left of the column labels
    COLUMN LABEL + {"columns": [COLUMN…]}, or LABEL + {"path", "type"?, "unit"?, "span"?};
           "type" is one of `model.ValueType`, by default "count"
    ROW    LABEL + {"rows": [ROW…]}, or LABEL + {"path"}; either may add "or": [ROW…], the rows some
           reports print in its stead. A row without "label" is a row of values only
    LABEL  {"label": "…", "variants"?: ["…"]}
    RULE   {"id", "table", "each": "row" | "column", "sum": […], "equals": […], "printed_only"?}
           each "row": sum and equals name columns, once per row ({row} in the id); each "column": they name
           rows, once per column ({column} in the id)

Spans are not written: a row label fills what is left of the label columns, a group the rows in it, a column
label what is left of the head rows.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from extractors.errors import UsageError
from extractors.forms.model import Form, FormCell, FormColumn, FormRow, FormTable, Label, Layout, Rule

SCHEMA = "nianbao.form/1"
Json = Mapping[str, Any]


class BadForm(UsageError):
    code = "bad_form"


def load(folder: Path | None = None) -> tuple[Form, ...]:
    """All forms of `folder` (default: those that come with the package), in order of their ids.

    Raises BadForm, naming the file, where one is not JSON, lacks a part, or does not tile.
    """
    return _load(folder or Path(__file__).parent)


@lru_cache(maxsize=8)
def _load(folder: Path) -> tuple[Form, ...]:
    forms = tuple(_read(path) for path in sorted(folder.glob("*.json")))
    if not forms:
        raise BadForm(path=str(folder), reason="no form file in this folder")
    return tuple(sorted(forms, key=lambda form: form.id))


def _read(path: Path) -> Form:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data.get("schema") != SCHEMA:
            raise BadForm(path=str(path), reason=f"schema is not {SCHEMA}")
        return form_from_json(data)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BadForm(path=str(path), reason=f"{type(error).__name__}: {error}") from error


def form_from_json(data: Json) -> Form:
    """A form from the parsed file. KeyError, TypeError or ValueError where it is not one."""
    tables = tuple(_table(table) for table in data["tables"])
    rules = tuple(rule for entry in data["rules"] for rule in _rules(entry, tables))
    return Form(data["id"], data["title"], int(data["from_year"]), tables, rules)


def _table(data: Json) -> FormTable:
    choices = [_row_choices(band["rows"]) for band in data["bands"]]
    layouts = tuple(_layout(data, rows) for rows in itertools.product(*choices))
    return FormTable(data["key"], data["section"], layouts)


@dataclass(frozen=True, slots=True)
class _Row:
    labels: tuple[Label, ...]
    stem: str


def _row_choices(nodes: Sequence[Json], above: tuple[Label, ...] = ()) -> list[tuple[_Row, ...]]:
    """Every way to print these rows; the first is the official one."""
    per_node = []
    for node in nodes:
        choices = _node_rows(node, above)
        if "or" in node:
            choices = choices + _row_choices(node["or"], above)
        per_node.append(choices)
    return [tuple(itertools.chain(*combination)) for combination in itertools.product(*per_node)]


def _node_rows(node: Json, above: tuple[Label, ...]) -> list[tuple[_Row, ...]]:
    labels = (*above, _label(node)) if "label" in node else above
    if "rows" in node:
        return _row_choices(node["rows"], labels)
    return [(_Row(labels, node["path"]),)]


def _label(node: Json) -> Label:
    return Label(node["label"], tuple(node.get("variants", ())))


def _layout(data: Json, rows_of_band: Sequence[Sequence[_Row]]) -> Layout:
    depth = max(len(row.labels) for rows in rows_of_band for row in rows)
    rows: list[FormRow] = []
    cells: list[FormCell] = []
    columns_of_band: list[tuple[FormColumn, ...]] = []
    n_cols = depth + sum(column.span for column in _columns(data["bands"][0]["columns"]))
    for index, (band, band_rows) in enumerate(zip(data["bands"], rows_of_band, strict=True)):
        columns = tuple(_columns(band["columns"]))
        columns_of_band.append(columns)
        if "label" in band:
            label = _label(band)
            cells.append(FormCell(len(rows), 0, 1, n_cols, label))
            rows.append(FormRow("band", index, (label,)))
        _add_head(band, index, depth, rows, cells)
        _add_rows(data["key"], index, depth, (band_rows, columns), rows, cells)
    cells.sort(key=lambda cell: (cell.row, cell.col))
    layout = Layout(len(rows), n_cols, tuple(rows), tuple(columns_of_band), tuple(cells))
    _check_tiling(layout)
    return layout


def _columns(nodes: Sequence[Json], above: tuple[Label, ...] = ()) -> Iterator[FormColumn]:
    for node in nodes:
        labels = (*above, _label(node))
        if "columns" in node:
            yield from _columns(node["columns"], labels)
        else:
            kind, unit = node.get("type", "count"), node.get("unit")
            yield FormColumn(labels, node["path"], node.get("span", 1), kind, unit)


def _add_head(band: Json, index: int, depth: int, rows: list[FormRow], cells: list[FormCell]) -> None:
    top = len(rows)
    head = list(_head_cells(band["columns"], top, depth))
    height = max(cell.row for cell in head) - top + 1
    leaves = {column.labels for column in _columns(band["columns"])}
    for cell, labels in zip(head, _head_labels(band["columns"]), strict=True):
        rowspan = top + height - cell.row if labels in leaves else 1
        cells.append(FormCell(cell.row, cell.col, rowspan, cell.colspan, cell.label))
    corner = [_label(band["corner"])] if "corner" in band else []
    cells.extend(FormCell(top, 0, height, depth, label) for label in corner)
    for row in range(top, top + height):
        labels = tuple(cell.label for cell in head if cell.row == row and cell.label is not None)
        rows.append(FormRow("head", index, (*corner, *labels) if row == top else labels))


def _head_cells(nodes: Sequence[Json], row: int, col: int) -> Iterator[FormCell]:
    for node in nodes:
        width = sum(column.span for column in _columns([node]))
        yield FormCell(row, col, 1, width, _label(node))
        if "columns" in node:
            yield from _head_cells(node["columns"], row + 1, col)
        col += width


def _head_labels(nodes: Sequence[Json], above: tuple[Label, ...] = ()) -> Iterator[tuple[Label, ...]]:
    for node in nodes:
        labels = (*above, _label(node))
        yield labels
        if "columns" in node:
            yield from _head_labels(node["columns"], labels)


def _add_rows(
    key: str,
    index: int,
    depth: int,
    content: tuple[Sequence[_Row], Sequence[FormColumn]],
    rows: list[FormRow],
    cells: list[FormCell],
) -> None:
    band_rows, columns = content
    top = len(rows)
    for offset, row in enumerate(band_rows):
        cells.extend(_label_cells(band_rows, offset, top, depth))
        col = depth
        for column in columns:
            path = ".".join(part for part in (key, row.stem, column.stem) if part)
            cells.append(
                FormCell(top + offset, col, 1, column.span, None, path, column.value_type, column.unit)
            )
            col += column.span
        rows.append(FormRow("data", index, row.labels, row.stem))


def _label_cells(band_rows: Sequence[_Row], offset: int, top: int, depth: int) -> Iterator[FormCell]:
    """Label cells that begin in this row: groups it is the first row of, and its own label."""
    labels = band_rows[offset].labels
    for level, label in enumerate(labels):
        if level == len(labels) - 1:
            yield FormCell(top + offset, level, 1, depth - level, label)
        elif offset == 0 or band_rows[offset - 1].labels[: level + 1] != labels[: level + 1]:
            same = itertools.takewhile(
                lambda row, upto=level + 1: row.labels[:upto] == labels[:upto],  # type: ignore[misc]
                band_rows[offset:],
            )
            yield FormCell(top + offset, level, len(tuple(same)), 1, label)


def _check_tiling(layout: Layout) -> None:
    seen: set[tuple[int, int]] = set()
    for cell in layout.cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            for col in range(cell.col, cell.col + cell.colspan):
                if (row, col) in seen:
                    raise ValueError(f"two cells at row {row}, column {col}")
                seen.add((row, col))
    if len(seen) != layout.n_rows * layout.n_cols:
        raise ValueError(f"{layout.n_rows}x{layout.n_cols} grid has {len(seen)} positions covered")


def _rules(entry: Json, tables: Sequence[FormTable]) -> Iterator[Rule]:
    table = next((table for table in tables if table.key == entry["table"]), None)
    if table is None:
        raise ValueError(f"rule {entry['id']} names no table of the form: {entry['table']}")
    by_row = {"row": True, "column": False}[entry["each"]]
    known = {path for layout in table.layouts for path in layout.paths}
    for stem in dict.fromkeys(_stems(table, rows=by_row)):
        sides = [
            tuple(table.path(stem, name) if by_row else table.path(name, stem) for name in entry[side])
            for side in ("sum", "equals")
        ]
        if not known.issuperset(sides[0] + sides[1]):
            raise ValueError(f"rule {entry['id']} names a field that is not on the form")
        rule_id = entry["id"].format(row=stem, column=stem)
        yield Rule(rule_id, sides[0], sides[1], bool(entry.get("printed_only", False)))


def _stems(table: FormTable, rows: bool) -> Iterator[str]:
    for layout in table.layouts:
        if rows:
            yield from (row.stem for row in layout.rows if row.stem is not None)
        else:
            yield from (column.stem for columns in layout.bands for column in columns)
