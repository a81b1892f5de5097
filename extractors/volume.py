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
from functools import lru_cache
from itertools import groupby, pairwise

from extractors.bodies import relation
from extractors.document import Issue, PageReading, Value
from extractors.forms import Form
from extractors.heading_candidates import HeadingClassifier
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
    "no_headings_follow": -3.0,  # though some stood before
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
    "after_other": 4.0,  # before it stands a letter, a notice ...
}


@dataclass(frozen=True, slots=True)
class BoundPart:
    """The pages of one record, in order. `certainty`: probability that it begins and ends where it does; issues
    say what is in doubt about that.
    """

    pages: tuple[PageReading, ...]
    certainty: float = 1.0
    issues: tuple[Issue, ...] = ()


def split_volume(
    readings: Sequence[PageReading], forms: Sequence[Form], classifier: HeadingClassifier | None = None
) -> tuple[BoundPart, ...]:
    """The parts of a document, in order: one for each report bound in it. A document of no pages is one part.

    `classifier` tells the headings on its pages; None for ours.
    """
    facts = page_facts(readings, forms, classifier)
    starts, chances = cut(facts)
    ends = (*starts[1:], len(readings))
    return tuple(_part(readings, facts, chances, first, end) for first, end in zip(starts, ends, strict=True))


def doubt_bounds(front: Mapping[str, Value], part: BoundPart) -> dict[str, Value]:
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
    starts = best_starts(scores)
    if sum(_is_report(facts, first, end) for first, end in pairwise((*starts, len(facts)))) > 1:
        return starts, start_chances(scores)
    # What else is bound in is no reason to cut a single report, so it is none to doubt it either.
    return (0,), start_chances(_scores([replace(fact, other_title=False) for fact in facts]))


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


Scores = Mapping[int, Mapping[int, float]]  # start -> earlier start -> log-odds that the first follows it


def _scores(facts: Sequence[PageFacts]) -> Scores:
    possible = _possible_starts(facts)
    ahead = {page: _look_ahead(facts[page:]) for page in possible}
    scores: dict[int, dict[int, float]] = {page: {} for page in possible}
    for start in possible:
        run = Run()
        for page in range(start, len(facts)):
            if page in ahead and page > start:
                found = marks(run, facts[page], ahead[page])
                scores[page][start] = BASE + sum(WEIGHTS[mark] for mark in found)
            run = run.with_page(facts[page])
    return scores


def best_starts(scores: Scores) -> tuple[int, ...]:
    """The starts whose scores add up to most."""
    best = {0: 0.0}
    earlier: dict[int, int] = {}
    for page, ways in scores.items():
        if ways:
            earlier[page] = max(ways, key=lambda start: best[start] + ways[start])
            best[page] = best[earlier[page]] + ways[earlier[page]]
    starts = [max(best, key=lambda page: best[page])]
    while starts[0]:
        starts.insert(0, earlier[starts[0]])
    return tuple(starts)


def start_chances(scores: Scores) -> dict[int, float]:
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


@dataclass(frozen=True, slots=True)
class Run:
    """What the pages from a start on have shown, as far as it matters for what follows. -1: none so far."""

    highest: int = -1  # place of a section
    last: int = -1
    last_table: int = -1
    number: int | None = None  # what the page after the last would have to print
    title: tuple[str | None, int | None] | None = None  # the last one
    other: bool = False  # a title of another kind stands on one of the pages
    cover: bool = False  # the last page is a cover, contents and blank pages aside
    closed: bool = False  # the last page that is not blank is signed
    blank: bool = False  # the last page is

    @property
    def body(self) -> bool:
        """Whether there was anything of a report's sections or tables."""
        return max(self.highest, self.last_table) >= 0

    def with_page(self, page: PageFacts) -> Run:
        number = page.number if page.number is not None else self.number
        return Run(
            highest=max([self.highest, *page.places]),
            last=page.places[-1] if page.places else self.last,
            last_table=page.tables[-1] if page.tables else self.last_table,
            number=None if number is None else number + 1,
            title=page.title or self.title,
            other=self.other or page.other_title,
            cover=page.cover or (self.cover and (page.blank or (page.contents and not page.other_title))),
            closed=self.closed if page.blank else page.closed,
            blank=page.blank,
        )


@dataclass(frozen=True, slots=True)
class Ahead:
    """What stands from a page on to the document's end. None: no such thing."""

    place: int | None  # of the first section heading
    rising: int  # how many headings come in order from there
    table: int | None
    number: tuple[int, int] | None  # the next printed number, and how many pages on it stands


def _look_ahead(facts: Sequence[PageFacts]) -> Ahead:
    places = [place for fact in facts for place in fact.places]
    tables = (table for fact in facts for table in fact.tables)
    numbers = ((fact.number, step) for step, fact in enumerate(facts) if fact.number is not None)
    return Ahead(places[0] if places else None, _rising(places), next(tables, None), next(numbers, None))


def _rising(places: Sequence[int]) -> int:
    """How many of `places` rise from the first on; one that comes twice in a row counts once."""
    steps = [place for place, _ in groupby(places)]
    return next((count for count in range(1, len(steps)) if steps[count] <= steps[count - 1]), len(steps))


def marks(run: Run, page: PageFacts, ahead: Ahead) -> tuple[str, ...]:
    """What speaks for and against a part beginning at `page`, behind `run` and with `ahead` from it on."""
    letter = page.title is None and page.other_title
    found = {
        "title": page.title is not None,
        "another_title": _another(run.title, page.title),
        "other_title": letter,
        "no_title": page.title is None and not letter,
        "attachment": page.attachment,
        "sentence_goes_on": page.goes_on,
        "nothing_before": not run.body and not run.other,
        "after_other": not run.body and run.other,
        "behind_cover": run.cover,
        "blank_before": run.blank,
        "closed_before": run.closed,
        "headings_go_on": ahead.place is not None and 0 <= run.last < ahead.place,
        "tables_go_on": ahead.table is not None and 0 <= run.last_table <= ahead.table,
        # A letter has headings of its own or none; those of the next report are not its.
        "complete_before": letter and run.highest > LATE,
        "headings_anew": not letter and _headings_anew(run, ahead),
        "no_headings_follow": not letter and run.highest >= 0 and ahead.place is None,
        "tables_anew": not letter and ahead.table is not None and ahead.table < run.last_table,
        **_number_marks(run, ahead),
    }
    return tuple(mark for mark, present in found.items() if present)


def _headings_anew(run: Run, ahead: Ahead) -> bool:
    return run.highest >= LATE and ahead.place in (0, 1) and ahead.rising >= ENOUGH


def _number_marks(run: Run, ahead: Ahead) -> dict[str, bool]:
    """Covers and contents are often not numbered: so the next number counts, wherever it stands."""
    if run.number is None or ahead.number is None:
        return {}
    number, step = ahead.number
    goes_on = number == run.number + step
    return {"number_goes_on": goes_on, "number_anew": not goes_on and number <= min(step + 1, run.number - 1)}


def _another(
    before: tuple[str | None, int | None] | None, title: tuple[str | None, int | None] | None
) -> bool:
    """Whether two titles name different bodies or years."""
    if before is None or title is None:
        return False
    if before[1] and title[1] and before[1] != title[1]:
        return True
    return bool(before[0] and title[0]) and _relation(before[0] or "", title[0] or "") == "other"


_relation = lru_cache(maxsize=4096)(relation)


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
) -> BoundPart:
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
    return BoundPart(tuple(readings[first:end]), min(sure), tuple(issues))
