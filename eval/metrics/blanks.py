"""Decisions that readers trust unseen: blank or not, report or not, where a report begins, which sums break."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from eval.gold_values import gold_value
from eval.metrics.matches import Matches, match_all

Pages = tuple[int, int]  # first and last page of a report, from 1, both included


def blank_matches(got: Mapping[str, Mapping[str, Any]], gold: Mapping[str, str]) -> Matches:
    """Blank cells said to be blank. `got`: a record's `fields`; `gold`: answers as printed, "" for a blank.

    Recall is over all blank fields of the truth, precision over all fields said to be blank, invented ones too.
    Range 0..1. Blank, "0", "/" and "—" are four different answers.
    """
    truth = {path for path, printed in gold.items() if gold_value(path, printed).kind == "blank"}
    found = {path for path, field in got.items() if field.get("kind") == "blank"}
    return match_all(found, truth)


def kind_matches(got: Iterable[str | None], gold: Iterable[str], kind: str = "report") -> Matches:
    """Documents of `kind` said to be so, both in the same order; None: no record came out.

    Recall is over all documents that are of the kind, precision over all said to be. Range 0..1. Raises ValueError
    where the lengths differ.
    """
    pairs = list(zip(got, gold, strict=True))
    right = sum(found == truth == kind for found, truth in pairs)
    return Matches(right, sum(truth == kind for _, truth in pairs), sum(found == kind for found, _ in pairs))


def boundary_matches(got: Iterable[Pages], gold: Iterable[Pages]) -> Matches:
    """Reports of one volume whose first and last page are both exactly gold's.

    Denominator: all reports of the truth and all of the answer; F1 in 0..1.
    """
    return match_all(got, gold)


def check_matches(got: Iterable[Mapping[str, Any]], broken: Collection[str]) -> Matches:
    """Sums that the printed numbers break, and that the record says are broken. `got`: a record's `checks`.

    Recall is over all sums broken in the truth; precision over all reported broken, so `found - right` are reported
    falsely. Range 0..1. A check that a record skipped has not been found.
    """
    return match_all({check["id"] for check in got if check["status"] == "broken"}, set(broken))
