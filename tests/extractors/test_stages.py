"""Stages of one's own: found by name, asked in place of ours, refused where they are none."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from extractors.document import Cell, Fragment, Page, Part, Reading, Table
from extractors.errors import UsageError
from extractors.geometry import Box
from extractors.heading_candidates import CLASSES, Candidate
from extractors.ocr.engine import OcrEngine
from extractors.pipeline import extract_document
from extractors.stages import OURS, Stages, load_stages

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from fakes import EmptyEngine, ReplayEngine, quad


def one_cell(page: Page, engine: OcrEngine) -> tuple[Fragment, ...]:
    """A table of one cell, whatever is on the page."""
    box = Box(10, 10, 60, 30)
    cell = Cell(0, 1, 0, 1, Reading("甲", 0.9), (Part(page.info.number, box),))
    return (Fragment(page.info.number, box, Table(1, 1, (cell,)), (10, 60), (10, 30)),)


class AllOverview:
    """Takes every candidate for the heading of section one, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Candidate] = []

    def probabilities(self, candidates: Sequence[Candidate]) -> npt.NDArray[np.float64]:
        self.asked += candidates
        rows = np.full((len(candidates), len(CLASSES)), 0.01 / (len(CLASSES) - 1))
        rows[:, CLASSES.index("overview")] = 0.99
        return rows


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A page with a stroke on it, so that it is not blank."""
    page = np.full((1200, 900), 255, dtype=np.uint8)
    cv2.putText(page, "REPORT", (60, 200), cv2.FONT_HERSHEY_SIMPLEX, 3.0, (0,), 8)
    cv2.imwrite(str(tmp_path / "scan.png"), page)
    return tmp_path / "scan.png"


def test_a_table_reader_of_ones_own_is_asked_in_place_of_ours(scan: Path) -> None:
    (ours,) = extract_document([scan], EmptyEngine())
    assert ours.record.tables == ()
    (theirs,) = extract_document([scan], EmptyEngine(), stages=Stages(tables=one_cell))
    assert [table.table.cells[0].text for table in theirs.record.tables] == ["甲"]


def test_a_heading_classifier_of_ones_own_is_asked_in_place_of_ours(scan: Path) -> None:
    engine = ReplayEngine(["三、收到和处理政府信息公开申请情况"], [quad(60, 120, 600, 220)])
    own = AllOverview()
    extract_document([scan], engine, stages=Stages(headings=own))
    # Twice: where reports begin in a volume, and which sections a report has.
    assert [candidate.text for candidate in own.asked] == ["三、收到和处理政府信息公开申请情况"] * 2


def test_stages_are_found_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    own = ModuleType("own_stages")
    own.tables = lambda: one_cell  # type: ignore[attr-defined]
    own.headings = AllOverview  # type: ignore[attr-defined]
    own.neither = lambda: 7  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "own_stages", own)
    found = load_stages("own_stages:tables", "own_stages:headings")
    assert found.tables is one_cell
    assert isinstance(found.headings, AllOverview)
    assert load_stages(None, None) == OURS
    for wrong in ("own_stages:neither", "own_stages:none", "no_such_module:x", ":x", "own_stages"):
        with pytest.raises(UsageError):
            load_stages(wrong, None)
        with pytest.raises(UsageError):
            load_stages(None, wrong)
