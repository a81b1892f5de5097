"""Adjacency relations: which texts are neighbours, whatever row or column they stand in.

Göbel, Hassan, Oro, Orsi, "A methodology for evaluating algorithms for table understanding in PDF documents", DocEng
2012: each cell with content and its nearest neighbour with content to the right and below, blanks skipped. A cell
that spans several rows or columns has a neighbour in each. Blind to position: a lost blank row costs nothing.

`text_relations` compares texts, as in the ICDAR 2013 competition. `box_relations` is for ICDAR 2019 cTDaR, whose
truth is boxes of text without the text. The competition matches cells by the overlap (IoU) of boxes; here a text
box belongs to the predicted cell that holds its centre, so nobody has to guess how tight a text is boxed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from eval.metrics.grid_table import GridCell, GridTable
from eval.metrics.matches import Matches, match_all
from extractors.geometry import Box

Relation = tuple[str, str, str]  # a cell, its neighbour, "right" or "below"


@dataclass(frozen=True, slots=True)
class BoxedTable:
    """The truth of one table of cTDaR: boxes of text by id, and the relations between ids ("right", "below")."""

    box: Box
    texts: Mapping[str, Box]
    relations: frozenset[Relation]


def relations(table: GridTable, names: Sequence[str]) -> list[Relation]:
    """Adjacency relations between the cells of `table`, called `names`; a cell named "" is blank and skipped."""
    found: set[tuple[int, int, str]] = set()
    for line, direction in [(row, "right") for row in table.owners] + [(c, "below") for c in table.owners.T]:
        filled = [int(index) for index in line if names[index]]
        found.update((a, b, direction) for a, b in pairwise(filled) if a != b)
    return [(names[a], names[b], direction) for a, b, direction in sorted(found)]


def text_relations(got: GridTable | None, gold: GridTable) -> Matches:
    """Relations compared by the texts of both cells and the direction.

    Denominator: all relations of the truth and all of the answer; F1 in 0..1. A table of a single text has none.
    """
    both = [[] if t is None else relations(t, [cell.text for cell in t.cells]) for t in (got, gold)]
    return match_all(*both)


def box_relations(got: Iterable[GridTable], gold: Iterable[BoxedTable]) -> Matches:
    """Relations of all tables of one page, told by the text boxes that the predicted cells hold.

    Denominator: all relations of the page's truth and all of the answer; F1 in 0..1. A predicted cell without a text
    box is blank, whatever was read in it: the truth leaves dashes out, among others. A cell that holds several text
    boxes merges what is apart, and its relations are all wrong. A table that holds no text box at all is invented,
    and the relations between its own texts are wrong.
    """
    truth = list(gold)
    texts = [(f"{t}:{name}", box) for t, table in enumerate(truth) for name, box in table.texts.items()]
    expected = [
        (f"{t}:{a}", f"{t}:{b}", way) for t, table in enumerate(truth) for a, b, way in table.relations
    ]
    found: list[Relation] = []
    for number, table in enumerate(got):
        names = [_held(cell, texts) for cell in table.cells]
        if not any(names):
            names = [f"{number}?{cell.text}" if cell.text else "" for cell in table.cells]
        found += relations(table, names)
    return match_all(found, expected)


def _held(cell: GridCell, texts: Sequence[tuple[str, Box]]) -> str:
    if cell.box is None:
        return ""
    return "+".join(sorted(name for name, box in texts if cell.box.holds(*box.centre)))
