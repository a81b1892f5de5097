"""The run over public table sets: what it extracts, what it prints, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import pytest
from drawing import draw_table
from fakes import EmptyEngine
from PIL import Image

from eval import table_pages
from eval.peers import readers
from eval.tables import main, placed_tables

PAGE = {"page": 1, "kind": "digital", "width": 400, "height": 200, "dpi": 72.0}


def cell(row: int, col: int, text: str) -> dict[str, Any]:
    """A cell of 100 x 20 px; as points of a page of 72 dpi it is the same."""
    box = [100 * col, 20 * row, 100 * (col + 1), 20 * (row + 1)]
    return {"row": row, "col": col, "rowspan": 1, "colspan": 1, "text": text, "box": box, "bbox_pt": box}


CELLS = [cell(0, 0, "甲"), cell(0, 1, "12"), cell(1, 0, "乙"), cell(1, 1, "0")]


def extracted(*cells: dict[str, Any], error: str | None = None) -> dict[str, Any]:
    tables = (
        [{"page": 1, "box": [0, 0, 200, 40], "rows": 2, "cols": 2, "cells": list(cells)}] if cells else []
    )
    return {"pages": [PAGE], "tables": tables, "seconds": 1.0, "error": error}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A set of one budget with one table of two by two cells."""
    made = tmp_path / "sets" / "budgets"
    made.mkdir(parents=True)
    (made / "x.pdf").touch()
    table = {"page": 1, "page_size_pt": [400, 200], "bbox_pt": [0, 0, 200, 40], "n_rows": 2, "n_cols": 2}
    labels = {"physical_tables": [{**table, "cells": CELLS}]}
    (made / "x.gt.json").write_text(json.dumps(labels), encoding="utf-8")
    return made.parent


def run(folder: Path, found: dict[str, Any], *options: str) -> int:
    """Score `found` as what was extracted from the budget."""
    out = folder.parent / "out"
    target = out / "budgets" / "x.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(found), encoding="utf-8")
    return main([str(folder), "--out", str(out), "--set", "budgets", *options])


def all_row(text: str) -> list[str]:
    (line,) = [line for line in text.splitlines() if line.startswith("│ all")]
    return [part.strip() for part in line.strip("│").split("│")][1:]


def test_a_perfect_answer_and_none(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, extracted(*CELLS)) == 0
    assert all_row(capsys.readouterr().out) == ["1", "0", "0", *["1.0000"] * 6]
    assert run(folder, extracted()) == 0
    assert all_row(capsys.readouterr().out) == ["1", "1", "0", *["0.0000"] * 6]


def test_a_document_that_failed_costs_all_its_truth_and_shows(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, extracted(error="page 1 cannot be rendered")) == 1
    said = capsys.readouterr().out
    assert "page 1 cannot be rendered" in said
    assert all_row(said)[1:4] == ["1", "0", "0.0000"]


def test_broken_labels_end_the_run(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "budgets" / "x.gt.json").write_text("{", encoding="utf-8")
    assert run(folder, extracted(*CELLS)) == 2
    assert "x.gt.json" in capsys.readouterr().out.replace("\n", "")


def test_a_folder_without_sets_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert "holds none of" in capsys.readouterr().out


