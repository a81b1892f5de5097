"""What stands inside the cells of a straightened table: ink or none, and where its text lines run.

Cells are read from their own crops, never from page-wide text detection, which loses single digits; and a cell is
blank because it holds no ink, not because nothing was recognised in it. So the rulings must go first: a bit of
line left in a crop reads as `1`, `一` or `-`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from extractors.document import GrayImage
from extractors.geometry import Box
from extractors.tables.grid import Span
from extractors.tables.gridlines import GridLines
from extractors.tables.rulings import Mask, Rulings

BAND_IN = 0.03  # around a ruled edge, ink that belongs to a long run is the ruling's
CORE_IN = 0.008  # and this near to its middle, all ink is
TWIN_IN, TWIN = 0.05, 0.6  # the strokes of one line lie so near, and run along this share of its ruled length
SPECK_IN = 0.011  # side of the largest square that counts as a speck, well under a decimal point of 8 pt
COMPANY_IN = 0.04  # a dot belongs to a mark within this distance
MARK_IN = 0.03  # a cell without a mark of this size is blank: a dash is longer, a digit taller
RESIDUE_IN = 0.02  # marks this thin that hug a ruling are what is left of it
FAINT = 0.45  # marks less than this dark beside the cell's darkest are not its print
GHOST = (
    0.3  # a cell's ink less dark than this beside the table's is none: faded print keeps half of its darkness
)
LOST = 0.5  # ink left out that is this tall beside the table's characters may have been one
BESIDE = (
    0.75  # and stands this near, in character heights, to the text that stayed: no space in a text is wider
)
MERGE = 1.25  # pieces of ink that fit in so many character heights are one line (二, 三, i)
SPLIT = 1.7  # ink taller than so many character heights is several lines that touch


@dataclass(frozen=True, eq=False, slots=True)
class CellInk:
    """The inside of one cell. `box`, `lines` in pixels of the straight frame; `share`: dark part of the inside,
    dirt and all.

    `doubt`: something as tall as a character was taken for dirt, a seal's trace or what is left of a ruling. `size`:
    height of the table's characters in pixels.
    """

    span: Span
    box: Box
    share: float
    blank: bool
    lines: tuple[Box, ...]  # boxes around the ink of each text line, top to bottom
    doubt: bool = False
    size: float = 0.0


@dataclass(frozen=True, eq=False, slots=True)
class CleanTable:
    """A straightened table with its rulings taken out. `image` grey, `marks` the ink that is left, 255 = ink."""

    image: GrayImage
    marks: Mask
    dirt: Mask  # ink that was taken for dirt, 255 = ink


def without_rulings(image: GrayImage, rulings: Rulings, grid: GridLines) -> CleanTable:
    """Take the ruled edges of `grid` out of the picture and out of the ink."""
    height, width = image.shape
    near, core = np.zeros((2, height, width), dtype=np.uint8)
    for x0, y0, x1, y1 in _ruled_edges(grid):
        for zone, reach in ((near, rulings.px(BAND_IN)), (core, rulings.px(CORE_IN))):
            cv2.rectangle(zone, (x0 - reach, y0 - reach), (x1 + reach, y1 + reach), 255, cv2.FILLED)
    runs = cv2.dilate(cv2.bitwise_or(rulings.horizontal, rulings.vertical), np.ones((3, 3), np.uint8))
    gone = cv2.bitwise_or(cv2.bitwise_or(cv2.bitwise_and(near, runs), core), _twins(grid, rulings))
    left = np.asarray(cv2.bitwise_and(rulings.ink, cv2.bitwise_not(gone)), dtype=np.uint8)
    marks = without_specks(left, rulings)
    clean = image.copy()
    # The paper beside a ruling, as a blur that leaves the ruling out, replaces it.
    window = (rulings.px(0.08) | 1, rulings.px(0.08) | 1)
    paper = (gone == 0).astype(np.float32)
    weight = cv2.blur(paper, window)
    level = cv2.blur(image.astype(np.float32) * paper, window) / np.maximum(weight, 1e-3)
    holes = gone > 0
    clean[holes] = np.where(weight[holes] > 1e-3, level[holes], 255).astype(np.uint8)
    return CleanTable(clean, marks, np.asarray(cv2.subtract(left, marks), dtype=np.uint8))


def _twins(grid: GridLines, rulings: Rulings) -> Mask:
    """What runs beside a line of the grid, most of its length: the other strokes of a double or thick-and-thin one.

    Together they are one line, which lies between them. No characters keep to one column of pixels for so long.
    """
    zone = np.zeros_like(rulings.ink)
    for mask, lines, ruled, out in (
        (rulings.ink, grid.ys, (grid.xs, grid.h_support), zone),
        (rulings.ink.T, grid.xs, (grid.ys, grid.v_support.T), zone.T),
    ):
        for line, along in zip(lines, _ruled_spans(*ruled, mask.shape[1]), strict=True):
            top, reach = round(line), rulings.px(TWIN_IN)
            rows = range(max(0, top - reach), min(len(mask), top + reach + 1))
            for row in rows if along.any() else ():
                if (mask[row, along] > 0).mean() >= TWIN:
                    out[max(0, row - 1) : row + 2, along] = 255
    return zone


def _ruled_spans(
    crossing: npt.NDArray[np.float64], support: npt.NDArray[np.float64], size: int
) -> npt.NDArray[np.bool_]:
    """Per line, which of the `size` pixels along it lie on a ruled edge."""
    at = np.round(crossing).astype(int)
    along = np.zeros((len(support), size), dtype=np.bool_)
    for j in range(len(at) - 1):
        along[:, at[j] : at[j + 1] + 1] |= (support[:, j] > 0.5)[:, None]
    return along


def without_specks(ink: Mask, rulings: Rulings) -> Mask:
    """Ink without dirt: specks go, and so do dots that keep no company.

    A decimal point, a dot of 氵, the pieces of a worn digit have other ink beside them; a speck of dust rarely has.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    speck = stats[:, cv2.CC_STAT_AREA] <= (SPECK_IN * rulings.dpi) ** 2
    speck[0] = True
    left = np.asarray((~speck)[labels] * np.uint8(255), dtype=np.uint8)
    reach = rulings.px(COMPANY_IN)
    _, owner, sizes, _ = cv2.connectedComponentsWithStats(cv2.dilate(left, np.ones((reach, reach), np.uint8)))
    size = np.maximum(sizes[:, cv2.CC_STAT_WIDTH], sizes[:, cv2.CC_STAT_HEIGHT]) - reach + 1
    large = size >= rulings.px(MARK_IN)
    large[0] = False
    return np.asarray(np.where(large[owner], left, 0), dtype=np.uint8)


