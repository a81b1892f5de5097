"""The reader of cTDaR labels with neighbours."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.cases import BadCase
from eval.readers.ctdar import read_ctdar
from extractors.geometry import Box

COORDS = '<Coords points="{0},{1} {0},{3} {2},{3} {2},{1}"/>'


def cell(name: str, neighbours: str, x: int, y: int) -> str:
    coords = COORDS.format(x, y, x + 30, y + 10)
    return f'<cell id="{name}" neighbors="{neighbours}">{coords}</cell>'


CELLS = cell("0", "1:R 2:B", 0, 0) + cell("1", "0:L", 50, 0) + cell("2", "0:T", 0, 20)


def write(folder: Path, *tables: str) -> Path:
    path = folder / "page.xml"
    inner = "".join(f"<table>{COORDS.format(0, 0, 100, 50)}{cells}</table>" for cells in tables)
    path.write_text(f'<document filename="page.jpg">{inner}</document>', encoding="utf-8")
    return path


def test_boxes_and_relations(tmp_path: Path) -> None:
    first, second = read_ctdar(write(tmp_path, CELLS, cell("0", "", 5, 5)))
    assert first.box == Box(0, 0, 100, 50)
    assert first.texts["1"] == Box(50, 0, 80, 10)
    assert first.relations == {("0", "1", "right"), ("0", "2", "below")}
    assert second.relations == frozenset()


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        pytest.param("</wrong>", "mismatched tag", id="no-xml"),
        pytest.param(CELLS + cell("0", "", 0, 0), "same", id="doubled-id"),
        pytest.param(cell("", "", 0, 0), "without an id", id="no-id"),
        pytest.param(cell("0", "9:R", 0, 0), "do not exist", id="unknown-neighbour"),
        pytest.param(cell("0", "1:R", 0, 0) + cell("1", "", 50, 0), "know of each other", id="one-sided"),
        pytest.param(cell("0", "1:X", 0, 0), "neighbour '1:X'", id="unknown-direction"),
        pytest.param('<cell id="0"/>', "no Coords", id="no-coords"),
        pytest.param('<cell id="0"><Coords points="1,2"/></cell>', "no corners", id="one-corner"),
        pytest.param('<cell id="0"><Coords points="1 2"/></cell>', "no corners", id="no-comma"),
        pytest.param('<cell id="0"><Coords points="a,2 3,4"/></cell>', "could not convert", id="no-number"),
    ],
)
def test_what_is_broken_is_named(tmp_path: Path, cells: str, fault: str) -> None:
    with pytest.raises(BadCase, match=rf"page\.xml.*{fault}"):
        read_ctdar(write(tmp_path, cells))


def test_a_page_without_tables_or_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadCase, match="no table"):
        read_ctdar(write(tmp_path))
    with pytest.raises(BadCase, match=r"none\.xml"):
        read_ctdar(tmp_path / "none.xml")


@pytest.mark.shared
def test_all_labels_of_the_shared_set_can_be_read(shared_cases: Path) -> None:
    files = sorted((shared_cases / "tables" / "ctdar").glob("*.xml"))
    found = [table for path in files for table in read_ctdar(path)]
    assert (len(files), len(found)) == (75, 117)
    assert sum(len(table.texts) for table in found) == 4827
    assert sum(len(table.relations) for table in found) == 4111 + 3801
