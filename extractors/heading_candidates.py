"""The runs of text that could be a heading, with all that a classifier may look at.

A heading need not be one line: it may be cut at the line's end, or have its text run in after a colon. So the
thing classified is a candidate (one to three rows, or the front of one), and the decoder chooses among those
that overlap. Rules and trained classifiers take the same candidates.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from extractors.document import SECTION_KEYS, SectionKey
from extractors.heading_words import STRONG, Numbering, bare, likeness, parse_numbering
from extractors.layout import SHORT_LINE, Body, continues, line_size, same_row
from extractors.wording import Stream, fold, squeeze, stream, text_weight

HeadingClass = SectionKey | Literal["sub", "row", "prose", "title", "old", "other"]
CLASSES: tuple[HeadingClass, ...] = (*SECTION_KEYS, "sub", "row", "prose", "title", "old", "other")

Place = tuple[int, int]  # index into Body.lines of a row's first line, characters of the row before it
LONGEST_HEADING = 48  # characters; the longest wording of the statute with number and bracket has about 40
_MAX_ROWS = 3
APART = 2.0  # character heights; within a heading stand no wider gaps
LEGIBLE = 0.5  # probability of a character, of which something printed has at least one
TITLED = 0.8  # likeness from which words head a section: rows of the tables and sentences stay below
_NUMBER_WITHIN = re.compile(r"(?<![第一二三四五六七八九十\d])[一二三四五六七八九十]{1,2}[、.]")
_SENTENCE_ENDS = "。!?"
_LISTING = ",、;及和与"  # what stands between the items of a list
_PEN = re.compile(r"[/\\|√✓~]+$")  # ticks and strokes behind a heading: none is printed with one

# The first of several items, with which the text of a section begins on the line of its heading.
_ITEMS_BEGIN = re.compile(r"一是|首先|[(\[]?[一1][)\]]|1[.、]")
# What goes on with a heading, or with a list of headings, rather than beginning its section's text.
_WORDING_GOES_ON = re.compile(r"[、,及和与以或的统方一:。;(]|情况|事项|措施|办理|工作|等|是|主要")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A run of text that could be a heading. Lengths are in characters of the page's body text, and those of its row
    where it begins within one.
    """

    text: str  # white space removed, as read
    tail: str  # what follows on the same line if the heading is run in, else ""
    words: str  # `text` without numbering and closing punctuation
    numbering: Numbering
    line_index: int
    line_count: int
    offset: int  # characters of its first row that stand before it: 0 unless it begins within a row
    confidence: float  # that the characters of `text` are read right
    before: str  # what stands before it on its row, else the row above; "" at the start
    after: str  # text of the row below
    indent: float
    shortfall: float  # free space at the right margin
    size: float  # character height over the body's
    bold: bool
    centred: bool
    continues: bool  # stands where a sentence begun above would go on
    unfinished: bool  # the row below goes on with its last row
    near_table: bool  # a table begins below, with at most one row of text between
    crowded: bool  # nothing but other headings right above or below, as on a page of contents

    @property
    def start(self) -> Place:
        """Where it begins."""
        return self.line_index, self.offset

    @property
    def end(self) -> Place:
        """Where it ends: within its row if something follows there."""
        if self.tail:
            return self.line_index, self.offset + len(self.text)
        return self.line_index + self.line_count, 0


class HeadingClassifier(Protocol):
    """Gives each candidate a probability per class; knows nothing of order or of what was chosen
    elsewhere.
    """

    def probabilities(self, candidates: Sequence[Candidate]) -> npt.NDArray[np.float64]:
        """Shape (len(candidates), len(CLASSES)); rows add up to 1."""
        ...


@dataclass(frozen=True, slots=True)
class Row:
    """One printed line, put together from pieces the detector may have cut it into. Indices into
    Body.lines.
    """

    indices: tuple[int, ...]
    text: str


def rows_of(body: Body) -> tuple[Row, ...]:
    """The printed lines of the document, furniture left out."""
    groups: list[list[int]] = []
    for index in body.kept():
        if groups and same_row(body.lines[groups[-1][-1]], body.lines[index]):
            groups[-1].append(index)
        else:
            groups.append([index])
    return tuple(
        Row(tuple(group), stream([body.lines[index] for index in group]).text)
        for group in groups
        if any(body.lines[index].text.strip() for index in group)
    )


def find_candidates(body: Body) -> tuple[Candidate, ...]:
    """All candidates of a document, by first line; those that share lines compete."""
    rows = rows_of(body)
    found: list[Candidate] = []
    for start in range(len(rows)):
        found.extend(_candidates_at(body, rows, start))
    return tuple(found)


def _candidates_at(body: Body, rows: Sequence[Row], first: int) -> list[Candidate]:
    """The candidates that begin in row `first`, at its front or within it."""
    gaps = _cuts_at_gaps(body, rows[first])
    within = starts_within(rows[first].text, gaps)
    found: list[Candidate] = []
    for offset in (0, *within):
        found += _candidates_from(body, rows, first, offset, (*gaps, *within))
    return found


