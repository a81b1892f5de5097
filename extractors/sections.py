"""From headings to sections: the text below each, in paragraphs, without furniture, tables and signature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.closing import find_closing
from extractors.document import SECTION_KEYS, Heading, Issue, Line, PageReading, Reading, Section
from extractors.layout import Body, paragraphs, read_body


def build_sections(readings: Sequence[PageReading], headings: Sequence[Heading]) -> tuple[Section, ...]:
    """One section per heading, in the order of the headings. What is missing, `section_issues` says."""
    if not headings:
        return ()
    body = read_body(readings)
    ordered = sorted(headings, key=lambda heading: heading.line_index)
    closing = find_closing(body, ordered[-1].line_index + ordered[-1].line_count - 1).start
    ends = [heading.line_index for heading in ordered[1:]] + [closing]
    return tuple(_section(body, heading, end) for heading, end in zip(ordered, ends, strict=True))


def section_issues(headings: Sequence[Heading]) -> tuple[Issue, ...]:
    """An issue "section_missing" for each of the six sections of a report that has no heading."""
    found = {heading.key for heading in headings}
    return tuple(Issue("section_missing", facts={"section": key}) for key in SECTION_KEYS if key not in found)


def _section(body: Body, heading: Heading, end: int) -> Section:
    start = heading.line_index + heading.line_count
    indices = body.kept(start, end)
    if heading.tail:
        last = start - 1
        body = _with_line(body, last, heading.tail)
        indices = (last, *indices)
    return Section(
        key=heading.key,
        title=heading.title,
        parts=heading.parts,
        text="\n".join(paragraph.text for paragraph in paragraphs(body, indices)),
        confidence=heading.confidence,
        review=heading.review,
        reasons=("low_confidence",) if heading.review else (),
    )


def _with_line(body: Body, index: int, text: str) -> Body:
    """`body` with only `text` left of line `index`, which stands where the whole line stood."""
    line = body.lines[index]
    shortened: Line = replace(line, reading=Reading(text, line.reading.confidence), extents=())
    return replace(body, lines=(*body.lines[:index], shortened, *body.lines[index + 1 :]))
