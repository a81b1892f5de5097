"""The heading classifier that needs no training: wording, numbering and layout, weighed by hand.

It is a sum of evidence in log-odds per class, turned into probabilities by a softmax. The weights are
judgements about print habits, checked against labelled lines of real reports, not fitted to them. A
trained classifier takes its place through the same Protocol.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from extractors.document import SECTION_KEYS
from extractors.heading_candidates import CLASSES, Candidate, HeadingClass
from extractors.heading_words import Likeness, likeness, sections_named
from extractors.wording import fold

# Log-odds of a heading by how like its words are to known wording: interpolated between these points.
_ALIKE = ((0.0, -9.0), (0.6, -5.0), (0.72, -2.0), (0.8, 0.0), (0.86, 1.0), (0.93, 3.0), (1.0, 4.5))
_NUMBERED = {"section": 2.5, "none": -0.7, "item": -3.0, "sub": -5.5, "spoken": -7.0}
_TITLE = re.compile(r"信息公开.{0,14}(报告|年报)")
_LEADER = re.compile(r"(\.{3,}|…+|·{3,}|-{4,})\d*$|…\d+$")


class RuleClassifier:
    """Wording, numbering and layout, weighed by hand (see the module's docstring)."""

    def probabilities(self, candidates: Sequence[Candidate]) -> npt.NDArray[np.float64]:
        """Shape (len(candidates), len(CLASSES)); rows add up to 1."""
        scores = np.array([_scores(candidate) for candidate in candidates], dtype=np.float64)
        scores = scores.reshape(len(candidates), len(CLASSES))
        odds = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-50.0))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True), dtype=np.float64)


def _scores(candidate: Candidate) -> list[float]:
    alike = likeness(candidate.words)
    heading = _heading_evidence(candidate)
    scores: dict[HeadingClass, float] = {
        key: _by_wording(alike.keys[place]) + heading + _own_number(candidate, place)
        for place, key in enumerate(SECTION_KEYS)
    }
    lost = _lost_words(candidate)
    if lost is not None:
        scores[SECTION_KEYS[lost]] = 0.6
    scores.update(_other_scores(candidate, alike))
    return [scores[name] for name in CLASSES]


def _by_wording(alike: float) -> float:
    points, values = zip(*_ALIKE, strict=True)
    return float(np.interp(alike, points, values))


def _heading_evidence(candidate: Candidate) -> float:
    """Log-odds that this is a heading at all, whatever its words."""
    score = _NUMBERED[candidate.numbering.level]
    # A wrapped list of contents continues a sentence too, but then names more than one section.
    score -= (1.5 if candidate.numbering.level == "section" else 4.0) * candidate.continues
    score -= 2.5 * candidate.unfinished
    # Dots that lead to a page number stand in contents and nowhere else.
    score -= 6.0 * bool(_LEADER.search(candidate.text) or _LEADER.search(candidate.tail))
    score -= 2.0 * candidate.crowded
    score += 0.7 * (candidate.size > 1.12) + 0.7 * candidate.bold + 0.3 * candidate.near_table
    # A stop inside the words means a sentence; "、" and "，" stand inside the fourth heading.
    score -= 3.0 * bool(re.search(r"[。；;！？]", candidate.words)) + 4.0 * (
        sections_named(candidate.text) > 1
    )
    score -= 2.5 * (candidate.indent > 12 and not candidate.centred)
    if candidate.tail:
        score -= 1.0 + 1.5 * (candidate.numbering.level != "section")
    return score


def _own_number(candidate: Candidate, place: int) -> float:
    if candidate.numbering.ordinal is None:
        return 0.0
    return 0.8 if candidate.numbering.ordinal == place + 1 else -0.4


def _lost_words(candidate: Candidate) -> int | None:
    """The section that a bare "一、" numbers, where its words got lost; None for any other text."""
    ordinal = candidate.numbering.ordinal
    if candidate.words or candidate.tail or candidate.numbering.level != "section" or ordinal is None:
        return None
    return ordinal - 1 if ordinal <= len(SECTION_KEYS) else None


def _other_scores(candidate: Candidate, alike: Likeness) -> dict[HeadingClass, float]:
    level = candidate.numbering.level
    text = fold(candidate.text)
    return {
        "sub": _by_wording(alike.sub) - 2.0 + {"sub": 6.0, "item": 4.0, "spoken": 3.0}.get(level, 0.0),
        "row": _by_wording(alike.row) + 2.5,
        "prose": -1.0 + 3.0 * candidate.continues + 2.0 * bool(re.search(r"[。；]", candidate.words)),
        "title": 4.0 if _TITLE.search(text) and level == "none" and "。" not in text else -4.0,
        "old": _by_wording(alike.old) + (2.0 if level == "section" else -1.0),
        "other": 0.0,
    }
