"""The hand-labelled core as committed: large enough, of both forms, and its gold is what its labellers said."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from eval.cases import read_gold
from eval.generate.case_files import read_scans
from eval.labelling import answers as kept
from eval.labelling.session import answers_file
from eval.labelling.settle import compare, settle

CORE = Path(__file__).resolve().parents[3] / "data" / "eval" / "core"
CASES = sorted(path.parent for path in CORE.glob("*/gold.json"))
LEAST_REPORTS, LEAST_CELLS = 12, 1500


def test_the_core_is_large_enough_and_of_both_forms() -> None:
    golds = [read_gold(case / "gold.json") for case in CASES]
    assert len(golds) >= LEAST_REPORTS
    assert sum(len(gold.scored_fields) for gold in golds) >= LEAST_CELLS
    assert Counter(gold.form for gold in golds) == {"2019": 6, "2021": 6}
    assert all(
        json.loads((case / "gold.json").read_text("utf-8"))["label_source"] == "hand" for case in CASES
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_gold_is_what_the_labellers_said(case: Path) -> None:
    first, second = (kept.read(answers_file(case, who)) for who in ("a", "b"))
    third = answers_file(case, "c")
    said = settle(first, second, kept.read(third).given if third.is_file() else {})
    gold = json.loads((case / "gold.json").read_text("utf-8"))
    assert {name: gold[name] for name in said} == said
    assert set(gold["boxes"]) == set(gold["fields"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_only_the_scan_that_was_labelled_is_made(case: Path) -> None:
    (treatment,) = read_scans(case).values()
    assert treatment.level >= 2


def test_the_card_states_the_agreement() -> None:
    found = [compare(*(kept.read(answers_file(case, who)) for who in ("a", "b"))) for case in CASES]
    agreed, asked = sum(one.agreed for one in found), sum(one.asked for one in found)
    assert f"{agreed:,} of {asked:,} answers" in (CORE / "README.md").read_text("utf-8")
