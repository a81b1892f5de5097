"""Rows say what the scorer says, and come back from disk as they were."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parent))
from run_cases import PATHS, ROW, case, field, gold, record, scored

from eval.cases import Case, Gold
from eval.runs.build import broken_rules, case_rows, place_of
from eval.runs.measure import METRICS, estimate
from eval.runs.rows import Rows, join
from eval.runs.store import read_rows, write_rows
from eval.runs.tags import field_tags
from eval.score import score_record
from extractors.errors import InputError

answers = st.dictionaries(
    st.sampled_from([*PATHS, "applications.invented"]),
    st.one_of(
        st.just({}),
        st.builds(
            lambda raw, review: field(f"{ROW}.total", raw, review=review),
            st.sampled_from(["0", "3", "", "/", "7"]),
            st.booleans(),
        ),
    ),
)


@given(answers, st.sampled_from(["青柏市档案局", "别处"]), st.booleans())
def test_rows_add_up_to_the_score(changed: dict[str, Any], agency: str, review: bool) -> None:
    one = case()
    found = record(one.gold, changed)
    found["agency"] = {"value": agency, "review": review}
    rows, counts = case_rows(one, [found], None, None), score_record(found, one.gold).counts
    assert sum(row.right for row in rows.fields) == counts.right
    assert sum(row.silent for row in rows.fields) == counts.silent
    assert sum(row.straight for row in rows.fields) == counts.straight
    assert sum(row.fault == "invented" for row in rows.fields) == counts.invented
    assert sum(row.gold_kind is not None for row in rows.fields) == counts.fields
    assert sum(row.nonzero and row.right for row in rows.fields) == counts.nonzero_right
    assert all(row.right == (row.fault is None) for row in rows.fields)


def test_without_a_record_all_is_missing_and_silent() -> None:
    rows = case_rows(case(), [], None, "worker_crashed")
    assert [row.fault for row in rows.fields] == ["missing"] * len(PATHS)
    assert all(row.silent and not row.straight for row in rows.fields)
    assert rows.documents[0].error == "worker_crashed"
    assert not rows.headings[0].right


def test_scans_of_one_report_are_one_document() -> None:
    places = {place_of(case(name), gold(), 1).document for name in ("a-2021-clean", "a-2021-fax")}
    assert len(places) == 1
    nameless = Gold(None, None, None, {}, {}, kind="not_a_report")
    assert {place_of(case(name), nameless, 1).document for name in ("b-clean", "b-fax")} == {"b"}


def test_rows_come_back_from_parquet(tmp_path: Path) -> None:
    wrong = field(f"{ROW}.total", "8", review=True, reasons=["low_confidence"], confidence=None, box=None)
    rows = join([scored(case(), {f"{ROW}.total": wrong}), case_rows(case("b-2020-fax"), [], None, "x")])
    write_rows(rows, tmp_path)
    assert read_rows(tmp_path) == rows
    write_rows(Rows(), tmp_path)
    assert read_rows(tmp_path) == Rows()
    (tmp_path / "fields.parquet").write_bytes(b"no parquet")
    with pytest.raises(InputError):
        read_rows(tmp_path)


def test_a_volume_has_rows_for_every_report_and_for_records_of_none() -> None:
    reports = (gold("甲局", pages=(1, 1)), gold("乙局", pages=(2, 2)))
    volume = Case("v-2021-clean", Path("v"), reports)

    def of(truth: Gold, page: int) -> dict[str, Any]:
        return record(truth) | {"source": {"pages": [{"page": page, "width": 1000, "height": 1000}]}}

    rows = case_rows(volume, [of(reports[0], 1), of(reports[1], 3), of(reports[0], 4)], None, None)
    assert [(row.place.report, row.place.body) for row in rows.documents[:2]] == [(1, "甲局"), (2, "乙局")]
    assert [row.bounds_right for row in rows.documents] == [True, False, False, False]
    assert [row.gold_kind for row in rows.documents] == ["report", "report", None, None]
    assert sum(row.fault == "missing" for row in rows.fields) == len(PATHS)
    assert sum(row.fault == "invented" for row in rows.fields) == 2 * len(PATHS)
    bounds = estimate(METRICS["bounds_f1"], rows.by_document().values())
    assert (bounds.numerator, bounds.denominator) == (2, 2 + 3)
    assert estimate(METRICS["kind"], rows.by_document().values()).denominator == 2


def test_tags_come_from_the_label_and_the_form() -> None:
    path = f"{ROW}.total"
    decisions = "active_disclosure.art20_5.administrative_licensing.decisions"
    fields = {path: "1234", f"{ROW}.legal_person.other": "0", decisions: "-2.5", "x.y": "", "x.z": "/"}
    boxes = {path: (1, 0.1, 0.9, 0.2, 0.95), f"{ROW}.legal_person.other": (2, 0.1, 0.1, 0.2, 0.15)}
    tags = field_tags(gold(fields=fields, boxes=boxes, tags={path: ("seal",)}))
    assert tags[path] == ("at_page_break", "digits_4_up", "seal", "table_over_pages")
    assert tags[f"{ROW}.legal_person.other"] == ("at_page_break", "table_over_pages", "zero")
    assert tags[decisions] == ("decimal", "digits_2_3", "merged", "signed")
    assert tags["x.y"] == ("blank",)
    assert tags["x.z"] == ("not_applicable",)


def test_broken_sums_are_those_of_the_print() -> None:
    columns = ("natural_person", *(f"legal_person.{name}" for name in LEGAL))
    fields = {f"{ROW}.{name}": "1" for name in columns} | {f"{ROW}.total": "6"}
    assert broken_rules(gold(fields=fields)) == set()
    fields[f"{ROW}.total"] = "7"
    assert broken_rules(gold(fields=fields)) == {"app_row_total.new_received"}
    assert broken_rules(gold(fields=fields, unverified=frozenset({f"{ROW}.total"}))) == set()
    said = record(gold(fields=fields))
    said["checks"] = [
        {"id": "app_row_total.new_received", "status": "broken"},
        {"id": "x", "status": "broken"},
    ]
    document = case_rows(replace(case(), reports=(gold(fields=fields),)), [said], None, None).documents[0]
    assert (document.checks_broken, document.checks_found, document.checks_false) == (1, 1, 1)


LEGAL = (
    "commercial_enterprise",
    "research_institution",
    "social_welfare_organization",
    "legal_service_organization",
    "other",
)