def _ruled_edges(grid: GridLines) -> list[tuple[int, int, int, int]]:
    n_rows, n_cols = grid.shape
    xs, ys = np.round(grid.xs).astype(int), np.round(grid.ys).astype(int)
    by_row, by_column = np.round(grid.xs_by_row).astype(int), np.round(grid.ys_by_column).astype(int)
    across = [
        (int(xs[j]), int(by_column[i, j]), int(xs[j + 1]), int(by_column[i, j]))
        for i in range(n_rows + 1)
        for j in range(n_cols)
        if grid.h_support[i, j] > 0.5
    ]
    down = [
        (int(by_row[i, j]), int(ys[i]), int(by_row[i, j]), int(ys[i + 1]))
        for i in range(n_rows)
        for j in range(n_cols + 1)
        if grid.v_support[i, j] > 0.5
    ]
    return across + down


def look_into_cells(
    clean: CleanTable, spans: Sequence[Span], grid: GridLines, rulings: Rulings
) -> tuple[CellInk, ...]:
    """Ink and text lines of every cell of a straightened table."""
    insides = [_inside(span, grid, clean) for span in spans]
    marks = _without_ghosts([_marks(clean, box, rulings) for box in insides])
    size = _character_size([found.ink for found in marks], rulings)
    return tuple(
        _cell(span, box, kept, size, rulings) for span, box, kept in zip(spans, insides, marks, strict=True)
    )


def _inside(span: Span, grid: GridLines, clean: CleanTable) -> Box:
    height, width = clean.image.shape
    left, right = grid.xs_by_row[span.row0 : span.row1, [span.col0, span.col1]].T
    above, below = grid.ys_by_column[[span.row0, span.row1], span.col0 : span.col1]
    x0, x1 = max(0.0, left.max() + 1), min(float(width), right.min())
    y0, y1 = max(0.0, above.max() + 1), min(float(height), below.min())
    return Box(round(x0), round(y0), round(max(x0, x1)), round(max(y0, y1)))


