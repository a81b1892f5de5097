"""Records against the reports of a volume: every report counts, whatever became of its pages."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.cases import BadCase, Case, Gold, read_cases, read_golds
from eval.run import score_saved
from eval.score import score_record
from eval.volumes import match_reports, read_records, record_files, score_document, write_records

FIELDS = {"applications.new_received.total": "12", "applications.carried_over.total": "0"}
SECTIONS = {"overview": "一、总体情况"}


def gold(agency: str, first: int, last: int) -> Gold:
    return Gold("2021", agency, 2022, SECTIONS, FIELDS, pages=(first, last))


def record(agency: str, first: int, last: int, **changes: Any) -> dict[str, Any]:
    """What a right record of `gold` says."""
    numbers = {"12": 12, "0": 0}
    return {
        "source": {"pages": [{"page": page} for page in range(first, last + 1)]},
        "kind": "report",
        "form": "2021",
        "agency": {"value": agency, "review": False},
        "year": {"value": 2022, "review": False},
        "sections": [{"key": key, "title": title} for key, title in SECTIONS.items()],
        "fields": {
            path: {"kind": "number", "raw": raw, "value": numbers[raw], "unit": None, "review": False}
            for path, raw in FIELDS.items()
        },
    } | changes


REPORTS = (gold("甲局", 1, 4), gold("乙局", 6, 9))
RECORDS = [record("甲局", 1, 5), record("乙局", 6, 9)]


@given(st.permutations([0, 1]))
def test_right_records_score_one_in_any_order(order: list[int]) -> None:
    counts = score_document([RECORDS[index] for index in order], REPORTS).counts
    assert (counts.reports, counts.fields, counts.right, counts.silent) == (2, 4, 4, 0)
    assert (counts.agency_right, counts.sections_right, counts.invented, counts.reports_extra) == (2, 2, 0, 0)
    assert counts.bounds_right == 1  # the first took the blank page behind it


def test_two_reports_left_in_one_piece_miss_one_of_them() -> None:
    score = score_document([record("甲局", 1, 9)], REPORTS)
    assert (score.counts.fields, score.counts.right, score.counts.silent) == (4, 2, 2)
    assert (score.counts.reports, score.counts.bounds_right) == (2, 0)
    assert {miss.path.split(" ")[0] for miss in score.misses} == {"#2"}
    assert {miss.fault for miss in score.misses} == {"missing"}


def test_a_report_cut_in_two_invents_what_its_second_half_says() -> None:
    records = [record("甲局", 1, 3), record("甲局", 4, 4), RECORDS[1]]
    counts = score_document(records, REPORTS).counts
    assert (counts.right, counts.invented, counts.silent, counts.reports_extra) == (4, 2, 2, 1)
    assert counts.sections_extra == 1
    assert counts.reports == 2
    assert counts.straight_through < 1


def test_what_is_said_to_be_no_report_costs_nothing() -> None:
    letter = record("丙办", 5, 5, kind="not_a_report", fields={}, sections=[], form=None)
    exact = score_document([record("甲局", 1, 4), letter, RECORDS[1]], REPORTS)
    assert exact.counts == replace(score_document(RECORDS, REPORTS).counts, bounds_right=2)
    assert exact.misses == ()


def test_no_record_at_all_misses_everything() -> None:
    counts = score_document([], REPORTS).counts
    assert (counts.fields, counts.right, counts.silent, counts.bounds_right) == (4, 0, 4, 0)


def test_each_record_is_of_the_report_it_shares_most_pages_with() -> None:
    assert match_reports([record("乙局", 5, 9), record("甲局", 1, 4)], REPORTS) == {0: 1, 1: 0}
    assert match_reports([record("丙局", 20, 22)], REPORTS) == {}


def test_a_single_report_is_scored_as_before() -> None:
    alone = replace(REPORTS[0], pages=None)
    wrong = record("甲局", 1, 4, fields={})
    for each in (RECORDS[0], wrong):
        score, before = score_document([each], [alone]), score_record(each, alone)
        assert score.counts == replace(before.counts, bounds_right=1)
        assert (score.misses, score.wrong_sections) == (before.misses, before.wrong_sections)


def test_a_single_report_that_was_cut_keeps_its_longest_piece() -> None:
    counts = score_document(
        [record("甲局", 1, 1), record("甲局", 2, 4)], [replace(REPORTS[0], pages=None)]
    ).counts
    assert (counts.reports, counts.right, counts.invented, counts.bounds_right) == (1, 2, 2, 0)


def test_records_are_kept_by_number_and_older_ones_go(tmp_path: Path) -> None:
    write_records(tmp_path, "v", ['{"n": 1.50}', "{}", "{}"])
    assert [path.name for path in record_files(tmp_path, "v")] == ["v#1.json", "v#2.json", "v#3.json"]
    assert str(read_records(tmp_path, "v")[0]["n"]) == "1.50"
    write_records(tmp_path, "v", ["{}"])
    assert [path.name for path in tmp_path.iterdir()] == ["v.json"]
    assert read_records(tmp_path, "other") == ()


def volume_gold(*ranges: Any) -> dict[str, Any]:
    report = {"form": "2021", "agency": "甲局", "year": 2022, "sections": SECTIONS, "fields": FIELDS}
    return {"reports": [report | ({"pages": pages} if pages else {}) for pages in ranges]}


def test_a_volume_is_a_case(tmp_path: Path) -> None:
    folder = tmp_path / "cases" / "volume-clean"
    folder.mkdir(parents=True)
    (folder / "source.pdf").touch()
    (folder / "gold.json").write_text(json.dumps(volume_gold([6, 9], [1, 4])), encoding="utf-8")
    (case,) = read_cases(tmp_path / "cases")
    assert [report.pages for report in case.reports] == [(1, 4), (6, 9)]
    assert case.level == "clean"
    with pytest.raises(BadCase):
        _ = case.gold
    write_records(
        tmp_path, case.name, [json.dumps(each) for each in (record("甲局", 1, 4), record("甲局", 6, 9))]
    )
    outcome = score_saved(case, tmp_path, None, None)
    assert (outcome.error, outcome.score.counts.right, outcome.score.counts.bounds_right) == (None, 4, 2)
    assert score_saved(replace(case, name="other"), tmp_path, None, None).error == "no record"


@pytest.mark.parametrize(
    "ranges", [([1, 4], None), ([1, 4], [4, 6]), ([1, 4], [3, 3]), ([4, 1],), ([0, 3],), ("1-4",), ([1],), ()]
)
def test_page_ranges_that_say_nothing_are_refused(ranges: tuple[Any, ...], tmp_path: Path) -> None:
    (tmp_path / "gold.json").write_text(json.dumps(volume_gold(*ranges)), encoding="utf-8")
    with pytest.raises(BadCase):
        read_golds(tmp_path / "gold.json")


def test_a_document_of_one_report_has_one_gold() -> None:
    case = Case("a", Path("a.pdf"), (REPORTS[0],))
    assert case.gold is REPORTS[0]
