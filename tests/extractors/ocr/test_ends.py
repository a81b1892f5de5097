"""Ink beside a detected line: what belongs to it, and when the longer reading stands."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from fakes import ReplayEngine, lattice, mixed, quad

from extractors.document import GrayImage, Page, PageInfo, Quad
from extractors.ocr.decode import decode
from extractors.ocr.ends import adds, beyond
from extractors.ocr.lines import read_lines

HEIGHT = 30
WORDS = (200, 600)  # where the words of the drawn heading stand, all that is detected


def heading(numeral: bool = True) -> GrayImage:
    """A page with a heading "一、…": a flat stroke, a comma, and upright strokes for its words."""
    image = np.full((400, 1000), 250, dtype=np.uint8)
    for x in range(*WORDS, 20):
        image[102:128, x : x + 5] = 20
    if numeral:
        cv2.rectangle(image, (130, 114), (152, 117), (20,), -1)
        cv2.line(image, (166, 118), (172, 126), (20,), 3)
    return image


def read(image: GrayImage, *texts: str, quads: Sequence[Quad] = ()) -> tuple[list[str], ReplayEngine]:
    info = PageInfo(1, "scan", 1000, 400, 150.0, work_width=1000, work_height=400)
    engine = ReplayEngine(texts, [quad(WORDS[0], 100, WORDS[1], 130), *quads])
    lines = read_lines(Page(info, np.zeros((1, 1, 3), dtype=np.uint8), image), engine)
    return [line.text for line in lines], engine


def test_a_numeral_that_detection_overlooked_is_read() -> None:
    texts, engine = read(heading(), "总体情况", "一、总体情况")
    assert texts == ["一、总体情况"]
    short, longer = engine.crops
    assert longer.shape[1] > short.shape[1]


def test_its_line_is_as_long_as_what_was_read() -> None:
    info = PageInfo(1, "scan", 1000, 400, 150.0, work_width=1000, work_height=400)
    engine = ReplayEngine(["总体情况", "一、总体情况"], [quad(WORDS[0], 100, WORDS[1], 130)])
    (line,) = read_lines(Page(info, np.zeros((1, 1, 3), dtype=np.uint8), heading()), engine)
    assert line.box.x0 == pytest.approx(130, abs=2)
    assert line.box.x1 == pytest.approx(WORDS[1], abs=1)


@pytest.mark.parametrize("second", ["一、总休情况", "总体情况", "/总体情况"])
def test_a_second_reading_that_says_otherwise_or_a_pen_mark_is_not_taken(second: str) -> None:
    assert read(heading(), "总体情况", second)[0] == ["总体情况"]


def test_a_doubtful_gain_is_not_taken() -> None:
    steps = [{"一": 0.6, "-": 0.4}, {"": 1.0}, {"总": 1.0}, {"": 1.0}]
    assert not adds(decode(mixed(steps)), decode(lattice("总")))


def test_a_line_that_stands_alone_is_read_once() -> None:
    assert len(read(heading(numeral=False), "总体情况")[1].crops) == 1


def test_specks_beside_a_line_are_no_characters() -> None:
    image = heading(numeral=False)
    for x in (150, 165, 180, 620):
        image[112:115, x : x + 3] = 20
    assert len(read(image, "总体情况")[1].crops) == 1


def test_ink_of_another_line_is_left_to_it() -> None:
    texts, engine = read(heading(), "一、", "总体情况", quads=(quad(128, 60, 178, 140),))
    assert sorted(texts) == ["一、", "总体情况"]
    assert len(engine.crops) == 2


def test_only_ink_within_a_characters_gap_belongs_to_the_line() -> None:
    strokes = np.zeros((HEIGHT, 400), dtype=np.float32)
    strokes[14:17, 100:120] = 1.0  # a numeral
    strokes[14:17, 10:40] = 1.0  # too far from it
    strokes[5:25, 310:330] = 1.0
    assert beyond(strokes, 140.0, 300.0) == (100.0, 330.0)
    assert beyond(strokes, 200.0, 260.0) == (200.0, 260.0)
