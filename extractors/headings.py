"""Which lines are the headings of the six sections: scores per candidate, then the best sequence.

No line decides alone. Row labels of table 3, sub-headings of section one and lists of contents are worded
like headings; what tells them apart is that a report has each heading at most once, in order, numbered by
one count. So the classifier's scores are put into a sequence model: each departure has a price (as
log-odds), and dynamic programming over (headings used, numbering offset) finds the best sequence and, by
summing over all sequences instead, how probable each heading is. What is nearly a tie comes out near 0.5
and goes to review.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, reduce
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from extractors.document import SECTION_KEYS, Heading, SectionKey
from extractors.heading_candidates import CLASSES, Candidate, HeadingClassifier, Place, find_candidates
from extractors.heading_filter import worth_classifying
from extractors.heading_rules import RuleClassifier
from extractors.heading_words import is_known
from extractors.layout import Body
from extractors.wording import stream

# How often reports depart, one way or another, as far as published ones show; each is paid for in log-odds. Of some
# sixty real reports that were looked at, a few lack a section, mostly the sixth; in about one of sixteen the whole
# count is shifted, and in one of twenty some number is wrong; none has two sections in the other order.
ABSENT: Mapping[SectionKey, float] = {key: 0.05 for key in SECTION_KEYS} | {"other_matters": 0.1}
SHIFTED = 0.03  # up by one, and as often down; by more: twice that price
MISNUMBERED = 0.02  # one number is misprinted or misread, and the count goes on as if it were not
RESTARTED = 0.01  # the count goes on from another number than the one that follows
RUNS_ON = 0.3  # where a section is missing, the count goes on with the next number as if it were not
UNNUMBERED = 0.4  # a number left out or lost; the classifier has seen that there is none
SWAPPED = 0.005
# Odds of a candidate are kept below those of one in a million, so that a classifier that says 1.0 can be outvoted.
SUREST = 1.0 - 1e-6
LEAST_PROBABILITY = 0.02  # of a key: candidates below take no part
REVIEW_BELOW = 0.9  # probability that heading and title are right

T = TypeVar("T")
_Count = tuple[int, int]  # the number printed and the place of the heading that has it
_State = tuple[int, _Count | None]  # bit mask of the keys used; the last count (None: none seen yet)


@dataclass(frozen=True, slots=True)
class _Choice:
    """A candidate taken as the heading of section `place`, with its log-odds."""

    candidate: Candidate
    place: int
    odds: float

    @property
    def count(self) -> _Count | None:
        ordinal = self.candidate.numbering.ordinal
        return None if ordinal is None else (ordinal, self.place)


@lru_cache(maxsize=1)
def our_classifier() -> HeadingClassifier:
    """The classifier that is used where none is named: loaded when a document first needs it, once per process."""
    return RuleClassifier()


def find_headings(body: Body, classifier: HeadingClassifier | None = None) -> tuple[Heading, ...]:
    """The section headings of a document in reading order, at most one of each key.

    `classifier`: None for ours. `Heading.line_index` counts in `body.lines`. `confidence` is the probability that key
    and title are right; what is below REVIEW_BELOW carries `review`.
    """
    candidates = worth_classifying(find_candidates(body))
    probabilities = (classifier or our_classifier()).probabilities(candidates)
    return decode(body, candidates, probabilities)


def decode(
    body: Body, candidates: Sequence[Candidate], probabilities: npt.NDArray[np.float64]
) -> tuple[Heading, ...]:
    """The best sequence of headings under the prices; `probabilities` has shape (candidates, CLASSES)."""
    choices = _choices(candidates, probabilities)
    best = _best_sequence(choices)
    total = _log_sum(choices)
    headings = []
    for number, choice in enumerate(best):
        without = _log_sum([other for other in choices if other is not choice])
        after = best[number + 1].candidate if number + 1 < len(best) else None
        heading = _heading(body, choice, after, 1.0 - math.exp(min(without - total, 0.0)))
        headings.append(replace(heading, review=True) if _lacks_number(best, number) else heading)
    return tuple(headings)


def _lacks_number(best: Sequence[_Choice], number: int) -> bool:
    """Whether a heading has no number where the others' count leaves one for it: it may have got lost.

    A first heading before "一、" has none in print.
    """
    if best[number].candidate.numbering.level != "none":
        return False
    counted = [choice.candidate.numbering.ordinal for choice in best]
    if any(ordinal is not None for ordinal in counted[:number]):
        return True
    after = ((ordinal, step) for step, ordinal in enumerate(counted[number:]) if ordinal is not None)
    ordinal, step = next(after, (0, 0))
    return ordinal > step


def _choices(candidates: Sequence[Candidate], probabilities: npt.NDArray[np.float64]) -> list[_Choice]:
    found = []
    for candidate, row in zip(candidates, probabilities, strict=True):
        for place, key in enumerate(SECTION_KEYS):
            probability = float(row[CLASSES.index(key)])
            if probability >= LEAST_PROBABILITY:
                odds = _log_odds(min(probability, SUREST))
                found.append(_Choice(candidate, place, odds))
    return sorted(found, key=lambda choice: (choice.candidate.start, choice.candidate.end))


def _log_odds(probability: float) -> float:
    return math.log(probability) - math.log(1.0 - probability)


def _steps(state: _State, choice: _Choice) -> Iterator[tuple[_State, float]]:
    """The states that taking `choice` may lead to and what each adds to the score; none if its key is used."""
    mask, last = state
    bit = 1 << choice.place
    if mask & bit:
        return
    score = choice.odds - _log_odds(ABSENT[SECTION_KEYS[choice.place]])
    if mask >= bit:
        score += _log_odds(SWAPPED)
    if choice.count is None:
        yield (mask | bit, last), score + _log_odds(UNNUMBERED)
        return
    yield (mask | bit, choice.count), score + _count_price(last, choice.count)
    yield (mask | bit, last), score + _log_odds(MISNUMBERED)


def _count_price(last: _Count | None, count: _Count) -> float:
    """What it costs (0 or less) that a heading has this number behind one that has that."""
    number, place = count
    if last is None:
        return min(abs(number - (place + 1)), 2) * _log_odds(SHIFTED)
    forward = number - last[0]
    if forward == place - last[1]:
        return 0.0
    return _log_odds(RUNS_ON if forward == 1 else RESTARTED)


def _walk(
    choices: Sequence[_Choice],
    start: T,
    extend: Callable[[T, float, _Choice], T],
    merge: Callable[[T, T], T],
) -> T:
    """Carry a value over all sequences of non-overlapping choices and merge it at the end.

    `choices` are sorted by where they begin. Values are kept per place reached and per state.
    """
    frontier: dict[Place, dict[_State, T]] = {(0, 0): {(0, None): start}}
    for choice in choices:
        current = _gather(frontier, choice.candidate.start, merge)
        reached: dict[_State, T] = {}
        for state, value in current.items():
            for after, gain in _steps(state, choice):
                _put(reached, after, extend(value, gain, choice), merge)
        target = frontier.setdefault(choice.candidate.end, {})
        for state, value in reached.items():
            _put(target, state, value, merge)
    return reduce(merge, _gather(frontier, max(frontier), merge).values())


def _gather(
    frontier: dict[Place, dict[_State, T]], place: Place, merge: Callable[[T, T], T]
) -> dict[_State, T]:
    """Move what was reached before `place` to `place`, merging equal states."""
    current = frontier.setdefault(place, {})
    for earlier in [key for key in frontier if key < place]:
        for state, value in frontier.pop(earlier).items():
            _put(current, state, value, merge)
    return current


def _put(into: dict[_State, T], state: _State, value: T, merge: Callable[[T, T], T]) -> None:
    into[state] = merge(into[state], value) if state in into else value


def _log_sum(choices: Sequence[_Choice]) -> float:
    """Logarithm of the summed weight of all sequences."""
    return _walk(choices, 0.0, lambda value, gain, _: value + gain, _log_add)


def _log_add(first: float, second: float) -> float:
    high, low = max(first, second), min(first, second)
    return high + math.log1p(math.exp(low - high))


_Path = tuple[float, tuple[_Choice, ...]]


def _best_sequence(choices: Sequence[_Choice]) -> tuple[_Choice, ...]:
    def extend(path: _Path, gain: float, choice: _Choice) -> _Path:
        return path[0] + gain, (*path[1], choice)

    def better(first: _Path, second: _Path) -> _Path:
        return second if second[0] > first[0] else first

    start: _Path = (0.0, ())
    return _walk(choices, start, extend, better)[1]


def _heading(body: Body, choice: _Choice, after: Candidate | None, posterior: float) -> Heading:
    """The heading that `choice` is; `after` is the one chosen next."""
    candidate = choice.candidate
    end = candidate.line_index + candidate.line_count
    lines = [body.lines[index] for index in body.kept(candidate.line_index, end)]
    whole = stream(lines)
    confidence = posterior * candidate.confidence
    heading = Heading(
        key=SECTION_KEYS[choice.place],
        title=candidate.text,
        parts=whole.parts(candidate.offset, candidate.offset + len(candidate.text)),
        line_index=candidate.line_index,
        line_count=candidate.line_count,
        confidence=confidence,
        review=confidence < REVIEW_BELOW,
        tail=_tail(candidate, after, len(whole.text)),
        offset=candidate.offset,
    )
    return replace(heading, review=True) if _looks_misread(candidate, choice.place) else heading


def _tail(candidate: Candidate, after: Candidate | None, length: int) -> str:
    """What follows a heading on its row of `length` characters, up to the next heading if that stands there too."""
    if after is None or after.line_index != candidate.line_index:
        return candidate.tail
    return candidate.tail[: max(len(candidate.tail) - (length - after.offset), 0)]


def _looks_misread(candidate: Candidate, place: int) -> bool:
    """Whether the title is not quite what is printed elsewhere: unknown wording, a mark without its numeral or
    a numeral without its mark.

    Reports do print such titles. But so do lost characters look, however sure each remaining one is.
    """
    numbering = candidate.numbering
    unmarked = candidate.text[: numbering.length][-1:].isalnum()
    lost = numbering.level == "section" and (numbering.ordinal is None or unmarked)
    return lost or not is_known(candidate.words, SECTION_KEYS[place])
