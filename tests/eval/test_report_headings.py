"""Headings of whole reports: from kept readings to rows, and what the filter leaves."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from eval.cases import Case, Gold, read_case
from eval.headings import set_page
from eval.readings import Kept, load_readings, write_records
from eval.report_headings import Watched, filtered, heading_rows, main
from eval.volumes import read_records
from extractors.heading_candidates import CLASSES
from extractors.heading_rules import RuleClassifier

TITLES = {
    "overview": "一、总体情况",
    "active_disclosure": "二、主动公开政府信息情况",
    "applications": "三、收到和处理政府信息公开申请情况",
}
LINES = ("临江市水务局2022年政府信息公开工作年度报告", *TITLES.values(), "本年度没有收取信息处理费。")


def case(kind: str = "report") -> Case:
    gold = Gold("2021", "临江市水务局", 2022, TITLES, {}, kind=kind)
    return Case("made-digital", Path("source.pdf"), (gold,))


KEPT = Kept("sha", "engine", (set_page(LINES),), "invented")


class Silent:
    """A classifier that sees no heading anywhere."""

    def probabilities(self, candidates: object) -> np.ndarray:
        rows = np.zeros((len(candidates), len(CLASSES)))  # type: ignore[arg-type]
        rows[:, CLASSES.index("other")] = 1.0
        return rows


def test_headings_of_kept_readings_are_scored_as_in_a_run() -> None:
    watched = Watched(RuleClassifier())
    rows = heading_rows(case(), KEPT, watched)
    assert {row.key: row.title for row in rows} == TITLES
    assert all(row.right and not row.review for row in rows)
    assert max(count for count, _ in watched.calls) < len(LINES)  # the last line is no candidate for anything


def test_the_classifier_named_is_the_one_used_everywhere() -> None:
    rows = heading_rows(case(), KEPT, Silent())
    assert [row.title for row in rows] == [None, None, None]


def test_reports_of_earlier_forms_have_no_keys_to_be_scored() -> None:
    assert heading_rows(case("earlier_form"), KEPT, RuleClassifier()) == ()


def test_a_heading_that_is_no_candidate_is_not_lost_by_the_filter() -> None:
    found = filtered(case(), KEPT.pages)
    assert (found.found, found.left) == (3, 3)
    assert found.after < found.before
    assert filtered(case(), (set_page(LINES[-1:]),)).found == 0


@pytest.mark.engine
def test_readings_are_kept_and_read_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from eval.readings import main as keep

    sample = Path("data/samples")
    arguments = [str(sample), "--only", "hemiao", "--out", str(tmp_path)]
    assert keep(arguments) == 0
    kept = next(tmp_path.glob("*.pickle"))
    written = kept.stat().st_mtime_ns
    assert keep(arguments) == 0
    assert kept.stat().st_mtime_ns == written
    capsys.readouterr()
    assert main([str(sample), "--only", "hemiao", "--readings", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "1 documents; 0 not read yet." in told
    assert "| rules | 6 / 6 | 1.0000 | 6 / 6 | 0 | 0 | 6 / 6 (100.0%) | 0 |" in told


@pytest.mark.engine
def test_records_from_kept_readings_are_those_of_an_extraction(tmp_path: Path) -> None:
    from eval.readings import main as keep
    from extractors.ocr.paddle import load_engine
    from extractors.pipeline import extract_document

    name = "hemiao-2024-digital"
    out, records = tmp_path / "readings", tmp_path / "records"
    assert keep(["data/samples", "--only", name, "--out", str(out), "--records", str(records)]) == 0
    (extraction,) = extract_document([Path("data/samples") / name / "source.pdf"], load_engine("paddle"))
    case = read_case(Path("data/samples") / name)
    write_records(case, [extraction.record], tmp_path / "extracted")
    (kept,), (read,) = read_records(records, name), read_records(tmp_path / "extracted", name)
    assert {**kept, "timing_s": None} == {**read, "timing_s": None}


def test_nothing_read_is_nothing_to_compare(tmp_path: Path) -> None:
    folder = tmp_path / "made-digital"
    folder.mkdir()
    (folder / "source.pdf").write_bytes(b"%PDF")
    gold = {"form": "2021", "agency": "甲", "year": 2022, "sections": {}, "fields": {}}
    (folder / "gold.json").write_text(json.dumps(gold), encoding="utf-8")
    assert main([str(tmp_path), "--readings", str(tmp_path / "none")]) == 2
    assert load_readings(case(), tmp_path / "none") is None
