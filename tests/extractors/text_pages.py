"""Pages typeset from plain text, for tests of what comes after reading: no picture, no engine.

A document is written as one string, one paragraph to a line. At the start of a line:
    ^  centred, larger (titles)      >  right-aligned (signatures)      |  at the left margin, no indent
    #  a heading: indented           =  as it is, at this very place on the page's foot (page numbers)
    [table]  a table five rows high  ---  a new page
Anything else is a paragraph with a first-line indent, broken at 28 characters to the line.
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.document import Cell, Fragment, Line, PageInfo, PageReading, Part, Reading, Table
from extractors.geometry import Box
from extractors.wording import text_weight

WIDTH, HEIGHT = 1654, 2339
LEFT, PITCH, LEADING, TOP = 250.0, 41.0, 72.0, 220.0
PER_LINE = 28
ROWS_PER_PAGE = 26


def make_line(
    text: str, x0: float, y0: float, page: int = 1, pitch: float = PITCH, sure: float = 0.999
) -> Line:
    """A line of `text` with its top-left corner at x0, y0; every character as probable as `sure`."""
    extents, x = [], x0
    for char in text:
        step = pitch * text_weight(char)
        extents.append((x, x + step))
        x += step
    reading = Reading(text, sure, (sure,) * len(text))
    return Line(page, Box(x0, y0, max(x, x0 + 1), y0 + pitch), reading, tuple(extents), pitch)


def wrap(text: str, indent: int = 2) -> list[tuple[int, str]]:
    """`text` broken into lines as (indent in characters, text)."""
    lines, current, room = [], "", float(PER_LINE - indent)
    for char in text:
        if text_weight(char) > room and char not in "，。、；：）":
            lines.append((indent if not lines else 0, current))
            current, room = "", float(PER_LINE)
        current += char
        room -= text_weight(char)
    lines.append((indent if not lines else 0, current))
    return lines


class _Setter:
    """Puts rows on pages, one below the other."""

    def __init__(self, sure: float, numbered: bool) -> None:
        self.sure, self.numbered = sure, numbered
        self.lines: list[list[Line]] = [[]]
        self.fragments: list[list[Fragment]] = [[]]
        self.row = 0

    def new_page(self) -> None:
        self.lines.append([])
        self.fragments.append([])
        self.row = 0

    def put(self, text: str, indent: float, pitch: float = PITCH) -> None:
        if self.row >= ROWS_PER_PAGE:
            self.new_page()
        y0 = TOP + self.row * LEADING
        line = make_line(text, LEFT + indent * PITCH, y0, len(self.lines), pitch, self.sure)
        self.lines[-1].append(line)
        self.row += 1

    def table(self) -> None:
        if self.row + 5 >= ROWS_PER_PAGE:
            self.new_page()
        top = TOP + self.row * LEADING
        box = Box(LEFT, top, LEFT + PER_LINE * PITCH, top + 5 * LEADING - 20)
        page = len(self.lines)
        cell = Cell(0, 1, 0, 1, Reading("", 1.0), (Part(page, box),), blank=True)
        table = Table(1, 1, (cell,))
        self.fragments[-1].append(Fragment(page, box, table, (box.x0, box.x1), (box.y0, box.y1)))
        self.row += 5

    def readings(self) -> tuple[PageReading, ...]:
        found = []
        for number, lines in enumerate(self.lines, start=1):
            info = PageInfo(number, "scan", WIDTH, HEIGHT, 200, work_width=WIDTH, work_height=HEIGHT)
            foot = [make_line(f"- {number} -", 800, 2150, number)] if self.numbered else []
            found.append(PageReading(info, (*lines, *foot), tuple(self.fragments[number - 1])))
        return tuple(found)


def typeset(text: str, sure: float = 0.999, numbered: bool = True) -> tuple[PageReading, ...]:
    """The document written in `text` as pages of lines; markup as in the module's docstring."""
    setter = _Setter(sure, numbered)
    for raw in text.strip("\n").splitlines():
        mark, rest = raw.strip()[:1], raw.strip()[1:].strip()
        if raw.strip() == "---":
            setter.new_page()
        elif raw.strip() == "[table]":
            setter.table()
        elif mark == "^":
            setter.put(rest, (PER_LINE - text_weight(rest) * 1.3) / 2, PITCH * 1.3)
        elif mark == ">":
            setter.put(rest, PER_LINE - 1 - text_weight(rest))
        elif mark:
            indent = 0 if mark == "|" else 2
            for space, piece in wrap(rest if mark in "|#" else raw.strip(), indent):
                setter.put(piece, space)
    return setter.readings()


def as_lines(texts: Sequence[str]) -> tuple[PageReading, ...]:
    """One page with exactly these lines, all at the paragraph's indent, whatever their length."""
    lines = [make_line(text, LEFT + 2 * PITCH, TOP + row * LEADING) for row, text in enumerate(texts)]
    info = PageInfo(1, "scan", WIDTH, HEIGHT, 200, work_width=WIDTH, work_height=HEIGHT)
    return (PageReading(info, tuple(lines)),)
