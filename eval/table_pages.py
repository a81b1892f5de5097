"""Our tables of any document, page by page, as plain JSON: what `eval.tables` scores and peers can imitate.

Tables are taken before they are joined over page breaks, since the truth of the public sets is per page. One file
per document: `{"pages": [{"page", "width", "height", "dpi"}], "tables": [{"page", "box", "rows", "cols", "cells":
[…]}], "seconds", "error"}`, cells as in a record's `tables[].cells`, boxes in display pixels.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from extractors.document import Box, Cell, Fragment, PageInfo, PageReading, map_box
from extractors.errors import NianbaoError
from extractors.ocr.engine import OcrEngine
from extractors.ocr.paddle import load_engine
from extractors.pages import open_source
from extractors.pipeline import read_pages
from extractors.read_page import StageClock

Json = dict[str, Any]


@cache
def _engine() -> OcrEngine:
    """One engine per process: loading costs seconds."""
    return load_engine("paddle")


def tables_of(paths: Sequence[Path]) -> Json:
    """Read one document (a file, or page images in order). A document that cannot be read has no tables."""
    start = time.perf_counter()
    try:
        with open_source(list(paths)) as source:
            readings = read_pages(source, _engine(), StageClock())
    except NianbaoError as error:
        return {"pages": [], "tables": [], "seconds": time.perf_counter() - start, "error": str(error)}
    tables = [_table(fragment, reading.info) for reading in readings for fragment in reading.fragments]
    seconds = time.perf_counter() - start
    return {"pages": _pages(readings), "tables": tables, "seconds": round(seconds, 3), "error": None}


def save_tables(paths: Sequence[Path], target: Path) -> None:
    """Read the document and write its JSON to `target`, unless it is there already."""
    if target.is_file():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.write_text(json.dumps(tables_of(paths), ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(target)


def _pages(readings: Sequence[PageReading]) -> list[Json]:
    infos = [reading.info for reading in readings]
    return [
        {"page": i.number, "kind": i.kind, "width": i.width, "height": i.height, "dpi": float(i.dpi)}
        for i in infos
    ]


def _table(fragment: Fragment, info: PageInfo) -> Json:
    table = fragment.table
    cells = sorted(table.cells, key=lambda cell: (cell.row0, cell.col0))
    return {
        "page": fragment.page,
        "box": _box(map_box(info.to_display, fragment.box)),
        "rows": table.n_rows,
        "cols": table.n_cols,
        "cells": [_cell(cell, info) for cell in cells],
    }


def _cell(cell: Cell, info: PageInfo) -> Json:
    return {
        "row": cell.row0,
        "col": cell.col0,
        "rowspan": cell.rowspan,
        "colspan": cell.colspan,
        "text": cell.text,
        "box": _box(map_box(info.to_display, cell.parts[0].box)) if cell.parts else None,
    }


def _box(box: Box) -> list[float]:
    return [round(float(edge), 2) for edge in (box.x0, box.y0, box.x1, box.y1)]
