"""Labels of born-digital budgets, `*.gt.json`: per page the tables with spans, texts and boxes (points, y down)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from eval.cases import BadCase
from eval.metrics.grid_table import GridCell, grid_table
from eval.metrics.tables import PlacedTable, scaled
from extractors.geometry import Box


def read_budget(path: Path) -> tuple[PlacedTable, ...]:
    """The tables of all pages, in the file's order, boxes as fractions of the page. No header cells are marked.

    Raises BadCase for broken JSON, missing parts, a grid whose size is not as said, and cells that do not tile it.
    """
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return tuple(_table(table) for table in raw["physical_tables"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadCase(f"{path}: {error!r}") from error


def _table(table: dict[str, Any]) -> PlacedTable:
    width, height = map(float, table["page_size_pt"])
    cells = [_cell(cell, width, height) for cell in table["cells"]]
    made = grid_table(cells)
    if (made.n_rows, made.n_cols) != (table["n_rows"], table["n_cols"]) or len(made.cells) != len(cells):
        said = f"{table['n_rows']}x{table['n_cols']}"
        raise ValueError(f"page {table['page']}: the cells do not tile the {said} grid")
    return PlacedTable(int(table["page"]), scaled(Box(*table["bbox_pt"]), width, height), made)


def _cell(cell: dict[str, Any], width: float, height: float) -> GridCell:
    row, col = int(cell["row"]), int(cell["col"])
    box = scaled(Box(*map(float, cell["bbox_pt"])), width, height)
    return GridCell(row, row + int(cell["rowspan"]), col, col + int(cell["colspan"]), cell["text"], box)
