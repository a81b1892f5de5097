"""The ruled tables of a born-digital page, exactly as printed: camelot's grids, the page's own rulings and text.

Three witnesses tell what such a table is, and none is enough alone. camelot knows where grids lie but gives no
spans; the vector rulings know each border; the text layer, taken by the renderer, knows each character and its
place. camelot reads the same layer with other code, so a cell on whose text the two agree is as good as certain
and a cell on which they differ goes to a person. Where camelot stumbles or sees nothing, the page's picture gives
the grid and the text layer still gives the text: no born-digital character is ever recognised.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from extractors.document import Cell, Fragment, Glyph, Page, Part, Reading, Table
from extractors.geometry import Box
from extractors.ocr.decode import VALUE_CHARACTERS
from extractors.ocr.glyphs import glyph_lines
from extractors.tables.agreement import agreement, keeps_clear
from extractors.tables.camelot_grids import CamelotFailed, CamelotGrid, camelot_grids
from extractors.tables.grid import Span, tile
from extractors.tables.raster import VALUE_LENGTH, Outlined, outline_tables
from extractors.tables.vectors import SLIVER_PT, Evidence, evidence

DRAWN = 0.75  # share of a grid's left and right side that rulings must cover; white boxes lay out many pages
CRISP = 0.9  # mean structure of a grid found in the picture; rendered rulings are perfect, charts and forms are not
TYPED = 0.9  # share of a table's inked cells whose text must be in the layer; a stamp or a stroke may ink some others
CLOSED = 0.5  # share of the top or bottom below which a grid is open there
MOST_SEGMENTS = 20_000  # maps and charts; camelot compares every line with every other
LONG_IN = (1.0, 0.4)  # rulings across and down that this long, outside all tables, hint at one more table
SPACED = re.compile(r"(?<![A-Za-z,.;:)]) | (?![A-Za-z(])")  # spaces that part no words
INK_DEPTH = 60  # grey levels below its cell's paper from which a pixel is ink
MARK_IN = 0.02  # side of the smallest mark that keeps a cell without text from being blank


@dataclass(frozen=True, eq=False, slots=True)
class DigitalTables:
    """`fragments`: top to bottom. `pictured`: tables that are pictures on the page, left for the OCR engine."""

    fragments: tuple[Fragment, ...]
    pictured: tuple[Outlined, ...] = ()


def digital_fragments(page: Page, pdf: Path, number: int | None = None) -> tuple[Fragment, ...]:
    """The ruled tables whose text is in the text layer, top to bottom; see `digital_tables`."""
    return digital_tables(page, pdf, number).fragments


def digital_tables(page: Page, pdf: Path, number: int | None = None) -> DigitalTables:
    """All ruled tables of a page of kind "digital".

    `number` is the page's number (1-based) in `pdf`, where that is not `page.info.number`. A cell without
    glyphs is blank unless there is ink in it: then it has no text and is not blank, so that a person looks.
    """
    fragments = _without_overlaps([*_ruled_by_camelot(page, pdf, number or page.info.number)])
    drawn, pictured = [], []
    for table in _unexplained(page, fragments):
        if not _is_typed(table, page):
            pictured.append(table)
        elif (fragment := _from_picture(table, page)) is not None:
            drawn.append(fragment)
    fragments = sorted((*fragments, *drawn), key=lambda fragment: (fragment.box.y0, fragment.box.x0))
    return DigitalTables(tuple(fragments), tuple(pictured))


def _is_typed(table: Outlined, page: Page) -> bool:
    """Whether nearly all that stands in the cells of a table found in the picture is in the text layer."""
    inked = [table.straight.to_work(cell.box) for cell in table.cells if not cell.blank]
    return bool(inked) and sum(_glyphs_in(box, page) for box in inked) >= TYPED * len(inked)


def typed_over(fragment: Fragment, page: Page) -> Fragment:
    """A table read by OCR, with the text of the layer wherever a cell has any: figures typed on a scanned form."""
    cells = tuple(_typed_cell(cell, page) for cell in fragment.table.cells)
    return replace(fragment, table=replace(fragment.table, cells=cells))


def _typed_cell(cell: Cell, page: Page) -> Cell:
    (part,) = cell.parts
    glyphs = [glyph for glyph in page.glyphs if glyph.text.strip() and part.box.holds(*glyph.box.centre)]
    text = cell_text(glyphs, page)
    return replace(cell, reading=_reading(text, 1.0), blank=False) if text else cell


def _ruled_by_camelot(page: Page, pdf: Path, number: int) -> list[Fragment]:
    """Empty where camelot fails: then the picture shows the grids."""
    if not page.glyphs or not page.segments or len(page.segments) > MOST_SEGMENTS:
        return []
    try:
        grids = camelot_grids(pdf, number, page.info)
    except CamelotFailed:
        return []
    return [fragment for grid in grids if (fragment := _from_camelot(grid, page)) is not None]


def _from_camelot(grid: CamelotGrid, page: Page) -> Fragment | None:
    found = evidence(grid.xs, grid.ys, page.segments, page.info.dpi)
    if float(np.mean([found.v_support[:, 0], found.v_support[:, -1]])) < DRAWN:
        return None
    spans = tile(found.h_support, found.v_support)
    return _fragment(found, spans, page, _camelot_texts(grid, found, spans))


def _camelot_texts(grid: CamelotGrid, found: Evidence, spans: Sequence[Span]) -> dict[Span, str]:
    """What camelot read in each span: its unit cells, which include slivers, put together row by row."""
    owners = _owners(spans, found)
    rows = [_place_of((y0 + y1) / 2, found.ys) for y0, y1 in pairwise(grid.ys)]
    cols = [_place_of((x0 + x1) / 2, found.xs) for x0, x1 in pairwise(grid.xs)]
    texts = dict.fromkeys(spans, "")
    for row, line in zip(rows, grid.texts, strict=True):
        for col, text in zip(cols, line, strict=True):
            if row is not None and col is not None:
                texts[owners[row][col]] += text
    return texts


def _from_picture(table: Outlined, page: Page) -> Fragment | None:
    """A table whose grid was found in the page's picture, filled from the text layer; None for chance grids."""
    x, y = table.straight.offset
    xs, ys = [float(line) + x for line in table.grid.xs], [float(line) + y for line in table.grid.ys]
    found = Evidence(
        tuple(xs),
        tuple(ys),
        np.asarray(table.grid.h_support, dtype=np.float64),
        np.asarray(table.grid.v_support, dtype=np.float64),
    )
    spans = tile(found.h_support, found.v_support)
    if float(np.mean([span.structure for span in spans])) < CRISP:
        return None
    return _fragment(found, spans, page, None)


