"""How alike two labels are, and which row of which form some labels look like.

Labels are compared as NFKC text without whitespace and punctuation, since OCR loses exactly those; misprints,
truncations and added explanations cost a little, never everything. `locate_row` is the cheap question the
table joiner asks at a page break; the full matching is in `match.py`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq, Levenshtein

from extractors.forms.model import Form, FormRow, Label

PART_WEIGHT = 0.9
"""A label found inside a longer print, or cut short by it, counts this much of a whole match."""
PART_MIN = 4
"""Shorter labels are found inside everything (其他 in 其他结果) and must match as a whole."""
REMNANT_MIN = 3
"""Fewer characters in the right order may be chance."""
VALUE_WORDS = frozenset("增减加少元万亿无空不适用件项个条次一")


@lru_cache(maxsize=65536)
def normalise(text: str) -> str:
    """NFKC, letters and digits only."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())


@lru_cache(maxsize=65536)
def is_wordy(text: str) -> bool:
    """Whether this is a label rather than a value or a stray misread character: two ideographs or more."""
    ideographs = sum("\u4e00" <= char <= "\u9fff" and char not in VALUE_WORDS for char in normalise(text))
    return ideographs >= 2


@lru_cache(maxsize=65536)
def similarity(printed: str, official: str) -> float:
    """0..1; 1 where the two are the same but for whitespace, width and punctuation."""
    left, right = normalise(printed), normalise(official)
    if not left or not right:
        return 0.0
    # Characters misread one for another keep their place: Levenshtein counts one, LCS-based ratios two.
    whole = Levenshtein.normalized_similarity(left, right)
    if min(len(left), len(right)) < PART_MIN:
        return whole
    return max(whole, PART_WEIGHT * fuzz.partial_ratio(left, right) / 100.0)


@lru_cache(maxsize=65536)
def label_similarity(printed: str, label: Label) -> float:
    """The best similarity to any wording of `label`."""
    return max(similarity(printed, text) for text in label.texts)


def is_remnant(printed: str, label: Label) -> bool:
    """Whether `printed` is `label` with characters lost and none changed: a faded print contradicts nothing."""
    text = normalise(printed)
    return len(text) >= REMNANT_MIN and any(
        LCSseq.similarity(text, normalise(official)) == len(text) for official in label.texts
    )


@dataclass(frozen=True, slots=True)
class RowGuess:
    """Row `row` (lattice of the official layout) of table `table_key` of form `form`, and how alike: 0..1."""

    table_key: str
    row: int
    score: float
    form: str


GROUP_WEIGHT = 0.2


def row_similarity(labels: Sequence[str], row: FormRow) -> float:
    """How well printed `labels` (left to right, groups first) fit a band or data row."""
    if not row.labels or not labels:
        return 0.0
    own = label_similarity(labels[-1], row.labels[-1])
    groups = row.labels[:-1]
    above = [max(label_similarity(text, group) for text in labels[:-1]) for group in groups if labels[:-1]]
    if not above:
        return own
    return (1 - GROUP_WEIGHT) * own + GROUP_WEIGHT * sum(above) / len(above)


def head_similarity(labels: Sequence[str], row: FormRow) -> float:
    """How well a row of column labels fits: both what is printed and what is expected must be explained."""
    if not labels or not row.labels:
        return 0.0
    expected = [max(label_similarity(text, label) for text in labels) for label in row.labels]
    printed = [max(label_similarity(text, label) for label in row.labels) for text in labels]
    return (sum(expected) + sum(printed)) / (len(expected) + len(printed))


def locate_row(labels: Sequence[str], forms: Sequence[Form], least: float = 0.5) -> list[RowGuess]:
    """Which rows the leading `labels` of a printed row (left to right) look like, best first.

    Rows of every form are given, so one label of both forms comes back once per form. Empty where nothing
    scores `least`.
    """
    texts = tuple(text for text in labels if normalise(text))
    guesses = []
    for form in forms:
        for table in form.tables:
            for index, row in enumerate(table.layout.rows):
                alike = head_similarity if row.kind == "head" else row_similarity
                score = alike(texts, row)
                if score >= least:
                    guesses.append(RowGuess(table.key, index, score, form.id))
    return sorted(guesses, key=lambda guess: -guess.score)
