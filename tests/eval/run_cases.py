"""Cases, records and runs for tests of the evaluation: invented, small, and wrong in known ways."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.cases import Case, Gold
from eval.gold_values import gold_value
from eval.runs.build import case_rows
from eval.runs.facts import Facts
from eval.runs.rows import Rows, join
from eval.runs.run import Run
from eval.runs.summary import summarise

ROW = "applications.new_received"
PATHS = {f"{ROW}.natural_person": "3", f"{ROW}.legal_person.other": "0", f"{ROW}.total": "3"}

CELLS = [
    {"row": 0, "col": 0, "rowspan": 1, "colspan": 2, "text": "甲"},
    {"row": 1, "col": 0, "rowspan": 1, "colspan": 1, "text": "乙"},
    {"row": 1, "col": 1, "rowspan": 1, "colspan": 1, "text": "3"},
]
PAGE_PX = 1000


def gold(agency: str = "青柏市档案局", year: int = 2021, **changes: Any) -> Gold:
    facts: dict[str, Any] = {
        "form": "2021",
        "agency": agency,
        "year": year,
        "sections": {"overview": "一、总体情况"},
        "fields": PATHS,
        "boxes": {path: (1, 0.1, 0.1 * n, 0.2, 0.1 * n + 0.05) for n, path in enumerate(PATHS, 1)},
        "label_source": "authored",
        "tables": {
            "applications": "<table><tr><td colspan=2>甲</td></tr><tr><td>乙</td><td>3</td></tr></table>"
        },
        "section_texts": {"overview": "本年度没有。"},
    }
    return Gold(**(facts | changes))


def case(name: str = "qingbai-2021-clean", **changes: Any) -> Case:
    return Case(name, Path(name) / "source.pdf", (gold(**changes),))


def field(path: str, raw: str, **changes: Any) -> dict[str, Any]:
    truth = gold_value(path, raw)
    return {
        "kind": truth.kind,
        "raw": raw,
        "value": truth.number,
        "unit": truth.unit,
        "page": 1,
        "box": [10.0, 20.0, 50.0, 40.0],
        "confidence": 0.99,
        "alternatives": [[raw, 0.99]],
        "review": False,
        "reasons": [],
    } | changes


def record(truth: Gold, answers: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """A record that says what `truth` says, but for `answers` (path -> field, {} to leave it out)."""
    places = {path: [PAGE_PX * edge for edge in box[1:]] for path, box in truth.boxes.items()}
    fields = {path: field(path, raw, box=places.get(path)) for path, raw in truth.fields.items()}
    fields |= {path: dict(answer) for path, answer in (answers or {}).items()}
    return {
        "kind": truth.kind,
        "form": truth.form,
        "agency": {"value": truth.agency, "review": False},
        "year": {"value": truth.year, "review": False},
        "sections": [
            {"key": key, "title": title, "text": "本年度没有。", "confidence": 0.9, "review": False}
            for key, title in truth.sections.items()
        ],
        "fields": {path: answer for path, answer in fields.items() if answer},
        "tables": [
            {"key": "applications", "pages": [1], "rows": 2, "cols": 2, "cells": CELLS, "confidence": 0.9}
        ],
        "checks": [],
        "source": {"pages": [{"page": n, "width": PAGE_PX, "height": PAGE_PX} for n in (1, 2)]},
        "timing_s": {"ocr": 1.0, "total": 2.0},
    }


FACTS = Facts(
    nianbao="0.1.0",
    commit=None,
    code="c" * 64,
    engine="fake",
    weights="w" * 64,
    settings={},
    gold="g" * 64,
    cases_folder="cases",
    cases=("a",),
    machine={"processor": "p", "cores": 2, "system": "s", "python": "3"},
    jobs=1,
    seconds=2.0,
    peak_memory_mb=100.0,
)


def run_of(*parts: Rows, folder: Path = Path("run"), facts: Facts = FACTS) -> Run:
    rows = join(parts)
    return Run(folder, facts.to_json(), rows, summarise(rows, facts))


def scored(one: Case, answers: Mapping[str, Mapping[str, Any]] | None = None) -> Rows:
    return case_rows(one, [record(one.gold, answers)], 2.0, None)
