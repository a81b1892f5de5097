"""The all-zero answerer: right where gold says 0, and charged like everybody else where it does not."""

from __future__ import annotations

from eval.cases import Gold
from eval.metrics.blanks import blank_matches
from eval.metrics.grounding import record_places
from eval.metrics.trivial import all_zero_record
from eval.score import score_record
from extractors.forms import load

FORM = load()[0]
PATHS = [path for table in FORM.tables for path in table.layout.paths]


def test_it_is_right_on_zeros_and_silent_on_all_else() -> None:
    answers = {path: "0" for path in PATHS} | dict(zip(PATHS, ["5", "", "/"], strict=False))
    gold = Gold(FORM.id, "甲局", 2021, {"overview": "一、总体情况"}, answers)
    counts = score_record(all_zero_record(PATHS, FORM.id), gold).counts
    assert (counts.right, counts.fields) == (len(PATHS) - 3, len(PATHS))
    assert (counts.silent, counts.straight_through, counts.nonzero_right) == (3, 1.0, 0)
    assert (counts.form_right, counts.agency_right, counts.sections_right) == (1, 0, 0)


def test_it_says_nothing_else() -> None:
    record = all_zero_record(PATHS, FORM.id)
    assert record_places(record) == {}
    assert blank_matches(record["fields"], {PATHS[0]: ""}).found == 0


def test_without_paths_it_scores_nothing() -> None:
    gold = Gold(FORM.id, "甲局", 2021, {}, {path: "0" for path in PATHS})
    counts = score_record(all_zero_record([], FORM.id), gold).counts
    assert (counts.right, counts.silent) == (0, len(PATHS))
