"""Random tables for property tests, and what can be done to them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from eval.metrics.grid_table import GridCell, GridTable, grid_table

TEXTS = st.sampled_from(["", "0", "1", "12", "120", "总计", "甲局", "结果维持", "a b"])


@st.composite
def tables(draw: st.DrawFn, most: int = 4, texts: st.SearchStrategy[str] = TEXTS) -> GridTable:
    """A tiling of up to `most` x `most`, with spans, whose first rows may be headers."""
    n_rows, n_cols = draw(st.integers(1, most)), draw(st.integers(1, most))
    heads = draw(st.integers(0, n_rows - 1))
    taken: set[tuple[int, int]] = set()
    cells = []
    for row in range(n_rows):
        for col in range(n_cols):
            if (row, col) in taken:
                continue
            free = next((c for c in range(col, n_cols) if (row, c) in taken), n_cols)
            last = heads if row < heads else n_rows  # no cell is half header
            row1, col1 = row + draw(st.integers(1, last - row)), col + draw(st.integers(1, free - col))
            taken.update((r, c) for r in range(row, row1) for c in range(col, col1))
            cells.append(GridCell(row, row1, col, col1, draw(texts), header=row < heads))
    return grid_table(cells)


def without_last_row(table: GridTable) -> GridTable | None:
    """The table with its last row cut off; None where that was all."""
    last = table.n_rows - 1
    kept = [replace(cell, row1=min(cell.row1, last)) for cell in table.cells if cell.row0 < last]
    return grid_table(kept) if kept else None


def with_row(table: GridTable, text: str) -> GridTable:
    """The table with one more row below, of a single cell."""
    return grid_table([*table.cells, GridCell(table.n_rows, table.n_rows + 1, 0, table.n_cols, text)])


def simple(*rows: str, heads: int = 0) -> GridTable:
    """A table without spans, cells of a row divided by "|"; the first `heads` rows are headers."""
    cells = [
        GridCell(r, r + 1, c, c + 1, text, header=r < heads)
        for r, row in enumerate(rows)
        for c, text in enumerate(row.split("|"))
    ]
    return grid_table(cells)
