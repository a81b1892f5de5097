"""Which candidates a classifier is shown: those that a glance does not rule out, forty to a report at most.

A report has a hundred lines and more, of which six are headings and a dozen look like it. The rest is running text,
which costs a trained classifier as much time as the lines that matter. What is ruled out here takes no part at all,
so the filter is lax: it loses no heading of any labelled set (`python -m eval.report_headings`).
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.heading_candidates import Candidate
from extractors.heading_words import likeness

MOST = 40  # of one report
# How like known wording a line without a number must be. Two lines of Chinese on the same subject share characters
# enough for 0.3 to 0.5 (情况, 工作, 公开); a heading half of which is misread still reaches this.
LEAST_ALIKE = 0.5
NUMBERED = 0.5  # what a section's number adds: with one, any wording is looked at


def worth_classifying(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The candidates that could be headings, in their order; the most promising `MOST` where there are more."""
    hopeful = [(promise(candidate), index) for index, candidate in enumerate(candidates)]
    best = sorted((-hope, index) for hope, index in hopeful if hope >= LEAST_ALIKE)[:MOST]
    return tuple(candidates[index] for _, index in sorted(best, key=lambda one: one[1]))


def promise(candidate: Candidate) -> float:
    """How much at a glance speaks for a heading, 0..1.5: words like known ones, a section's number before them."""
    return likeness(candidate.words).best + NUMBERED * (candidate.numbering.level == "section")
