"""TEDS by hand: what is a node, what an edit costs, and that the distance is the cheapest one."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_tables import simple

from eval.metrics.grid_table import BadTable, GridCell, grid_table
from eval.metrics.teds import teds, teds_html
from eval.metrics.tree_edit import Postorder, tree_distance

Tree = tuple[str, tuple["Tree", ...]]

trees = st.recursive(
    st.tuples(st.sampled_from("ab"), st.just(())),
    lambda inner: st.tuples(st.sampled_from("ab"), st.lists(inner, max_size=3).map(tuple)),
    max_leaves=4,
)


def numbered(tree: Tree) -> tuple[list[int], list[str]]:
    """Leftmost leaves and labels in postorder."""
    first: list[int] = []
    labels: list[str] = []

    def visit(node: Tree) -> int:
        leaves = [visit(child) for child in node[1]]
        first.append(leaves[0] if leaves else len(first))
        labels.append(node[0])
        return first[-1]

    visit(tree)
    return first, labels


def distance(a: Tree, b: Tree) -> float:
    (a_first, a_labels), (b_first, b_labels) = numbered(a), numbered(b)
    rename = np.array([[float(x != y) for y in b_labels] for x in a_labels])
    return tree_distance(Postorder(tuple(a_first)), Postorder(tuple(b_first)), rename)


@cache
def by_definition(a: tuple[Tree, ...], b: tuple[Tree, ...]) -> float:
    """The distance of two forests from its recursion: what happens to the last root of either."""
    if not a or not b:
        return float(sum(1 + by_definition(tree[1], ()) for tree in (*a, *b)))
    (x, below_x), (y, below_y) = a[-1], b[-1]
    return min(
        by_definition((*a[:-1], *below_x), b) + 1,
        by_definition(a, (*b[:-1], *below_y)) + 1,
        by_definition(a[:-1], b[:-1]) + by_definition(below_x, below_y) + (x != y),
    )


@given(trees, trees)
def test_the_distance_is_the_one_of_the_definition(a: Tree, b: Tree) -> None:
    assert distance(a, b) == by_definition((a,), (b,))


@given(trees, trees, trees)
def test_the_distance_is_a_metric(a: Tree, b: Tree, c: Tree) -> None:
    assert distance(a, b) == distance(b, a)
    assert distance(a, c) <= distance(a, b) + distance(b, c)
    assert (distance(a, b) == 0) == (a == b)


def test_a_wrong_digit_costs_its_share_of_the_text_of_one_node() -> None:
    gold = simple("甲|120", "乙|7")  # tbody, 2 tr, 4 td: 7 nodes
    assert teds(simple("甲|12", "乙|7"), gold) == pytest.approx(1 - (1 / 3) / 7)


def test_a_lost_row_costs_its_nodes() -> None:
    assert teds(simple("a|b"), simple("a|b", "c|d")) == pytest.approx(1 - 3 / 7)


def test_a_span_not_seen_costs_a_renaming_and_the_cells_put_in_its_place() -> None:
    wide = grid_table([GridCell(0, 1, 0, 2, "a"), GridCell(1, 2, 0, 1), GridCell(1, 2, 1, 2)])
    got = simple("a|", "|")
    assert teds(got, wide) == pytest.approx(1 - 2 / 7)
    assert teds(got, wide, structure_only=True) == pytest.approx(1 - 2 / 7)


def test_a_head_counts_only_where_both_mark_one() -> None:
    marked, plain = simple("h", "b", heads=1), simple("h", "b")
    assert teds(plain, marked) == 1.0
    assert teds(simple("h", "b", "c", heads=2), simple("h", "b", "c", heads=1)) < 1.0


CELLS = "<tr><td><b>ab</b></td><td>c</td></tr>"


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        pytest.param(f"<table><tbody>{CELLS}</tbody></table>", 1.0, id="perfect"),
        # The truth has tbody, tr, two td and the b inside one of them: 5 nodes.
        pytest.param("<table><tbody><tr><td>ab</td><td>c</td></tr></tbody></table>", 1 - 0.5 / 5, id="bold"),
        pytest.param(f"<table><thead>{CELLS}</thead></table>", 1 - 1 / 5, id="thead-for-tbody"),
        pytest.param(f"<table>{CELLS}</table>", 1 - 1 / 5, id="no-tbody"),
        pytest.param(
            "<table><tbody><tr><td colspan='2'><b>ab</b></td></tr></tbody></table>", 1 - 2 / 5, id="merged"
        ),
        pytest.param("<p>no table</p>", 0.0, id="no-table"),
        pytest.param("<table><tbody><tr><td rowspan='x'>a</td></tr></tbody></table>", 0.0, id="broken"),
        pytest.param(None, 0.0, id="nothing"),
    ],
)
def test_html_is_compared_as_published_for_pubtabnet(got: str | None, expected: float) -> None:
    gold = f"<html><body><table><tbody>{CELLS}</tbody></table></body></html>"
    assert teds_html(got, gold) == pytest.approx(expected)


def test_gold_without_a_table_is_an_error() -> None:
    with pytest.raises(BadTable, match="no <table>"):
        teds_html("<table><tr><td></td></tr></table>", "nothing")


def test_trees_that_share_nothing_score_zero_and_not_less() -> None:
    wide = "<table><tr>" + "<td>a</td>" * 9 + "</tr></table>"
    tall = "<table>" + "<tr><td rowspan='1'>bbb</td></tr>" * 2 + "</table>"
    assert 0.0 <= teds_html(wide, tall) < 0.3
