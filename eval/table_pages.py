"""Our tables of any document, page by page, as plain JSON: what `eval.tables` scores and peers can imitate.

Tables are taken before they are joined over page breaks, since the truth of the public sets is per page. One file
per document: `{"pages": [{"page", "width", "height", "dpi"}], "tables": [{"page", "box", "rows", "cols", "cells":
[…]}], "seconds", "error"}`, cells as in a record's `tables[].cells`, boxes in display pixels.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image

from extractors.document import Cell, Fragment, PageInfo, PageReading
from extractors.errors import NianbaoError
from extractors.geometry import Box, map_box
from extractors.ocr.engine import OcrEngine
from extractors.ocr.paddle import load_engine
from extractors.pages import open_source
from extractors.pipeline import read_pages
from extractors.stages import OURS, Stages

Json = dict[str, Any]


@cache
def _engine() -> OcrEngine:
    """One engine per process: loading costs seconds."""
    return load_engine("paddle")


def tables_of(path: Path, pictured: Sequence[int] | None = None, stages: Stages = OURS) -> Json:
    """Read one document. A document that cannot be read has no tables.

    `pictured`: pages that are read as pictures of themselves, as a scanner without faults would give them; all others
    are left out. `stages`: a table reader in the place of ours, asked for pictures only.
    """
    start = time.perf_counter()
    try:
        readings = _read([path], stages) if pictured is None else _read_pictured(path, pictured, stages)
    except NianbaoError as error:
        return {"pages": [], "tables": [], "seconds": time.perf_counter() - start, "error": str(error)}
    tables = [_table(fragment, reading.info) for reading in readings for fragment in reading.fragments]
    seconds = time.perf_counter() - start
    return {"pages": _pages(readings), "tables": tables, "seconds": round(seconds, 3), "error": None}


def save_tables(
    path: Path, target: Path, pictured: Sequence[int] | None = None, stages: Stages = OURS
) -> None:
    """Read the document and write its JSON to `target`, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    found = tables_of(path, pictured, stages)
    part.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(target)


def _read(paths: list[Path], stages: Stages) -> list[PageReading]:
    with open_source(paths) as source:
        return [page.reading for page in read_pages(source, _engine(), stages=stages)]


def _read_pictured(path: Path, pages: Sequence[int], stages: Stages) -> list[PageReading]:
    """The pages rendered, written as pictures, and read as a document of scans; their numbers are kept."""
    with TemporaryDirectory() as folder, open_source([path]) as source:
        pictures = []
        for number in pages:
            raw = source.raw_page(number)
            pictures.append(Path(folder) / f"page-{number:04}.png")
            Image.fromarray(raw.display[..., ::-1]).save(pictures[-1], dpi=(raw.dpi, raw.dpi))
        readings = _read(pictures, stages)
    return [_renumbered(reading, number) for reading, number in zip(readings, pages, strict=True)]


def _renumbered(reading: PageReading, number: int) -> PageReading:
    return replace(
        reading,
        info=replace(reading.info, number=number),
        fragments=tuple(replace(fragment, page=number) for fragment in reading.fragments),
    )


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
