"""The pictures beside wrong fields: cut from the page as displayed, where the record says the field is, else where
gold says, and turned upright.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from eval.cases import Case
from eval.runs.rows import FieldRow
from extractors.document import ColourImage
from extractors.errors import NianbaoError
from extractors.export.crops import crop, encode_png
from extractors.geometry import Box
from extractors.pages import Source, open_source

MOST_PICTURES = 300  # a report with thousands can be opened by no browser
FieldKey = tuple[str, int, str]  # case, report, path


def key(row: FieldRow) -> FieldKey:
    return row.place.case, row.place.report, row.path


def cut_out(rows: Iterable[FieldRow], cases: Sequence[Case]) -> dict[FieldKey, str]:
    """Data URIs of PNG pictures for up to MOST_PICTURES of `rows`, in their order.

    A field with no place, or whose page cannot be drawn, has none.
    """
    sources = {case.name: case.source for case in cases}
    placed = [row for row in rows if (row.box or row.gold_box) and row.place.case in sources]
    wanted: dict[str, list[FieldRow]] = {}
    for row in placed[:MOST_PICTURES]:
        wanted.setdefault(row.place.case, []).append(row)
    found: dict[FieldKey, str] = {}
    for case, fields in wanted.items():
        found.update(_cut_from(sources[case], fields))
    return found


def _cut_from(source: Path, fields: Sequence[FieldRow]) -> Mapping[FieldKey, str]:
    try:
        with open_source(source) as document:
            return dict(_cut(document, fields))
    except NianbaoError:
        return {}  # the run's own failures already name a document that cannot be opened


def _cut(document: Source, fields: Sequence[FieldRow]) -> Iterable[tuple[FieldKey, str]]:
    pages: dict[int, ColourImage] = {}
    for row in sorted(fields, key=lambda row: row.page or row.gold_page or 0):
        number = row.page if row.box else row.gold_page
        if number is None:
            continue
        if number not in pages:
            pages = {number: document.display(number)}  # one page at a time
        cut = crop(pages[number], _box(row, pages[number]))
        upright = np.ascontiguousarray(np.rot90(cut, -(row.turn // 90)))
        yield key(row), as_uri(encode_png(upright))


def _box(row: FieldRow, picture: ColourImage) -> Box:
    if row.box is not None:
        return Box(*row.box)
    height, width = picture.shape[:2]
    x0, y0, x1, y1 = row.gold_box or (0.0, 0.0, 0.0, 0.0)
    return Box(x0 * width, y0 * height, x1 * width, y1 * height)


def as_uri(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")
