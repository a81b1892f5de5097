"""What a run tells beside fields: front matter, values under their headings, traps, volumes, pages laid sideways."""

from __future__ import annotations

import base64
import io
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent))

from run_cases import FACTS, case, field, gold, record, run_of

from eval.cases import Case, Gold, read_cases
from eval.metrics.html_tables import table_from_html
from eval.report.html import render
from eval.report.markdown import quality_table
from eval.report.pictures import cut_out
from eval.report.terminal import summary_table
from eval.runs.build import case_rows
from eval.runs.measure import METRICS, estimate
from eval.runs.rows import Rows, join
from eval.runs.store import read_rows, write_rows
from eval.runs.summary import summarise
from eval.runs.table_heads import label_texts, mark_headers
from eval.runs.tags import report_traits
from eval.runs.title_lines import EARLIER, LABEL, NONE, OTHER, confusion, line_of
from extractors.forms import load

FORMS = {form.id: form for form in load()}
SET = Path(__file__).resolve().parents[2] / "data" / "eval"
FRONT = {"period": "2021-01-01/2021-12-31", "phone": "0546—1754", "email": "a@example.cn"}
FOUND = {
    "period": {"value": ["2021-01-01", "2021-12-31"], "raw": "2021年1月1日至12月31日"},
    "phone": {"value": "0546-1754", "raw": "0546-1754"},
    "email": {"value": "a@example.cn", "raw": "a@example.cn"},
}


def measured(rows: Rows, name: str) -> tuple[float, float]:
    found = estimate(METRICS[name], list(rows.by_document().values()))
    return found.numerator, found.denominator


def scored(truth: Gold, **changes: Any) -> Rows:
    return case_rows(Case("a-clean", Path("a"), (truth,)), [record(truth) | changes], None, None)


def test_a_title_is_the_line_it_was_read_from() -> None:
    truth = gold(sections={"overview": "一、总体情况", "applications": "三、收到和处理政府信息公开申请情况"})
    label = "一、本年新收政府信息公开申请数量"
    assert line_of("一、总体情况", truth, FORMS["2021"]) == "overview"
    assert line_of("一、总休情况", truth, FORMS["2021"]) == "overview"
    assert line_of(label, truth, FORMS["2021"]) == LABEL
    assert line_of("附件", truth, FORMS["2021"]) == OTHER
    assert line_of("一、概述", gold(sections={}, headings=("一、概述",)), None) == EARLIER


def test_the_matrix_of_headings_holds_every_heading_of_gold_and_every_title() -> None:
    truth = gold(sections={"overview": "一、总体情况", "applications": "三、收到和处理政府信息公开申请情况"})
    sections = [
        {"key": "overview", "title": "一、总休情况"},
        {"key": "applications", "title": "一、本年新收政府信息公开申请数量"},
        {"key": "other_matters", "title": "附件"},
    ]
    rows = scored(truth, sections=sections)
    assert confusion(rows.headings) == {
        "overview": {"overview": 1},
        "applications": {NONE: 1},
        LABEL: {"applications": 1},
        OTHER: {"other_matters": 1},
    }
    assert [row.trap for row in rows.headings] == [True, False, False]
    page = render(run_of(rows), {})
    assert '<td class="n bad">1</td>' in page
    perfect = scored(truth)
    assert '<td class="n bad">1</td>' not in render(run_of(perfect), {})


def test_reports_are_sliced_by_their_traits_without_the_counts_in_them() -> None:
    truth = gold(traits=("break:applications:12", "blanks:whole_table:", "curl"), turned={2: 180, 3: 90})
    traits = ("blanks:whole_table", "break:applications", "curl", "sideways", "upside_down")
    assert report_traits(truth) == traits
    rows = scored(truth)
    plain = case_rows(Case("b-clean", Path("b"), (gold("乙局"),)), [], None, None)
    slices = summarise(join([rows, plain]), FACTS)["slices"]["trait"]
    assert tuple(slices) == traits
    assert all(one["accuracy"]["denominator"] == len(rows.fields) for one in slices.values())
    page = render(run_of(rows), {})
    assert "scan: the page is curled" in page
    assert "answers left out: whole table" in page


