"""ICDAR 2019 cTDaR, track with neighbours: per cell the box of its text and its neighbours, no texts, no row numbers.

`<cell id="3" neighbors="1:R 4:B">` says that cell 1 is to the right and cell 4 below. Every relation is written at
both ends; a file where one end is missing is broken. Blank cells are not labelled, and relations skip them.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element

from eval.cases import BadCase
from eval.metrics.adjacency import BoxedTable, Relation
from eval.readers.xml_labels import root_of
from extractors.geometry import Box

_WAYS = {"R": ("right", False), "L": ("right", True), "B": ("below", False), "T": ("below", True)}


def read_ctdar(path: Path) -> tuple[BoxedTable, ...]:
    """The tables of one page, in the file's order; boxes in pixels of the picture.

    Raises BadCase for broken XML, no table, boxes without corners, doubled ids, neighbours that do not exist or do
    not know of each other.
    """
    tables = []
    for index, table in enumerate(root_of(path).iter("table")):
        try:
            tables.append(_table(table))
        except ValueError as error:
            raise BadCase(f"{path}: table {index}: {error}") from error
    if not tables:
        raise BadCase(f"{path}: no table in it")
    return tuple(tables)


def _table(table: Element) -> BoxedTable:
    cells = table.findall("cell")
    texts = {cell.get("id", ""): _box(cell) for cell in cells}
    if len(texts) != len(cells) or "" in texts:
        raise ValueError("cells without an id, or two with the same")
    ends = [end for cell in cells for end in _relations(cell)]
    strange = {name for a, b, _, _ in ends for name in (a, b)} - set(texts)
    if strange:
        raise ValueError(f"neighbours that do not exist: {sorted(strange)[:3]}")
    said = {(a, b, way) for a, b, way, turned in ends if not turned}
    answered = {(a, b, way) for a, b, way, turned in ends if turned}
    if said != answered:
        raise ValueError(f"neighbours that do not know of each other: {sorted(said ^ answered)[:3]}")
    return BoxedTable(_box(table), texts, frozenset(said))


def _relations(cell: Element) -> list[tuple[*Relation, bool]]:
    """(cell, its neighbour to the right or below, which of the two, whether it is the neighbour that says so)."""
    me = cell.get("id", "")
    found = []
    for entry in (cell.get("neighbors") or "").split():
        other, _, letter = entry.partition(":")
        if letter not in _WAYS:
            raise ValueError(f"a neighbour {entry!r}")
        way, turned = _WAYS[letter]
        pair = (other, me) if turned else (me, other)
        found.append((*pair, way, turned))
    return found


def _box(element: Element) -> Box:
    """The upright rectangle around the corners of `element`."""
    coords = element.find("Coords")
    if coords is None:
        raise ValueError(f"<{element.tag}> has no Coords")
    corners = [tuple(map(float, point.split(","))) for point in coords.get("points", "").split()]
    if len(corners) < 2 or any(len(corner) != 2 for corner in corners):
        raise ValueError(f"no corners in {coords.get('points')!r}")
    xs, ys = zip(*corners, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))
