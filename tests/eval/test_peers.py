"""What peers find becomes our type of table, whatever it looks like, and never by asking our own reader."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import playa
import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parent))
from run_cases import ROW, case, field, run_of, scored

from eval.peers import readers
from eval.peers.environments import RUNNERS, PeerProcess
from eval.peers.grids import Found, cluster_rows, fragment
from eval.peers.runners.camelot_pages import page_with_text
from eval.report.peers import peers_table
from extractors.errors import EngineError
from extractors.geometry import Box
from flows.eval_commands import PEERS


def grid(rows: int, cols: int, shift: float = 0.0) -> list[Found]:
    """Cells of 40 x 20 px, their edges off by up to `shift`."""
    return [
        Found(Box(40 * c + shift, 20 * r - shift, 40 * c + 40 - shift, 20 * r + 20), f"{r}{c}")
        for r in range(rows)
        for c in range(cols)
    ]


def spans(cells: list[Found]) -> set[tuple[int, int, int, int, str]]:
    made = fragment(cells, 1)
    assert made is not None
    return {(c.row0, c.row1, c.col0, c.col1, c.text) for c in made.table.cells}


@given(st.integers(1, 4), st.integers(2, 4), st.floats(0, 1.5))
def test_edges_that_nearly_agree_are_one_line(rows: int, cols: int, shift: float) -> None:
    expected = {(r, r + 1, c, c + 1, f"{r}{c}") for r in range(rows) for c in range(cols)}
    assert spans(grid(rows, cols, shift)) == expected


def test_merged_cells_span_holes_are_blank_and_overlaps_have_one_owner() -> None:
    wide = Found(Box(0, 0, 80, 20), "甲 乙")
    rest = [cell for cell in grid(2, 2) if cell.text not in ("00", "01", "11")]
    assert spans([wide, *rest]) == {(0, 1, 0, 2, "甲乙"), (1, 2, 0, 1, "10"), (1, 2, 1, 2, "")}
    assert spans([*grid(2, 2), wide]) == spans(grid(2, 2))
    made = fragment([wide, *rest], 3)
    assert made is not None
    assert [cell.blank for cell in made.table.cells] == [False, False, True]
    assert made.page == 3
    assert len(made.xs) == made.table.n_cols + 1


def test_next_to_nothing_is_no_table() -> None:
    assert fragment([], 1) is None
    assert fragment(grid(1, 1), 1) is None


def test_values_keep_their_reading_as_candidate() -> None:
    made = fragment([Found(Box(0, 0, 40, 20), "17", 0.8), Found(Box(40, 0, 80, 20), "合计", 0.9)], 1)
    assert made is not None
    assert [cell.reading.candidates for cell in made.table.cells] == [(("17", 0.8),), ()]


def test_rows_are_clustered_by_height_and_columns_by_overlap() -> None:
    prose = Found(Box(0, 0, 400, 20), "一行文字")
    table = [
        Found(Box(100 * c + 5 * r, 40 * r + 50, 100 * c + 60, 40 * r + 70), f"{r}{c}")
        for r in range(2)
        for c in range(5)
        if (r, c) != (1, 2)
    ]
    between = Found(Box(0, 68, 30, 76), "注")
    cells = cluster_rows([prose, *table, between])
    texts = [cell.text for cell in cells]
    assert texts[:5] == ["00", "01", "02", "03", "04"]
    assert texts[-5:] == ["10", "11", "", "13", "14"]
    assert "一行文字" not in texts
    assert cluster_rows([prose]) == []


def test_a_peer_in_its_own_process_answers_page_by_page_and_its_death_is_told(tmp_path: Path) -> None:
    runner = tmp_path / "runner.py"
    runner.write_text(RUNNER, encoding="utf-8")
    process = PeerProcess(Path(sys.executable), runner, "fake")
    page = np.full((20, 20), 255, dtype=np.uint8)
    try:
        assert [process.ask(page) for _ in range(2)] == [[0], [1]]
        with pytest.raises(EngineError):
            process.ask(page)
    finally:
        process.close()


RUNNER = """
import os, sys
for n, line in enumerate(sys.stdin):
    if n == 2:
        sys.exit(1)
    assert os.path.getsize(line.strip()) > 0
    print("chatter", flush=True)
    print([n], flush=True)
"""


def test_every_peer_has_a_reader_and_pins_that_name_versions() -> None:
    assert all(callable(getattr(readers, name)) for name in PEERS)
    for peer in ("img2table", "camelot"):
        pins = (RUNNERS / f"{peer}.txt").read_text("utf-8").split()
        assert pins
        assert all("==" in pin for pin in pins)


def test_the_table_stands_ours_beside_theirs_and_the_answerer_of_zeros() -> None:
    wrong = {f"{ROW}.total": field(f"{ROW}.total", "8")}
    ours, theirs = run_of(scored(case())), run_of(scored(case(), wrong))
    lines = peers_table({"nianbao": ours, "other": theirs}).splitlines()
    assert lines[0] == "| scans | reader | fields right | not zero | TEDS | cell spans F1 |"
    assert lines[2].startswith("| clean | nianbao | 3 / 3 (100 %) | 2 / 2 (100 %) | 1.000 |")
    assert lines[3].startswith("| clean | other | 2 / 3 (66.7 %) | 1 / 2 (50.0 %) |")
    assert lines[-1].startswith("| all | 0 everywhere | 1 / 3 (33.3 %) | 0 / 2 (0 %) |")


def test_the_page_that_camelot_is_given_has_each_character_in_its_place(tmp_path: Path) -> None:
    """As the parser that camelot uses finds them; nothing of them is drawn."""
    white, size = b"\xff" * (200 * 100), (200, 100)
    words = [("总", (20.0, 10.0, 40.0, 30.0)), ("31", (60.0, 10.0, 100.0, 30.0))]
    path = tmp_path / "page.pdf"
    path.write_bytes(page_with_text(white, size, 0.5, words))
    with playa.open(path) as document:
        found = {glyph.text: glyph.bbox for glyph in document.pages[0].glyphs}
    assert found == {
        "总": pytest.approx((10, 5, 20, 15)),
        "3": pytest.approx((30, 5, 40, 15)),
        "1": pytest.approx((40, 5, 50, 15)),
    }
    page = pdfium.PdfDocument(path)[0]
    assert page.get_size() == (100.0, 50.0)
    assert np.all(page.render().to_numpy() == 255)