def test_front_matter_is_right_wrong_missed_or_invented() -> None:
    truth = gold(front_matter=FRONT)
    assert measured(scored(truth, **FOUND), "front_recall") == (3, 3)
    rows = scored(truth, period=FOUND["period"], phone={"value": "1"}, fax={"value": "2", "review": True})
    assert [(row.name, row.right, row.read) for row in rows.front] == [
        ("period", True, "2021-01-01/2021-12-31"),
        ("phone", False, "1"),
        ("fax", False, "2"),
        ("email", False, None),
    ]
    assert measured(rows, "front_recall") == (1, 3)
    assert measured(rows, "front_precision") == (1, 3)
    slices = summarise(rows, FACTS)["slices"]["front"]
    assert slices["phone"]["front_recall"]["denominator"] == 1
    assert "0546—1754" in render(run_of(rows), {})


def test_front_matter_that_nobody_labelled_is_no_invention() -> None:
    assert scored(gold(), **FOUND).front == ()


@pytest.mark.parametrize("form", sorted(FORMS))
def test_the_form_tells_headings_from_answers(form: str) -> None:
    for known in FORMS[form].tables:
        for layout in known.layouts:
            cells = {(cell.row, cell.col): cell for cell in layout.cells}
            lines = [
                "".join(
                    f"<td rowspan={cell.rowspan} colspan={cell.colspan}>{cell.label.text if cell.label else '7'}</td>"
                    for (at, _), cell in sorted(cells.items())
                    if at == row
                )
                for row in range(layout.n_rows)
            ]
            html = "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"
            marked = mark_headers(table_from_html(html), FORMS[form], known.key)
            assert [cell.text for cell in marked.cells if not cell.header] == ["7"] * len(layout.paths)


def test_the_set_s_tables_have_as_many_values_as_labels() -> None:
    odd = set()
    for one in read_cases(SET):
        for truth in one.reports:
            for key, html in truth.tables.items():
                marked = mark_headers(table_from_html(html), FORMS.get(truth.form or ""), key)
                values = sum(not cell.header for cell in marked.cells)
                if values != sum(path.startswith(f"{key}.") for path in truth.fields):
                    odd.add(one.name)
    assert odd == {"report-21-digital", "report-25-digital", "report-38-digital"}, (
        "they print a row of their own"
    )


def test_a_value_under_the_wrong_heading_is_seen() -> None:
    layout = FORMS["2021"].table("active_disclosure").layouts[0]
    cells = [
        {
            "row": cell.row,
            "col": cell.col,
            "rowspan": cell.rowspan,
            "colspan": cell.colspan,
            "text": cell.label.text if cell.label else str(number),
        }
        for number, cell in enumerate(layout.cells)
    ]
    rows = [[cell for cell in cells if cell["row"] == row] for row in range(layout.n_rows)]
    html = "".join(
        "<tr>"
        + "".join(f"<td rowspan={c['rowspan']} colspan={c['colspan']}>{c['text']}</td>" for c in row)
        + "</tr>"
        for row in rows
    )
    truth = gold(tables={"active_disclosure": f"<table>{html}</table>"})
    table = {"key": "active_disclosure", "pages": [1], "rows": layout.n_rows, "cols": layout.n_cols}
    table |= {"cells": cells, "confidence": 0.9}
    answers = len(layout.paths)
    assert measured(scored(truth, tables=[table]), "header_path") == (answers, answers)
    assert measured(scored(truth, tables=[table]), "adjacency_f1")[0] > 0
    first, second = [cell for cell, own in zip(cells, layout.cells, strict=True) if own.path][:2]
    first["text"], second["text"] = second["text"], first["text"]
    assert measured(scored(truth, tables=[table]), "header_path") == (answers - 2, answers)
    assert measured(scored(truth, tables=[]), "header_path") == (0, answers)


