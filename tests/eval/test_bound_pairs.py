"""What the trial of bound pairs calls right, and that what it takes away is gone."""

from __future__ import annotations

from eval.bound_pairs import CHANGES, OUTCOMES, numbered_through, outcome, without
from extractors.volume_pages import PageFacts


def report(agency: str, *, number: int | None = 1) -> list[PageFacts]:
    first = PageFacts(False, title=(agency, 2022), number=number, places=(0, 1, 2), tables=(0, 1))
    last = PageFacts(False, closed=True, number=number and number + 1, places=(3, 4, 5), tables=(2,))
    return [first, last]


FACTS = [*report("甲县教育局"), *report("乙市水务局")]


def test_outcomes() -> None:
    assert outcome(FACTS, 2) == "right"
    assert outcome(FACTS, 1) == "wrong, in silence"
    assert outcome(without(FACTS, 2, title=False, all_pages=("tables",)), 2) == "right, in doubt"
    untold = without(FACTS, 2, title=False, all_pages=("number", "closed"))
    assert outcome(untold, 2) == "wrong, in doubt"
    assert all(outcome(change(FACTS, 2), 2) in OUTCOMES for change in CHANGES.values())


def test_what_is_taken_away_is_gone() -> None:
    bare = without(FACTS, 2, title=False, all_pages=("number", "tables"))
    assert [fact.title for fact in bare] == [("甲县教育局", 2022), None, None, None]
    assert all(fact.number is None and fact.tables == () for fact in bare)
    assert [fact.places for fact in bare] == [fact.places for fact in FACTS]
    assert [fact.number for fact in numbered_through(FACTS, 2)] == [1, 2, 3, 4]
