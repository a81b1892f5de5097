"""Before anything is printed: figures add up, tables are cut where asked, every answer is there once."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest

from eval.generate.content.authored import read_sample
from eval.generate.content.figures import applications, as_printed, litigation
from eval.generate.content.invent import invent
from eval.generate.spec import Sample
from eval.generate.typeset.blocks import Grid
from eval.generate.typeset.compose import compose, form_of
from eval.generate.typeset.docx import blocks_docx
from eval.generate.typeset.html import blocks_html
from eval.generate.typeset.places import key_colours
from eval.generate.typeset.tables import table_html, whole_grids
from extractors.forms import Form, load

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
FORMS = {form.id: form for form in load()}
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def sample_named(name: str) -> Sample:
    return read_sample(SAMPLES / name / "sample.toml")


def grids(sample: Sample) -> list[Grid]:
    return [block for block in compose(sample) if isinstance(block, Grid)]


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_totals_are_worked_out(form: Form) -> None:
    layout = form.table("applications").layout
    values = applications(layout, {"new_received": (5, 2), "results.granted": (3, 1), "carried_over": (1,)})
    assert values["applications.new_received.total"] == 7
    assert values["applications.results.total.total"] == 4
    assert values["applications.carried_forward.natural_person"] == 3
    assert values["applications.carried_forward.total"] == 4
    printed = as_printed(form, 0, {**values, **litigation(reconsideration=(1, 2))})
    assert printed["review_litigation.reconsideration.total"] == "3"
    assert set(layout.paths) <= set(printed)


def test_impossible_figures_are_refused() -> None:
    layout = FORMS["2021"].table("applications").layout
    with pytest.raises(KeyError):
        applications(layout, {"results.no_such_row": (1,)})
    with pytest.raises(ValueError, match="more answered"):
        applications(layout, {"results.granted": (1,)})
    with pytest.raises(KeyError):
        as_printed(FORMS["2021"], 0, {"applications.no.such": 1})


@pytest.mark.parametrize("seed", range(24))
def test_every_answer_is_printed_once_by_both_engines(seed: int) -> None:
    sample = invent(seed)
    assert sample == invent(seed)
    key = key_colours(sample.values)
    html = blocks_html(compose(sample), sample.style, key=key)
    docx = document_xml(blocks_docx(compose(sample), sample.style, key=key))
    for colour in key.values():
        assert html.count(f"background: {colour};") == 1
        assert docx.count(f"w:fill='{colour[1:]}'") == 1
    assert key_colours(sample.values) == key


@pytest.mark.parametrize("seed", range(24))
def test_grids_tile_and_fit_their_columns(seed: int) -> None:
    for grid in grids(invent(seed)):
        covered = [
            (row, col)
            for cell in grid.cells
            for row in range(cell.row, cell.row + cell.rowspan)
            for col in range(cell.col, cell.col + cell.colspan)
        ]
        assert sorted(covered) == [
            (row, col) for row in range(grid.n_rows) for col in range(len(grid.widths))
        ]
        assert sum(grid.widths) == pytest.approx(100)


def document_xml(docx: bytes) -> str:
    with zipfile.ZipFile(BytesIO(docx)) as file:
        for name in file.namelist():
            if name.endswith(".xml"):
                ElementTree.fromstring(file.read(name))  # well formed
        return file.read("word/document.xml").decode("utf-8")


def test_a_word_file_is_the_same_again_and_merges_as_the_grid_does() -> None:
    sample = sample_named("hemiao-2024-digital")
    first, again = (blocks_docx(compose(sample), sample.style) for _ in range(2))
    assert first == again
    tables = list(ElementTree.fromstring(document_xml(first)).iter(f"{WORD}tbl"))
    assert len(tables) == len(grids(sample))
    for table, grid in zip(tables, grids(sample), strict=True):
        down = sum(cell.rowspan > 1 for cell in grid.cells)
        restarts = [merge for merge in table.iter(f"{WORD}vMerge") if merge.get(f"{WORD}val") == "restart"]
        assert len(restarts) == down
        assert len(list(table.iter(f"{WORD}tr"))) == grid.n_rows


def test_a_merged_label_is_cut_where_asked() -> None:
    sample = sample_named("yanbei-2023-clean")
    html = blocks_html(compose(sample), sample.style)
    assert "（四）无<" in html
    assert ">法提供<" in html
    whole = replace(sample, style=replace(sample.style, breaks={}))
    assert "（四）无法提供<" in blocks_html(compose(whole), whole.style)


@pytest.mark.parametrize("row", [3, 4, 12, 25, 27])
@pytest.mark.parametrize("repeat", [False, True])
def test_a_cut_table_keeps_its_rows(row: int, repeat: bool) -> None:
    sample = sample_named("hemiao-2024-digital")
    style = replace(sample.style, breaks={"applications": (row,)}, repeat_head=repeat)
    whole, cut = (
        grids(replace(sample, style=look)) for look in (replace(style, breaks={}, repeat_head=False), style)
    )
    assert sum(grid.n_rows for grid in cut) == sum(grid.n_rows for grid in whole) + 3 * repeat
    assert len(cut) == len(whole) + 1
    pieces = [grid for grid in cut if grid.new_page]
    assert len(pieces) == 1
    open_edges = {cell.row for cell in pieces[0].cells if cell.open_top}
    assert open_edges == ({0} if style.open_break and not repeat else set())


def test_word_leaves_a_sliver_and_web_pages_three_tables() -> None:
    sample = sample_named("huaiyindu-2020-office")
    style = replace(sample.style, sliver=True, table4="three", breaks={}, shade=None)
    bent = replace(sample, style=style)
    form = form_of(bent)
    (two,) = whole_grids(bent, form, "active_disclosure")
    assert len(two.widths) == 5
    assert min(two.widths) < 1
    assert [cell.path for cell in two.cells if cell.path] == list(
        form.table("active_disclosure").layout.paths
    )
    narrow = {
        cell.path
        for cell in two.cells
        if cell.path and two.widths[cell.col : cell.col + cell.colspan] == (0.6,)
    }
    assert narrow == set()
    assert len(whole_grids(bent, form, "review_litigation")) == 3
    html = table_html(whole_grids(bent, form, "review_litigation"))
    assert re.findall(r'<td colspan="5">([^<]*)', html) == ["行政复议", "未经复议直接起诉", "复议后起诉"]
    assert len(re.findall(r"<td>0</td>", html)) == 15