def test_a_row_label_taken_for_a_title_is_a_trap() -> None:
    label = "三、本年度办理结果"
    assert label in label_texts(FORMS["2021"])
    trapped = {"key": "applications", "title": label, "text": "", "confidence": 0.9, "review": False}
    rows = scored(gold(sections={"applications": "三、收到和处理政府信息公开申请情况"}), sections=[trapped])
    assert measured(rows, "trapped") == (1, 1)
    earlier = gold(form="earlier", kind="earlier_form", sections={}, headings=("一、概述",))
    found = {"key": "overview", "title": "一、概述", "text": "", "confidence": 0.9, "review": False}
    assert measured(scored(earlier, sections=[found]), "trapped") == (1, 1)
    assert measured(scored(gold()), "trapped") == (0, 1)


def test_kinds_and_bounds_are_counted_apart() -> None:
    report, earlier = gold(pages=(1, 2)), gold(form="earlier", kind="earlier_form", pages=(3, 4), fields={})
    volume = Case("v-s1", Path("v"), (report, earlier))
    first = record(report)
    second = record(earlier) | {"source": {"pages": [{"page": 3, "width": 9, "height": 9}]}}
    rows = case_rows(volume, [first, second], None, None)
    assert measured(rows, "volume_bounds") == (1, 2)
    assert measured(rows, "earlier_recall") == (1, 1)
    assert measured(rows, "report_precision") == (1, 1)
    letter = gold(form=None, kind="not_a_report", sections={}, fields={}, boxes={})
    assert measured(scored(letter, kind="report"), "paper_recall") == (0, 1)
    assert measured(scored(letter, kind="report"), "report_precision") == (0, 1)
    assert measured(scored(letter), "volume_bounds") == (0, 0)


def test_a_field_knows_how_its_page_is_turned_upright(tmp_path: Path) -> None:
    path = next(iter(gold().fields))
    truth = gold(turned={1: 90})
    pages = {"pages": [{"page": 1, "width": 9, "height": 9, "rotation": 270}]}
    rows = scored(truth, source=pages)
    assert {row.turn for row in rows.fields} == {270}
    missed = case_rows(Case("a-clean", Path("a"), (truth,)), [], None, "no_record")
    assert {row.turn for row in missed.fields} == {270}, "gold says how the scanner laid it"
    invented = scored(replace(truth, fields={}), fields={path: field(path, "3")}, source=pages)
    assert [row.turn for row in invented.fields] == [270]
    write_rows(rows, tmp_path)
    assert read_rows(tmp_path) == rows


def test_the_hand_labelled_core_stands_apart_everywhere() -> None:
    hand, authored = case("a-2021-s3", label_source="hand"), case("b-2021-s3", agency="云渡县档案局")
    run = run_of(*(case_rows(one, [record(one.gold)], 1.0, None) for one in (hand, authored)))
    core = run.summary["headline"]["core"]["accuracy"]
    assert (core["denominator"], run.summary["headline"]["all"]["accuracy"]["denominator"]) == (3, 6)
    assert "labelled by hand" in quality_table(run)
    assert "labelled by hand" in render(run, {})
    names = list(summary_table(run).columns[0].cells)
    assert "labelled by hand" in [str(name) for name in names]


@pytest.mark.parametrize(
    ("turn", "upright"), [(0, (True, 0)), (90, (False, 0)), (180, (True, 1)), (270, (False, 1))]
)
def test_the_picture_of_a_field_is_turned_upright(
    tmp_path: Path, turn: int, upright: tuple[bool, int]
) -> None:
    """A cell twice as wide as high on the page, black on its left half."""
    page = Image.new("L", (400, 400), 255)
    page.paste(0, (100, 100, 200, 200))
    page.save(tmp_path / "source.pdf", resolution=72)
    (row, *_) = scored(gold()).fields
    placed = replace(row, box=None, gold_page=1, gold_box=(0.25, 0.25, 0.75, 0.5), turn=turn)
    case_of = Case("a-clean", tmp_path / "source.pdf", (gold(),))
    (uri,) = cut_out([placed], [case_of]).values()
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.split(",")[1]))).convert("L"))
    wide = picture.shape[1] > picture.shape[0]
    first, second = np.array_split(picture, 2, axis=1 if wide else 0)
    assert (wide, int(first.mean() > second.mean())) == upright
