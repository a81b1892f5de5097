"""Tables that are scored: what is taken, what is refused, and that every way in gives the same table."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from invented_tables import simple, tables

from eval.metrics.grid_table import BadTable, GridCell, GridTable, grid_table, table_from_record
from eval.metrics.html_tables import table_from_html
from extractors.geometry import Box


def as_record(table: GridTable) -> dict[str, Any]:
    cells = [
        {
            "row": c.row0,
            "col": c.col0,
            "rowspan": c.row1 - c.row0,
            "colspan": c.col1 - c.col0,
            "text": c.text,
            "header": c.header,
            "box": None,
        }
        for c in table.cells
    ]
    return {"rows": table.n_rows, "cols": table.n_cols, "cells": cells}


def as_html(table: GridTable) -> str:
    rows = [""] * table.n_rows
    for c in table.cells:
        rows[c.row0] += f'<td rowspan="{c.row1 - c.row0}" colspan="{c.col1 - c.col0}">{c.text}</td>'
    rows = [f"<tr>{row}</tr>" for row in rows]
    head, body = "".join(rows[: table.head_rows]), "".join(rows[table.head_rows :])
    return f"<table><thead>{head}</thead><tbody>{body}</tbody></table>"


@given(tables())
def test_a_table_survives_the_way_through_a_record_and_through_html(table: GridTable) -> None:
    assert table_from_record(as_record(table)) == table
    assert table_from_html(as_html(table)) == table


def test_holes_become_blank_cells() -> None:
    table = grid_table([GridCell(0, 1, 1, 2, "a"), GridCell(1, 2, 0, 1, "b")], n_cols=3)
    assert [cell.text for cell in table.cells] == ["", "a", "", "b", "", ""]
    assert (table.n_rows, table.n_cols) == (2, 3)


def test_boxes_of_a_record_are_kept() -> None:
    record = as_record(simple("a"))
    record["cells"][0]["box"] = [1, 2, 3.5, 4]
    assert table_from_record(record).cells[0].box == Box(1.0, 2.0, 3.5, 4.0)


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        pytest.param([], "without cells", id="nothing"),
        pytest.param([{"row": 0, "col": 0}, {"row": 0, "col": 0}], "overlap at row 0", id="overlap"),
        pytest.param([{"row": 0, "col": 0, "rowspan": 0}], "empty", id="empty-span"),
        pytest.param([{"row": -1, "col": 0}], "outside", id="outside"),
        pytest.param([{"col": 0}], "row", id="no-row"),
        pytest.param([{"row": "one", "col": 0}], "invalid literal", id="no-number"),
        pytest.param([{"row": 0, "col": 0, "box": [3, 0, 1, 1]}], "inside out", id="box"),
    ],
)
def test_what_is_no_table_is_refused(cells: list[dict[str, Any]], fault: str) -> None:
    with pytest.raises(BadTable, match=fault):
        table_from_record({"cells": cells})


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        pytest.param("", "no <table>", id="nothing"),
        pytest.param("<table></table>", "without cells", id="no-cells"),
        pytest.param("<table><tr><td colspan='0'></td></tr></table>", "span of '0'", id="zero-span"),
        pytest.param("<table><tr><td colspan='9999999'></td></tr></table>", "span of", id="huge-span"),
        pytest.param("<table><td>a</td></table>", "outside a row", id="no-row"),
        pytest.param("<table><tr><td><table></table></td></tr></table>", "within a table", id="nested"),
    ],
)
def test_html_that_is_no_table_is_refused(html: str, fault: str) -> None:
    with pytest.raises(BadTable, match=fault):
        table_from_html(html)


def test_html_is_read_as_browsers_do() -> None:
    """Left-out end tags, spans over the table's end, th, entities, inline tags, and a second table."""
    html = (
        "<p>before</p><table><tr><th>a&amp;b<th>c<tr><td rowspan=5><b>d</b>e<br/></td><td>f</table>"
        "<table><tr><td>second</td></tr></table>"
    )
    table = table_from_html(html)
    assert [(c.span, c.text, c.header) for c in table.cells] == [
        ((0, 1, 0, 1), "a&b", True),
        ((0, 1, 1, 2), "c", True),
        ((1, 2, 0, 1), "de", False),
        ((1, 2, 1, 2), "f", False),
    ]


def test_texts_are_normalised_as_fields_are() -> None:
    table = simple("１２ 0|——| 甲\n局").normalised()  # noqa: RUF001
    assert [cell.text for cell in table.cells] == ["120", "-", "甲局"]
