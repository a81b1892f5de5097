"""Section headings on whole reports, classifiers beside each other: `python -m eval.report_headings CASES`.

Pages are read once (`python -m eval.readings CASES`); cases that were not are left out, and counted. From there on
each case is extracted to the end with every classifier, and its sections are scored as in any run. Also measured: how
many headings the filter loses before a classifier sees them, how many candidates it leaves, what classifying costs.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from eval.cases import Case
from eval.gold_values import normalise
from eval.heading_classifiers import add_classifiers, classifiers
from eval.metrics.matches import Matches
from eval.readings import OUT, Kept, add_choice, chosen, finished, load_readings
from eval.runs.build import case_rows
from eval.runs.rows import HeadingRow
from extractors.document import PageReading
from extractors.export.json import record_to_json
from extractors.heading_candidates import Candidate, HeadingClassifier, find_candidates
from extractors.heading_filter import MOST, worth_classifying
from extractors.layout import read_body
from extractors.pipeline import official_forms
from extractors.stages import Stages
from extractors.volume import split_volume

SAME = 60.0  # of 100: a line less like a heading than that is not the heading, read badly


class Watched:
    """A classifier, and per call the candidates it was shown and the seconds it took."""

    def __init__(self, inner: HeadingClassifier) -> None:
        self.inner = inner
        self.calls: list[tuple[int, float]] = []

    def probabilities(self, candidates: Sequence[Candidate]) -> npt.NDArray[np.float64]:
        """As the classifier watched."""
        start = perf_counter()
        found = self.inner.probabilities(candidates)
        self.calls.append((len(candidates), perf_counter() - start))
        return found


def heading_rows(case: Case, kept: Kept, classifier: HeadingClassifier) -> tuple[HeadingRow, ...]:
    """The headings of gold, and inventions, as a run scores them with this classifier.

    Reports of earlier forms are left out: gold has their headings as printed, under no key.
    """
    records = finished(case, kept, Stages(headings=classifier))
    plain = [_plain(record_to_json(record, "en")) for record in records]
    earlier = {number for number, gold in enumerate(case.reports, 1) if gold.kind == "earlier_form"}
    return tuple(
        row for row in case_rows(case, plain, None, None).headings if row.place.report not in earlier
    )


def _plain(record: Mapping[str, Any]) -> Mapping[str, Any]:
    read: Mapping[str, Any] = json.loads(json.dumps(record, default=float), parse_float=Decimal)
    return read


@dataclass(frozen=True, slots=True)
class Filtered:
    """Of one document: headings of gold that are a candidate, those of them that the filter leaves, candidates of its
    largest report before and after.
    """

    found: int = 0
    left: int = 0
    before: int = 0
    after: int = 0


def filtered(case: Case, pages: Sequence[PageReading]) -> Filtered:
    """What the filter does to a case's headings. A heading is the candidate most like it, if any is at all."""
    parts = split_volume(pages, official_forms())
    everything = [find_candidates(read_body(part.pages)) for part in parts]
    shown = [worth_classifying(candidates) for candidates in everything]
    every, kept = ({one.text for part in side for one in part} for side in (everything, shown))
    titles = [title for gold in case.reports for title in gold.sections.values()]
    pairs = [(_most_alike(title, every), _most_alike(title, kept)) for title in titles]
    return Filtered(
        sum(before >= SAME for before, _ in pairs),
        sum(before >= SAME and after == before for before, after in pairs),
        max(map(len, everything), default=0),
        max(map(len, shown), default=0),
    )


def _most_alike(title: str, texts: set[str]) -> float:
    return max((fuzz.ratio(normalise(title), normalise(text)) for text in texts), default=0.0)


def _row(name: str, rows: Sequence[HeadingRow]) -> str:
    gold = sum(row.gold_title is not None for row in rows)
    keys = Matches(
        sum(row.gold_title is not None and row.title is not None for row in rows),
        gold,
        sum(row.title is not None for row in rows),
    )
    right = sum(row.right for row in rows)
    unasked = sum(row.right and not row.review for row in rows)
    silent = sum(row.title is not None and not row.right and not row.review for row in rows)
    invented = sum(row.gold_title is None for row in rows)
    return (
        f"| {name} | {keys.right} / {gold} | {keys.f1:.4f} | {right} / {gold} | {keys.gold - keys.right} "
        f"| {invented} | {unasked} / {gold} ({unasked / max(gold, 1):.1%}) | {silent} |"
    )


_HEAD = (
    "| headings by | keys found | key F1 | exact titles | missing | invented | right without review "
    "| wrong title or key without review |\n|---|---|---|---|---|---|---|---|"
)


def _named(row: HeadingRow) -> str:
    asked = "asked about" if row.review else "not asked about"
    state = "missing" if row.title is None else f"{row.title} ({row.confidence:.3f}, {asked})"
    return f"- {row.place.case} {row.key}: {row.gold_title or 'no such section'} -> {state}"


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0, or 2 where there are no such cases or none of them was read."""
    parser = argparse.ArgumentParser(prog="python -m eval.report_headings", description=__doc__)
    add_choice(parser)
    parser.add_argument("--readings", type=Path, default=OUT, help="where eval.readings has put them")
    parser.add_argument("--wrong", action="store_true", help="name every heading that is not right")
    add_classifiers(parser)
    options = parser.parse_args(argv)
    cases = chosen(options)
    if not cases:
        return 2
    kept = [(case, found) for case in cases if (found := load_readings(case, options.readings)) is not None]
    print(f"{len(kept)} documents; {len(cases) - len(kept)} not read yet.\n")
    if not kept:
        return 2
    used = classifiers(options.headings)
    _show(kept, used, options.wrong)
    return 0


def _show(kept: Sequence[tuple[Case, Kept]], used: Mapping[str, HeadingClassifier], wrong: bool) -> None:
    print(_HEAD)
    told: list[str] = []
    for name, classifier in used.items():
        watched = Watched(classifier)
        rows = [row for case, found in kept for row in heading_rows(case, found, watched)]
        print(_row(name, rows))
        seconds = [took for count, took in watched.calls if count]
        told.append(
            f"{name}: {1000 * median(seconds):.1f} ms a call in the median, {1000 * max(seconds):.1f} at most; "
            f"up to {max(count for count, _ in watched.calls)} candidates"
        )
        told += [_named(row) for row in rows if wrong and not row.right]
    print("", *told, sep="\n")
    sums = [filtered(case, found.pages) for case, found in kept]
    print(
        f"\nThe filter leaves {sum(one.left for one in sums)} of {sum(one.found for one in sums)} headings; "
        f"candidates of a report: {max(one.before for one in sums)} at most before it, "
        f"{max(one.after for one in sums)} after (bound: {MOST})."
    )


if __name__ == "__main__":
    sys.exit(main())
