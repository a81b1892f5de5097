"""Cells by where they stand: at the very same spans, and under the same headings."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from eval.metrics.grid_table import GridCell, GridTable
from eval.metrics.matches import Matches, match_all

MISREAD = 1 / 3  # of a heading's characters: with more edits between them two texts are two headings
Path = tuple[str, ...]  # texts of headings, outermost first


def span_matches(got: GridTable | None, gold: GridTable) -> Matches:
    """Cells whose rows and columns, begin and end, are exactly gold's; blind to texts.

    Denominator: all cells of the truth and all of the answer, blanks too. F1 in 0..1. Unforgiving: one row too many
    at the top moves every cell below it.
    """
    return match_all([] if got is None else [cell.span for cell in got.cells], [c.span for c in gold.cells])


def header_path_accuracy(got: GridTable | None, gold: GridTable) -> float:
    """The share of values that stand under the right headings: the only score that sees a header one column off.

    A value is a cell that is no header; its address is the texts of the header cells above it in its columns and of
    those left of it in its rows, blanks left out. Right: an answer at the same address with the same text (compared
    as they are). Denominator: all values of the truth, or all of the answer where it has more, so that inventions
    count. Range 0..1; no answer is 0. Where the answer marks no headers, its cells that begin inside gold's header
    cells are taken for headers. The idea is ParseBench's header-keyed records.
    """
    right, of = header_paths(got, gold)
    return right / of if of else 0.0


def header_paths(got: GridTable | None, gold: GridTable) -> tuple[int, int]:
    """Above and below the line of `header_path_accuracy`."""
    truth = Counter(_addressed(gold, [cell.header for cell in gold.cells]))
    if got is None or not truth:
        return 0, truth.total()
    found = Counter(_addressed(got, _headers(got, gold)))
    return (found & truth).total(), max(truth.total(), found.total())


def with_known_headings(got: GridTable, gold: GridTable) -> GridTable:
    """`got` with the text of each header cell replaced by gold's heading that it is nearest to.

    Only where at most MISREAD of the heading's characters differ and no other heading is as near: so the header paths
    then say whether values stand in the right place, and not once more how well headings are read.
    """
    known = sorted({cell.text for cell in gold.cells if cell.header and cell.text})
    meant = {text: _nearest(text, known) for text in {cell.text for cell in got.cells}}
    cells = [
        replace(cell, text=meant[cell.text]) if header else cell
        for cell, header in zip(got.cells, _headers(got, gold), strict=True)
    ]
    return replace(got, cells=tuple(cells))


def _nearest(text: str, known: list[str]) -> str:
    far = sorted((Levenshtein.distance(text, heading), heading) for heading in known)
    if not far or far[0][0] > MISREAD * len(far[0][1]) or (len(far) > 1 and far[1][0] == far[0][0]):
        return text
    return far[0][1]


def _headers(got: GridTable, gold: GridTable) -> list[bool]:
    own = [cell.header for cell in got.cells]
    if any(own):
        return own
    area = {
        (row, col)
        for cell in gold.cells
        if cell.header
        for row in range(cell.row0, cell.row1)
        for col in range(cell.col0, cell.col1)
    }
    return [(cell.row0, cell.col0) in area for cell in got.cells]


def _addressed(table: GridTable, headers: list[bool]) -> list[tuple[Path, Path, str]]:
    """(headings above, headings to the left, text) of every value."""
    heads = [cell for cell, header in zip(table.cells, headers, strict=True) if header]
    values = [cell for cell, header in zip(table.cells, headers, strict=True) if not header]
    return [(_above(cell, heads), _left(cell, heads), cell.text) for cell in values]


def _above(cell: GridCell, heads: list[GridCell]) -> Path:
    over = [h for h in heads if h.row1 <= cell.row0 and h.col0 < cell.col1 and h.col1 > cell.col0]
    return tuple(h.text for h in over if h.text)


def _left(cell: GridCell, heads: list[GridCell]) -> Path:
    beside = [h for h in heads if h.col1 <= cell.col0 and h.row0 < cell.row1 and h.row1 > cell.row0]
    return tuple(h.text for h in sorted(beside, key=lambda h: (h.col0, h.row0)) if h.text)
