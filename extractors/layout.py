"""Where the body of the text stands on each page, what around it is furniture, and which lines make a
paragraph.

Printed reports break a sentence at every line end and at every page end, with a page number in between.
Sections want the sentence back. Only geometry and punctuation are used here, no wording: the same rules
serve every document. All lengths are work pixels, all thresholds are in characters, so that the
resolution does not matter.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from rapidfuzz import fuzz

from extractors.document import Line, PageReading
from extractors.geometry import Box
from extractors.wording import fold, join_pieces, plain_number, squeeze, text_weight, tidy

HEAD_BAND = 0.12  # share of the page's height in which running heads stand
FOOT_BAND = 0.86  # below this share of the height stand page numbers and running feet
SAME_PLACE = 0.02  # of the page's height: furniture keeps its place from page to page to within this
FIRST_LINE_INDENT = 1.2  # characters; the rule is 2, narrow fonts and scans leave less
SHORT_LINE = 2.2  # characters missing at the right margin: kinsoku pushes one, rarely two, to the next line
SENTENCE_END = "。！？；：.!?;:"

_PAGE_NUMBER = re.compile(
    r"[-_·.~一\s]*(第?(\d{1,3}|[一二三四五六七八九十]{1,3})页?|p\.?\d{1,3}|page\d{1,3})"
    r"([,/共of]*\d{1,3}页?)?[-_·.~一\s]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PageLayout:
    """The text body of one page: margins in work pixels, `pitch` the advance of a full-width character."""

    left: float
    right: float
    pitch: float
    size: float  # height of body characters
    leading: float  # distance of two baselines within a paragraph

    def indent(self, line: Line) -> float:
        """Characters between the left margin and the line."""
        return (line.box.x0 - self.left) / self.pitch

    def shortfall(self, line: Line) -> float:
        """Characters between the line's end and the right margin."""
        return (self.right - line.box.x1) / self.pitch

    def centred(self, line: Line) -> bool:
        """Whether the line stands off both margins by about as much, and by more than a paragraph's
        indent.
        """
        indent, shortfall = self.indent(line), self.shortfall(line)
        return min(indent, shortfall) > 2.6 and abs(indent - shortfall) < 2.5 + 0.1 * (indent + shortfall)

    def at_right(self, line: Line) -> bool:
        """Whether the line is pushed to the right, as signatures are."""
        indent, shortfall = self.indent(line), self.shortfall(line)
        return indent > 6 and indent > 1.5 * shortfall


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of a document that are its text: all lines, which of them are furniture, each page's layout.

    Indices are into `lines`, which holds every line of every page in reading order; `Heading.line_index`
    counts in it.
    """

    lines: tuple[Line, ...]
    furniture: frozenset[int]
    layouts: Mapping[int, PageLayout]
    tables: Mapping[int, tuple[Box, ...]]  # boxes of the table fragments of each page

    def kept(self, start: int = 0, end: int | None = None) -> tuple[int, ...]:
        """Indices in [start, end) that are no furniture."""
        stop = len(self.lines) if end is None else end
        return tuple(index for index in range(start, stop) if index not in self.furniture)

    def layout(self, line: Line) -> PageLayout:
        return self.layouts[line.page]

    def table_between(self, before: int, after: int) -> bool:
        """Whether a table stands between two lines, on the page of either or on a page in between."""
        first, last = self.lines[before], self.lines[after]
        if first.page == last.page:
            top, bottom = first.box.centre[1], last.box.centre[1]
            return any(top < box.centre[1] < bottom for box in self.tables[first.page])
        return (
            any(box.centre[1] > first.box.centre[1] for box in self.tables[first.page])
            or any(box.centre[1] < last.box.centre[1] for box in self.tables[last.page])
            or any(boxes for page, boxes in self.tables.items() if first.page < page < last.page)
        )


def read_body(readings: Sequence[PageReading]) -> Body:
    """Lines, furniture and layout of a document; `readings` in page order."""
    lines = tuple(line for reading in readings for line in reading.lines)
    tables = {reading.info.number: tuple(f.box for f in reading.fragments) for reading in readings}
    heights = {reading.info.number: _height(reading) for reading in readings}
    furniture = find_furniture(lines, tables, heights)
    kept = [line for index, line in enumerate(lines) if index not in furniture]
    return Body(lines, furniture, _measure_pages(kept, readings), tables)


def _height(reading: PageReading) -> float:
    lowest = max((line.box.y1 for line in reading.lines), default=1.0)
    return float(max(reading.info.work_height or reading.info.height, lowest, 1.0))


def find_furniture(
    lines: Sequence[Line], tables: Mapping[int, Sequence[Box]], heights: Mapping[int, float]
) -> frozenset[int]:
    """Indices of page numbers, running heads and feet, and of lines that lie inside a table.

    `heights` are the pages' in work pixels. A page number needs its pattern and its place; a running head or
    foot needs the same text at the same height on at least two pages.
    """
    inside = {index for index, line in enumerate(lines) if _in_table(line, tables[line.page])}
    edges = [index for index in _edge_lines(lines, tables, heights) if index not in inside]
    numbers = {index for index in edges if _PAGE_NUMBER.fullmatch(fold(squeeze(lines[index].text)))}
    places = {index: lines[index].box.centre[1] / heights[lines[index].page] for index in edges}
    apart = [index for index in edges if index in numbers or _set_off(lines, index)]
    running = {
        index
        for index in apart
        for other in apart
        if lines[index].page != lines[other].page
        and abs(places[index] - places[other]) < SAME_PLACE
        and (_same_running_text(lines[index], lines[other]) or _misread_number(index, other, lines, numbers))
    }
    return frozenset(inside | numbers | running)


def page_number(text: str) -> int | None:
    """The number that `text` prints if it is a page number ("- 3 -", "第3页共5页"); None for any other text."""
    match = _PAGE_NUMBER.fullmatch(fold(squeeze(text)))
    if match is None:
        return None
    digits = re.search(r"\d+", match[1])
    return int(digits[0]) if digits else plain_number(match[2])


def _in_table(line: Line, boxes: Sequence[Box]) -> bool:
    return any(box.holds(*line.box.centre) for box in boxes)


def _edge_lines(
    lines: Sequence[Line], tables: Mapping[int, Sequence[Box]], heights: Mapping[int, float]
) -> list[int]:
    """Lines in the head or foot band with at most one other row and no table between them and the
    paper's edge.
    """
    by_page: dict[int, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        by_page[line.page].append(index)
    found = []
    for page, members in by_page.items():
        for index in members:
            centre = lines[index].box.centre[1]
            if not HEAD_BAND < centre / heights[page] < FOOT_BAND and _outermost(
                lines[index], [lines[other].box for other in members if other != index], tables[page], centre
            ):
                found.append(index)
    return found


def _outermost(line: Line, others: Sequence[Box], tables: Sequence[Box], centre: float) -> bool:
    """Whether at most one row of text and no table lies beyond the line, towards the nearer edge or the
    further.
    """
    half = line.box.height / 2
    above = [box for box in others if box.centre[1] < centre - half]
    below = [box for box in others if box.centre[1] > centre + half]
    free_above = len(above) <= 1 and not any(box.y0 < centre for box in tables)
    free_below = len(below) <= 1 and not any(box.y1 > centre for box in tables)
    return free_above or free_below


def _set_off(lines: Sequence[Line], index: int) -> bool:
    """Whether a line at the edge is smaller than the text or further from it than its lines are from each other.

    A title that stands at the same place on the cover and on the next page is neither.
    """
    line = lines[index]
    same_page = [other for other in lines if other.page == line.page and not same_row(line, other)]
    size = median(line_size(other) for other in lines)
    if line_size(line) < 0.9 * size or len(same_page) < 2:
        return line_size(line) <= 1.1 * size
    nearest = min(abs(other.box.centre[1] - line.box.centre[1]) for other in same_page if other is not line)
    return line_size(line) <= 1.1 * size and nearest > 1.25 * _leading(same_page, size)


def _same_running_text(line: Line, other: Line) -> bool:
    first, second = (re.sub(r"\d+", "", fold(squeeze(each.text))) for each in (line, other))
    if min(len(first), len(second)) < 3:
        return False
    ratio = line.box.height / max(other.box.height, 1.0)
    return 0.75 < ratio < 1.34 and fuzz.ratio(first, second) >= 85


def _misread_number(index: int, other: int, lines: Sequence[Line], numbers: set[int]) -> bool:
    """Whether a few characters stand where other pages have their number, as in "-l-" or "一4-"."""
    text = fold(squeeze(lines[index].text))
    looks = len(text) <= 6 and bool(re.fullmatch(r"[-_·.~一]+\w{0,3}[-_·.~一]*|\w{1,2}[-_·.~]+", text))
    return other in numbers and looks


def _measure_pages(lines: Sequence[Line], readings: Sequence[PageReading]) -> dict[int, PageLayout]:
    by_page: dict[int, list[Line]] = {reading.info.number: [] for reading in readings}
    for line in lines:
        by_page[line.page].append(line)
    widths = {r.info.number: float(max(r.info.work_width or r.info.width, 1)) for r in readings}
    measured = {page: _measure(found, widths[page]) for page, found in by_page.items()}
    rich = [page for page, found in by_page.items() if _body_lines(found)]
    if not rich:
        return measured
    typical = tuple(
        median(getattr(measured[page], name) / widths[page] for page in rich)
        for name in ("left", "right", "pitch", "size", "leading")
    )
    return {
        page: _settle(layout, PageLayout(*(value * widths[page] for value in typical)), page in rich)
        for page, layout in measured.items()
    }


def _settle(own: PageLayout, typical: PageLayout, rich: bool) -> PageLayout:
    """A page's own margins, unless it has too little text to show them: then the document's."""
    if not rich:
        return typical
    # A page of nothing but first lines or last lines shows an indent as its margin.
    left = typical.left if 1.0 < (own.left - typical.left) / typical.pitch < 4 else own.left
    right = typical.right if (typical.right - own.right) / typical.pitch > 1.0 else own.right
    return PageLayout(left, right, own.pitch, own.size, own.leading)


def _body_lines(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if text_weight(squeeze(line.text)) >= 12]


def _measure(lines: Sequence[Line], width: float) -> PageLayout:
    """The layout that these lines of one page show; a guess from the page's width if there are none."""
    long = _body_lines(lines) or list(lines)
    if not long:
        return PageLayout(0.13 * width, 0.87 * width, width / 40, width / 40, width / 22)
    pitch = median(max(line.box.width, 1.0) / max(text_weight(squeeze(line.text)), 1.0) for line in long)
    size = median(line_size(line) for line in long)
    lefts = sorted(line.box.x0 for line in long)
    rights = sorted(line.box.x1 for line in long)
    # Not the extremes: a line read together with a speck beside it reaches too far.
    left = lefts[len(lefts) // 8]
    right = rights[-1 - len(rights) // 8]
    return PageLayout(left, max(right, left + pitch), pitch, size, _leading(lines, size))


def _leading(lines: Sequence[Line], size: float) -> float:
    steps = [after.box.centre[1] - before.box.centre[1] for before, after in pairwise(lines)]
    near = [step for step in steps if 0.8 * size < step < 4 * size]
    return median(near) if near else 1.8 * size


def line_size(line: Line) -> float:
    """Height of the line's characters in work pixels; that of its box where it was not measured."""
    return line.size or line.box.height


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`text` of the lines `indices` (into `Body.lines`) joined; white space only between Latin words."""

    text: str
    indices: tuple[int, ...]


def paragraphs(body: Body, indices: Sequence[int]) -> tuple[Paragraph, ...]:
    """The lines `indices`, in order, as paragraphs, over line and page breaks."""
    groups: list[list[int]] = []
    for index in indices:
        if groups and continues(body, groups[-1][-1], index):
            groups[-1].append(index)
        else:
            groups.append([index])
    return tuple(
        Paragraph(join_pieces(tidy(body.lines[index].text) for index in group), tuple(group))
        for group in groups
    )


def continues(body: Body, before: int, after: int) -> bool:
    """Whether line `after` goes on with the paragraph that line `before` belongs to."""
    first, second = body.lines[before], body.lines[after]
    if same_row(first, second):
        return True
    if body.table_between(before, after) or _set_apart(body, first, second):
        return False
    return not _new_paragraph(body, first, second)


def same_row(first: Line, second: Line) -> bool:
    """Whether two lines are pieces of one printed line."""
    if first.page != second.page or second.box.x0 < first.box.x1 - first.box.height:
        return False
    shared = min(first.box.y1, second.box.y1) - max(first.box.y0, second.box.y0)
    return shared > 0.6 * min(first.box.height, second.box.height)


def _set_apart(body: Body, first: Line, second: Line) -> bool:
    """Whether size, alignment or a gap parts the two lines."""
    layout = body.layout(second)
    ratio = line_size(first) / max(line_size(second), 1.0)
    if first.page == second.page:
        gap = second.box.centre[1] - first.box.centre[1]
        if gap > 1.7 * layout.leading or not 0.6 < ratio < 1.6:
            return True
    return any(
        body.layout(line).centred(line) or body.layout(line).at_right(line) for line in (first, second)
    )


def _new_paragraph(body: Body, first: Line, second: Line) -> bool:
    if body.layout(second).indent(second) > FIRST_LINE_INDENT:
        return True
    shortfall = body.layout(first).shortfall(first)
    if shortfall <= SHORT_LINE:
        return False
    end, start = squeeze(first.text)[-1:], squeeze(second.text)[:1]
    if end in SENTENCE_END:
        # A colon at a short line's end before a long address on the web still goes on.
        return not (end in "：:" and start.isascii() and start.isalpha())
    # A long Latin word or number does not break: it leaves a hole at the end of the line before it.
    return not (start.isascii() and start.isalnum()) and shortfall > SHORT_LINE + 1
