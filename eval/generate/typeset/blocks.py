"""What is to be printed, as plain data that knows no engine: lines of text and ruled tables, top to bottom.

Both typesetters read this and nothing else, so that a report of theirs differs in look and never in content.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal[
    "letterhead",
    "number",
    "cover_title",
    "cover_end",
    "title",
    "date_line",
    "body",
    "plain",
    "heading",
    "contents",
    "table_title",
    "end",
]
CellRole = Literal["label", "head", "band", "answer"]


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. A newline in `text` is a line break that is ours. `run_in`: text that follows a heading on its
    line. `seal`: an electronic seal is printed over it."""

    role: Role
    text: str
    new_page: bool = False
    wide: bool = False  # on a landscape page
    run_in: str = ""
    seal: bool = False


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a `Grid`, rows and columns from 0. `open_top`, `open_bottom`: no ruling there, the table was cut.

    `edges`: sides that lie on the table's own frame, of "left", "right", "top", "bottom".
    """

    row: int
    col: int
    rowspan: int
    colspan: int
    text: str
    role: CellRole
    path: str | None = None  # the field whose answer this is
    open_top: bool = False
    open_bottom: bool = False
    edges: frozenset[str] = frozenset()
    down: bool = False  # set vertically, top to bottom


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table, or the part of one between two page breaks of ours. `widths` are per cent of its width.

    `repeat_rows`: that many rows are printed again wherever the engine itself breaks the table.
    """

    n_rows: int
    widths: tuple[float, ...]
    cells: tuple[GridCell, ...]
    new_page: bool = False
    wide: bool = False
    repeat_rows: int = 0


Block = Text | Grid
