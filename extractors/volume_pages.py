"""What single pages of a bound volume show about where its reports begin and end.

Every page is looked at with two neighbours on either side and no more: then a running head, which neighbours
repeat, is told from a title, which comes back only with the next report at the same place of its first page.
Nothing is decided here; `volume.py` weighs what is found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from extractors.closing import CHROME, find_closing
from extractors.dates import find_dates
from extractors.document import SECTION_KEYS, Fragment, JoinedTable, PageReading
from extractors.forms import Form, match_tables
from extractors.heading_candidates import CLASSES, HeadingClassifier, Row, find_candidates, rows_of
from extractors.heading_filter import worth_classifying
from extractors.heading_words import likeness
from extractors.headings import our_classifier
from extractors.kind import OTHER_TITLE
from extractors.layout import Body, continues, line_size, page_number, read_body
from extractors.titles import Title, find_titles
from extractors.wording import fold

NEIGHBOURS = 2
SURE_WORDING = 0.9  # a heading this like official wording counts; sub-headings and labels stay below 0.86
TOP_ROWS = 6  # among the first rows stand the marks of an attachment or contents, and titles of other kinds
CHROME_ROWS = 12  # a report's title may have a letterhead above it, or what a web page prints there
LONGEST_TITLE = 45  # characters in a row
COVER_ROWS = 12  # a page of fewer rows, none of them a full line, and with a title is a cover
FULL_LINE = 25  # characters: no row of a cover or letterhead is so long

_CONTENTS = re.compile(r"目[录次]")
_ATTACHED = re.compile(r"附[件表录注图]?\d*[:：]?|附[件表录].{0,20}")
_COLLECTION = re.compile(r"汇编|合订|选编|资料集")
_LISTED = re.compile(r"信息公开.{0,14}(?:报告|年报)[.…·\-\s]*\d*$")


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What one page shows. `places` are the section headings on it (0..5) and `tables` the form's tables that
    stand on it (0.. in the form's order), both in reading order.
    """

    blank: bool = True
    title: tuple[str | None, int | None] | None = None  # agency and year of a report's title at its top
    other_title: bool = False  # a title of another kind at its top, or a volume's own cover or contents
    attachment: bool = False  # says at its top that it is one
    contents: bool = False  # lists headings or reports
    cover: bool = False  # a title and nothing that could be a report's text
    goes_on: bool = False  # its first line goes on with the last paragraph of the page before
    closed: bool = False  # a dated signature stands on it
    number: int | None = None  # as printed
    places: tuple[int, ...] = ()
    tables: tuple[int, ...] = ()


def page_facts(
    readings: Sequence[PageReading], forms: Sequence[Form], classifier: HeadingClassifier | None = None
) -> tuple[PageFacts, ...]:
    """The facts of every page of a document, in order. `classifier` tells headings; None for ours."""
    classifier = classifier or our_classifier()
    order = {table.key: place for form in reversed(forms) for place, table in enumerate(form.tables)}
    return tuple(_page(readings, index, forms, order, classifier) for index in range(len(readings)))


def _page(
    readings: Sequence[PageReading],
    index: int,
    forms: Sequence[Form],
    order: Mapping[str, int],
    classifier: HeadingClassifier,
) -> PageFacts:
    window = readings[max(0, index - NEIGHBOURS) : index + NEIGHBOURS + 1]
    around = read_body(window)
    body = _of_page(around, readings[index].info.number)
    rows = rows_of(body)
    tables = [_table(fragment, forms, order) for fragment in readings[index].fragments]
    if not rows and not tables:
        return PageFacts()
    title = _title_at_top(body, rows)
    contents = _is_contents(rows)
    listed = sum(bool(_LISTED.search(fold(row.text))) for row in rows) > 1
    attachment = any(_ATTACHED.fullmatch(fold(row.text)) for row in rows[:2])
    places = () if contents else _places(body, classifier)
    bare = len(rows) <= COVER_ROWS and not readings[index].fragments and not places
    cover = title is not None and bare and not any(_is_full(row) for row in rows)
    return PageFacts(
        blank=False,
        title=None if title is None or contents else (_text(title, title.agency), title.year_value),
        other_title=listed if contents else title is None and not attachment and _other_title(body, rows),
        attachment=attachment,
        contents=contents,
        cover=cover,
        goes_on=_goes_on(around, body, rows),
        closed=not cover and find_closing(body).date is not None,
        number=_number(body),
        places=places,
        tables=tuple(table for table in tables if table is not None),
    )


