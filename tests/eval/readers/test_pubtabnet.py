"""The reader of PubTabNet's lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.cases import BadCase
from eval.metrics.teds import teds, teds_html
from eval.readers.pubtabnet import HtmlLabel, read_pubtabnet

STRUCTURE = [
    *("<thead>", "<tr>", "<td", ' colspan="2"', ">", "</td>", "</tr>", "</thead>"),
    *("<tbody>", "<tr>", "<td>", "</td>", "<td>", "</td>", "</tr>", "</tbody>"),
]


def label(structure: list[str], *contents: list[str]) -> dict[str, Any]:
    cells = [{"tokens": tokens} for tokens in contents]
    return {
        "filename": "x.png",
        "split": "val",
        "html": {"structure": {"tokens": structure}, "cells": cells},
    }


GOOD = label(STRUCTURE, ["<b>", "h", "</b>"], ["p", "<", "1"], [])


def read(folder: Path, *lines: Any) -> list[HtmlLabel]:
    path = folder / "x.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts), encoding="utf-8")
    return list(read_pubtabnet(path))


def test_contents_are_put_into_the_structure(tmp_path: Path) -> None:
    (found,) = read(tmp_path, GOOD)
    assert (found.filename, found.split) == ("x.png", "val")
    assert found.html == (
        '<table><thead><tr><td colspan="2"><b>h</b></td></tr></thead>'
        "<tbody><tr><td>p&lt;1</td><td></td></tr></tbody></table>"
    )
    assert [(c.span, c.text, c.header) for c in found.table.cells] == [
        ((0, 1, 0, 2), "h", True),
        ((1, 2, 0, 1), "p<1", False),
        ((1, 2, 1, 2), "", False),
    ]


def test_a_label_scores_one_against_itself(tmp_path: Path) -> None:
    (found,) = read(tmp_path, GOOD)
    assert teds_html(found.html, found.html) == teds(found.table, found.table) == 1.0


def test_lines_are_counted_and_blank_ones_passed_over(tmp_path: Path) -> None:
    with pytest.raises(BadCase, match=r"x\.jsonl:3: .*more cells"):
        read(tmp_path, GOOD, "", label(STRUCTURE, []))


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        pytest.param("{", "JSONDecodeError", id="no-json"),
        pytest.param({"filename": "x"}, "KeyError", id="no-html"),
        pytest.param([], "TypeError", id="no-object"),
        pytest.param(label(STRUCTURE, [], [], [], []), "fewer cells than the 4", id="contents-left-over"),
        pytest.param(label(["<td>", "</td>"], []), "outside a row", id="no-row"),
    ],
)
def test_what_is_broken_is_named(tmp_path: Path, line: Any, fault: str) -> None:
    with pytest.raises(BadCase, match=rf"x\.jsonl:1: .*{fault}"):
        read(tmp_path, line)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadCase, match=r"none\.jsonl"):
        list(read_pubtabnet(tmp_path / "none.jsonl"))
