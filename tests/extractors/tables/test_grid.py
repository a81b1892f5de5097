"""Laws of `tile`: perfect evidence gives the tiling back, any evidence gives a tiling."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from extractors.tables.grid import Span, tile

Spans = list[tuple[int, int, int, int]]


@st.composite
def tilings(draw: st.DrawFn, most: int = 9) -> tuple[int, int, Spans]:
    """A random grid filled with rectangles, pinwheels included."""
    n_rows, n_cols = draw(st.integers(1, most)), draw(st.integers(1, most))
    taken = np.zeros((n_rows, n_cols), dtype=bool)
    spans: Spans = []
    for row, col in np.ndindex(n_rows, n_cols):
        if taken[row, col]:
            continue
        free = int(np.argmax(np.append(taken[row, col:], True)))
        width = draw(st.integers(1, free))
        height = draw(st.integers(1, n_rows - row))
        taken[row : row + height, col : col + width] = True
        spans.append((row, row + height, col, col + width))
    return n_rows, n_cols, spans


def evidence(n_rows: int, n_cols: int, spans: Spans) -> tuple[np.ndarray, np.ndarray]:
    """Support 1 on every edge of the spans' outlines, 0 inside them."""
    h, v = np.zeros((n_rows + 1, n_cols)), np.zeros((n_rows, n_cols + 1))
    for row0, row1, col0, col1 in spans:
        h[[row0, row1], col0:col1] = 1
        v[row0:row1, [col0, col1]] = 1
    return h, v


def borders(spans: list[Span]) -> Spans:
    return [(s[0], s[1], s[2], s[3]) for s in spans]


def covered(n_rows: int, n_cols: int, spans: list[Span]) -> np.ndarray:
    count = np.zeros((n_rows, n_cols), dtype=int)
    for row0, row1, col0, col1, _ in spans:
        count[row0:row1, col0:col1] += 1
    return count


def any_support() -> st.SearchStrategy[tuple[np.ndarray, np.ndarray]]:
    unit = st.floats(0, 1)
    sizes = st.tuples(st.integers(1, 6), st.integers(1, 6))
    return sizes.flatmap(
        lambda s: st.tuples(
            arrays.arrays(np.float64, (s[0] + 1, s[1]), elements=unit),
            arrays.arrays(np.float64, (s[0], s[1] + 1), elements=unit),
        )
    )


@given(tilings())
@settings(deadline=None)
def test_perfect_evidence_gives_the_tiling_back(tiling: tuple[int, int, Spans]) -> None:
    n_rows, n_cols, spans = tiling
    found = tile(*evidence(n_rows, n_cols, spans))
    assert borders(found) == sorted(spans)
    assert all(span.structure > 0.99 for span in found)


@given(tilings(), st.floats(0, 0.4))
@settings(deadline=None)
def test_faint_but_consistent_evidence_gives_the_tiling_back(
    tiling: tuple[int, int, Spans], doubt: float
) -> None:
    n_rows, n_cols, spans = tiling
    h, v = evidence(n_rows, n_cols, spans)
    faint_h, faint_v = (doubt + side * (1 - 2 * doubt) for side in (h, v))
    assert borders(tile(faint_h, faint_v)) == sorted(spans)


@given(any_support())
@settings(deadline=None, max_examples=200)
def test_any_evidence_tiles(support: tuple[np.ndarray, np.ndarray]) -> None:
    h, v = support
    found = tile(h, v)
    assert (covered(v.shape[0], h.shape[1], found) == 1).all()
    assert all(0 <= span.structure <= 1 for span in found)


@given(tilings(6), st.integers(0, 10_000))
@settings(deadline=None)
def test_transposed_evidence_gives_the_transposed_tiling_where_nothing_conflicts(
    tiling: tuple[int, int, Spans], seed: int
) -> None:
    n_rows, n_cols, spans = tiling
    h, v = evidence(n_rows, n_cols, spans)
    noise = np.random.default_rng(seed)
    h = np.abs(h - noise.uniform(0, 0.45, h.shape))
    v = np.abs(v - noise.uniform(0, 0.45, v.shape))
    turned = {(s.row0, s.row1, s.col0, s.col1): s.structure for s in tile(v.T, h.T)}
    for span in tile(h, v):
        assert turned[span.col0, span.col1, span.row0, span.row1] == pytest.approx(span.structure)


@given(st.integers(2, 8), st.integers(2, 8), st.data())
@settings(deadline=None)
def test_one_lost_edge_of_a_long_border_is_restored(n_rows: int, n_cols: int, data: st.DataObject) -> None:
    """Rows that are single wide cells: the border between two is n_cols unit edges, one of them lost."""
    h, v = evidence(n_rows, n_cols, [(r, r + 1, 0, n_cols) for r in range(n_rows)])
    lost = data.draw(st.tuples(st.integers(1, n_rows - 1), st.integers(0, n_cols - 1)))
    h[lost] = 0.2
    assert len(tile(h, v)) == n_rows


def test_a_leak_between_a_merged_and_a_single_cell_is_closed_at_the_faint_edge() -> None:
    """A header over three columns leaks into the middle cell below: the header stays whole."""
    spans = [(0, 1, 0, 3), (1, 2, 0, 1), (1, 2, 1, 2), (1, 2, 2, 3)]
    h, v = evidence(2, 3, spans)
    h[1, 1] = 0.4
    found = tile(h, v)
    assert borders(found) == spans
    assert found[2].structure == pytest.approx(0.4, abs=0.001)
    assert found[1].structure > 0.99


def test_a_shape_is_filled_where_a_ghost_line_runs_into_a_merged_cell() -> None:
    spans = [(0, 2, 0, 2), (0, 2, 2, 3)]
    h, v = evidence(2, 3, spans)
    h[1], v[:, 1] = [0.6, 0.1, 0.0], [0.6, 0.1]
    found = tile(h, v)
    assert borders(found) == spans
    assert found[0].structure < 0.9


def test_doubt_on_an_edge_is_the_doubt_of_both_its_cells_and_no_other() -> None:
    spans = [(r, r + 1, c, c + 1) for r in range(3) for c in range(3)]
    h, v = evidence(3, 3, spans)
    v[1, 1] = 0.7
    doubtful = [borders([s])[0] for s in tile(h, v) if s.structure < 0.99]
    assert doubtful == [(1, 2, 0, 1), (1, 2, 1, 2)]


def test_the_outer_frame_is_not_asked() -> None:
    h, v = evidence(2, 2, [(0, 1, 0, 2), (1, 2, 0, 1), (1, 2, 1, 2)])
    h[[0, -1]], v[:, [0, -1]] = 0, 0
    found = tile(h, v)
    assert borders(found) == [(0, 1, 0, 2), (1, 2, 0, 1), (1, 2, 1, 2)]
    assert all(span.structure > 0.99 for span in found)


@pytest.mark.parametrize(
    ("h", "v"),
    [
        pytest.param(np.zeros((3, 2)), np.zeros((3, 3)), id="rows-disagree"),
        pytest.param(np.zeros((3, 2)), np.zeros((2, 2)), id="columns-disagree"),
        pytest.param(np.zeros((1, 2)), np.zeros((0, 3)), id="no-rows"),
        pytest.param(np.zeros((3, 0)), np.zeros((2, 1)), id="no-columns"),
        pytest.param(np.full((2, 1), 1.5), np.zeros((1, 2)), id="above-one"),
        pytest.param(np.full((2, 1), np.nan), np.zeros((1, 2)), id="not-a-number"),
    ],
)
def test_evidence_that_is_no_grid_is_refused(h: np.ndarray, v: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"grid|probability"):
        tile(h, v)
