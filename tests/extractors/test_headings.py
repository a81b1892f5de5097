"""The six headings: every way they are printed, and everything that only looks like them."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import BODIES, CANONICAL, report
from text_pages import PITCH, as_lines, make_line, typeset

from extractors.document import SECTION_KEYS, Heading, PageReading
from extractors.heading_candidates import CLASSES, find_candidates
from extractors.heading_rules import RuleClassifier
from extractors.heading_words import parse_numbering
from extractors.headings import find_headings
from extractors.layout import read_body


def titles(headings: tuple[Heading, ...]) -> dict[str, str]:
    return {heading.key: heading.title for heading in headings}


def expected(*printed: str) -> dict[str, str]:
    return {key: title for key, title in zip(SECTION_KEYS, printed, strict=True) if title}


def test_a_plain_report_needs_no_review() -> None:
    headings = find_headings(read_body(typeset(report())))
    assert titles(headings) == expected(*CANONICAL)
    assert not any(heading.review for heading in headings)
    assert all(heading.confidence > 0.97 for heading in headings)


STATUTE = (
    "一、政府信息公开工作总体情况",
    "二、行政机关主动公开政府信息情况",
    "三、行政机关收到和处理政府信息公开申请情况",
    "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
    "五、政府信息公开工作存在的主要问题及改进情况",
    "六、其它需要报告的事项",
)
SETS = {
    "statute": STATUTE,
    "variants": (
        "一、概述",
        "二、本年度主动公开政府信息的情况",
        "三、收到和处理政府信息公开申请情况（数据准确、要素齐全）",
        "四、政府信息公开工作被申请行政复议和提起行政诉讼情况",
        "五、存在不足及改进措施",
        "六、其他需要报告的事项",
    ),
    "without numbers": tuple(title[2:] for title in CANONICAL),
    "other marks": tuple(
        title.replace("、", mark, 1) for title, mark in zip(CANONICAL, ".,，：·,", strict=True)
    ),
    "numeral lost": (*CANONICAL[:1], "、主动公开政府信息情况", *CANONICAL[2:]),
    "mark lost": tuple(title[0] + title[2:] for title in CANONICAL),
    "shifted up": tuple(f"{n}、{title[2:]}" for n, title in zip("二三四五六七", CANONICAL, strict=True)),
    "shifted down": (
        "总体情况",
        *(f"{n}、{t[2:]}" for n, t in zip("一二三四五", CANONICAL[1:], strict=True)),
    ),
    "parts": tuple(f"第{n}部分、{title[2:]}" for n, title in zip("一二三四五六", CANONICAL, strict=True)),
    "closed by a colon": tuple(f"{title}：" for title in CANONICAL),
    "years": ("一、2022年政务公开工作总体情况", *CANONICAL[1:]),
    "dashes for one": ("—、总体情况", "二、主动公开政府信息情况", *CANONICAL[2:]),
    "dirt before the numeral": (*CANONICAL[:5], "l六、其他需要报告的事项"),
    "traditional": (
        "一、總體情況",
        "二、主動公開政府信息情況",
        "三、收到和處理政府信息公開申請情況",
        "四、政府信息公開行政復議、行政訴訟情況",
        "五、存在的主要問題及改進情況",
        "六、其他需要報告的事項",
    ),
    "no sixth": (*CANONICAL[:5], ""),
    "no fourth": (*CANONICAL[:3], "", "四、存在问题和改进情况", "五、其他需要报告的事项"),
    "at the margin": tuple(f"| {title}" for title in CANONICAL),
    "centred": tuple(f"^ {title}" for title in CANONICAL),
}


@pytest.mark.parametrize("printed", SETS.values(), ids=SETS.keys())
def test_wording_and_numbering(printed: tuple[str, ...]) -> None:
    bodies = [body if heading else "" for heading, body in zip(printed, BODIES, strict=True)]
    headings = find_headings(read_body(typeset(report(printed, bodies=bodies))))
    assert titles(headings) == expected(*(title.lstrip("|^ ") for title in printed))


def test_heading_of_a_lost_wording_goes_to_review() -> None:
    headings = find_headings(read_body(typeset(report(("一、", *CANONICAL[1:])))))
    assert titles(headings) == expected("一、", *CANONICAL[1:])
    assert headings[0].review
    assert not headings[1].review


def test_two_line_heading_is_one() -> None:
    long = "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况及说明"
    headings = find_headings(read_body(typeset(report((*CANONICAL[:3], long, *CANONICAL[4:])))))
    found = next(heading for heading in headings if heading.key == "review_litigation")
    assert found.title == long
    assert found.line_count == 2
    assert len(found.parts) == 2


@pytest.mark.parametrize(
    ("line", "title", "tail"),
    [
        ("六、其他需要报告的事项：无", "六、其他需要报告的事项", "无"),
        ("六、其他需要报告的事项。无。", "六、其他需要报告的事项", "无。"),
        ("六、其他需要报告的事项　无", "六、其他需要报告的事项", "无"),
        ("六、其他需要报告的事项无", "六、其他需要报告的事项", "无"),
        ("六、其他需要报告的事项：本年度收取信息处理费", "六、其他需要报告的事项", "本年度收取信息处理费"),
    ],
)
def test_run_in_heading(line: str, title: str, tail: str) -> None:
    headings = find_headings(read_body(typeset(report((*CANONICAL[:5], line)))))
    assert (headings[-1].key, headings[-1].title, headings[-1].tail) == ("other_matters", title, tail)


def test_run_in_heading_before_a_paragraph() -> None:
    body = (
        "五、存在的主要问题及改进情况。2022年工作仍有不足，主要是公开内容不够全面，下一步将加强培训和督查。"
    )
    text = report((*CANONICAL[:4], "", CANONICAL[5]), bodies=(*BODIES[:4], body, BODIES[5]))
    found = {heading.key: heading for heading in find_headings(read_body(typeset(text)))}[
        "problems_improvement"
    ]
    assert found.title == "五、存在的主要问题及改进情况"
    assert found.tail.startswith("2022年工作")


ROWS = (
    "一、本年新收政府信息公开申请数量",
    "二、上年结转政府信息公开申请数量",
    "三、本年度办理结果",
    "（一）予以公开",
    "（七）总计",
    "四、结转下年度继续办理",
)
TRAPS = {
    "leaked rows of table 3": (2, "\n".join(f"| {row}" for row in ROWS)),
    "own numbering in section one": (
        0,
        "# 一、主动公开情况\n发布信息90条，内容涉及各个方面。\n# 二、依申请公开情况\n收到申请3件，全部办结。\n"
        "# 三、政府信息管理情况\n制度健全。\n# 四、平台建设情况\n更新网站。\n# 五、监督保障情况\n组织培训两次。",
    ),
    "bracketed sub-headings": (
        0,
        "# （一）主动公开政府信息情况\n发布信息90条。\n# （二）依申请公开情况\n收到申请3件。\n"
        "# （三）存在的主要问题\n无。",
    ),
    "a sentence that names all": (
        0,
        "本报告由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、政府信息公开行政复议、行政诉讼情况、"
        "存在的主要问题及改进情况、其他需要报告的事项六个部分组成，全面反映了全年工作。",
    ),
    "a numbered sentence that names all": (
        0,
        "全文包括一、总体情况；二、主动公开政府信息情况；"
        "三、收到和处理政府信息公开申请情况；四、政府信息公开行政复议、"
        "行政诉讼情况；五、存在的主要问题及改进情况；六、其他需要报告的事项。",
    ),
    "halves of section five": (4, "# （一）存在的主要问题\n更新不及时。\n# （二）改进情况\n已经整改。"),
    "unnumbered halves": (4, "# 存在问题\n更新不及时。\n# 改进措施\n已经整改。"),
    "numbered items of section six": (
        5,
        "# （一）收费及减免情况\n无。\n"
        "# （二）因政府信息公开申请行政复议、提起行政诉讼的情况\n无。\n# （三）其他报告事项\n无。",
    ),
    "spoken items": (4, "一是主动公开政府信息情况不够全面。\n二是收到和处理政府信息公开申请不够规范。"),
}


@pytest.mark.parametrize(("place", "trap"), TRAPS.values(), ids=TRAPS.keys())
def test_traps(place: int, trap: str) -> None:
    bodies = [f"{trap}\n{body}" if number == place else body for number, body in enumerate(BODIES)]
    headings = find_headings(read_body(typeset(report(bodies=bodies))))
    assert titles(headings) == expected(*CANONICAL)


@pytest.mark.parametrize("leader", ["", "……………………3", " 3"])
def test_contents_page(leader: str) -> None:
    contents = "^ 目录\n" + "\n".join(f"| {title}{leader}" for title in CANONICAL) + "\n---\n"
    body = read_body(typeset(contents + report()))
    headings = find_headings(body)
    assert titles(headings) == expected(*CANONICAL)
    assert all(heading.parts[0].page > 1 for heading in headings)


def test_tables_lost_and_headings_in_a_row() -> None:
    bodies = (BODIES[0], "", "", "", *BODIES[4:])
    assert titles(find_headings(read_body(typeset(report(bodies=bodies))))) == expected(*CANONICAL)


def test_heading_cut_by_the_page_end() -> None:
    filler = "\n".join("我局持续完善制度，按时更新公开目录，接受社会监督。" for _ in range(14))
    text = report(bodies=(BODIES[0] + "\n" + filler, *BODIES[1:]))
    assert titles(find_headings(read_body(typeset(text)))) == expected(*CANONICAL)


def test_a_line_read_badly_goes_to_review() -> None:
    headings = find_headings(read_body(typeset(report(), sure=0.9)))
    assert titles(headings) == expected(*CANONICAL)
    assert all(heading.review for heading in headings)


def test_misread_wording_goes_to_review_even_where_each_character_looks_fair() -> None:
    printed = (CANONICAL[0], "二、主动公井政府信息情况", *CANONICAL[2:])
    headings = find_headings(read_body(typeset(report(printed), sure=0.9999)))
    assert headings[1].title == printed[1]
    assert [heading.review for heading in headings] == [False, True, False, False, False, False]


@pytest.mark.parametrize("printed", ["、总体情况", "一总体情况"])
def test_damaged_numbering_goes_to_review(printed: str) -> None:
    headings = find_headings(read_body(typeset(report((printed, *CANONICAL[1:])))))
    assert (headings[0].title, headings[0].review) == (printed, True)


def test_no_headings_in_other_documents() -> None:
    assert (
        find_headings(read_body(as_lines(["关于召开会议的通知", "各科室：", "定于下周一开会，请准时参加。"])))
        == ()
    )
    assert find_headings(read_body(())) == ()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 12))
def test_noise_never_doubles_a_key_and_keeps_the_order(seed: int, count: int) -> None:
    chance = random.Random(seed)
    noise = [
        *ROWS,
        "主动公开",
        "总体情况良好",
        "（一）概述",
        "存在问题",
        "4",
        "无",
        "第二十条第（一）项",
        *CANONICAL,
    ]
    lines = report().splitlines()
    for _ in range(count):
        lines.insert(chance.randrange(len(lines)), f"| {chance.choice(noise)}")
    headings = find_headings(read_body(typeset("\n".join(lines))))
    assert max(Counter(heading.key for heading in headings).values()) == 1
    assert [heading.line_index for heading in headings] == sorted(heading.line_index for heading in headings)


def test_classifier_gives_probabilities() -> None:
    candidates = find_candidates(read_body(typeset(report())))
    probabilities = RuleClassifier().probabilities(candidates)
    assert probabilities.shape == (len(candidates), len(CLASSES))
    assert np.allclose(probabilities.sum(axis=1), 1.0)
    assert RuleClassifier().probabilities(()).shape == (0, len(CLASSES))


class _Stubborn:
    """A classifier that takes every candidate for the first heading."""

    def probabilities(self, candidates: object) -> np.ndarray:
        rows = np.full((len(candidates), len(CLASSES)), 0.001)  # type: ignore[arg-type]
        rows[:, 0] = 1 - 0.001 * (len(CLASSES) - 1)
        return rows


def test_another_classifier_takes_its_place_and_ties_go_to_review() -> None:
    headings = find_headings(read_body(typeset(report())), _Stubborn())
    assert [heading.key for heading in headings] == ["overview"]
    assert headings[0].review


@pytest.mark.parametrize(
    ("text", "level", "ordinal"),
    [
        ("一、总体情况", "section", 1),
        ("十一、附则", "section", 11),
        ("（二）依申请公开", "sub", None),
        ("(3)其他", "sub", None),
        ("3.重复申请", "item", None),
        ("2022.1.1", "none", None),
        ("一是加强领导", "spoken", None),
        ("、主动公开", "section", None),
        ("一总体情况", "section", 1),
        ("总体情况", "none", None),
        ("", "none", None),
    ],
)
def test_numbering(text: str, level: str, ordinal: int | None) -> None:
    numbering = parse_numbering(text)
    assert (numbering.level, numbering.ordinal) == (level, ordinal)


@pytest.mark.shared
def test_labelled_lines_of_real_reports(shared_cases: Path) -> None:
    rows = [
        json.loads(line)
        for line in (shared_cases / "headings/headings.jsonl").read_text("utf-8").splitlines()
    ]
    wrong, right = [], 0
    for document in sorted({row["doc"] for row in rows}):
        members = [row for row in rows if row["doc"] == document]
        found = {
            h.line_index: h for h in find_headings(read_body(as_lines([row["text"] for row in members])))
        }
        for number, row in enumerate(members):
            key = row["label"] if row["label"] in SECTION_KEYS else None
            got = found[number].key if number in found else None
            right += key is not None and got == key
            if got != key:
                wrong.append(f"{row['org']} {row['text']}: {key} read as {got}")
    assert right >= 86, wrong
    assert len(wrong) <= 3, wrong


def beside(
    readings: tuple[PageReading, ...], heading: str, text: str, gap: float, sure: float
) -> PageReading:
    """The first page with `text` on the line of `heading`, `gap` characters behind it."""
    (page,) = readings[:1]
    line = next(line for line in page.lines if line.text == heading)
    mark = make_line(text, line.box.x1 + gap * PITCH, line.box.y0, sure=sure)
    return replace(
        page, lines=tuple(each for old in page.lines for each in ((old, mark) if old is line else (old,)))
    )


@pytest.mark.parametrize("unnumbered", [False, True])
def test_the_edge_of_a_seal_beside_a_heading_is_not_of_its_title(unnumbered: bool) -> None:
    printed = (CANONICAL[0][2:] if unnumbered else CANONICAL[0], *CANONICAL[1:])
    readings = typeset(report(printed))
    page = beside(readings, printed[0], "以收", gap=9.0, sure=0.3)
    headings = find_headings(read_body((page, *readings[1:])))
    assert titles(headings) == expected(*printed)
    assert headings[0].tail == ""
    assert headings[0].review == unnumbered  # for its number alone


def test_print_that_stands_apart_behind_a_heading_is_the_text_of_its_section() -> None:
    readings = typeset(report())
    page = beside(readings, CANONICAL[0], "见附页", gap=3.0, sure=0.99)
    heading = find_headings(read_body((page, *readings[1:])))[0]
    assert (heading.title, heading.tail) == (CANONICAL[0], "见附页")


@pytest.mark.parametrize("mark", ["/", "√", "~"])
def test_a_tick_behind_a_heading_is_not_of_its_title(mark: str) -> None:
    headings = find_headings(read_body(typeset(report((*CANONICAL[:5], CANONICAL[5] + mark)))))
    assert titles(headings) == expected(*CANONICAL)
    assert headings[-1].tail == ""
    assert not headings[-1].review


@pytest.mark.parametrize("place", range(6))
def test_a_number_that_only_one_heading_lacks_is_asked_about(place: int) -> None:
    printed = tuple(title[2:] if number == place else title for number, title in enumerate(CANONICAL))
    headings = find_headings(read_body(typeset(report(printed))))
    assert titles(headings) == expected(*printed)
    assert [heading.review for heading in headings] == [number == place for number in range(6)]


@pytest.mark.parametrize(
    "printed", [SETS["without numbers"], SETS["shifted down"]], ids=["none", "after the first"]
)
def test_headings_printed_without_a_number_are_not_asked_about(printed: tuple[str, ...]) -> None:
    assert not any(heading.review for heading in find_headings(read_body(typeset(report(printed)))))
