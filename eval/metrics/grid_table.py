"""One plain type for tables that are scored: gold's, ours and every peer's.

It is not the product's `Table`: that one refuses what does not tile, whereas a scorer has to take what others give.
What is missing in a grid counts as a blank cell, as the public sets leave blank cells out. Overlaps are refused:
which of two cells an answer means, no scorer can know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from eval.gold_values import normalise
from extractors.geometry import Box


class BadTable(ValueError):
    """Cells that are empty, overlap, or do not form a table; the message names the fault."""


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell, half-open in rows and columns from 0. `box`: any frame, as long as both sides use the same."""

    row0: int
    row1: int
    col0: int
    col1: int
    text: str = ""
    box: Box | None = None
    header: bool = False

    def __post_init__(self) -> None:
        if not (0 <= self.row0 < self.row1 and 0 <= self.col0 < self.col1):
            raise BadTable(f"cell is empty or outside its grid: {self.span}")

    @property
    def span(self) -> tuple[int, int, int, int]:
        return self.row0, self.row1, self.col0, self.col1


@dataclass(frozen=True, slots=True)
class GridTable:
    """Cells that tile a grid of at least one cell, sorted by row and column. Make it with `grid_table`."""

    n_rows: int
    n_cols: int
    cells: tuple[GridCell, ...]

    @property
    def owners(self) -> npt.NDArray[np.intp]:
        """Which cell covers a grid position: indices into `cells`, shape (n_rows, n_cols)."""
        owners = np.full((self.n_rows, self.n_cols), -1, dtype=np.intp)
        for index, cell in enumerate(self.cells):
            owners[cell.row0 : cell.row1, cell.col0 : cell.col1] = index
        return owners

    @property
    def head_rows(self) -> int:
        """How many rows from the top hold nothing but header cells."""
        body = [cell.row0 for cell in self.cells if not cell.header]
        return min(body, default=self.n_rows)

    def normalised(self) -> GridTable:
        """The same table with texts as they are compared: NFKC, no white space, all dashes alike."""
        return replace(self, cells=tuple(replace(cell, text=normalise(cell.text)) for cell in self.cells))


def grid_table(cells: Iterable[GridCell], n_rows: int = 0, n_cols: int = 0) -> GridTable:
    """A table of `cells` in any order, at least `n_rows` x `n_cols` large; holes become blank cells.

    Raises BadTable where cells overlap or there are none.
    """
    given = list(cells)
    if not given:
        raise BadTable("a table without cells")
    n_rows = max(n_rows, *(cell.row1 for cell in given))
    n_cols = max(n_cols, *(cell.col1 for cell in given))
    owned = np.zeros((n_rows, n_cols), dtype=np.int32)
    for cell in given:
        owned[cell.row0 : cell.row1, cell.col0 : cell.col1] += 1
    if (owned > 1).any():
        row, col = np.argwhere(owned > 1)[0]
        raise BadTable(f"cells overlap at row {row}, column {col}")
    holes = [GridCell(int(r), int(r) + 1, int(c), int(c) + 1) for r, c in np.argwhere(owned == 0)]
    return GridTable(n_rows, n_cols, tuple(sorted(given + holes, key=lambda cell: (cell.row0, cell.col0))))


def table_from_record(table: Mapping[str, Any]) -> GridTable:
    """The table type of an entry of a record's `tables[]`. Raises BadTable for cells that are none."""
    try:
        cells = [_record_cell(cell) for cell in table["cells"]]
        return grid_table(cells, int(table.get("rows", 0)), int(table.get("cols", 0)))
    except (KeyError, TypeError, ValueError) as error:
        raise (
            error if isinstance(error, BadTable) else BadTable(f"not a record's table: {error!r}")
        ) from error


def _record_cell(cell: Mapping[str, Any]) -> GridCell:
    row, col = int(cell["row"]), int(cell["col"])
    box = cell.get("box")
    return GridCell(
        row,
        row + int(cell.get("rowspan", 1)),
        col,
        col + int(cell.get("colspan", 1)),
        str(cell.get("text") or ""),
        None if box is None else Box(*map(float, box)),
        bool(cell.get("header", False)),
    )
