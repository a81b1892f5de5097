"""The reader of ICDAR 2013 labels: spans, offsets, boxes turned right side up, and every way to be broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.cases import BadCase
from eval.readers.icdar2013 import read_icdar2013
from extractors.geometry import Box

SIZES = {1: (200.0, 100.0)}


def box(x1: int, y1: int, x2: int, y2: int) -> str:
    return f"<bounding-box x1='{x1}' y1='{y1}' x2='{x2}' y2='{y2}'/>"


def cell(text: str, **attributes: int) -> str:
    said = " ".join(f"{name.replace('_', '-')}='{value}'" for name, value in attributes.items())
    return f"<cell {said}>{box(0, 0, 9, 9)}<content>{text}</content></cell>"


HEAD = cell("head", start_row=0, start_col=0, end_col=1)
CELLS = HEAD + cell("a", start_row=1, start_col=0) + cell("b", start_row=1, start_col=1)
REGION = f"<table id='1'><region id='1' page='1'>{box(20, 10, 120, 60)}</region></table>"


def write(folder: Path, regions: str, *structure: str) -> Path:
    path = folder / "x-str.xml"
    inner = "".join(structure) or f"<table id='1'><region id='1' page='1'>{CELLS}</region></table>"
    path.write_text(f"<document>{inner}</document>", encoding="utf-8")
    (folder / "x-reg.xml").write_text(f"<document>{regions}</document>", encoding="utf-8")
    return path


def table(cells: str, more: str = "") -> str:
    return f"<table id='1'><region id='1' page='1'>{cells}</region>{more}</table>"


def test_a_table_with_its_spans_and_place(tmp_path: Path) -> None:
    (placed,) = read_icdar2013(write(tmp_path, REGION), SIZES)
    assert [(c.span, c.text) for c in placed.table.cells] == [
        ((0, 1, 0, 2), "head"),
        ((1, 2, 0, 1), "a"),
        ((1, 2, 1, 2), "b"),
    ]
    assert (placed.page, placed.box) == (1, Box(0.1, 0.4, 0.6, 0.9))


def test_regions_are_put_side_by_side_and_counted_from_zero(tmp_path: Path) -> None:
    left = cell("a", start_row=1, start_col=1)
    right = f"<region page='1' col-increment='1'>{cell('b', start_row=1, start_col=1, col_end=2)}</region>"
    (placed,) = read_icdar2013(write(tmp_path, REGION, table(left, right)), SIZES)
    assert [(c.span, c.text) for c in placed.table.cells] == [((0, 1, 0, 1), "a"), ((0, 1, 1, 3), "b")]


def test_blank_cells_that_are_not_labelled_are_blank(tmp_path: Path) -> None:
    lone = cell("a", start_row=0, start_col=0) + cell("d", start_row=1, start_col=1)
    (placed,) = read_icdar2013(write(tmp_path, REGION, table(lone)), SIZES)
    assert [c.text for c in placed.table.cells] == ["a", "", "", "d"]


@pytest.mark.parametrize(
    ("regions", "structure", "fault"),
    [
        pytest.param(REGION, "<table", "not well-formed", id="no-xml"),
        pytest.param(REGION, "<note/>", "no table", id="no-table"),
        pytest.param("", table(CELLS), "no region or size of page for '1'", id="no-region"),
        pytest.param(REGION.replace("page='1'", "page='7'"), table(CELLS), "page for 7", id="no-such-page"),
        pytest.param(REGION.replace(box(20, 10, 120, 60), ""), table(CELLS), "no bounding-box", id="no-box"),
        pytest.param(REGION.replace("x1='20'", "x1='2O'"), table(CELLS), "invalid literal", id="no-number"),
        pytest.param(REGION, table(CELLS + CELLS), "overlap", id="overlap"),
        pytest.param(REGION, table(cell("a", start_row=0)), "no start-col", id="no-column"),
        pytest.param(
            REGION, table(cell("a", start_row=2, start_col=0, end_row=0)), "empty", id="turned-round"
        ),
    ],
)
def test_what_is_broken_is_named(tmp_path: Path, regions: str, structure: str, fault: str) -> None:
    with pytest.raises(BadCase, match=f"x-str.xml.*{fault}"):
        read_icdar2013(write(tmp_path, regions, structure), SIZES)


def test_labels_without_their_other_half_are_named(tmp_path: Path) -> None:
    path = write(tmp_path, REGION)
    path.with_name("x-reg.xml").unlink()
    with pytest.raises(BadCase, match=r"x-reg\.xml.*No such file"):
        read_icdar2013(path, SIZES)


@pytest.mark.shared
def test_all_labels_of_the_shared_set_can_be_read(shared_cases: Path) -> None:
    sizes = {page: (612.0, 792.0) for page in range(1, 100)}
    files = sorted((shared_cases / "tables" / "icdar2013-us").glob("*-str.xml"))
    found = [placed.table for path in files for placed in read_icdar2013(path, sizes)]
    assert (len(files), len(found)) == (43, 86)
    assert sum(1 for table in found for cell in table.cells if cell.text) == 10763
    assert all((table.owners >= 0).all() for table in found)
