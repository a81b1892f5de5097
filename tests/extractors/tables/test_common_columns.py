"""Column lines of several fragments on one set of columns: nothing falls together that is two on one page."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from extractors.document import Cell, Fragment, PageInfo, PageReading, Part, Reading, Table
from extractors.forms import load
from extractors.geometry import Box
from extractors.tables.common_columns import common_columns
from extractors.tables.join import join_tables
from extractors.tables.merge import merge_fragments

FORMS = load()
SAME = 0.015


def test_lines_that_agree_are_one_and_the_rest_stay() -> None:
    width, columns = common_columns([(0.0, 0.3, 0.8, 1.0), (0.0, 0.31, 1.0)], SAME)
    assert (width, columns) == (3, ((0, 1, 2, 3), (0, 1, 3)))


def test_two_near_lines_of_one_fragment_stay_two_beside_one_of_the_other() -> None:
    width, columns = common_columns([(0.0, 0.5, 1.0), (0.0, 0.495, 0.508, 1.0)], SAME)
    assert (width, columns) == (3, ((0, 1, 3), (0, 1, 2, 3)))


def test_a_sliver_at_the_frame_stays_a_column() -> None:
    width, columns = common_columns([(0.0, 0.5, 1.0), (0.0, 0.99, 1.0)], SAME)
    assert (width, columns) == (3, ((0, 1, 3), (0, 2, 3)))


LINES = st.lists(st.integers(1, 199), max_size=9).map(lambda xs: (0.0, *(x / 200 for x in sorted(xs)), 1.0))
"""Column lines on a coarse raster, so that many nearly coincide and some are there twice."""


@given(st.lists(LINES, min_size=1, max_size=4))
def test_every_line_of_a_fragment_keeps_a_place_of_its_own(fragments: list[tuple[float, ...]]) -> None:
    width, columns = common_columns(fragments, SAME)
    for lines, numbers in zip(fragments, columns, strict=True):
        assert len(numbers) == len(lines)
        assert (numbers[0], numbers[-1]) == (0, width)
        assert all(left < right for left, right in pairwise(numbers))
    assert {number for numbers in columns for number in numbers} == set(range(width + 1))


TEXTS = st.sampled_from(["", "0", "17", "（四）无", "法提供", "（七）总计", "2.没有现成信息需要另行制作"])


def parts_of(draw: st.DrawFn, count: int) -> list[tuple[int, int]]:
    """`count` grid units cut into spans anyhow."""
    cuts = draw(st.sets(st.integers(1, count - 1))) if count > 1 else set()
    return list(pairwise([0, *sorted(cuts), count]))


@st.composite
def fragments(draw: st.DrawFn) -> Fragment:
    """A page's part of a table of any column lines, with cells merged both ways, labels and values anyhow."""
    xs = tuple(1000.0 * x for x in draw(LINES))
    ys = tuple(40.0 * row for row in range(draw(st.integers(2, 5))))
    cells = []
    for left, right in parts_of(draw, len(xs) - 1):
        for top, bottom in parts_of(draw, len(ys) - 1):
            for start, end in parts_of(draw, right - left):
                text = draw(TEXTS)
                part = Part(1, Box(xs[left + start], ys[top], xs[left + end], ys[bottom]))
                cells.append(
                    Cell(top, bottom, left + start, left + end, Reading(text, 0.9), (part,), blank=not text)
                )
    edges = st.one_of(st.just(()), st.tuples(*[st.sampled_from([0.1, 0.9])] * (len(xs) - 1)))
    return Fragment(
        1,
        Box(xs[0], ys[0], xs[-1], ys[-1]),
        Table(len(ys) - 1, len(xs) - 1, tuple(cells)),
        xs,
        ys,
        open_top=draw(st.booleans()),
        open_bottom=draw(st.booleans()),
        top_edges=draw(edges),
        bottom_edges=draw(edges),
    )


@given(st.lists(fragments(), min_size=1, max_size=4))
def test_any_fragments_make_a_whole_table_that_keeps_every_text(chain: list[Fragment]) -> None:
    table = merge_fragments(chain, [0] * len(chain), FORMS)  # Table itself refuses holes and overlaps
    printed = "".join(cell.text for part in chain for cell in part.table.cells)
    assert sorted("".join(cell.text for cell in table.cells)) == sorted(printed)


def on_page(part: Fragment, number: int) -> PageReading:
    cells = tuple(replace(c, parts=(Part(number, c.parts[0].box),)) for c in part.table.cells)
    moved = replace(part, page=number, table=replace(part.table, cells=cells))
    info = PageInfo(number, "scan", 1200, 1700, 150.0, work_width=1200, work_height=1700)
    return PageReading(info, (), (moved,))


@given(st.lists(fragments(), min_size=1, max_size=4))
def test_no_fragments_can_stop_the_joiner(chain: list[Fragment]) -> None:
    joined = join_tables([on_page(part, number) for number, part in enumerate(chain, 1)], FORMS)
    assert [fragment.page for table in joined for fragment in table.fragments] == list(
        range(1, len(chain) + 1)
    )
