"""ICDAR 2013 table competition: `*-reg.xml` says where tables stand, `*-str.xml` what cells they have.

Boxes are PDF points with the origin at the bottom left; here y is turned down, and boxes become fractions of the
page, whose size (points) the caller gives: the XML does not say it. Boxes of single cells are not read: no score
needs them, and one in the set is mistyped ("26ß"). Blank cells are not labelled. A table may consist of several
regions, each with its own offset of rows and columns. Some tables count rows or columns from 1: here the first that
is labelled is row 0, column 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

from eval.cases import BadCase
from eval.metrics.grid_table import GridCell, grid_table
from eval.metrics.tables import PlacedTable
from eval.readers.xml_labels import number, root_of
from extractors.geometry import Box

PageSizes = Mapping[int, tuple[float, float]]  # page from 1 -> width, height in points


def read_icdar2013(structure: Path, pages: PageSizes) -> tuple[PlacedTable, ...]:
    """The tables of `x-str.xml`, in the file's order, with the boxes of `x-reg.xml` beside it.

    Raises BadCase where a file is missing or broken, a table has no region, a page no size, or cells overlap.
    """
    regions = structure.with_name(structure.name.replace("-str.xml", "-reg.xml"))
    places = {table.get("id"): table for table in root_of(regions).iter("table")}
    tables = []
    for table in root_of(structure).iter("table"):
        name = table.get("id")
        try:
            tables.append(_table(table, places[name], pages))
        except KeyError as error:
            raise BadCase(f"{structure}: table {name}: no region or size of page for {error}") from error
        except ValueError as error:
            raise BadCase(f"{structure}: table {name}: {error}") from error
    if not tables:
        raise BadCase(f"{structure}: no table in it")
    return tuple(tables)


def _table(table: Element, place: Element, pages: PageSizes) -> PlacedTable:
    numbers = {number(region, "page") for region in place.iter("region")}
    if len(numbers) != 1:
        raise ValueError(f"regions on pages {sorted(numbers)}, expected one page")
    page = numbers.pop()
    size = pages[page]
    cells = [_cell(cell, region) for region in table.iter("region") for cell in region.iter("cell")]
    box = Box.around(_box(region, size) for region in place.iter("region"))
    return PlacedTable(page, box, grid_table(_from_zero(cells)))


def _from_zero(cells: Sequence[GridCell]) -> list[GridCell]:
    down, right = min(c.row0 for c in cells), min(c.col0 for c in cells)
    return [
        replace(c, row0=c.row0 - down, row1=c.row1 - down, col0=c.col0 - right, col1=c.col1 - right)
        for c in cells
    ]


def _cell(cell: Element, region: Element) -> GridCell:
    down, right = number(region, "row-increment", default=0), number(region, "col-increment", default=0)
    row, col = number(cell, "start-row"), number(cell, "start-col")
    last_row = number(cell, "end-row", default=row)
    last_col = number(
        cell, "end-col", "col-end", default=col
    )  # one label of the set has the words turned round
    text = cell.findtext("content") or ""
    return GridCell(row + down, last_row + down + 1, col + right, last_col + right + 1, text)


def _box(element: Element, size: tuple[float, float]) -> Box:
    found = element.find("bounding-box")
    if found is None:
        raise ValueError(f"<{element.tag}> has no bounding-box")
    x0, x1, y0, y1 = (number(found, name) for name in ("x1", "x2", "y1", "y2"))
    width, height = size
    return Box(x0 / width, 1 - y1 / height, x1 / width, 1 - y0 / height)
