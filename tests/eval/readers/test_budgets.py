"""The reader of the budgets' labels."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval.cases import BadCase
from eval.readers.budgets import read_budget
from extractors.geometry import Box


def cell(row: int, col: int, text: str, colspan: int = 1) -> dict[str, Any]:
    box = [100 * col, 20 * row, 100 * (col + colspan), 20 * (row + 1)]
    return {"row": row, "col": col, "rowspan": 1, "colspan": colspan, "text": text, "bbox_pt": box}


LABELS: dict[str, Any] = {
    "physical_tables": [
        {
            "page": 3,
            "page_size_pt": [400, 200],
            "bbox_pt": [0, 0, 200, 40],
            "n_rows": 2,
            "n_cols": 2,
            "cells": [cell(0, 0, "收入", 2), cell(1, 0, "甲"), cell(1, 1, "2,940.05")],
        }
    ]
}


def write(folder: Path, labels: Any) -> Path:
    path = folder / "x.gt.json"
    path.write_text(labels if isinstance(labels, str) else json.dumps(labels), encoding="utf-8")
    return path


def test_a_table_with_its_place(tmp_path: Path) -> None:
    (placed,) = read_budget(write(tmp_path, LABELS))
    assert (placed.page, placed.box) == (3, Box(0.0, 0.0, 0.5, 0.2))
    assert [(c.span, c.text) for c in placed.table.cells] == [
        ((0, 1, 0, 2), "收入"),
        ((1, 2, 0, 1), "甲"),
        ((1, 2, 1, 2), "2,940.05"),
    ]
    assert placed.table.cells[2].box == Box(0.25, 0.1, 0.5, 0.2)


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        pytest.param(lambda t: t["cells"].pop(), "do not tile", id="hole"),
        pytest.param(lambda t: t["cells"].append(cell(1, 1, "x")), "overlap", id="overlap"),
        pytest.param(lambda t: t.update(n_rows=3), "tile the 3x2 grid", id="other-size"),
        pytest.param(lambda t: t.pop("page_size_pt"), "page_size_pt", id="no-page-size"),
        pytest.param(lambda t: t.update(cells="none"), "TypeError", id="no-list"),
    ],
)
def test_what_is_broken_is_named(tmp_path: Path, spoil: Callable[[dict[str, Any]], Any], fault: str) -> None:
    labels = copy.deepcopy(LABELS)
    spoil(labels["physical_tables"][0])
    with pytest.raises(BadCase, match=rf"x\.gt\.json.*{fault}"):
        read_budget(write(tmp_path, labels))


@pytest.mark.parametrize("text", ["{", "[]", "{}"])
def test_what_is_no_label_file_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadCase, match=r"x\.gt\.json"):
        read_budget(write(tmp_path, text))


@pytest.mark.shared
def test_all_labels_of_the_shared_set_tile_their_grids(shared_cases: Path) -> None:
    files = sorted((shared_cases / "tables" / "budgets").glob("*.gt.json"))
    found = [placed.table for path in files for placed in read_budget(path)]
    assert (len(files), len(found)) == (4, 64)
    assert sum(len(table.cells) for table in found) == 5782
    assert all((table.owners >= 0).all() for table in found)