@dataclass(frozen=True, eq=False, slots=True)
class _Marks:
    """The ink of one cell, 255 = ink, and whether something that may have been a character was left out."""

    ink: Mask
    lost: Mask  # ink that was left out as dirt, as too faint or as what is left of rulings
    doubt: bool
    dirt: float  # share of the inside that was taken for dirt
    depth: float = 0.0  # grey levels by which its darkest pixel lies below the paper


def _without_ghosts(cells: Sequence[_Marks]) -> list[_Marks]:
    """Cells whose ink is but a shadow beside that of the others hold none, in doubt: the back page shines through."""
    usual = float(np.median([cell.depth for cell in cells if cell.ink.any()] or [0.0]))
    return [
        replace(cell, ink=np.zeros_like(cell.ink), doubt=True)
        if cell.ink.any() and cell.depth < GHOST * usual
        else cell
        for cell in cells
    ]


def _marks(clean: CleanTable, box: Box, rulings: Rulings) -> _Marks:
    """The ink inside a cell without what is left of rulings at its rim and of seals between its characters."""
    inside = np.s_[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)]
    part = clean.marks[inside]
    dirt = float((clean.dirt[inside] > 0).mean()) if part.size else 0.0
    if not part.any():
        return _Marks(np.zeros(part.shape, dtype=np.uint8), clean.dirt[inside], False, dirt)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    keep = np.ones(count, dtype=np.bool_)
    keep[0] = False
    doubt = False
    for index in range(1, count):
        if _is_residue(stats[index], part.shape, rulings):
            keep[index] = False
            doubt |= bool(stats[index][cv2.CC_STAT_HEIGHT] >= rulings.px(2 * MARK_IN))
    keep &= ~_faint(clean.image[inside], np.asarray(labels, dtype=np.int32), keep, rulings)
    ink = np.asarray(keep[labels] * np.uint8(255), dtype=np.uint8)
    depth = np.percentile(clean.image[inside], 75) - np.min(clean.image[inside], where=ink > 0, initial=255)
    lost = np.asarray(cv2.bitwise_or(cv2.subtract(part, ink), clean.dirt[inside]), dtype=np.uint8)
    return _Marks(ink, lost, doubt, dirt, float(depth))


def _is_residue(stats: npt.NDArray[np.int32], shape: tuple[int, ...], rulings: Rulings) -> bool:
    """Whether a mark is what is left of a ruling: thin, and right beside where the ruling was."""
    x, y, width, height, _area = (int(v) for v in stats)
    thin, beside = rulings.px(RESIDUE_IN), rulings.px(CORE_IN)
    hugs_side = x <= beside or x + width >= shape[1] - beside
    hugs_end = y <= beside or y + height >= shape[0] - beside
    return (hugs_side and width <= thin) or (hugs_end and height <= thin)


def _faint(
    image: GrayImage, labels: npt.NDArray[np.int32], keep: npt.NDArray[np.bool_], rulings: Rulings
) -> npt.NDArray[np.bool_]:
    """Which marks are much fainter than the cell's darkest, and away from dark ones: traces of a seal.

    A cell with faint marks only keeps them all: faded print must be read, or doubted, never called blank.
    """
    paper = np.percentile(image[::2, ::2], 75)
    ys, xs = np.nonzero(labels)
    depth = np.zeros(len(keep))
    np.maximum.at(depth, labels[ys, xs], paper - image[ys, xs].astype(np.float64))
    limit = FAINT * float(depth[keep].max(initial=0.0))
    faint = np.asarray(keep & (depth < limit), dtype=np.bool_)
    if not faint.any():
        return faint
    reach = 2 * rulings.px(COMPANY_IN) + 1
    dark = (keep & ~faint)[labels].astype(np.uint8)
    near = cv2.dilate(dark, np.ones((reach, reach), np.uint8))
    beside = np.bincount(labels.ravel(), weights=near.ravel(), minlength=len(keep)) > 0
    return np.asarray(faint & ~beside, dtype=np.bool_)


