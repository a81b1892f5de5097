from __future__ import annotations

import numpy as np
import pytest

from extractors.document import Glyph, Page, PageInfo
from extractors.geometry import Box
from extractors.ocr.lines import glyph_lines


def run(text: str, x: float, y: float, size: float = 20.0, bold: bool = False) -> list[Glyph]:
    """Full-width glyphs one after another; a space moves on and leaves no glyph."""
    return [
        Glyph(character, Box(x + i * size, y, x + (i + 1) * size, y + size), size, bold)
        for i, character in enumerate(text)
        if character != " "
    ]


def page(*glyphs: Glyph) -> Page:
    info = PageInfo(2, "digital", 1000, 1400, 200.0, work_width=1000, work_height=1400)
    white = np.full((1400, 1000), 255, dtype=np.uint8)
    return Page(info, np.zeros((1, 1, 3), dtype=np.uint8), white, glyphs)


def test_lines_are_put_together_from_any_order() -> None:
    glyphs = [*run("第二行", 100, 140), *run("第一行", 100, 100)]
    lines = glyph_lines(page(*reversed(glyphs)))
    assert [line.text for line in lines] == ["第一行", "第二行"]
    assert lines[0].box == Box(100, 100, 160, 120)
    assert lines[0].reading.confidence == 1.0
    assert lines[0].extents == ((100, 120), (120, 140), (140, 160))
    assert (lines[0].page, lines[0].size) == (2, 20.0)


def test_a_low_small_stop_stays_on_its_line() -> None:
    stop = Glyph("。", Box(160, 113, 168, 120), 20.0)
    comma = Glyph("，", Box(180, 115, 186, 124), 20.0)
    dash = Glyph("—", Box(200, 109, 220, 111), 20.0)
    (line,) = glyph_lines(page(*run("政府公", 100, 100), stop, comma, dash))
    assert line.text == "政府公。，—"


def test_small_and_large_print_on_one_line() -> None:
    (line,) = glyph_lines(page(*run("共", 100, 100), *run("12", 120, 106, size=12)))
    assert line.text == "共12"


def test_side_by_side_is_two_lines_and_a_space_is_not() -> None:
    (one,) = glyph_lines(page(*run("一、 总体", 100, 100)))
    assert one.text == "一、总体"
    left, right = glyph_lines(page(*run("政府公报", 100, 100), *run("第三页", 700, 100)))
    assert (left.text, right.text) == ("政府公报", "第三页")


def test_words_in_latin_keep_their_space() -> None:
    (line,) = glyph_lines(page(*run("ab", 100, 100, 10), *run("cd", 126, 100, 10)))
    assert line.text == "ab cd"
    assert len(line.extents) == len(line.text) == len(line.reading.characters)


def test_masked_glyphs_and_an_empty_page_give_nothing() -> None:
    masks = [Box(0, 0, 1000, 130)]
    assert [line.text for line in glyph_lines(page(*run("表", 100, 100), *run("文", 100, 140)), masks)] == [
        "文"
    ]
    assert glyph_lines(page(*run("表格", 100, 100)), masks) == ()
    assert glyph_lines(page()) == ()
    assert glyph_lines(page(Glyph(" ", Box(1, 1, 2, 2), 10.0))) == ()


def test_bold_is_what_most_of_the_line_is() -> None:
    heading, prose = glyph_lines(
        page(*run("标题", 100, 100, bold=True), *run("正文正文", 100, 140), *run("粗", 180, 140, bold=True))
    )
    assert (heading.bold, prose.bold) == (True, False)


@pytest.mark.parametrize("size", [0.0, 20.0])
def test_a_glyph_of_several_characters_shares_its_width(size: float) -> None:
    (line,) = glyph_lines(page(Glyph("ffi", Box(100, 100, 130, 120), size)))
    assert line.extents == ((100, 110), (110, 120), (120, 130))
