"""A name's characters by all the places that print it, and what no agreement of theirs may do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from invented import report
from text_pages import make_line, typeset

from extractors.contacts import Found
from extractors.document import Line, PageReading, Value
from extractors.front_matter import read_front_matter
from extractors.headings import find_headings
from extractors.layout import read_body
from extractors.name_places import CLEAR, agreed, confirmed
from extractors.wording import Stream, stream

NAME = "汐原县竹笕乡人民政府"
MISREAD = NAME.replace("笕", "筑")


def place(text: str, sure: float, other: float = 0.0, read: str = "筑", printed: str = "笕") -> Stream:
    """A line whose `read` is probable by `sure`, and `printed` instead of it by `other`."""
    return stream([doubtful(make_line(text, 300, 300), sure, other, read, printed)])


def doubtful(line: Line, sure: float, other: float, read: str = "筑", printed: str = "笕") -> Line:
    characters = tuple(sure if char == read else 0.999 for char in line.text)
    candidates = ((line.text.replace(read, printed), other),) if other else ()
    reading = replace(line.reading, characters=characters, confidence=sure, candidates=candidates)
    return replace(line, reading=reading)


def found(title: Stream) -> Found:
    return Found(title, 0, len(NAME))


def test_clear_places_settle_a_character_that_the_title_leaves_open() -> None:
    title = place(MISREAD, 0.83, 0.14)
    text = place(f"为方便公众了解{NAME}的公开工作", 0.9, 0.05, "笕", "筑")
    short = place("2022年，竹笕乡人民政府按照上级部署", 0.9, 0.05, "笕", "筑")
    assert agreed(found(title), [text, short]) == NAME
    assert agreed(found(title), [title, text]) == NAME


def test_a_title_that_leaves_nothing_open_stays_as_printed() -> None:
    others = [place(f"了解{NAME}的公开工作", 0.99, read="笕")] * 5
    assert agreed(found(place(MISREAD, 0.99)), others) == MISREAD


def test_a_doubtful_place_does_not_outvote_a_clear_title() -> None:
    assert agreed(found(place(MISREAD, 0.95, 0.04)), [place(NAME, 0.5, 0.45, "笕", "筑")]) == MISREAD


def test_the_name_of_another_body_says_nothing() -> None:
    title = place(MISREAD, 0.6, 0.35)
    assert agreed(found(title), [place("汐原县农业农村局和笕桥中心校的公开工作", 0.99, read="笕")]) == MISREAD


def test_nowhere_else_named_it_is_what_was_read() -> None:
    assert agreed(found(place(MISREAD, 0.5, 0.45)), []) == MISREAD


def test_a_character_that_is_doubtful_at_every_place_is_no_surer_for_standing_there_twice() -> None:
    once = confirmed(found(place(MISREAD, 0.89)), [])
    again = confirmed(found(place(MISREAD, 0.89)), [place(f"了解{MISREAD}的公开工作", 0.88)] * 3)
    assert again == pytest.approx(once)
    assert again < 0.9


def test_a_character_that_is_clear_elsewhere_is_surer() -> None:
    once = confirmed(found(place(MISREAD, 0.89)), [])
    again = confirmed(found(place(MISREAD, 0.89)), [place(f"了解{MISREAD}的公开工作", CLEAR)])
    assert 0.97 < again < 1.0
    assert again > once


def read(sure: float, other: float) -> Value:
    readings = typeset(
        report(title=f"^ {MISREAD}2022年政府信息公开工作年度报告").replace("临江市青石区水务局", NAME)
    )
    title = tuple(doubtful(line, sure, other) if "筑" in line.text else line for line in readings[0].lines)
    pages: tuple[PageReading, ...] = (replace(readings[0], lines=title), *readings[1:])
    return read_front_matter(read_body(pages), find_headings(read_body(pages)))["agency"]


def test_a_name_settled_by_other_places_goes_to_review_with_what_was_read() -> None:
    agency = read(0.83, 0.14)
    assert agency.value == NAME
    assert agency.raw == MISREAD
    assert agency.review
    assert "agency_disagrees" in agency.reasons


def test_names_that_disagree_for_certain_are_left_to_a_person() -> None:
    agency = read(0.999, 0.0)
    assert agency.value == MISREAD
    assert agency.review