def _fragment(
    found: Evidence, spans: Sequence[Span], page: Page, checks: Mapping[Span, str] | None
) -> Fragment | None:
    """The grid filled with text; None for what holds text in one row and one column only, as a page frame."""
    contents = _contents(spans, found, page.glyphs)
    texted = [span for span, glyphs in contents.items() if glyphs]
    if len({span.row0 for span in texted}) < 2 and len({span.col0 for span in texted}) < 2:
        return None
    cells = _cells(contents, found, page, checks)
    rows, cols = _used(spans)
    xs, ys = tuple(found.xs[col] for col in cols), tuple(found.ys[row] for row in rows)
    table = Table(len(ys) - 1, len(xs) - 1, tuple(_renumbered(cell, rows, cols) for cell in cells))
    top, bottom = found.h_support[0], found.h_support[-1]
    return Fragment(
        page=page.info.number,
        box=Box(xs[0], ys[0], xs[-1], ys[-1]),
        table=table,
        xs=xs,
        ys=ys,
        open_top=bool(top.mean() < CLOSED),
        open_bottom=bool(bottom.mean() < CLOSED),
        top_edges=tuple(float(p) for p in _per_used_column(top, cols)),
        bottom_edges=tuple(float(p) for p in _per_used_column(bottom, cols)),
    )


def _cells(
    contents: Mapping[Span, Sequence[Glyph]],
    found: Evidence,
    page: Page,
    checks: Mapping[Span, str] | None,
) -> list[Cell]:
    boxes = {span: _box(span, found) for span in contents}
    texts = {span: cell_text(glyphs, page) for span, glyphs in contents.items()}
    inside = [glyph for glyphs in contents.values() for glyph in glyphs]
    sure = agreement(texts, checks, lambda span: keeps_clear(contents[span], boxes[span], inside))
    return [
        _cell(
            span,
            texts[span],
            sure[span],
            not glyphs and not _has_ink(boxes[span], page),
            Part(page.info.number, boxes[span]),
        )
        for span, glyphs in contents.items()
    ]


def _box(span: Span, found: Evidence) -> Box:
    return Box(found.xs[span.col0], found.ys[span.row0], found.xs[span.col1], found.ys[span.row1])


def _used(spans: Sequence[Span]) -> tuple[list[int], list[int]]:
    """Indices of the grid lines that border some cell, rows and columns."""
    rows = sorted({row for span in spans for row in (span.row0, span.row1)})
    cols = sorted({col for span in spans for col in (span.col0, span.col1)})
    return rows, cols


def _renumbered(cell: Cell, rows: Sequence[int], cols: Sequence[int]) -> Cell:
    return replace(
        cell,
        row0=rows.index(cell.row0),
        row1=rows.index(cell.row1),
        col0=cols.index(cell.col0),
        col1=cols.index(cell.col1),
    )


def _per_used_column(edges: npt.NDArray[np.float64], cols: Sequence[int]) -> list[float]:
    return [float(edges[col0:col1].mean()) for col0, col1 in pairwise(cols)]


def _contents(spans: Sequence[Span], found: Evidence, glyphs: Sequence[Glyph]) -> dict[Span, list[Glyph]]:
    """The glyphs whose middle lies in each cell, in the order of the text layer."""
    owners = _owners(spans, found)
    contents: dict[Span, list[Glyph]] = {span: [] for span in spans}
    for glyph in glyphs:
        x, y = glyph.box.centre
        row, col = _place_of(y, found.ys), _place_of(x, found.xs)
        if row is not None and col is not None and glyph.text.strip():
            contents[owners[row][col]].append(glyph)
    return contents