def test_ctdar_pages_are_scored_by_relations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = tmp_path / "sets" / "ctdar"
    made.mkdir(parents=True)
    (made / "x.jpg").touch()
    (made / "x.xml").write_text(
        '<document><table><Coords points="0,0 200,40"/>'
        '<cell id="0" neighbors="1:R"><Coords points="10,5 90,15"/></cell>'
        '<cell id="1" neighbors="0:L"><Coords points="110,5 190,15"/></cell></table></document>',
        encoding="utf-8",
    )
    target = tmp_path / "out" / "ctdar" / "x.json"
    target.parent.mkdir(parents=True)
    target.write_text(json.dumps(extracted(*CELLS)), encoding="utf-8")
    assert main([str(made.parent), "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert all_row(said) == ["2", "2", "1", "1", "1", "1.0000", "1.0000", "1.0000"]
    assert "1 of 1 pages without an error" in said


def test_a_drawn_page_gives_its_table_in_display_pixels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_pages, "_engine", EmptyEngine)
    spans = [(0, 1, 0, 2), (1, 2, 0, 1), (1, 2, 1, 2), (2, 3, 0, 1), (2, 3, 1, 2)]
    drawn = draw_table(spans, [200, 300], [60, 60, 60], {})
    picture = tmp_path / "page.png"
    assert cv2.imwrite(str(picture), drawn.image)
    target = tmp_path / "out" / "page.json"
    table_pages.save_tables(picture, target)
    found = json.loads(target.read_text(encoding="utf-8"))
    (placed,) = placed_tables(found)
    assert sorted(c.span for c in placed.table.cells) == sorted(spans)
    assert found["error"] is None
    assert (found["pages"][0]["height"], found["pages"][0]["width"]) == drawn.image.shape[:2]
    left = min(c.box.x0 for c in placed.table.cells if c.box) * drawn.image.shape[1]
    right = max(c.box.x1 for c in placed.table.cells if c.box) * drawn.image.shape[1]
    assert right - left == pytest.approx(500, abs=6)


def test_pages_read_as_pictures_keep_their_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_pages, "_engine", EmptyEngine)
    spans = [(r, r + 1, c, c + 1) for r in range(3) for c in range(2)]
    sheet = Image.new("L", (1654, 2339), 255)  # A4 at 200 dpi
    sheet.paste(Image.fromarray(draw_table(spans, [200, 300], [60, 60, 60], {}).image), (400, 600))
    sheet.save(tmp_path / "x.pdf", save_all=True, append_images=[sheet, sheet], resolution=200)
    found = table_pages.tables_of(tmp_path / "x.pdf", pictured=[3, 1])
    assert found["error"] is None
    assert [(page["page"], page["kind"]) for page in found["pages"]] == [(3, "scan"), (1, "scan")]
    assert [(table["page"], table["rows"], table["cols"]) for table in found["tables"]] == [
        (3, 3, 2),
        (1, 3, 2),
    ]


def test_a_peer_stands_in_for_ours_on_pictures_only_and_keeps_its_own_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another reader that finds nothing misses the table, and what ours found is left as it was."""
    monkeypatch.setattr(table_pages, "_engine", EmptyEngine)
    monkeypatch.setattr(readers, "nothing", lambda: lambda page, engine: (), raising=False)
    made = tmp_path / "sets" / "budgets"
    made.mkdir(parents=True)
    sheet = Image.new("L", (1654, 2339), 255)
    sheet.paste(
        Image.fromarray(draw_table([(0, 1, 0, 1), (0, 1, 1, 2)], [200, 300], [60], {}).image), (400, 600)
    )
    for name in ("x", "y"):
        sheet.save(made / f"{name}.pdf", resolution=200)
        table = {
            "page": 1,
            "page_size_pt": [595, 842],
            "bbox_pt": [144, 216, 324, 238],
            "n_rows": 1,
            "n_cols": 2,
        }
        labels = {"physical_tables": [{**table, "cells": CELLS[:2]}]}
        (made / f"{name}.gt.json").write_text(json.dumps(labels), encoding="utf-8")
    out = tmp_path / "out"
    assert main([str(made.parent), "--out", str(out), "--peer", "nothing", "--every", "2"]) == 0
    assert all_row(capsys.readouterr().out)[:2] == ["1", "1"]
    assert [path.relative_to(out).as_posix() for path in out.rglob("*.json")] == [
        "nothing/budgets-pictured/x.json"
    ]
    assert main([str(made.parent), "--out", str(out), "--peer", "unknown"]) == 2


def test_what_cannot_be_opened_is_said_and_has_no_tables(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"no PDF")
    found = table_pages.tables_of(tmp_path / "x.pdf")
    assert found["tables"] == []
    assert found["error"]
