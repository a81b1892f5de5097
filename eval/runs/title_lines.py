"""Which printed line a section's title is: of the six headings one, a line that only looks like one, or another.

A title that was misread is still the line that it was read from, so a confusion of lines is not one of characters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rapidfuzz.distance import Levenshtein

from eval.cases import Gold
from eval.gold_values import normalise
from eval.runs.rows import HeadingRow
from eval.runs.table_heads import label_texts
from extractors.forms import Form

LABEL, EARLIER, OTHER = "label of a table", "heading of an earlier form", "another line"
TRAPS = (LABEL, EARLIER)
NONE = "no heading"
MISREAD = 0.5  # of the longer text's characters: with fewer edits between them, two texts are one line


def line_of(title: str, gold: Gold, form: Form | None) -> str:
    """The key of gold's heading that `title` is, or one of TRAPS, or OTHER. Titles in their normal form.

    Exactly a heading or a trap, else the nearest heading if fewer than MISREAD of the characters differ.
    """
    headings = {normalise(heading): key for key, heading in gold.sections.items()}
    if title in headings:
        return headings[title]
    if title in map(normalise, gold.headings):
        return EARLIER
    if title in map(normalise, label_texts(form)):
        return LABEL
    far = {heading: Levenshtein.normalized_distance(title, heading) for heading in headings}
    nearest = min(far, key=lambda heading: far[heading], default="")
    return headings[nearest] if far.get(nearest, 1.0) < MISREAD else OTHER


def confusion(rows: Iterable[HeadingRow]) -> dict[str, dict[str, int]]:
    """How often a line (first) was taken for the heading of that section (second), or for none.

    Lines are all headings of gold and all that the records give as titles; of the traps only those that were taken
    for a heading are known.
    """
    rows = list(rows)
    counts: dict[str, Counter[str]] = {}
    taken: Counter[tuple[str, int, str]] = Counter()
    for row in rows:
        if row.title is not None and row.line is not None:
            counts.setdefault(row.line, Counter())[row.key] += 1
            taken[row.place.case, row.place.report, row.line] += 1
    for row in rows:
        if row.gold_title is not None and not taken[row.place.case, row.place.report, row.key]:
            counts.setdefault(row.key, Counter())[NONE] += 1
    return {line: dict(sorted(to.items())) for line, to in sorted(counts.items())}
