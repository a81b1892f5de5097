"""The tables of a scanned page, from its picture to fragments: the order of the steps and nothing else.

rulings -> straight frame -> grid lines -> cells that tile -> ink -> text. Joining over pages comes later (join.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from extractors.bend import Straight
from extractors.document import Cell, Fragment, GrayImage, Page, Part, Reading, Table
from extractors.geometry import Box
from extractors.ocr.decode import VALUE_CHARACTERS, decode, decode_value
from extractors.ocr.engine import Lattice, OcrEngine
from extractors.ocr.homoglyphs import fold_homoglyphs
from extractors.tables.crossings import with_doubted_crossings
from extractors.tables.cuts import with_doubted_cuts
from extractors.tables.grid import Span, tile
from extractors.tables.gridlines import GridLines, find_grids, without_idle_lines
from extractors.tables.ink import CellInk, CleanTable, look_into_cells, without_rulings
from extractors.tables.rectify import straighten
from extractors.tables.rulings import Mask, Rulings, find_rulings, table_boxes
from extractors.tables.strokes import is_dash, settle_stroke
from extractors.tables.unread import has_unread_ink

RULED = 0.75  # mean support of a grid's closed outline below which it is a picture, a seal or underlined text
DECIDED = 0.7  # share of edges that are clearly ruled or clearly not; strokes of text leave many in between
THROUGH_IN = 2.0  # least height of a part that is open at both ends
ROW_IN = 2.5  # least width of a single row, such as the last one left over for a new page
MIDDLE = 0.2  # a dash stands no further from the middle of its cell, as a share of the cell's height
VALUE_LENGTH = 14  # longer texts are labels; no value printed on a form is longer
WIDEST = 1.3  # no digit is wider than this by its height; a dash whose ends are worn may read as one
LOW = 0.5  # ink lower than this share of a character is no digit: a dash, or what is left of something
LINE_HEIGHT = 1.2  # height of a line of text in characters
SIGNS = frozenset("-\uff0d\u2014\u2013\u2015\u2500\u2212")
CANDIDATES = 6
DOUBTED = 0.5  # factor on a reading where part of the ink may have been taken for a ruling
SURE_BLANK = 0.999  # that a cell without any ink is blank; the rest is faint print below the ink threshold


@dataclass(frozen=True, eq=False, slots=True)
class Outlined:
    """A table whose cells are known and whose text is not yet read."""

    straight: Straight
    clean: CleanTable
    grid: GridLines
    cells: tuple[CellInk, ...]


def raster_fragments(page: Page, engine: OcrEngine) -> tuple[Fragment, ...]:
    """All ruled tables of a page, top to bottom, read cell by cell."""
    return read_tables(outline_tables(page), page, engine)


def outline_tables(page: Page) -> tuple[Outlined, ...]:
    """Cells of all ruled tables of a page, from `page.work`, without reading them."""
    rulings = find_rulings(page.work, page.info.dpi)
    found = []
    for box in table_boxes(rulings):
        straight = straighten(page.work, rulings, box)
        inner = find_rulings(straight.image, rulings.dpi, rulings.grain)
        grids = [grid for grid in find_grids(inner) if is_ruled(grid, inner)]
        found += [_outlined(straight, inner, grid) for grid in grids]
    return tuple(found)


def _outlined(straight: Straight, rulings: Rulings, grid: GridLines) -> Outlined:
    clean = without_rulings(straight.image, rulings, grid)
    grid, spans = without_idle_lines(grid, tile(grid.h_support, grid.v_support))
    cells = look_into_cells(clean, spans, grid, rulings)
    cells = with_doubted_crossings(with_doubted_cuts(cells, grid), grid, clean.marks, rulings)
    return Outlined(straight, clean, grid, cells)


def is_ruled(grid: GridLines, rulings: Rulings) -> bool:
    """Whether this is a table and not underlined text, a seal, or strokes of large characters.

    The closed sides of its outline are ruled, most printed edges are clearly there or clearly not, and a part open at
    the top and at the bottom (a table running over three pages) is a good piece of a page. A single column is a
    frame around text.
    """
    sides = [grid.v_support[:, 0], grid.v_support[:, -1]]
    sides += [] if grid.open_top else [grid.h_support[0]]
    sides += [] if grid.open_bottom else [grid.h_support[-1]]
    printed = grid.v_support[:, 1:-1] if grid.open_sides else grid.v_support
    edges = np.concatenate([grid.h_support.ravel(), printed.ravel()])
    decided = float(np.mean((edges < 0.1) | (edges > 0.9)))
    height, width = grid.ys[-1] - grid.ys[0], grid.xs[-1] - grid.xs[0]
    if grid.open_top and grid.open_bottom and height < rulings.px(THROUGH_IN):
        return False
    if grid.shape[1] == 1 or (grid.shape[0] == 1 and width < rulings.px(ROW_IN)):
        return False
    return float(np.mean(np.concatenate(sides))) >= RULED and decided >= DECIDED


def read_tables(tables: Sequence[Outlined], page: Page, engine: OcrEngine) -> tuple[Fragment, ...]:
    """Read the text of all cells of a page in one call of the engine."""
    places = [
        (t, c, line)
        for t, table in enumerate(tables)
        for c, cell in enumerate(table.cells)
        for line in cell.lines
    ]
    crops = [line_crop(tables[t].clean.image, line, tables[t].cells[c]) for t, c, line in places]
    read: dict[tuple[int, int], list[Lattice]] = {}
    for (t, c, _), lattice in zip(places, engine.recognise(crops), strict=True):
        read.setdefault((t, c), []).append(lattice)
    return tuple(
        _fragment(
            table, [_reading(table, cell, read.get((t, c), [])) for c, cell in enumerate(table.cells)], page
        )
        for t, table in enumerate(tables)
    )


def _reading(table: Outlined, cell: CellInk, lattices: Sequence[Lattice]) -> Reading:
    reading = _line_reading(table, cell, lattices) if len(cell.lines) == 1 else cell_reading(cell, lattices)
    # Labels are known by their characters; a value is all its ink.
    unread = bool(reading.candidates) and any(
        has_unread_ink(
            _marks(table, line), line.x0 - crop_box(line, cell).x0, decode(lattice).extents, cell.size
        )
        for line, lattice in zip(cell.lines, lattices, strict=True)
    )
    return _doubted(reading) if unread else reading


def _marks(table: Outlined, line: Box) -> Mask:
    return table.clean.marks[int(line.y0) : int(line.y1), int(line.x0) : int(line.x1)]


def _line_reading(table: Outlined, cell: CellInk, lattices: Sequence[Lattice]) -> Reading:
    (line,) = cell.lines
    marks = _marks(table, line)
    # A flat stroke in the middle of its cell is a dash; one at the rim may be what is left of a ruling.
    off_middle = abs(line.centre[1] - cell.box.centre[1]) / max(1.0, cell.box.height)
    dashes = is_dash(marks) and off_middle < MIDDLE
    reading = settle_stroke(cell_reading(cell, lattices, dashes), marks)
    too_flat = len(reading.text) == 1 and reading.text.isdigit() and line.width > WIDEST * line.height
    return _doubted(reading) if too_flat else reading


def _doubted(reading: Reading) -> Reading:
    halved = tuple((text, DOUBTED * p) for text, p in reading.candidates)
    return replace(reading, confidence=DOUBTED * reading.confidence, candidates=halved)


def line_crop(image: GrayImage, line: Box, cell: CellInk) -> GrayImage:
    """The picture of one text line, `crop_box` of it."""
    box = crop_box(line, cell)
    return image[int(box.y0) : int(np.ceil(box.y1)), int(box.x0) : int(np.ceil(box.x1))]


def crop_box(line: Box, cell: CellInk) -> Box:
    """A text line with a rim of paper, never reaching into the neighbouring cell or line.

    A line of low ink alone keeps the height of the table's characters: blown up to fill the picture, a hyphen looks
    like a stroke of any kind.
    """
    rim = 0.2 * line.height
    if line.height < LOW * cell.size:
        rim = (LINE_HEIGHT * cell.size - line.height) / 2
    above = max((other.y1 for other in cell.lines if other.y1 <= line.y0), default=cell.box.y0)
    below = min((other.y0 for other in cell.lines if other.y0 >= line.y1), default=cell.box.y1)
    y0, y1 = max(above, line.y0 - rim), min(below, line.y1 + rim)
    side = 0.4 * line.height
    x0, x1 = max(cell.box.x0, line.x0 - side), min(cell.box.x1, line.x1 + side)
    return Box(x0, y0, x1, y1)


def cell_reading(cell: CellInk, lattices: Sequence[Lattice], dashes: bool = False) -> Reading:
    """One reading for the lines of a cell, joined as printed: numbers and labels wrap without a sign.

    `dashes`: the only ink is one flat stroke.
    """
    if not lattices:
        # Ink below the size of a mark is dirt more often than not; how often, it says by its share.
        return Reading("", DOUBTED if cell.doubt else max(DOUBTED, SURE_BLANK - 20.0 * cell.share))
    lines = [decode(lattice) for lattice in lattices]
    candidates: tuple[tuple[str, float], ...] = ()
    if all(len(line.text) <= VALUE_LENGTH for line in lines):
        folded = [fold_homoglyphs(lattice, dashes) for lattice in lattices]
        as_value = [decode(lattice) for lattice in folded]
        # A lone O in a cell is a nought; an O among other letters is what it is.
        if all(frozenset(line.text) <= VALUE_CHARACTERS for line in as_value):
            lines = as_value
        candidates = _joined([decode_value(lattice, VALUE_CHARACTERS, CANDIDATES) for lattice in folded])
    doubt = DOUBTED if cell.doubt else 1.0
    chances: dict[str, float] = {}
    for candidate, p in candidates:
        chances[with_minus(candidate)] = chances.get(with_minus(candidate), 0.0) + doubt * p
    return Reading(
        with_minus("".join(line.text for line in lines)),
        doubt * float(np.prod([line.confidence for line in lines])),
        tuple(p for line in lines for p in line.characters),
        tuple(sorted(chances.items(), key=lambda item: -item[1])),
    )


def with_minus(text: str) -> str:
    """`text` with a dash of whatever length before a digit as a minus: a crop does not show how long dashes are."""
    return "-" + text[1:] if len(text) > 1 and text[0] in SIGNS and text[1].isdigit() else text


def _joined(lines: Sequence[Sequence[tuple[str, float]]]) -> tuple[tuple[str, float], ...]:
    """The likeliest strings of several lines in a row, from those of each."""
    joined: dict[str, float] = {"": 1.0}
    for line in lines:
        longer: dict[str, float] = {}
        for head, p in joined.items():
            for tail, q in line:
                longer[head + tail] = longer.get(head + tail, 0.0) + p * q
        joined = dict(sorted(longer.items(), key=lambda item: -item[1])[:CANDIDATES])
    return tuple(joined.items())


def _fragment(table: Outlined, readings: Sequence[Reading], page: Page) -> Fragment:
    straight, grid = table.straight, table.grid
    cells = tuple(
        _cell(cell.span, reading, cell, straight.to_work(_cell_box(cell.span, grid)), page.info.number)
        for cell, reading in zip(table.cells, readings, strict=True)
    )
    n_rows, n_cols = grid.shape
    outline = straight.to_work(Box(grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1]))
    return Fragment(
        page=page.info.number,
        box=outline,
        table=Table(n_rows, n_cols, cells),
        xs=tuple(float(x) + straight.offset[0] for x in grid.xs),
        ys=tuple(float(y) + straight.offset[1] for y in grid.ys),
        open_top=grid.open_top,
        open_bottom=grid.open_bottom,
        top_edges=tuple(float(p) for p in grid.h_support[0]),
        bottom_edges=tuple(float(p) for p in grid.h_support[-1]),
    )


def _cell_box(span: Span, grid: GridLines) -> Box:
    return Box(grid.xs[span.col0], grid.ys[span.row0], grid.xs[span.col1], grid.ys[span.row1])


def _cell(span: Span, reading: Reading, ink: CellInk, box: Box, page: int) -> Cell:
    return Cell(
        span.row0,
        span.row1,
        span.col0,
        span.col1,
        reading=reading,
        parts=(Part(page, box),),
        structure=span.structure,
        ink=ink.share,
        blank=ink.blank,
    )
