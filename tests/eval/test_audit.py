"""Labels that may be wrong: what speaks for it, and in which order they are shown."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from run_cases import ROW, case, field, run_of, scored

from eval.audit import suspects
from eval.report.html import render_audit

LEGAL = (
    "commercial_enterprise",
    "research_institution",
    "social_welfare_organization",
    "legal_service_organization",
    "other",
)
COLUMNS = (f"{ROW}.natural_person", *(f"{ROW}.legal_person.{name}" for name in LEGAL))
TOTAL = f"{ROW}.total"


def test_sure_contradictions_come_by_sums_then_scans_then_confidence() -> None:
    """The label of the total breaks its sum, and the reading mends it; another is read alike in two scans."""
    fields = {path: "1" for path in COLUMNS} | {TOTAL: "9"}
    answers = {
        TOTAL: field(TOTAL, "6", confidence=0.91),
        COLUMNS[1]: field(COLUMNS[1], "7", confidence=0.99),
    }
    first = scored(case("a-2021-clean", fields=fields), answers)
    second = scored(case("a-2021-fax", fields=fields), {COLUMNS[1]: field(COLUMNS[1], "7", confidence=0.95)})
    found = suspects((*first.fields, *second.fields))
    assert [(one.row.path, one.scans, one.of, one.sums) for one in found] == [
        (TOTAL, 1, 2, 1),
        (COLUMNS[1], 2, 2, 0),
    ]
    assert found[1].row.place.case == "a-2021-clean"  # the surer scan stands for both


def test_a_reading_that_breaks_a_sum_speaks_for_the_label() -> None:
    fields = {path: "1" for path in COLUMNS} | {TOTAL: "6"}
    found = suspects(scored(case(fields=fields), {TOTAL: field(TOTAL, "8")}).fields)
    assert [one.sums for one in found] == [-1]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({}, id="missing"),
        pytest.param(field(TOTAL, "8", confidence=0.5), id="unsure"),
        pytest.param(field(TOTAL, "8", confidence=None), id="no-confidence"),
        pytest.param(field(TOTAL, "3"), id="right"),
    ],
)
def test_what_is_no_sure_contradiction_is_left_out(answer: dict[str, object]) -> None:
    invented = {"x.y": field("x.y", "1", confidence=1.0)}
    assert suspects(scored(case(), {TOTAL: answer} | invented).fields) == []


def test_the_page_names_label_and_reading() -> None:
    run = run_of(scored(case(), {TOTAL: field(TOTAL, "<8>")}))
    page = render_audit(run, suspects(run.rows.fields), {})
    assert "&lt;8&gt;" in page
    assert "1 of 1" in page
    assert "1 field where" in page
