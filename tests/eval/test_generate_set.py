"""data/eval as committed: what the plan says, what the pages print, and scans that come out the same everywhere."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eval.generate.authored_set import Bound, plan
from eval.generate.case_files import PRINT, read_ink, read_scans
from eval.generate.content.bodies import SPLITS, split_of
from eval.generate.describe import describe
from eval.generate.scan.ladder import LEVELS
from eval.generate.scan.obscured import obscured
from eval.generate.scan.treat import scan_printed
from eval.generate.verify import disagreements

SET = Path(__file__).resolve().parents[2] / "data" / "eval"
NAMES = sorted(path.parent.name for path in SET.glob("*/gold.json"))
GIT_LIMIT = 30 * 1024 * 1024
# (report, scan, page) -> the picture's SHA-256. Between them: all steps of the simulator but the extra's effects.
PAGES = {
    ("report-02", "s4", 1): "1a1b5c012b1f7fdb0e2ed6c2786c4c60995d3166d4006b8dea17603755f24145",
    ("report-18", "s4", 2): "39b584bfbaf79c747c0b076efab821473dbfb7677c11a32042de2717a6c8f4bf",
    ("report-34", "s4", 2): "af040a12cd54c5756481456f5bdea60b496d6f26408982a939b0f071e526e0ee",
    ("report-45", "s2", 2): "20ab4e89f5a311f71d90a4d4570ff33af10f34444c9788a6a3f7a5282e6a34f6",
}


@pytest.fixture(scope="module")
def planned() -> dict[str, Bound]:
    return {case.name + PRINT: case for case in plan()}


def labels(name: str) -> dict[str, Any]:
    return dict(json.loads((SET / name / "gold.json").read_text("utf-8")))


def reports(name: str) -> list[dict[str, Any]]:
    found = labels(name)
    return list(found.get("reports", [found]))


def test_the_set_is_all_there_and_small(planned: dict[str, Bound]) -> None:
    assert sorted(planned) == NAMES
    kinds = [report["kind"] for name in NAMES for report in reports(name)]
    assert kinds.count("report") >= 60
    assert kinds.count("not_a_report") >= 8
    assert kinds.count("earlier_form") >= 4
    assert sum("reports" in labels(name) for name in NAMES) >= 3
    assert sum(path.stat().st_size for path in SET.rglob("*")) < GIT_LIMIT


def test_labels_are_what_was_written(planned: dict[str, Bound]) -> None:
    for name, case in planned.items():
        wanted = [
            part.labels for part in case.parts if not case.is_volume or part.labels["kind"] != "not_a_report"
        ]
        stored = reports(name)
        assert len(stored) == len(wanted)
        for found, written in zip(stored, wanted, strict=True):
            told = {key: value for key, value in found.items() if key not in {"boxes", "tags", "pages"}}
            assert told == json.loads(
                json.dumps({key: value for key, value in written.items() if key != "tags"})
            )


@pytest.mark.parametrize("name", NAMES)
def test_pages_print_what_the_labels_say(name: str) -> None:
    assert disagreements(SET / name) == ()


def test_bodies_are_on_one_side_and_each_side_has_both_forms() -> None:
    forms = defaultdict(set)
    for name in NAMES:
        for report in reports(name):
            assert report["split"] == split_of(report["agency"])
            forms[report["split"]].add(report["form"])
    assert set(forms) == set(SPLITS)
    assert all({"2019", "2021"} <= found for found in forms.values())


def test_every_row_of_table_3_begins_a_page_in_both_forms() -> None:
    rows = defaultdict(set)
    for name in NAMES:
        for report in reports(name):
            for trait in report["traits"]:
                if trait.startswith("break:applications:"):
                    rows[report["form"]].add(int(trait.rsplit(":", 1)[1]))
    assert set(range(3, 26)) <= rows["2019"]
    assert set(range(3, 28)) <= rows["2021"]


def test_every_report_has_a_clean_and_a_degraded_scan() -> None:
    levels = defaultdict(int)
    for name in NAMES:
        clean, degraded = (scan.level for scan in read_scans(SET / name).values())
        assert clean <= 1 < degraded
        levels[clean] += 1
        levels[degraded] += 1
    assert set(levels) == set(LEVELS)
    assert min(levels.values()) >= 10


@pytest.mark.parametrize(("name", "scan", "page"), PAGES)
def test_a_page_is_scanned_to_the_same_bytes_everywhere(name: str, scan: str, page: int) -> None:
    folder = SET / (name + PRINT)
    treatment = read_scans(folder)[scan]
    seals = [(mark, read_ink(folder / "seal.png")) for mark in treatment.seals if mark.page == page]
    pdf = (folder / "source.pdf").read_bytes()
    picture, _ = scan_printed(pdf, page - 1, treatment.of_page(page), treatment.seed * 100 + page - 1, seals)
    assert hashlib.sha256(picture.tobytes()).hexdigest() == PAGES[name, scan, page]


def test_the_dataset_card_counts_what_is_there() -> None:
    assert describe(SET) in (SET / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("mark", "colour", "lost"),
    [
        pytest.param(((0, 0, 0), 8, 52, 8, 92), True, True, id="scribbled-over"),
        pytest.param(((0, 0, 0), 30, 33, 0, 100), True, False, id="crossed-by-a-line"),
        pytest.param(((30, 20, 210), 8, 52, 8, 92), True, False, id="red-seal-in-colour"),
        pytest.param(((30, 20, 210), 8, 52, 8, 92), False, True, id="red-seal-in-grey"),
    ],
)
def test_what_nobody_can_read_is_not_asked(
    mark: tuple[tuple[int, int, int], int, int, int, int], colour: bool, lost: bool
) -> None:
    page = np.full((60, 100, 3), 255, np.uint8)
    page[15:45, 40:43] = page[15:45, 55:58] = page[15:18, 40:58] = page[42:45, 40:58] = 0  # a nought
    marked = page.copy()
    ink, y0, y1, x0, x1 = mark
    marked[y0:y1, x0:x1] = np.minimum(marked[y0:y1, x0:x1], np.array(ink, np.uint8))
    assert obscured(page, marked, (0, 0, 1, 1), colour) == lost
    assert not obscured(page, page, (0, 0, 1, 1), colour)
    blank = np.full_like(page, 255)
    assert obscured(blank, marked, (0, 0, 1, 1), False)
