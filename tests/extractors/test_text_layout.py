"""Furniture and paragraphs, by place and punctuation alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from text_pages import HEIGHT, LEFT, PER_LINE, PITCH, TOP, WIDTH, make_line, typeset, wrap

from extractors.document import Line, PageInfo, PageReading
from extractors.layout import Body, paragraphs, read_body
from extractors.wording import fold, join_pieces, plain_number, plain_year, span_box, squeeze, stream, tidy

SENTENCE = (
    "本局坚持按季度公布供水水质监测结果，回应群众关于停水和维修的来信，并在办事大厅设置查询设备供公众使用。"
)


def texts(body: Body) -> list[str]:
    return [paragraph.text for paragraph in paragraphs(body, body.kept())]


def page(number: int, lines: list[Line]) -> PageReading:
    info = PageInfo(number, "scan", WIDTH, HEIGHT, 200, work_width=WIDTH, work_height=HEIGHT)
    return PageReading(info, tuple(lines))


def pages_with(feet: list[str], y0: float = 2150, count: int = 3) -> tuple[PageReading, ...]:
    """Pages full of sentences, each with one more line at `y0`."""
    found = []
    for number in range(1, count + 1):
        rows = wrap(SENTENCE * 4)
        lines = [
            make_line(text, LEFT + indent * PITCH, TOP + row * 72, number)
            for row, (indent, text) in enumerate(rows)
        ]
        foot = feet[(number - 1) % len(feet)].format(number)
        extra = make_line(foot, 700, y0, number)
        found.append(page(number, [extra, *lines] if y0 < TOP else [*lines, extra]))
    return tuple(found)


def test_paragraphs_are_what_was_typeset() -> None:
    written = [SENTENCE * 3, SENTENCE, "（一）主动公开。" + SENTENCE * 2, "短句。", SENTENCE * 9]
    assert texts(read_body(typeset("\n".join(written)))) == written


def test_paragraph_over_a_page_end_is_one() -> None:
    written = [SENTENCE * 6] * 4
    readings = typeset("\n".join(written))
    assert len(readings) > 1
    assert texts(read_body(readings)) == written


@pytest.mark.parametrize(
    "printed",
    [
        "- {} -",
        "{}",
        "— {} —",
        "第{}页",
        "P. {}",
        "第 {} 页 共 3 页",
        "{}/3",
        "·{}·",
        "－{}－",
        "一{}一",
        "Page {} of 3",
    ],
)
def test_page_numbers_are_no_text(printed: str) -> None:
    readings = pages_with([printed])
    body = read_body(readings)
    assert len(body.furniture) == 3
    assert not any(str(number) in "".join(texts(body)) for number in (1, 2, 3))


def test_misread_page_number_beside_good_ones() -> None:
    body = read_body(pages_with(["- {} -", "-l-"]))
    assert len(body.furniture) == 3


@pytest.mark.parametrize("y0", [120.0, 2150.0])
def test_running_heads_and_feet(y0: float) -> None:
    body = read_body(pages_with(["青石区水务局2022年政府信息公开工作年度报告"], y0))
    assert len(body.furniture) == 3
    assert "年度报告" not in "".join(texts(body))


def test_a_last_line_of_text_is_kept() -> None:
    body = read_body(
        pages_with(["以上数字截至{}月底。", "全年没有发生此类情况。", "有关工作还在继续。"], 2050)
    )
    assert body.furniture == frozenset()


def test_a_number_in_the_middle_is_kept() -> None:
    readings = (page(1, [make_line("5", 700, 1200), make_line(SENTENCE[:20], LEFT, 1300)]),)
    assert read_body(readings).furniture == frozenset()


def test_title_on_cover_and_first_page_is_no_running_head() -> None:
    title = "^ 青石区2022年年度报告"
    readings = typeset(f"{title}\n---\n{title}\n{SENTENCE}")
    assert texts(read_body(readings)) == [title[2:], title[2:], SENTENCE]


def test_lines_in_a_table_are_left_out() -> None:
    readings = typeset(f"{SENTENCE}\n[table]\n{SENTENCE}")
    leak = make_line("规章", LEFT + 40, readings[0].fragments[0].box.y0 + 30)
    leaking = replace(readings[0], lines=(*readings[0].lines, leak))
    assert "规章" not in "".join(texts(read_body((leaking,))))


def test_a_table_ends_a_paragraph() -> None:
    first, second = SENTENCE[:28] + "，", SENTENCE[:20]
    readings = typeset(f"| {first[:PER_LINE]}\n[table]\n| {second}")
    assert len(texts(read_body(readings))) == 2


def test_centred_and_right_aligned_lines_stand_alone() -> None:
    readings = typeset(f"^ 年度报告\n{SENTENCE * 2}\n> 青石区水务局\n> 2023年1月18日")
    assert texts(read_body(readings)) == ["年度报告", SENTENCE * 2, "青石区水务局", "2023年1月18日"]


def test_pieces_of_one_printed_line_are_joined() -> None:
    lines = [make_line(SENTENCE[:26], LEFT + 2 * PITCH, TOP)]
    lines += [
        make_line(SENTENCE[26:34], LEFT, TOP + 72),
        make_line(SENTENCE[34:], LEFT + 10 * PITCH, TOP + 74),
    ]
    assert texts(read_body((page(1, lines),))) == [SENTENCE]


def test_skewed_margins_and_other_resolutions() -> None:
    written = [SENTENCE * 3, SENTENCE * 2]
    readings = typeset("\n".join(written))
    moved = []
    for reading in readings:
        lines = [
            replace(
                line,
                box=replace(line.box, x0=line.box.x0 + row % 3 * 8, x1=line.box.x1 - row % 2 * 10),
                extents=(),
            )
            for row, line in enumerate(reading.lines)
        ]
        moved.append(replace(reading, lines=tuple(lines)))
    assert texts(read_body(moved)) == written


def test_empty_documents() -> None:
    assert texts(read_body(())) == []
    assert texts(read_body((page(1, []),))) == []


def test_latin_words_keep_their_space_and_addresses_do_not_get_one() -> None:
    assert join_pieces(["use Open", "Data 平台", "，共2", "3条"]) == "use Open Data 平台，共23条"
    assert join_pieces(["见www.qingshi.gov.", "cn/zwgk"]) == "见www.qingshi.gov.cn/zwgk"
    assert join_pieces(["http://a.cn/x", "yz"]) == "http://a.cn/xyz"
    assert join_pieces([]) == ""
    assert tidy("2023 年 1 月 open data 条") == "2023年1月open data条"


def test_folding_keeps_every_index() -> None:
    text = "一、總體情況（\uff12）—…㎡①"
    assert len(fold(text)) == len(text)
    assert fold(text).startswith("一、总体情况(2)-")


def test_numbers_and_years() -> None:
    assert [plain_number(text) for text in ("七", "十", "十二", "三十一", "9", "百", "")] == [
        7,
        10,
        12,
        31,
        9,
        None,
        None,
    ]
    assert [plain_year(text) for text in ("2023", "二〇二三", "二○二三", "202", "3023", "甲乙丙丁")] == [
        2023,
        2023,
        2023,
        None,
        None,
        None,
    ]


def test_stream_knows_places() -> None:
    lines = [make_line("2023 年", 100, 0), make_line("报告", 100, 60)]
    whole = stream(lines)
    assert whole.text == "2023年报告"
    assert [part.box for part in whole.parts(4, 6)] == [span_box(lines[0], 5, 6), span_box(lines[1], 0, 1)]
    assert whole.confidence(0, 4) == pytest.approx(0.999**4)
    assert squeeze(" a　b\n") == "ab"