def _of_page(around: Body, number: int) -> Body:
    """The part of `around` that stands on page `number`: its lines, what of them is furniture, its layout."""
    indices = [index for index, line in enumerate(around.lines) if line.page == number]
    return Body(
        tuple(around.lines[index] for index in indices),
        frozenset(new for new, index in enumerate(indices) if index in around.furniture),
        {number: around.layouts[number]},
        {number: around.tables[number]},
    )


def _title_at_top(body: Body, rows: Sequence[Row]) -> Title | None:
    """The title of a report with nothing above it but what stands above titles."""
    for title in find_titles(body, len(body.lines))[:1]:
        line = body.lines[rows[title.last_row].indices[0]]
        above = rows[: title.first_row]
        clear = len(above) <= CHROME_ROWS and not any(_is_full(row) or _is_signed(row) for row in above)
        under_table = any(box.centre[1] < line.box.centre[1] for box in body.tables[line.page])
        if clear and not under_table and (title.first_row == 0 or _stands_out(body, rows[title.last_row])):
            return title
    return None


def _is_full(row: Row) -> bool:
    return len(row.text) >= FULL_LINE or "。" in row.text


def _is_signed(row: Row) -> bool:
    """Whether the row ends a report: a date, and nothing of a web page."""
    text = fold(row.text)
    return bool(find_dates(text)) and not CHROME.search(text)


def _stands_out(body: Body, row: Row) -> bool:
    line = body.lines[row.indices[0]]
    layout = body.layout(line)
    return layout.centred(line) or line_size(line) > 1.15 * layout.size


def _text(title: Title, span: tuple[int, int] | None) -> str | None:
    return None if span is None else title.stream.text[slice(*span)]


def _is_contents(rows: Sequence[Row]) -> bool:
    return any(_CONTENTS.fullmatch(fold(row.text)) for row in rows[:TOP_ROWS])


def _other_title(body: Body, rows: Sequence[Row]) -> bool:
    """Whether a title of another kind (a letter, a notice, a budget, a collection) stands at the top."""
    return any(
        (OTHER_TITLE.search(fold(row.text)) or _COLLECTION.search(row.text))
        and "。" not in row.text
        and len(row.text) <= LONGEST_TITLE
        and _stands_out(body, row)
        for row in rows[: TOP_ROWS + 1]
    )


def _goes_on(around: Body, body: Body, rows: Sequence[Row]) -> bool:
    if not rows:
        return False
    first = around.lines.index(body.lines[rows[0].indices[0]])
    before = around.kept(0, first)
    return bool(before) and continues(around, before[-1], first)


def _number(body: Body) -> int | None:
    found = (page_number(body.lines[index].text) for index in sorted(body.furniture))
    return next((number for number in found if number is not None), None)


def _places(body: Body, classifier: HeadingClassifier) -> tuple[int, ...]:
    """The section headings on a page, by their place in the order of sections; doubles in a row once."""
    candidates = worth_classifying(find_candidates(body))
    found = []
    for candidate, row in zip(candidates, classifier.probabilities(candidates), strict=True):
        name = CLASSES[int(row.argmax())]
        if name in SECTION_KEYS:
            place = SECTION_KEYS.index(name)
            if likeness(candidate.words).keys[place] >= SURE_WORDING:
                found.append(place)
    return tuple(place for place, _ in groupby(found))


def _table(fragment: Fragment, forms: Sequence[Form], order: Mapping[str, int]) -> int | None:
    """The place of the form's table that a fragment is (part of); None for any other table."""
    match = match_tables((JoinedTable(fragment.table, (fragment,)),), forms)
    return order[match.tables[0].key] if match.tables else None