def _candidates_from(
    body: Body, rows: Sequence[Row], first: int, offset: int, ends: Sequence[int]
) -> list[Candidate]:
    """The candidates that begin `offset` characters into row `first`; those that end within it do so at `ends` or
    where a known wording does.
    """
    text = rows[first].text[offset:]
    lengths = _lengths(body, rows[first], offset, ends)
    found = [_candidate(body, rows, (first, first + 1), offset, length) for length in lengths]
    for stop in range(first + 2, min(first + _MAX_ROWS, len(rows)) + 1):
        text += rows[stop - 1].text
        if len(text) > LONGEST_HEADING or not _joinable(body, rows, stop - 1, text):
            break
        found.append(_candidate(body, rows, (first, stop), offset, _without_pen(text)))
    return found


def _lengths(body: Body, row: Row, offset: int, ends: Sequence[int]) -> list[int]:
    """The lengths of the candidates that begin `offset` characters into a row and end within it or with it."""
    text = row.text[offset:]
    behind = [end for end in ends if end > offset]
    lengths = {*run_in_cuts(text), *(end - offset for end in behind)}
    if len(text) <= LONGEST_HEADING:
        whole = stream([body.lines[index] for index in row.indices])
        smudged = [end - offset for end in behind if not _legible(whole, end)]
        lengths.add(min([_without_pen(text), *smudged]))
    return sorted(lengths)


def _without_pen(text: str) -> int:
    return len(_PEN.sub("", text)) or len(text)


def starts_within(text: str, gaps: Sequence[int] = ()) -> tuple[int, ...]:
    """Where within a row a heading could begin: a section's number and known words, behind another heading that the
    printer (or the reader) has put on the same line, behind the end of a sentence, or behind a gap.

    A sentence or a line of contents that goes through the sections is no such row: it has commas between them, or
    names more than two.
    """
    folded = fold(text)
    numbers = [match.start() for match in _NUMBER_WITHIN.finditer(folded)]
    starts = [0, *(number for number in numbers if number > 0)]
    ends = [*starts[1:], len(text)]
    titled = [_is_titled(text[start:end]) for start, end in zip(starts, ends, strict=True)]
    if sum(titled) > 2:
        return ()
    found = []
    for place in range(1, len(starts)):
        start = starts[place]
        sentence_ends = folded[start - 1] in _SENTENCE_ENDS
        heading_ends = titled[place - 1] and folded[start - 1] not in _LISTING
        if titled[place] and (sentence_ends or heading_ends or start in gaps):
            found.append(start)
    return tuple(found)


def _is_titled(text: str) -> bool:
    """Whether `text` is headed by words like those of a section, and no list goes on behind them."""
    words = re.split(r"[:。;]", fold(text), maxsplit=1)[0]
    listed = fold(text)[-1:] in _LISTING
    return not listed and likeness(_words(text[: len(words)])).best >= TITLED


def _cuts_at_gaps(body: Body, row: Row) -> tuple[int, ...]:
    """Where something stands apart from the front of a printed line: a seal's edge, a note, text that follows."""
    cuts, length = [], 0
    for first, second in pairwise(body.lines[index] for index in row.indices):
        length += len(squeeze(first.text))
        if second.box.x0 - first.box.x1 > APART * line_size(first):
            cuts.append(length)
    return tuple(cut for cut in cuts if 0 < cut < len(row.text))


def _joinable(body: Body, rows: Sequence[Row], last: int, text: str) -> bool:
    """Whether row `last` could be the rest of a heading begun above: it flows on, or makes it a better one."""
    above, below = rows[last - 1].indices[-1], rows[last].indices[0]
    if body.table_between(above, below) or _starts_anew(rows[last]):
        return False
    whole = likeness(_words(text)).best
    better = whole > likeness(_words(text[: -len(rows[last].text)])).best
    return whole >= 0.8 and (better or _flows_on(body, rows, last))


def _starts_anew(row: Row) -> bool:
    return parse_numbering(row.text).level in ("sub", "section", "item")


def _flows_on(body: Body, rows: Sequence[Row], row: int) -> bool:
    """Whether the text of the row above flows on into row `row`."""
    if row >= len(rows) or _starts_anew(rows[row]):
        return False
    return continues(body, rows[row - 1].indices[-1], rows[row].indices[0])


def _goes_on_below(body: Body, rows: Sequence[Row], row: int, text: str) -> bool:
    """Whether row `row`, below `text`, flows on from it or makes it a better heading."""
    return row < len(rows) and (
        _flows_on(body, rows, row) or _joinable(body, rows, row, text + rows[row].text)
    )


