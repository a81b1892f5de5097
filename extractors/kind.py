"""What a document is: a report of the present form, one of the years before 2019, or something else.

Archives hold budgets, notices and guides under the same file names. Every kind leaves its own marks
(title, headings, tables, year); they are added up in log-odds, so that one lost mark does not decide and
a near tie is seen as one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractors.document import DocumentKind, Heading, PageReading, Value
from extractors.heading_candidates import LEGIBLE, Row, rows_of
from extractors.heading_words import likeness, parse_numbering
from extractors.layout import Body
from extractors.titles import find_titles
from extractors.wording import fold

FIRST_YEAR = 2019  # of the forms with three tables; reports for 2018 and before had none
REVIEW_BELOW = 0.9
UNREAD = 0.5  # confidence that what could not be read is no report
LITTLE = 40.0  # characters on a page; a letter of three lines has more

_NEW_WORDS = re.compile(r"收到和处理(?:政府)?信息公开申请|主动公开政府信息情况|总体情况")
OTHER_TITLE = re.compile(
    r"预算|决算|公告|通知$|通知书|指南|目录|办法|规定|细则|方案|函$|批复|意见$|工作总结|工作要点|计划$|简报|"
    r"申请表|招标|采购|合同|处罚决定|答复|会议纪要|统计公报|名单|情况说明"
)


@dataclass(frozen=True, slots=True)
class KindDecision:
    """`evidence` names the marks that were found, for logs and for people."""

    kind: DocumentKind
    confidence: float
    review: bool
    evidence: tuple[str, ...]


def decide_kind(
    body: Body,
    headings: Sequence[Heading],
    form_tables_found: int,
    front: Mapping[str, Value],
    left_blank: bool = False,
    *,
    legible: float,
) -> KindDecision:
    """Decide by title, headings, tables of the official forms (0..3 found) and year; near ties go to
    review. `left_blank`: nothing is filled in on those tables, as where a notice annexes the form. `legible`:
    `legible_per_page` of the document: where hardly anything could be read, no title and no heading tell nothing.
    """
    rows = rows_of(body)
    marks = _marks(body, rows, headings, form_tables_found, front)
    marks += ("form_left_blank",) if left_blank else ()
    scores: dict[DocumentKind, float] = {"report": 0.0, "earlier_form": -1.0, "not_a_report": 1.5}
    for mark in marks:
        for kind, weight in zip(scores, _WEIGHTS[mark], strict=True):
            scores[kind] += weight
    best = max(scores, key=lambda kind: scores[kind])
    confidence = 1.0 / sum(math.exp(score - scores[best]) for score in scores.values())
    if legible < LITTLE and best == "not_a_report":
        marks, confidence = (*marks, "hardly_legible"), min(confidence, UNREAD)
    return KindDecision(best, confidence, confidence < REVIEW_BELOW, marks)


def legible_per_page(pages: Sequence[PageReading]) -> float:
    """Characters on an average page, of lines and table cells of which all is read with a probability of LEGIBLE.

    Of noise, single characters are read with certainty too, but hardly a whole text.
    """
    read = [line.reading for page in pages for line in page.lines]
    read += [cell.reading for page in pages for fragment in page.fragments for cell in fragment.table.cells]
    return sum(len(reading.text) for reading in read if reading.confidence >= LEGIBLE) / max(1, len(pages))


# Log-odds each mark gives to (report, earlier_form, not_a_report).
_WEIGHTS: Mapping[str, tuple[float, float, float]] = {
    "title": (3.0, 3.0, -1.0),
    "title_of_another_kind": (-2.0, -2.0, 3.0),
    "form_tables_many": (5.0, -2.0, -3.0),
    "form_tables_one": (3.0, -1.0, -1.0),
    "form_left_blank": (-6.0, -1.0, 3.0),  # reports without an answer exist, but have title and headings
    "headings_all": (4.0, 0.5, -3.0),
    "headings_most": (2.5, 1.0, -1.0),
    "headings_few": (0.0, 1.0, 0.0),
    "no_headings": (-2.0, -1.0, 1.5),
    "headings_of_the_form": (1.5, -1.0, 0.0),
    "headings_of_earlier_forms": (-2.0, 2.5, 0.0),
    "year_before_form": (-3.0, 2.5, 0.0),
    "year_of_form": (0.5, -1.5, 0.0),
    "no_text": (-1.0, -1.0, 0.0),
}


def _marks(
    body: Body, rows: Sequence[Row], headings: Sequence[Heading], tables: int, front: Mapping[str, Value]
) -> tuple[str, ...]:
    first = headings[0].line_index if headings else len(body.lines)
    titled = bool(find_titles(body, first))
    found = {
        "title": titled,
        "title_of_another_kind": not titled and _other_title(rows, first),
        "form_tables_many": tables >= 2,
        "form_tables_one": tables == 1,
        "headings_all": len(headings) >= 5,
        "headings_most": 3 <= len(headings) < 5,
        "headings_few": 1 <= len(headings) < 3,
        "no_headings": not headings,
        "headings_of_the_form": sum(bool(_NEW_WORDS.search(fold(h.title))) for h in headings) >= 2,
        "headings_of_earlier_forms": _has_old_heading(rows),
        "no_text": not rows,
        **_year_marks(front),
    }
    return tuple(mark for mark, present in found.items() if present)


def _year_marks(front: Mapping[str, Value]) -> dict[str, bool]:
    year = front["year"].value if "year" in front else None
    known = isinstance(year, int)
    return {
        "year_before_form": known and int(str(year)) < FIRST_YEAR,
        "year_of_form": known and int(str(year)) >= FIRST_YEAR,
    }


def _other_title(rows: Sequence[Row], first: int) -> bool:
    head = [row for row in rows[:8] if row.indices[0] < first and len(row.text) <= 40]
    return any(OTHER_TITLE.search(fold(row.text)) and "。" not in row.text for row in head)


def _has_old_heading(rows: Sequence[Row]) -> bool:
    """Whether a numbered heading of the years before 2019 is there, such as 收费及减免情况."""
    for row in rows:
        numbering = parse_numbering(row.text)
        if numbering.level == "section" and len(row.text) <= 40:
            alike = likeness(row.text[numbering.length :])
            if alike.old >= 0.85 and alike.old > alike.best:
                return True
    return False
