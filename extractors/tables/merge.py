"""Stacking the fragments of one table: one set of columns, rows one below the other, cut cells made whole.

A page break cuts three things that are one on paper: a merged label over several rows ("（四）无" | "法提供"),
a row whose text ran over the break, and a header that is merely printed again. Values are never glued: a number
above the break and one below it are two cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from extractors.document import Cell, Fragment, Reading, Table
from extractors.forms.labels import is_wordy, normalise
from extractors.forms.model import Form
from extractors.tables.common_columns import common_columns, shares

SAME_LINE = 0.015  # column lines within this share of the width are one
GAIN = 0.12  # a label put together must fit the form's better than its halves by this much
RULED = 0.5


def merge_fragments(chain: Sequence[Fragment], repeated: Sequence[int], forms: Sequence[Form]) -> Table:
    """One table out of fragments, top first; `repeated[i]` rows at the top of fragment i are its header again."""
    width, columns = common_columns([shares(fragment) for fragment in chain], SAME_LINE)
    labels = form_labels(tuple(forms))
    cells: list[Cell] = []
    height = 0
    for index, (fragment, skip) in enumerate(zip(chain, repeated, strict=True)):
        placed = [_placed(cell, columns[index]) for cell in fragment.table.cells]
        cells = _with_header_parts(cells, [cell for cell in placed if cell.row1 <= skip])
        rest = [_moved(cell, height - skip) for cell in placed if cell.row1 > skip]
        if index and _is_cut_row(cells, rest, height, labels):
            rest = [_pulled_up(cell, height) for cell in rest]
            cells = _glue_row(cells, rest, height)
            height += fragment.table.n_rows - skip - 1
        else:
            facing = (
                (chain[index - 1].bottom_edges, columns[index - 1]),
                (fragment.top_edges, columns[index]),
            )
            closed = _closed_columns(facing) if index else frozenset()
            cells = _glue_labels(cells, rest, height, labels, closed)
            height += fragment.table.n_rows - skip
    return Table(height, width, tuple(sorted(cells, key=lambda c: (c.row0, c.col0))))


@lru_cache(maxsize=8)
def form_labels(forms: tuple[Form, ...]) -> tuple[str, ...]:
    """All label texts of the forms."""
    return tuple(
        {
            text
            for form in forms
            for table in form.tables
            for layout in table.layouts
            for row in layout.rows
            for label in row.labels
            for text in label.texts
        }
    )


def on_common_lines(chain: Sequence[Fragment]) -> list[list[Cell]]:
    """The cells of each fragment on the columns of all, rows counted from the fragment's own top."""
    _, columns = common_columns([shares(fragment) for fragment in chain], SAME_LINE)
    return [
        [_placed(cell, lines) for cell in fragment.table.cells]
        for fragment, lines in zip(chain, columns, strict=True)
    ]


def _placed(cell: Cell, columns: Sequence[int]) -> Cell:
    """The cell on the common columns, rows still counted from the fragment's top."""
    return replace(cell, col0=columns[cell.col0], col1=columns[cell.col1])


def _moved(cell: Cell, rows: int) -> Cell:
    return replace(cell, row0=max(0, cell.row0 + rows), row1=cell.row1 + rows)


def _pulled_up(cell: Cell, height: int) -> Cell:
    """One row up, for the rows of a fragment whose first row goes on the last row above."""
    return replace(cell, row0=cell.row0 - 1, row1=cell.row1 - 1) if cell.row0 >= height else cell


def _with_header_parts(cells: Sequence[Cell], again: Sequence[Cell]) -> list[Cell]:
    """Header cells get the places where they are printed again as further parts."""
    places = {(c.row0, c.col0): c.parts for c in again}
    return [replace(c, parts=c.parts + places.get((c.row0, c.col0), ())) for c in cells]


def _at_break(cells: Sequence[Cell], rest: Sequence[Cell], height: int) -> list[tuple[Cell, Cell]]:
    """Pairs of cells that face each other over the break and have the same columns."""
    below = {(c.col0, c.col1): c for c in rest if c.row0 == height}
    return [(c, below[c.col0, c.col1]) for c in cells if c.row1 == height and (c.col0, c.col1) in below]


def _is_cut_row(cells: Sequence[Cell], rest: Sequence[Cell], height: int, labels: tuple[str, ...]) -> bool:
    """Whether the first row below the break is the rest of the last row above it.

    All cells face each other, no value stands on both sides, and some row label is whole only when put together.
    """
    pairs = _at_break(cells, rest, height)
    upper = [c for c in cells if c.row1 == height]
    lower = [c for c in rest if c.row0 == height]
    if len(pairs) != len(upper) or len(pairs) != len(lower):
        return False
    values = [(top, low) for top, low in pairs if not is_wordy(top.text) and not is_wordy(low.text)]
    if any(not top.blank and not low.blank for top, low in values) or not values:
        return False
    # A row of blanks facing a row of values is no cut row unless a label says so.
    single = [(top, low) for top, low in pairs if top.rowspan == low.rowspan == 1]
    return any(_is_cut_label(top, low, labels) for top, low in single)


