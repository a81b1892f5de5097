"""Boxes of values: found on the right page, at least half of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.grounding import gold_places, grounding, record_places
from eval.metrics.matches import Matches
from extractors.geometry import Box

Place = tuple[int, Box]

places = st.dictionaries(
    st.sampled_from("abcde"),
    st.builds(
        lambda page, x, y: (page, Box(x / 10, y / 10, x / 10 + 0.1, y / 10 + 0.1)),
        st.integers(1, 3),
        st.integers(0, 8),
        st.integers(0, 8),
    ),
    min_size=1,
)


@given(places, st.data())
def test_laws(gold: dict[str, Place], data: st.DataObject) -> None:
    assert grounding(gold, gold).f1 == 1.0
    assert grounding({}, gold).f1 == 0.0
    chosen = data.draw(st.sampled_from(sorted(gold)))
    assert grounding({path: place for path, place in gold.items() if path != chosen}, gold).f1 < 1.0
    assert grounding({**gold, "invented": gold[chosen]}, gold).f1 < 1.0
    assert grounding(dict(reversed(gold.items())), gold).f1 == 1.0
    page, box = gold[chosen]
    assert grounding({**gold, chosen: (page + 1, box)}, gold).f1 < 1.0


@pytest.mark.parametrize(("x1", "right"), [(2.0, 1), (2.01, 0), (0.5, 1), (0.49, 0)])
def test_half_of_the_joint_area_is_enough(x1: float, right: int) -> None:
    gold = {"a": (1, Box(0, 0, 1, 1))}
    assert grounding({"a": (1, Box(0, 0, x1, 1))}, gold) == Matches(right, 1, 1)


def test_fields_without_a_labelled_place_count_nowhere() -> None:
    gold = {"a": (1, Box(0, 0, 1, 1))}
    got = {"a": (1, Box(0, 0, 1, 1)), "b": (1, Box(0, 0, 1, 1))}
    assert grounding(got, gold, unscored={"a", "b"}) == Matches(1, 1, 1)


def test_places_come_from_records_and_labels_in_the_same_frame() -> None:
    record = {
        "source": {"pages": [{"page": 1, "width": 200, "height": 100}]},
        "fields": {"a": {"page": 1, "box": [20, 10, 40, 20]}, "b": {"page": None, "box": None}},
    }
    assert record_places(record) == gold_places({"a": (1, 0.1, 0.1, 0.2, 0.2)})
