"""From headings to sections: the text below each, in paragraphs, without furniture, tables and signature."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.closing import find_closing
from extractors.document import SECTION_KEYS, Heading, Issue, Line, Reading, Section
from extractors.heading_candidates import LONGEST_HEADING, Place, Row, rows_of
from extractors.heading_words import likeness, parse_numbering
from extractors.layout import Body, continues, paragraphs
from extractors.wording import fold, squeeze


def build_sections(body: Body, headings: Sequence[Heading]) -> tuple[Section, ...]:
    """One section per heading, in the order of the headings. What is missing, `section_issues` says."""
    if not headings:
        return ()
    ordered = sorted(headings, key=lambda heading: (heading.line_index, heading.offset))
    closing = find_closing(body, ordered[-1].line_index + ordered[-1].line_count - 1).start
    ends = [(heading.line_index, heading.offset) for heading in ordered[1:]] + [(closing, 0)]
    return tuple(_section(body, heading, end) for heading, end in zip(ordered, ends, strict=True))


def section_issues(headings: Sequence[Heading]) -> tuple[Issue, ...]:
    """An issue "section_missing" for each of the six sections of a report that has no heading."""
    found = {heading.key for heading in headings}
    return tuple(Issue("section_missing", facts={"section": key}) for key in SECTION_KEYS if key not in found)


def other_headings(body: Body, headings: Sequence[Heading]) -> tuple[Issue, ...]:
    """An issue "other_heading" for each numbered heading that means none of the six sections.

    Reports before 2019 have some (四、政府信息公开的收费及减免情况). They are named as printed, with their page, and
    stay in the text of the section above them as a paragraph of their own: no key is forced on them.
    """
    taken = {index for h in headings for index in range(h.line_index, h.line_index + h.line_count)}
    rows = rows_of(body)
    return tuple(
        Issue("other_heading", "info", body.lines[row.indices[0]].page, {"title": row.text})
        for number, row in enumerate(rows)
        if row.indices[0] not in taken and _is_heading(body, rows, number)
    )


def _is_heading(body: Body, rows: Sequence[Row], number: int) -> bool:
    """Whether the row is numbered like a section, short, without a sentence, and stands by itself."""
    text = rows[number].text
    numbering = parse_numbering(text)
    if numbering.level != "section" or numbering.ordinal is None or len(text) > LONGEST_HEADING:
        return False
    if (
        fold(text)[1:2] not in ("、", ".", ",")
        or re.search(r"[，。；！？]", text)
        or likeness(text[numbering.length :]).row > 0.8
    ):
        return False
    before, after = number - 1, number + 1
    alone = after >= len(rows) or not continues(body, rows[number].indices[-1], rows[after].indices[0])
    return alone and (number == 0 or not continues(body, rows[before].indices[-1], rows[number].indices[0]))


def _section(body: Body, heading: Heading, end: Place) -> Section:
    """The section from `heading` to `end`, where the next begins, in most reports at the front of a line."""
    start, (stop, offset) = heading.line_index + heading.line_count, end
    indices = body.kept(start, stop)
    if heading.tail:
        last = start - 1
        body = _with_line(body, last, heading.tail)
        indices = (last, *indices)
    if offset and stop != heading.line_index:
        body, front = _front(body, stop, offset)
        indices = (*indices, *front)
    return Section(
        key=heading.key,
        title=heading.title,
        parts=heading.parts,
        text="\n".join(paragraph.text for paragraph in paragraphs(body, indices)),
        confidence=heading.confidence,
        review=heading.review,
        reasons=("low_confidence",) if heading.review else (),
    )


def _front(body: Body, first: int, length: int) -> tuple[Body, tuple[int, ...]]:
    """The first `length` characters of the row that begins with line `first`: `body` without the rest of the line
    that they end in, and the lines that they stand on.
    """
    found: list[int] = []
    for index in body.kept(first):
        found.append(index)
        text = squeeze(body.lines[index].text)
        if length <= len(text):
            return _with_line(body, index, text[:length]), tuple(found)
        length -= len(text)
    return body, tuple(found)


def _with_line(body: Body, index: int, text: str) -> Body:
    """`body` with only `text` left of line `index`, which stands where the whole line stood."""
    line = body.lines[index]
    shortened: Line = replace(line, reading=Reading(text, line.reading.confidence), extents=())
    return replace(body, lines=(*body.lines[:index], shortened, *body.lines[index + 1 :]))
