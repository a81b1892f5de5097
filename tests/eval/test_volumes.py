"""Records against the reports of a volume: every report counts, whatever became of its pages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.cases import BadCase, Case, Gold, read_cases, read_golds
from eval.runs.build import case_rows
from eval.runs.rows import Rows
from eval.score import Counts, score_record
from eval.volumes import match_reports, read_records, record_files

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


def rows_of(records: Sequence[Mapping[str, Any]], reports: Sequence[Gold]) -> Rows:
    return case_rows(Case("v-clean", Path("v"), tuple(reports)), records, None, None)


def counted(rows: Rows) -> Counts:
    """The counts of the scorer, added up from rows."""
    reports = [row for row in rows.documents if row.gold_kind is not None]
    truth = [row for row in rows.fields if row.gold_kind is not None]
    return Counts(
        reports=len(reports),
        fields=len(truth),
        right=sum(row.right for row in truth),
        nonzero=sum(row.nonzero for row in truth),
        nonzero_right=sum(row.nonzero and row.right for row in truth),
        silent=sum(row.silent for row in rows.fields),
        straight=sum(row.straight for row in truth),
        invented=len(rows.fields) - len(truth),
        sections=sum(row.sections for row in reports),
        sections_right=sum(row.sections_right for row in reports),
        sections_extra=sum(row.sections_extra for row in rows.documents),
        agency_right=sum(row.agency_right for row in reports),
        year_right=sum(row.year_right for row in reports),
        form_right=sum(row.form_right for row in reports),
    )


def bounds(rows: Rows) -> int:
    return sum(row.bounds_right for row in rows.documents)


REPORTS = (gold("甲局", 1, 4), gold("乙局", 6, 9))
RECORDS = [record("甲局", 1, 5), record("乙局", 6, 9)]


@given(st.permutations([0, 1]))
def test_right_records_score_one_in_any_order(order: list[int]) -> None:
    rows = rows_of([RECORDS[index] for index in order], REPORTS)
    counts = counted(rows)
    assert (counts.reports, counts.fields, counts.right, counts.silent) == (2, 4, 4, 0)
    assert (counts.agency_right, counts.sections_right, counts.invented) == (2, 2, 0)
    assert bounds(rows) == 1  # the first took the blank page behind it


def test_two_reports_left_in_one_piece_miss_one_of_them() -> None:
    rows = rows_of([record("甲局", 1, 9)], REPORTS)
    counts = counted(rows)
    assert (counts.fields, counts.right, counts.silent) == (4, 2, 2)
    assert (counts.reports, bounds(rows)) == (2, 0)
    assert {(row.place.report, row.fault) for row in rows.fields if not row.right} == {(2, "missing")}


def test_a_report_cut_in_two_invents_what_its_second_half_says() -> None:
    rows = rows_of([record("甲局", 1, 3), record("甲局", 4, 4), RECORDS[1]], REPORTS)
    counts = counted(rows)
    assert (counts.right, counts.invented, counts.silent) == (4, 2, 2)
    assert counts.sections_extra == 1
    assert counts.reports == 2
    assert len(rows.documents) == 3
    assert counts.straight_through < 1


def test_what_is_said_to_be_no_report_costs_nothing() -> None:
    letter = record("丙办", 5, 5, kind="not_a_report", fields={}, sections=[], form=None)
    exact = rows_of([record("甲局", 1, 4), letter, RECORDS[1]], REPORTS)
    assert counted(exact) == counted(rows_of(RECORDS, REPORTS))
    assert bounds(exact) == 2
    assert all(row.right for row in exact.fields)


def test_no_record_at_all_misses_everything() -> None:
    rows = rows_of([], REPORTS)
    counts = counted(rows)
    assert (counts.fields, counts.right, counts.silent, bounds(rows)) == (4, 0, 4, 0)


def test_each_record_is_of_the_report_it_shares_most_pages_with() -> None:
    assert match_reports([record("乙局", 5, 9), record("甲局", 1, 4)], REPORTS) == {0: 1, 1: 0}
    assert match_reports([record("丙局", 20, 22)], REPORTS) == {}


def test_a_single_report_is_scored_as_before() -> None:
    alone = replace(REPORTS[0], pages=None)
    wrong = record("甲局", 1, 4, fields={})
    for each in (RECORDS[0], wrong):
        rows = rows_of([each], [alone])
        assert counted(rows) == score_record(each, alone).counts
        assert bounds(rows) == 1


def test_a_single_report_that_was_cut_keeps_its_longest_piece() -> None:
    pieces = [record("甲局", 1, 1), record("甲局", 2, 4)]
    rows = rows_of(pieces, [replace(REPORTS[0], pages=None)])
    counts = counted(rows)
    assert (counts.reports, counts.right, counts.invented, bounds(rows)) == (1, 2, 2, 0)


def test_records_are_read_by_number(tmp_path: Path) -> None:
    for number, text in enumerate(['{"n": 1.50}', "{}", "{}"], start=1):
        (tmp_path / f"v#{number}.json").write_text(text, encoding="utf-8")
    assert [path.name for path in record_files(tmp_path, "v")] == ["v#1.json", "v#2.json", "v#3.json"]
    assert str(read_records(tmp_path, "v")[0]["n"]) == "1.50"
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
