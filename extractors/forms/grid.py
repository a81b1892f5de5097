"""A rebuilt table seen the way a form sees it: label columns, header slots and values, by where they stand.

Grid indices are not trusted: Word leaves sliver columns of a pixel or two, and spans vary from copy to copy.
What holds is the horizontal extent on the page, so that everything here is in fractions of the table's width.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from extractors.document import Cell, Table
from extractors.forms.labels import is_wordy, normalise

SLIVER = 0.012
"""A column narrower than this share of the table holds no value: a digit needs about twice that."""

OVER = 0.5
"""Share of a head cell (or of the column, if narrower) from which it stands over the column."""

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Slot:
    """One printed value column: its header texts from the top, and where it stands (fractions of width)."""

    texts: tuple[str, ...]
    span: Span


@dataclass(frozen=True)
class PrintedTable:
    """`table` with the questions that matching asks of it, each answered once.

    `labelled`: whether the form it is held against has row labels at all (table 4 has none).
    """

    table: Table
    labelled: bool = True

    @cached_property
    def rows(self) -> tuple[tuple[Cell, ...], ...]:
        """Per grid row the cells that cover it, left to right."""
        covering: list[list[Cell]] = [[] for _ in range(self.table.n_rows)]
        for cell in sorted(self.table.cells, key=lambda cell: cell.col0):
            for row in range(cell.row0, cell.row1):
                covering[row].append(cell)
        return tuple(tuple(cells) for cells in covering)

    @cached_property
    def lines(self) -> tuple[float, ...]:
        """Where the n_cols + 1 column lines stand, as fractions of the table's width.

        Medians over all cells that begin or end there; each page is measured in its own extent, because the
        frames of two pages need not agree.
        """
        extents = _page_extents(self.table)
        found: dict[int, list[float]] = defaultdict(list)
        for cell in self.table.cells:
            for part in cell.parts:
                left, width = extents[part.page]
                found[cell.col0].append((part.box.x0 - left) / width)
                found[cell.col1].append((part.box.x1 - left) / width)
        known = sorted(index for index in found if found[index])
        count = self.table.n_cols + 1
        if len(known) < 2:
            return tuple(index / self.table.n_cols for index in range(count))
        medians = [float(np.median(found[index])) for index in known]
        return tuple(np.maximum.accumulate(np.interp(range(count), known, medians)).tolist())

    def span(self, cell: Cell) -> Span:
        return self.lines[cell.col0], self.lines[cell.col1]

    @cached_property
    def label_edge(self) -> int:
        """The grid column where values begin: the commonest end of the last wordy cell before values.

        0 where there are no row labels (`labelled` False), or where no row tells.
        """
        ends: Counter[int] = Counter()
        for cells in self.rows if self.labelled else ():
            wordy = [index for index, cell in enumerate(cells) if is_wordy(cell.text)]
            if wordy and wordy[-1] < len(cells) - 1:
                ends[cells[wordy[-1]].col1] += 1
        return ends.most_common(1)[0][0] if ends else 0

    def labels(self, row: int) -> tuple[str, ...]:
        """Texts of the label cells that cover this row, groups first; the last is the row's own label."""
        edge = self.label_edge
        return tuple(cell.text for cell in self.rows[row] if cell.col0 < edge)

    def label_cell(self, row: int) -> Cell | None:
        """The cell with the row's own label, None in a table without label columns."""
        edge = self.label_edge
        before = [cell for cell in self.rows[row] if cell.col0 < edge]
        return before[-1] if before else None

    @cached_property
    def starting(self) -> tuple[tuple[str, ...], ...]:
        """Per grid row the wordy texts of the cells that begin in it, left to right."""
        return tuple(
            tuple(cell.text for cell in cells if cell.row0 == row and is_wordy(cell.text))
            for row, cells in enumerate(self.rows)
        )

    def values(self, row: int) -> tuple[Cell, ...]:
        """Cells right of the labels, slivers left out, left to right."""
        return tuple(
            cell
            for cell in self.rows[row]
            if cell.col0 >= self.label_edge and self.span(cell)[1] - self.span(cell)[0] >= SLIVER
        )

    def slots(self, head: Sequence[int], data: Sequence[int]) -> tuple[Slot, ...]:
        """Value columns under the head rows `head`, cut where most of the rows `data` are cut.

        A header cell over two columns whose ruling was not seen still gives two slots, with one text.
        """
        owners = [self._stack(head, col) for col in range(self.table.n_cols)]
        cuts = self._cuts(data)
        slots: list[tuple[tuple[Cell, ...], int, int]] = []
        for col in range(self.label_edge, self.table.n_cols):
            if slots and slots[-1][0][-1:] == owners[col][-1:] and col not in cuts:
                slots[-1] = (slots[-1][0], slots[-1][1], col + 1)
            else:
                slots.append((owners[col], col, col + 1))
        return tuple(
            Slot(
                tuple(cell.text for cell in stack if normalise(cell.text)),
                (self.lines[col0], self.lines[col1]),
            )
            for stack, col0, col1 in slots
            if self.lines[col1] - self.lines[col0] >= SLIVER
        )

    def slots_of_data(self, head: Sequence[int], data: Sequence[int]) -> tuple[Slot, ...]:
        """Value columns as the rows `data` alone are cut; the texts above one are put together row by row.

        For heads that strokes of their own text cut where no column ends.
        """
        cuts = sorted({self.label_edge, *self._cuts(data), self.table.n_cols})
        spans = [(self.lines[col0], self.lines[col1]) for col0, col1 in pairwise(cuts)]
        return tuple(
            Slot(tuple(text for text in self._texts_over(head, span) if text), span)
            for span in spans
            if span[1] - span[0] >= SLIVER
        )

    def _texts_over(self, head: Sequence[int], span: Span) -> list[str]:
        """Per head row what is printed over `span` and not in a row above."""
        texts: list[str] = []
        seen: list[Cell] = []
        for row in head:
            over = [
                cell for cell in self.rows[row] if cell not in seen and share(self.span(cell), span) >= OVER
            ]
            seen += over
            texts.append("".join(cell.text for cell in over if normalise(cell.text)))
        return texts

    def _stack(self, head: Sequence[int], col: int) -> tuple[Cell, ...]:
        """Head cells over a grid column, top first, blank ones left out unless all are."""
        stack: list[Cell] = []
        for row in head:
            cell = next(cell for cell in self.rows[row] if cell.col0 <= col < cell.col1)
            if cell not in stack:
                stack.append(cell)
        written = tuple(cell for cell in stack if normalise(cell.text))
        return written or tuple(stack[-1:])

    def _cuts(self, data: Sequence[int]) -> frozenset[int]:
        """Grid columns where more than half of the rows begin a value cell of some width."""
        begins = Counter(cell.col0 for row in data for cell in self.values(row))
        return frozenset(col for col, count in begins.items() if 2 * count > len(data))


def _page_extents(table: Table) -> dict[int, tuple[float, float]]:
    """Per page the table's left edge and width, in work pixels."""
    left: dict[int, float] = {}
    right: dict[int, float] = {}
    for cell in table.cells:
        for part in cell.parts:
            left[part.page] = min(left.get(part.page, part.box.x0), part.box.x0)
            right[part.page] = max(right.get(part.page, part.box.x1), part.box.x1)
    return {page: (left[page], max(right[page] - left[page], 1.0)) for page in left}


def share(inner: Span, outer: Span) -> float:
    """What share of the narrower of two spans lies in the other, 0..1."""
    common = min(inner[1], outer[1]) - max(inner[0], outer[0])
    return max(0.0, common) / max(min(inner[1] - inner[0], outer[1] - outer[0]), 1e-9)
