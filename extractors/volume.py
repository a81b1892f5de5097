"""Which pages make one report: a bound volume holds several, and every page belongs to exactly one record.

No page decides alone. A title comes again behind a cover and in running heads, headings and page numbers start
anew in attachments, separators are blank as backs of sheets are. So all marks of a page are added up, as log-odds
that a report begins there, given where the one before it began; dynamic programming finds the best way to cut, and,
by summing over all ways instead, how probable each cut is. What is nearly a tie is said (`Issue`), and goes to a
person with the agency and the year: they say whose numbers these are.

What is bound in and is no report (a letter, a notice, the volume's own cover and contents) gets a record of its own
where it has a title of its own; else it stays with the report before it, as attachments, backs of sheets and pages
that could not be read do. A document with fewer than two reports is never cut.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from extractors.bodies import relation
from extractors.document import Issue, PageReading, Value
from extractors.forms import Form
from extractors.volume_pages import PageFacts, page_facts

REVIEW_BELOW = 0.9  # probability of a cut, or of there being none
LATE = 3  # a report that has come to its fourth section and then begins with the first is another one
ENOUGH = 3  # headings in order from the first or second on: fewer may be an attachment's own count
ENOUGH_TABLES = 2

# Log-odds that a report begins on a page: `BASE` before anything is seen, and what each mark adds. Judgements about
# how reports are printed and bound, like those of `kind.py`. A title alone, or headings anew without a title, is
# not enough to cut; a title with either headings or tables that start anew is, and so are headings, tables and page
# numbers together where the title was not read.
BASE = -5.0
WEIGHTS: Mapping[str, float] = {
    "title": 4.0,
    "another_title": 2.0,  # of another body or year than the report before
    "no_title": -2.0,
    "other_title": 3.5,  # of a letter, a notice ...
    "headings_anew": 4.0,
    "headings_go_on": -5.0,
    "no_headings_follow": -3.0,
    "tables_anew": 3.5,
    "tables_go_on": -1.0,
    "number_anew": 2.5,
    "number_goes_on": -1.5,
    "blank_before": 0.7,
    "closed_before": 1.5,
    "complete_before": 2.5,  # the report before came to its fifth section: what follows it may be a letter
    "sentence_goes_on": -4.0,
    "attachment": -5.0,
    "behind_cover": -6.0,
    "nothing_before": -6.0,  # no heading, no table: a report does not end before it begins
    "after_other": 3.0,  # before it stands a letter, a notice ...
}


@dataclass(frozen=True, slots=True)
class Part:
    """The pages of one record, in order. `certainty`: probability that it begins and ends where it does; issues
    say what is in doubt about that.
    """

    pages: tuple[PageReading, ...]
    certainty: float = 1.0
    issues: tuple[Issue, ...] = ()


def split_volume(readings: Sequence[PageReading], forms: Sequence[Form]) -> tuple[Part, ...]:
    """The parts of a document, in order: one for each report bound in it. A document of no pages is one part."""
    facts = page_facts(readings, forms)
    starts, chances = cut(facts)
    ends = (*starts[1:], len(readings))
    return tuple(_part(readings, facts, chances, first, end) for first, end in zip(starts, ends, strict=True))


def doubt_bounds(front: Mapping[str, Value], part: Part) -> dict[str, Value]:
    """Front matter of a part: where its bounds are in doubt, agency and year go to a person."""
    if not part.issues:
        return dict(front)
    return {
        key: _doubted(value, part.certainty) if key in ("agency", "year") else value
        for key, value in front.items()
    }


def _doubted(value: Value, certainty: float) -> Value:
    confidence = None if value.confidence is None else min(value.confidence, certainty)
    return replace(value, confidence=confidence, review=True, reasons=(*value.reasons, "bounds_in_doubt"))


def cut(facts: Sequence[PageFacts]) -> tuple[tuple[int, ...], Mapping[int, float]]:
    """Indices of the pages on which parts begin (0 first), and per page that may be one the probability that it
    is: pages left out cannot.
    """
    scores = _scores(facts)
    starts = _best(scores)
    if sum(_is_report(facts, first, end) for first, end in pairwise((*starts, len(facts)))) > 1:
        return starts, _chances(scores)
    # What else is bound in is no reason to cut a single report, so it is none to doubt it either.
    return (0,), _chances(_scores([replace(fact, other_title=False) for fact in facts]))


def _possible_starts(facts: Sequence[PageFacts]) -> tuple[int, ...]:
    """Page 0, and pages at which something says that a part could begin just there."""

    def possible(index: int) -> bool:
        page, before = facts[index], facts[index - 1]
        placed = page.title or page.other_title or before.blank or before.closed or page.number == 1
        return bool(placed) and not page.blank

    return (0, *(index for index in range(1, len(facts)) if possible(index)))


def _is_report(facts: Sequence[PageFacts], first: int, end: int) -> bool:
    """Whether a run of pages is one of those counted: it has sections or tables of a report."""
    return any(page.places or page.tables for page in facts[first:end])


_Scores = Mapping[int, Mapping[int, float]]  # start -> earlier start -> log-odds that the first follows it


def _scores(facts: Sequence[PageFacts]) -> _Scores:
    possible = _possible_starts(facts)
    return {
        page: {
            start: BASE + sum(WEIGHTS[mark] for mark in marks(facts, start, page))
            for start in possible
            if start < page
        }
        for page in possible
    }


def _best(scores: _Scores) -> tuple[int, ...]:
    """The starts whose scores add up to most. Fewer cuts win a tie."""
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, (0,))}
    for page, earlier in scores.items():
        ways = [(best[start][0] + score, (*best[start][1], page)) for start, score in earlier.items()]
        if ways:
            best[page] = max(ways, key=lambda way: (way[0], -len(way[1])))
    return max(best.values(), key=lambda way: (way[0], -len(way[1])))[1]


def _chances(scores: _Scores) -> dict[int, float]:
    """Per possible start the share of all ways to cut, weighed by their odds, that begin a part there."""
    before = {0: 0.0}
    for page, earlier in scores.items():
        if earlier:
            before[page] = _log_sum(before[start] + score for start, score in earlier.items())
    after: dict[int, float] = {}
    for page in sorted(scores, reverse=True):
        after[page] = _log_sum([0.0, *(scores[later][page] + after[later] for later in after)])
    return {page: math.exp(min(0.0, before[page] + after[page] - after[0])) for page in scores}


def _log_sum(values: Iterable[float]) -> float:
    found = list(values)
    high = max(found)
    return high + math.log(sum(math.exp(value - high) for value in found))


def marks(facts: Sequence[PageFacts], start: int, page: int) -> tuple[str, ...]:
    """What speaks for and against a part beginning at index `page`, the one before having begun at `start`."""
    before, after = facts[start:page], facts[page:]
    places = [place for fact in before for place in fact.places]
    body = bool(places) or any(fact.tables for fact in before)
    other_before = not body and any(fact.other_title for fact in before)
    found = {
        "nothing_before": not body and not other_before,
        "after_other": other_before,
        "behind_cover": _behind_cover(before),
        **_own_marks(facts[page]),
        **_binding_marks(before, after),
        **_heading_marks(places, after),
        **_table_marks([table for fact in before for table in fact.tables], after),
    }
    if facts[page].title:
        found["another_title"] = _another(before, facts[page])
    elif facts[page].other_title:
        # A letter has headings of its own or none; those of the next report are not its.
        found |= {"headings_anew": False, "tables_anew": False, "no_headings_follow": False}
        found["complete_before"] = max(places, default=0) > LATE
    return tuple(mark for mark, present in found.items() if present)


def _own_marks(page: PageFacts) -> dict[str, bool]:
    return {
        "title": page.title is not None,
        "other_title": page.title is None and page.other_title,
        "no_title": page.title is None and not page.other_title,
        "attachment": page.attachment,
        "sentence_goes_on": page.goes_on,
    }


def _another(before: Sequence[PageFacts], page: PageFacts) -> bool:
    """Whether the title on `page` names another body or year than the titles before it."""
    agency, year = page.title or (None, None)
    return any(
        (agency and fact.title[0] and relation(agency, fact.title[0]) == "other")
        or (year and fact.title[1] and year != fact.title[1])
        for fact in before
        if fact.title
    )


def _behind_cover(before: Sequence[PageFacts]) -> bool:
    """Whether nothing but contents and blank pages stands between the page and a cover."""
    for fact in reversed(before):
        if fact.cover:
            return True
        if not fact.blank and (not fact.contents or fact.other_title):
            return False
    return False


def _binding_marks(before: Sequence[PageFacts], after: Sequence[PageFacts]) -> dict[str, bool]:
    filled = [fact for fact in before if not fact.blank]
    numbered = next((step for step, fact in enumerate(after) if fact.number is not None), None)
    back = next((step for step, fact in enumerate(reversed(before), 1) if fact.number is not None), None)
    anew = goes_on = False
    if numbered is not None and back is not None:
        new, old = after[numbered].number or 0, before[-back].number or 0
        goes_on = new - old == numbered + back
        anew = not goes_on and new <= min(numbered + 1, old)
    return {
        "blank_before": before[-1].blank,
        "closed_before": bool(filled) and filled[-1].closed,
        "number_anew": anew,
        "number_goes_on": goes_on,
    }


def _heading_marks(before: Sequence[int], after: Sequence[PageFacts]) -> dict[str, bool]:
    follow = [place for fact in after for place in fact.places]
    return {
        "headings_anew": bool(before) and max(before) >= LATE and _rising(follow) >= ENOUGH and follow[0] < 2,
        "headings_go_on": bool(before) and bool(follow) and follow[0] > before[-1],
        "no_headings_follow": not follow,
    }


def _table_marks(before: Sequence[int], after: Sequence[PageFacts]) -> dict[str, bool]:
    follow = [table for fact in after for table in fact.tables]
    return {
        "tables_anew": bool(before) and bool(follow) and follow[0] < before[-1],
        "tables_go_on": bool(before) and bool(follow) and follow[0] >= before[-1],
    }


def _rising(places: Sequence[int]) -> int:
    """How many of `places` rise from the first on; one that comes twice in a row counts once."""
    steps = [place for place, _ in groupby(places)]
    return next((count for count in range(1, len(steps)) if steps[count] <= steps[count - 1]), len(steps))


def second_start(facts: Sequence[PageFacts]) -> int | None:
    """Index of the first page on which sections or tables start anew within one part; None where none do.

    That is how two reports look that were not cut apart: one may begin in the middle of a page.
    """
    places = [(index, place) for index, fact in enumerate(facts) for place in fact.places]
    tables = [(index, table) for index, fact in enumerate(facts) for table in fact.tables]
    found = [_restart(places, LATE, ENOUGH), _restart(tables, 1, ENOUGH_TABLES)]
    return min((index for index in found if index is not None), default=None)


def _restart(seen: Sequence[tuple[int, int]], late: int, enough: int) -> int | None:
    highest = -1
    for number, (index, place) in enumerate(seen):
        anew = highest >= late and place < min(highest, 2)
        if anew and _rising([later for _, later in seen[number:]]) >= enough:
            return index
        highest = max(highest, place)
    return None


def _part(
    readings: Sequence[PageReading],
    facts: Sequence[PageFacts],
    chances: Mapping[int, float],
    first: int,
    end: int,
) -> Part:
    """The part [first, end) with what is in doubt about its bounds."""
    issues: list[Issue] = []
    sure = [1.0]
    for edge, code in ((first, "start_in_doubt"), (end, "end_in_doubt")):
        chance = 1.0 if edge in (0, len(readings)) else chances[edge]
        if chance < REVIEW_BELOW:
            page = readings[edge if edge == first else edge - 1].info.number
            issues.append(Issue(code, "warning", page, {"share": round(chance, 3)}))
        sure.append(chance)
    missed = {page: chance for page, chance in chances.items() if first < page < end}
    likely = [page for page, chance in missed.items() if chance > 1.0 - REVIEW_BELOW]
    again = second_start(facts[first:end])
    likely += [] if again is None else [first + again]
    for page in sorted(set(likely)):
        issues.append(Issue("second_report_suspected", "warning", readings[page].info.number))
        sure.append(1.0 - max(missed.get(page, 0.0), 0.5))
    return Part(tuple(readings[first:end]), min(sure), tuple(issues))