def _owners(spans: Sequence[Span], found: Evidence) -> list[list[Span]]:
    owners = [[spans[0]] * (len(found.xs) - 1) for _ in range(len(found.ys) - 1)]
    for span in spans:
        for row in range(span.row0, span.row1):
            owners[row][span.col0 : span.col1] = [span] * (span.col1 - span.col0)
    return owners


def _place_of(at: float, lines: Sequence[float]) -> int | None:
    """The row or column between `lines` that holds a coordinate; None outside the grid."""
    index = int(np.searchsorted(lines, at, side="right")) - 1
    return index if 0 <= index < len(lines) - 1 else None


def _cell(span: Span, text: str, confidence: float, blank: bool, part: Part) -> Cell:
    return Cell(
        *span[:4], reading=_reading(text, confidence), parts=(part,), structure=span.structure, blank=blank
    )


def _reading(text: str, confidence: float) -> Reading:
    is_value = 0 < len(text) <= VALUE_LENGTH and frozenset(text) <= VALUE_CHARACTERS
    return Reading(
        text,
        confidence,
        characters=(confidence,) * len(text),
        candidates=((text, confidence),) if is_value else (),
    )


def cell_text(glyphs: Sequence[Glyph], page: Page) -> str:
    """The text of one cell: its lines top to bottom, put together without a break; words keep their spaces.

    Characters set one to the line are lines like any others, so stacked labels come out as read. A gap
    between figures is none: beside a narrow 1 it is as wide as a space between words.
    """
    lines = [line.text for line in glyph_lines(replace(page, glyphs=tuple(glyphs)))]
    text = "".join(lines[:1])
    for before, line in pairwise(lines):
        words = before[-2:].isascii() and before[-2:].isalpha() and line[:2].isascii() and line[:2].isalpha()
        text += " " + line if words and len(before) > 1 < len(line) else line
    return SPACED.sub("", text)


def _has_ink(box: Box, page: Page) -> bool:
    """Whether something is drawn in a cell without glyphs: a figure as curves, a picture, a stroke through it."""
    inset = SLIVER_PT * page.info.dpi / 72
    x0, x1 = round(box.x0 + inset), round(box.x1 - inset)
    y0, y1 = round(box.y0 + inset), round(box.y1 - inset)
    inside = page.work[max(0, y0) : max(0, y1), max(0, x0) : max(0, x1)]
    if not inside.size:
        return False
    dark = inside < float(np.median(inside)) - INK_DEPTH
    for glyph in page.glyphs:  # print that runs over from a neighbour is that cell's
        if glyph.box.overlap(box) > 0:
            gx0, gy0 = int(glyph.box.x0) - 1 - max(0, x0), int(glyph.box.y0) - 1 - max(0, y0)
            gx1, gy1 = int(glyph.box.x1) + 2 - max(0, x0), int(glyph.box.y1) + 2 - max(0, y0)
            dark[max(0, gy0) : max(0, gy1), max(0, gx0) : max(0, gx1)] = False
    return int(dark.sum()) >= (MARK_IN * page.info.dpi) ** 2


def _without_overlaps(fragments: Sequence[Fragment]) -> list[Fragment]:
    """Of two grids on the same place, the one with more cells: a table set in a cell of a frame is the table."""
    kept: list[Fragment] = []
    for fragment in sorted(fragments, key=lambda one: -len(one.table.cells)):
        if all(fragment.box.overlap(other.box) < 0.5 * _smaller(fragment, other) for other in kept):
            kept.append(fragment)
    return kept


def _smaller(one: Fragment, other: Fragment) -> float:
    return min(one.box.area, other.box.area)


def _unexplained(page: Page, fragments: Sequence[Fragment]) -> list[Outlined]:
    """Tables in the page's picture where no fragment lies; looked for only where rulings are left over."""
    if not _rulings_left(page, [fragment.box for fragment in fragments]):
        return []
    return [
        table
        for table in outline_tables(page)
        if all(outline(table).overlap(fragment.box) == 0 for fragment in fragments)
    ]


def _rulings_left(page: Page, explained: Sequence[Box]) -> bool:
    """Whether at least two long strokes across and two down stand outside the explained boxes."""
    dark = np.asarray(page.work < 255 - INK_DEPTH, dtype=np.uint8)
    for box in explained:
        wide = box.padded(SLIVER_PT * page.info.dpi / 72)
        dark[max(0, int(wide.y0)) : int(wide.y1) + 1, max(0, int(wide.x0)) : int(wide.x1) + 1] = 0
    across, down = (max(3, round(inches * page.info.dpi)) for inches in LONG_IN)
    return all(
        cv2.connectedComponents(cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones(shape, np.uint8)))[0] > 2
        for shape in ((1, across), (down, 1))
    )


def outline(table: Outlined) -> Box:
    """The box around the grid of a table found in a picture, in work pixels."""
    grid = table.grid
    return table.straight.to_work(Box(grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1]))


def _glyphs_in(box: Box, page: Page) -> bool:
    return any(box.holds(*glyph.box.centre) for glyph in page.glyphs)
