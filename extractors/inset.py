"""A picture on a born-digital page as a scanned page of its own, and what was read on it in the frame of the page.

The picture has a way up, a tilt and paper of its own, so it goes through all that a scan goes through; only then
do its lines and tables take their places among those of the text layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from extractors.document import Cell, Fragment, Line, PageInfo, PageReading, Part
from extractors.geometry import Affine, Box, map_box
from extractors.ocr.lines import without
from extractors.pages import Picture, RawPage
from extractors.pages.work import composed, inverse


def cut_out(raw: RawPage, picture: Picture, read: Sequence[Box]) -> RawPage:
    """The picture alone, as a page of kind "scan" in display pixels from its own corner.

    What was `read` already (boxes in display pixels of the whole page) is painted over.
    """
    x0, y0 = _corner(picture)
    x1, y1 = round(picture.box.x1), round(picture.box.y1)
    painted = without(raw.display, [box for box in read if box.overlap(picture.box) > 0])
    alone = np.ascontiguousarray(painted[y0:y1, x0:x1])
    return RawPage(raw.number, alone, raw.dpi, "scan", bilevel=raw.bilevel)


def seen_from(picture: Picture, boxes: Sequence[Box]) -> tuple[Box, ...]:
    """Those of `boxes` (display pixels of the page) that touch the picture, in display pixels of its cut-out."""
    x0, y0 = _corner(picture)
    return tuple(
        Box(box.x0 - x0, box.y0 - y0, box.x1 - x0, box.y1 - y0)
        for box in boxes
        if box.overlap(picture.box) > 0
    )


def put_in_place(reading: PageReading, picture: Picture, page: PageInfo) -> PageReading:
    """What was read on the cut-out, in work pixels of the page it lies on."""
    x0, y0 = _corner(picture)
    to_page = composed(reading.info.to_display, (1.0, 0.0, float(x0), 0.0, 1.0, float(y0)))
    affine = composed(to_page, inverse(page.to_display))
    lines = tuple(_line(line, affine) for line in reading.lines)
    return PageReading(page, lines, tuple(_fragment(one, affine) for one in reading.fragments))


def _corner(picture: Picture) -> tuple[int, int]:
    return round(picture.box.x0), round(picture.box.y0)


def _line(line: Line, affine: Affine) -> Line:
    extents = [map_box(affine, Box(x0, line.box.y0, x1, line.box.y1)) for x0, x1 in line.extents]
    return replace(
        line, box=map_box(affine, line.box), extents=tuple((extent.x0, extent.x1) for extent in extents)
    )


def _fragment(fragment: Fragment, affine: Affine) -> Fragment:
    """Grid lines are only shifted: they stay those of the table's own level frame, of a picture that lies askew."""
    box = map_box(affine, fragment.box)
    across, down = (box.centre[axis] - fragment.box.centre[axis] for axis in (0, 1))
    cells = tuple(_cell(cell, affine) for cell in fragment.table.cells)
    return replace(
        fragment,
        box=box,
        table=replace(fragment.table, cells=cells),
        xs=tuple(x + across for x in fragment.xs),
        ys=tuple(y + down for y in fragment.ys),
    )


def _cell(cell: Cell, affine: Affine) -> Cell:
    return replace(cell, parts=tuple(Part(part.page, map_box(affine, part.box)) for part in cell.parts))
