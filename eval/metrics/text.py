"""The running text: characters of the sections, and the headings that open them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from eval.gold_values import normalise
from eval.metrics.matches import Matches, match_all

Titled = tuple[str, str]  # a section's key and its title as printed


@dataclass(frozen=True, slots=True)
class Characters:
    """`edits` needed to make the answer of the truth's `gold` characters. Adds up (micro average)."""

    edits: int = 0
    gold: int = 0

    def __add__(self, other: Characters) -> Characters:
        return Characters(self.edits + other.edits, self.gold + other.gold)

    @property
    def error_rate(self) -> float:
        """CER: edits / all characters of the truth. 0 is perfect, no answer is 1, inventions may exceed 1."""
        if not self.gold:
            return math.inf if self.edits else 0.0
        return self.edits / self.gold

    @property
    def accuracy(self) -> float:
        """1 - CER, and 0 where that is negative or there is nothing to get right. Range 0..1."""
        return max(0.0, 1.0 - self.error_rate) if self.gold else 0.0


def character_errors(got: Mapping[str, str], gold: Mapping[str, str]) -> Characters:
    """Levenshtein distance of texts by key, normalised (NFKC, white space out): breaks of lines do not count.

    Denominator: all characters of the truth. A missing text costs all its characters, an invented one all of its own.
    """
    total = Characters()
    for key in {*got, *gold}:
        answer, truth = normalise(got.get(key, "")), normalise(gold.get(key, ""))
        total += Characters(Levenshtein.distance(answer, truth), len(truth))
    return total


@dataclass(frozen=True, slots=True)
class SectionScore:
    """Headings found. `keys`: the key agrees; `titles`: key and title do; `trapped`: titles that are a trap.

    Each F1 has all sections of the truth and all of the answer below the line.
    """

    keys: Matches = Matches()
    titles: Matches = Matches()
    trapped: int = 0

    def __add__(self, other: SectionScore) -> SectionScore:
        return SectionScore(self.keys + other.keys, self.titles + other.titles, self.trapped + other.trapped)

    @property
    def exact_titles(self) -> float:
        """Sections whose title is exactly gold's / all sections of the truth. Range 0..1."""
        return self.titles.recall


def section_score(got: Iterable[Titled], gold: Iterable[Titled], traps: Collection[str] = ()) -> SectionScore:
    """Sections of one report against gold's, as bags of (key, title), titles normalised.

    `traps`: lines of the report that look like headings and are none, such as the row labels 一、 to 四、 of table 3.
    A title that is one of them, and none of gold's, is counted beside the F1 that it lowers already.
    """
    found = [(key, normalise(title)) for key, title in got]
    truth = [(key, normalise(title)) for key, title in gold]
    lures = {normalise(trap) for trap in traps} - {title for _, title in truth}
    return SectionScore(
        keys=match_all([key for key, _ in found], [key for key, _ in truth]),
        titles=match_all(found, truth),
        trapped=sum(title in lures for _, title in found),
    )


def confusion(got: Sequence[str], gold: Sequence[str]) -> Counter[tuple[str, str]]:
    """How often a line labelled so (first) was taken for that (second); all lines of the truth are in the sum.

    For labelled lines such as the six keys and the kinds of trap. Raises ValueError where the lengths differ.
    """
    return Counter(zip(gold, got, strict=True))