def _character_size(marks: Sequence[Mask], rulings: Rulings) -> float:
    """Height of the table's characters in pixels: the median over runs of ink that are clearly whole lines."""
    heights = []
    for part in marks:
        for top, bottom in _runs(part.any(axis=1)):
            columns = np.flatnonzero(part[top:bottom].any(axis=0))
            if columns[-1] - columns[0] >= 3 * (bottom - top) >= 3 * rulings.px(2 * MARK_IN):
                heights.append(bottom - top)
    return float(np.median(heights)) if heights else float(rulings.px(0.14))


def _runs(flags: npt.ArrayLike) -> list[tuple[int, int]]:
    """Half-open stretches of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], np.asarray(flags, dtype=np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _cell(span: Span, box: Box, found: _Marks, size: float, rulings: Rulings) -> CellInk:
    marks = found.ink
    share = (float((marks > 0).mean()) if marks.size else 0.0) + found.dirt
    lines = tuple(
        line
        for top, bottom in _text_rows(marks, size)
        if (line := _line_box(marks, top, bottom, box, rulings)) is not None
    )
    doubt = found.doubt or any(
        _may_have_been_read(mark, lines, size) for mark in _together(found.lost, box, rulings)
    )
    return CellInk(span, box, share, not lines, lines, doubt, size)


def _together(lost: Mask, box: Box, rulings: Rulings) -> list[Box]:
    """Boxes around ink that keeps company, of a mask of the inside of `box`."""
    reach = rulings.px(COMPANY_IN)
    count, _, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(lost, np.ones((reach, reach), np.uint8)))
    rim = reach // 2
    return [
        Box(box.x0 + x + rim, box.y0 + y + rim, box.x0 + x + width - rim, box.y0 + y + height - rim)
        for x, y, width, height, _ in stats[1:count].tolist()
        if min(width, height) > 2 * rim
    ]


def _may_have_been_read(mark: Box, lines: Sequence[Box], size: float) -> bool:
    """Whether ink that was left out is as tall as a character, a faded one or one broken into specks.

    Beside the lines that stayed it must also be as near as a character of the same text would be.
    """
    near = not lines or any(_gap(mark, line) < BESIDE * size for line in lines)
    return near and mark.height >= LOST * size


def _gap(one: Box, other: Box) -> float:
    """How far two boxes are apart, the longer way of across and down; 0 where they overlap."""
    across = max(one.x0 - other.x1, other.x0 - one.x1)
    down = max(one.y0 - other.y1, other.y0 - one.y1)
    return max(0.0, across, down)


def _line_box(marks: Mask, top: int, bottom: int, box: Box, rulings: Rulings) -> Box | None:
    """The ink's box of one text row, or None where nothing in it is large enough to be a mark."""
    columns = np.flatnonzero(marks[top:bottom].any(axis=0))
    if len(columns) == 0:
        return None
    x0, x1 = int(columns[0]), int(columns[-1]) + 1
    if max(x1 - x0, bottom - top) < rulings.px(MARK_IN):
        return None
    return Box(box.x0 + x0, box.y0 + top, box.x0 + x1, box.y0 + bottom)


def _text_rows(marks: Mask, size: float) -> list[tuple[int, int]]:
    """Half-open stretches of rows, one per text line: strokes merged to characters, touching lines cut apart."""
    rows: list[tuple[int, int]] = []
    for top, bottom in _runs(marks.any(axis=1)):
        if rows and bottom - rows[-1][0] <= MERGE * size:
            rows[-1] = (rows[-1][0], bottom)
        else:
            rows.append((top, bottom))
    return [piece for top, bottom in rows for piece in _cut(marks, top, bottom, size)]


def _cut(marks: Mask, top: int, bottom: int, size: float) -> list[tuple[int, int]]:
    """Cut a stretch that is too tall for one line where the ink is thinnest, about a line's height apart."""
    count = round((bottom - top) / (1.2 * size)) if bottom - top > SPLIT * size else 1
    if count < 2:
        return [(top, bottom)]
    profile = (marks[top:bottom] > 0).sum(axis=1)
    pitch = (bottom - top) / count
    cuts = [top]
    for n in range(1, count):
        start = int((n - 0.3) * pitch)
        cuts.append(top + start + int(np.argmin(profile[start : int((n + 0.3) * pitch) + 1])))
    return list(zip(cuts, [*cuts[1:], bottom], strict=True))
