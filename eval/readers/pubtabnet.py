"""PubTabNet: pictures of single tables, their HTML in one JSON line each.

`html.structure.tokens` is the table without contents, `html.cells[i].tokens` the content of the i-th td, with inline
tags such as <b>. A td with spans is spread over several tokens: `<td`, ` colspan="2"`, `>`, `</td>`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.cases import BadCase
from eval.metrics.grid_table import GridTable
from eval.metrics.html_tables import parse_html_table, table_from_html


@dataclass(frozen=True, slots=True)
class HtmlLabel:
    """One labelled picture. `split`: "train", "val" or "test"; `html`: the whole table, contents in place."""

    filename: str
    split: str
    html: str

    @property
    def table(self) -> GridTable:
        """The grid, cells of the thead as headers. Raises BadTable where spans overlap."""
        return table_from_html(self.html)


def read_pubtabnet(path: Path) -> Iterator[HtmlLabel]:
    """The labels of a `.jsonl`, one at a time: the whole set is 12 GB.

    Raises BadCase with the line's number for broken JSON, missing parts, contents that do not fit the cells, and
    HTML that is no table.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _label(line, f"{path}:{number}")
    except OSError as error:
        raise BadCase(f"{path}: {error}") from error


def html_of(structure: list[str], contents: list[list[str]]) -> str:
    """The HTML of a table, contents put into its structure. Raises ValueError if their numbers do not agree."""
    left = iter(contents)
    parts = []
    for token in structure:
        if token == "</td>":
            content = next(left, None)
            if content is None:
                raise ValueError(f"more cells than the {len(contents)} contents")
            parts += content
        parts.append(token)
    if next(left, None) is not None:
        raise ValueError(f"fewer cells than the {len(contents)} contents")
    return "".join(parts)


def _label(line: str, where: str) -> HtmlLabel:
    try:
        raw: dict[str, Any] = json.loads(line)
        contents = [[*map(_escaped, cell["tokens"])] for cell in raw["html"]["cells"]]
        inner = html_of(raw["html"]["structure"]["tokens"], contents)
        label = HtmlLabel(raw["filename"], raw["split"], f"<table>{inner}</table>")
        parse_html_table(label.html)  # a label that is no table is found here, not when it is scored
    except (ValueError, KeyError, TypeError) as error:
        raise BadCase(f"{where}: {error!r}") from error
    return label


def _escaped(token: str) -> str:
    """A character that HTML would take for markup; the tags among the tokens are markup."""
    return {"<": "&lt;", ">": "&gt;", "&": "&amp;"}.get(token, token)