def _is_cut_label(upper: Cell, lower: Cell, labels: tuple[str, ...]) -> bool:
    """Whether two texts are the halves of one label of the form. Numbers never are."""
    if not (_has_ideograph(upper.text) and _has_ideograph(lower.text) and is_wordy(upper.text + lower.text)):
        return False
    whole = _fit(upper.text + lower.text, labels)
    return whole > max(_fit(upper.text, labels), _fit(lower.text, labels)) + GAIN


def _has_ideograph(text: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in normalise(text))


@lru_cache(maxsize=4096)
def _fit(text: str, labels: tuple[str, ...]) -> float:
    """Likeness to the nearest label as a whole: half a label must not fit as well as all of it."""
    plain = normalise(text)
    return max((Levenshtein.normalized_similarity(plain, normalise(label)) for label in labels), default=0.0)


def _closed_columns(facing: Iterable[tuple[Sequence[float], Sequence[int]]]) -> frozenset[int]:
    """Common columns over which a ruling closes the grid on either side of the break.

    Per side: how far each of the fragment's columns is closed, and the common lines its own are.
    """
    closed: set[int] = set()
    for edges, lines in facing:
        for column, edge in enumerate(edges):
            if edge > RULED:
                closed.update(range(lines[column], lines[column + 1]))
    return frozenset(closed)


def _glue_labels(
    cells: Sequence[Cell], rest: Sequence[Cell], height: int, labels: tuple[str, ...], closed: frozenset[int]
) -> list[Cell]:
    """Both lists in one, with merged labels that the break cut made whole."""
    gone: set[int] = set()
    whole: list[Cell] = []
    for upper, lower in _at_break(cells, rest, height):
        if _is_one_label(upper, lower, labels, closed):
            gone |= {id(upper), id(lower)}
            whole.append(glue(upper, lower))
    return [c for c in (*cells, *rest) if id(c) not in gone] + whole


def _is_one_label(upper: Cell, lower: Cell, labels: tuple[str, ...], closed: frozenset[int]) -> bool:
    if _is_cut_label(upper, lower, labels):
        return upper.rowspan > 1 or lower.rowspan > 1 or not closed & set(range(upper.col0, upper.col1))
    if upper.blank and lower.blank:
        return upper.rowspan > 1 and lower.rowspan > 1
    if not (upper.blank or lower.blank) or not (is_wordy(upper.text) or is_wordy(lower.text)):
        return False
    # A label over several rows, its text on one side of the break. A single row's label facing an empty cell
    # counts only where no ruling stands between them.
    is_open = not closed & set(range(upper.col0, upper.col1))
    return upper.rowspan > 1 or lower.rowspan > 1 or is_open


def _glue_row(cells: Sequence[Cell], rest: Sequence[Cell], height: int) -> list[Cell]:
    """A row cut by the break put together; `rest` is pulled up already, so its first row lies on the last above."""
    below = {(c.col0, c.col1): c for c in rest if c.row0 == height - 1}
    above = [c for c in cells if c.row1 == height]
    whole = [glue(c, below[c.col0, c.col1]) for c in above]
    kept = [c for c in cells if c.row1 != height]
    return kept + whole + [c for c in rest if c.row0 != height - 1]


def glue(upper: Cell, lower: Cell) -> Cell:
    """One cell out of the two halves of it, texts one after the other, parts top first."""
    pair = [c for c in (upper, lower) if not c.blank]
    ink = [c.ink for c in (upper, lower) if c.ink is not None]
    return Cell(
        min(upper.row0, lower.row0),
        max(upper.row1, lower.row1),
        upper.col0,
        upper.col1,
        reading=_glued_reading([c.reading for c in pair]) if pair else upper.reading,
        parts=upper.parts + lower.parts,
        structure=min(upper.structure, lower.structure),
        ink=max(ink) if ink else None,
        blank=upper.blank and lower.blank,
    )


def _glued_reading(readings: Sequence[Reading]) -> Reading:
    if len(readings) == 1:
        return readings[0]
    first, second = readings
    return Reading(
        first.text + second.text,
        first.confidence * second.confidence,
        first.characters + second.characters,
        tuple((a + b, p * q) for a, p in first.candidates for b, q in second.candidates),
    )
