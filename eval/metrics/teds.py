"""TEDS: how far one table's tree is from another's, and TEDS-S, the same without texts.

Zhong, ShafieiBavani, Jimeno Yepes, "Image-based table recognition: data, model, and evaluation", ECCV 2020:

    TEDS = 1 - edit distance / max(nodes of the answer, nodes of the truth)

Nodes are table, thead, tbody, tr and td. Inserting or deleting one costs 1. Renaming costs 1 where tag, rowspan or
colspan differ, else for a td the Levenshtein distance of the contents over the longer one. As published, the nodes
counted leave the table itself out and take the inline tags of cells in, though these are compared as content.
Large tables dilute an error: one wrong digit among 260 cells costs a thousandth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from eval.metrics.grid_table import BadTable, GridTable
from eval.metrics.html_tables import HtmlNode, parse_html_table
from eval.metrics.tree_edit import Costs, Postorder, tree_distance

Label = tuple[str, int, int]  # tag, rowspan, colspan


@dataclass(frozen=True, slots=True)
class _Tree:
    order: Postorder
    labels: tuple[Label, ...]  # in postorder
    contents: tuple[tuple[str, ...], ...]  # tokens of a td; empty for all others
    counted: int  # nodes as the definition counts them


def teds(got: GridTable | None, gold: GridTable, *, structure_only: bool = False) -> float:
    """TEDS of two grids, texts compared as they are; range 0..1, 0 where there is no answer.

    Denominator: the nodes of the larger tree, so of all of the truth at least. Rows stand in a thead only where both
    tables mark header rows: an extractor that marks none is not charged for it.
    """
    if got is None:
        return 0.0
    heads = got.head_rows > 0 and gold.head_rows > 0
    return _teds(_tree(_rows(got, heads)), _tree(_rows(gold, heads)), structure_only)


def teds_html(got: str | None, gold: str, *, structure_only: bool = False) -> float:
    """TEDS of two tables in HTML, as published for PubTabNet: inline tags are content, thead and tbody count.

    Range and denominator as `teds`. An answer that holds no table scores 0; BadTable where gold holds none.
    """
    truth = parse_html_table(gold)
    try:
        answer = None if got is None else parse_html_table(got)
    except BadTable:
        return 0.0
    return 0.0 if answer is None else _teds(_tree(answer), _tree(truth), structure_only)


def _teds(got: _Tree, gold: _Tree, structure_only: bool) -> float:
    distance = tree_distance(got.order, gold.order, _rename_costs(got, gold, structure_only))
    return max(0.0, 1.0 - distance / max(got.counted, gold.counted, 1))


def _rename_costs(got: _Tree, gold: _Tree, structure_only: bool) -> Costs:
    names = {label: number for number, label in enumerate({*got.labels, *gold.labels})}
    a = np.array([names[label] for label in got.labels])
    b = np.array([names[label] for label in gold.labels])
    differ: Costs = (a[:, None] != b[None, :]).astype(np.float64)
    if structure_only:
        return differ
    contents = cdist(got.contents, gold.contents, scorer=Levenshtein.normalized_distance, dtype=np.float64)
    dearer: Costs = np.maximum(differ, contents)
    return dearer


def _rows(table: GridTable, heads: bool) -> HtmlNode:
    """The tree of a grid: one tr per row of the grid, a td for each cell that begins in it."""
    rows = [HtmlNode("tr") for _ in range(table.n_rows)]
    for cell in table.cells:
        size = (cell.row1 - cell.row0, cell.col1 - cell.col0)
        rows[cell.row0].children.append(HtmlNode("td", *size, tokens=list(cell.text)))
    cut = table.head_rows if heads else 0
    groups = [HtmlNode("thead", children=rows[:cut]), HtmlNode("tbody", children=rows[cut:])]
    return HtmlNode("table", children=[group for group in groups if group.children])


def _tree(root: HtmlNode) -> _Tree:
    first: list[int] = []
    labels: list[Label] = []
    contents: list[tuple[str, ...]] = []

    def visit(node: HtmlNode) -> int:
        """Number the nodes below `node`, then itself. Returns the number of its leftmost leaf."""
        leaves = [visit(child) for child in node.children]
        first.append(leaves[0] if leaves else len(first))
        labels.append((node.tag, node.rowspan, node.colspan))
        contents.append(tuple(node.tokens))
        return first[-1]

    visit(root)
    inline = _inline(root)
    return _Tree(Postorder(tuple(first)), tuple(labels), tuple(contents), len(labels) - 1 + inline)


def _inline(node: HtmlNode) -> int:
    return node.inline + sum(map(_inline, node.children))
