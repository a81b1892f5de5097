"""The pure parts of the benchmark: what counts as an error, what kind of page it is, what the table says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.bench import Measured, bag_error, kind_of, markdown, summary


@given(st.text(alphabet="一二三0123", min_size=1), st.randoms())
def test_the_truth_in_any_order_has_no_error(text: str, random) -> None:
    shuffled = list(text)
    random.shuffle(shuffled)
    assert bag_error("".join(shuffled), text) == 0.0


def test_omissions_and_inventions_cost_alike() -> None:
    assert bag_error("", "四个字符") == 1.0
    assert bag_error("四个字", "四个字符") == pytest.approx(0.25)
    assert bag_error("四个字符了", "四个字符") == pytest.approx(0.25)


def test_a_page_without_tables_is_text() -> None:
    assert kind_of([]) == "text"


def test_times_ours_is_theirs_over_ours() -> None:
    results = [Measured("text", "nianbao", 2.0, 0.01), Measured("text", "PaddleOCR", 3.0, None)]
    assert summary(results) == [
        ("text", "nianbao", "1", "2.00", "1.00", "1.00 %"),
        ("text", "PaddleOCR", "1", "3.00", "1.50", "–"),
    ]


def test_markdown_has_a_row_per_reader() -> None:
    rows = summary([Measured("text", "nianbao", 2.0, None)])
    assert markdown(rows, ["a note"]).splitlines()[2:] == [
        "| text | nianbao | 1 | 2.00 | 1.00 | – |",
        "",
        "- a note",
    ]