def run_in_cuts(text: str) -> tuple[int, ...]:
    """Where a heading at the start of `text` could end and its section's text begin."""
    folded = fold(text)
    start = parse_numbering(text).length
    cuts = {match.start() for match in re.finditer(r"[:。;]", folded[: LONGEST_HEADING + 1])}
    ends = [_end_of_wording(folded, start, wording) for wordings in STRONG.values() for wording in wordings]
    longest = max((end for end in ends if end), default=len(folded))
    if _ITEMS_BEGIN.match(folded[longest:]) or not _WORDING_GOES_ON.match(folded[longest:]):
        cuts.add(longest)
    return tuple(
        sorted(cut for cut in cuts if start < cut < len(text) - (folded[cut : cut + 1] in (*":。;",)))
    )


def _end_of_wording(folded: str, start: int, wording: str) -> int | None:
    """Index behind `wording` (bare) if the text from `start` on begins with it, punctuation and 的 aside."""
    position = start
    for char in wording:
        while position < len(folded) and folded[position] != char and not bare(folded[position]):
            position += 1
        if position >= len(folded) or folded[position] != char:
            return None
        position += 1
    return position


def _words(text: str) -> str:
    return text[parse_numbering(text).length :].rstrip("。.:：;；,，、")


def _candidate(body: Body, rows: Sequence[Row], span: tuple[int, int], offset: int, length: int) -> Candidate:
    """The candidate of `length` characters that begins `offset` characters into the first of the rows `span`."""
    start, stop = span
    indices = [index for row in rows[start:stop] for index in row.indices]
    lines = [body.lines[index] for index in indices]
    whole = stream(lines)
    layout = body.layout(lines[0])
    end = offset + length
    text, tail = whole.text[offset:end], _legible(whole, end)
    return Candidate(
        text=text,
        tail=tail,
        words=_words(text),
        numbering=parse_numbering(text),
        line_index=indices[0],
        line_count=indices[-1] - indices[0] + 1,
        offset=offset,
        confidence=whole.confidence(offset, end),
        before=_before(rows, start, offset),
        after=rows[stop].text if stop < len(rows) else "",
        indent=layout.indent(lines[0]),
        shortfall=layout.shortfall(lines[-1]),
        size=line_size(lines[0]) / max(layout.size, 1.0),
        bold=lines[0].bold,
        centred=layout.centred(lines[0]),
        continues=not offset and _goes_on(body, rows, start),
        unfinished=not tail and _goes_on_below(body, rows, stop, text),
        near_table=_near_table(body, rows, stop),
        crowded=_crowded(body, rows, start, stop),
    )


def _before(rows: Sequence[Row], start: int, offset: int) -> str:
    if offset:
        return rows[start].text[:offset]
    return rows[start - 1].text if start else ""


def _legible(whole: Stream, cut: int) -> str:
    """What follows a heading on its line: nothing where it is a pen mark, or no character of it could be read."""
    tail = whole.text[cut:].lstrip(":：。;；")
    doubtful = all(whole.character(index) < LEGIBLE for index in range(cut, len(whole.text)))
    return "" if doubtful or _PEN.fullmatch(tail) else tail


def _goes_on(body: Body, rows: Sequence[Row], start: int) -> bool:
    """Whether the row above is full, ends in no stop, and this row is not indented: a sentence goes on."""
    if start == 0:
        return False
    above, here = body.lines[rows[start - 1].indices[-1]], body.lines[rows[start].indices[0]]
    if rows[start - 1].text[-1] in "。！？；：.!?;:" or text_weight(rows[start - 1].text) < 8:
        return False
    if body.table_between(rows[start - 1].indices[-1], rows[start].indices[0]):
        return False
    full = body.layout(above).shortfall(above) < SHORT_LINE
    return full and body.layout(here).indent(here) < 1.2


def _near_table(body: Body, rows: Sequence[Row], stop: int) -> bool:
    last = rows[stop - 1].indices[-1]
    following = [row.indices[0] for row in rows[stop : stop + 2]]
    if not following:
        line = body.lines[last]
        return any(box.centre[1] > line.box.centre[1] for box in body.tables[line.page])
    return any(body.table_between(last, index) for index in following)


def _crowded(body: Body, rows: Sequence[Row], start: int, stop: int) -> bool:
    """Whether the next or previous two rows are worded like headings with no table between."""

    def titled(index: int) -> bool:
        if not 0 <= index < len(rows):
            return False
        words = re.sub(r"[.…·\-\d\s]+$", "", _words(rows[index].text))
        return parse_numbering(rows[index].text).level != "sub" and likeness(words).best > 0.85

    def parted(first: int, second: int) -> bool:
        return body.table_between(rows[first].indices[-1], rows[second].indices[0])

    if titled(stop):
        return not parted(stop - 1, stop) and (titled(stop + 1) or titled(start - 1))
    return titled(start - 1) and titled(start - 2) and not parted(start - 1, start)
