"""The best sequence of headings: what each departure costs, and what is too near to decide."""

from __future__ import annotations

import pytest
from invented import BODIES, CANONICAL, report
from text_pages import typeset

from extractors.document import SECTION_KEYS, Heading, Section
from extractors.headings import find_headings
from extractors.layout import read_body
from extractors.sections import build_sections


def sections_of(text: str) -> dict[str, Section]:
    body = read_body(typeset(text))
    return {section.key: section for section in build_sections(body, find_headings(body))}


def titles_of(text: str) -> list[str]:
    return [heading.title for heading in find_headings(read_body(typeset(text)))]


SENTENCE = "我局持续完善制度，按时更新公开目录，接受社会监督。"


@pytest.mark.parametrize("between", ["", "　", "  "])
def test_two_headings_on_one_line_are_two(between: str) -> None:
    line = f"| {CANONICAL[0]}{between}{CANONICAL[1]}"
    found = sections_of(report((line, "", *CANONICAL[2:]), bodies=("", *BODIES[1:])))
    assert [section.title for section in found.values()] == list(CANONICAL)
    assert found["overview"].text == ""
    assert not found["overview"].review


def test_text_between_two_headings_on_one_line_is_that_of_the_first() -> None:
    line = f"| {CANONICAL[4]}：无。{CANONICAL[5]}"
    found = sections_of(report((*CANONICAL[:4], line, ""), bodies=(*BODIES[:4], "", BODIES[5])))
    assert [section.title for section in found.values()] == list(CANONICAL)
    assert found["problems_improvement"].text == "无。"
    assert found["other_matters"].text == BODIES[5]


@pytest.mark.parametrize("after", ["", "。", "：本年度没有"])
def test_a_heading_within_the_running_line_parts_it(after: str) -> None:
    before = "我局发布信息90条。"
    bodies = (BODIES[0] + f"\n{before}{CANONICAL[1]}{after}", *BODIES[1:])
    found = sections_of(report((CANONICAL[0], "", *CANONICAL[2:]), bodies=bodies))
    closed = CANONICAL[1] + after[: after == "。"]
    assert [section.title for section in found.values()] == [CANONICAL[0], closed, *CANONICAL[2:]]
    assert found["overview"].text.endswith(f"\n{before}")
    assert CANONICAL[1] not in found["overview"].text
    assert found["active_disclosure"].text == after.strip("。：")


def test_a_heading_within_the_running_line_may_be_cut_by_its_end() -> None:
    bodies = (BODIES[0] + f"\n全年发布信息九十条，其中政策十条。{CANONICAL[1]}", *BODIES[1:])
    found = sections_of(report((CANONICAL[0], "", *CANONICAL[2:]), bodies=bodies))
    assert [section.title for section in found.values()] == list(CANONICAL)
    assert found["active_disclosure"].text == ""


@pytest.mark.parametrize(
    "sentence",
    [
        "本报告包括一、总体情况；二、主动公开政府信息情况。",
        "报告由两个部分组成。一、总体情况，二、主动公开政府信息情况。",
        "报告内容如下。一、总体情况 二、主动公开政府信息情况 三、收到和处理政府信息公开申请情况",
        "上年报告提到的不足有二、主动公开政府信息情况不够全面。",
    ],
)
def test_a_sentence_that_goes_through_the_sections_holds_no_heading(sentence: str) -> None:
    assert titles_of(report(bodies=(f"{sentence}\n{BODIES[0]}", *BODIES[1:]))) == list(CANONICAL)


def test_a_heading_at_the_foot_of_a_page_has_its_text_on_the_next() -> None:
    filler = "\n".join(SENTENCE for _ in range(14))
    text = report((*CANONICAL[:4], f"# {CANONICAL[4]}\n---", CANONICAL[5]), bodies=(filler, *BODIES[1:]))
    found = sections_of(text)
    assert found["problems_improvement"].title == CANONICAL[4]
    assert not found["problems_improvement"].review
    assert found["problems_improvement"].text == BODIES[4]


@pytest.mark.parametrize(
    "items", ["一是更新不够及时；二是解读形式单一。", "（一）主要问题。更新不及时。", "1.更新不及时。"]
)
def test_a_heading_before_items_on_its_line_ends_where_they_begin(items: str) -> None:
    bodies = (*BODIES[:4], CANONICAL[4] + items, BODIES[5])
    found = sections_of(report((*CANONICAL[:4], "", CANONICAL[5]), bodies=bodies))["problems_improvement"]
    assert (found.title, found.text) == (CANONICAL[4], items)


def test_a_heading_broken_long_before_the_margin_is_read_to_its_end() -> None:
    broken = "| 三、依申请公开\n| 政府信息情况"
    headings = find_headings(read_body(typeset(report((*CANONICAL[:2], broken, *CANONICAL[3:])))))
    assert headings[2].title == "三、依申请公开政府信息情况"
    assert not headings[2].review


def numbered(numerals: str) -> tuple[str, ...]:
    """The headings under other numbers; "-" for none, "?" for one that is lost."""
    marks = {"-": "", "?": "、"}
    return tuple(marks.get(n, f"{n}、") + title[2:] for n, title in zip(numerals, CANONICAL, strict=True))


@pytest.mark.parametrize(
    "numerals",
    ["二三四五六七", "-一二三四五", "一二三三四五", "一二三四一二", "一二三五六七", "------", "一二二四五六"],
)
def test_odd_counts_are_no_reason_to_ask(numerals: str) -> None:
    headings = find_headings(read_body(typeset(report(numbered(numerals)))))
    assert [heading.title for heading in headings] == list(numbered(numerals))
    assert not any(heading.review for heading in headings)


@pytest.mark.parametrize(
    ("numerals", "lost"), [("一?三四五六", [1]), ("?二三四五六", [0]), ("一二??五六", [2, 3])]
)
def test_a_lost_numeral_is_asked_about_and_no_other(numerals: str, lost: list[int]) -> None:
    headings = find_headings(read_body(typeset(report(numbered(numerals)))))
    assert [number for number, heading in enumerate(headings) if heading.review] == lost
    assert len(headings) == 6


@pytest.mark.parametrize("missing", [(1,), (3,), (5,), (3, 5), (1, 2, 3)])
def test_sections_may_be_missing_and_the_rest_is_sure(missing: tuple[int, ...]) -> None:
    printed = tuple("" if number in missing else title for number, title in enumerate(CANONICAL))
    headings = find_headings(read_body(typeset(report(printed))))
    assert [heading.title for heading in headings] == [title for title in printed if title]
    assert not any(heading.review for heading in headings)


def test_contents_never_lend_a_heading_to_a_report_that_prints_one_without_its_number() -> None:
    printed = ("| 总体情况", *numbered("-一二三四五")[1:])
    contents = "^ 目录\n" + "\n".join(f"| {title}……" for title in CANONICAL) + "\n"
    headings = find_headings(read_body(typeset(contents + report(printed))))
    assert [heading.title for heading in headings] == ["总体情况", *printed[1:]]


def test_wording_that_sections_share_with_their_parts_is_no_misreading() -> None:
    printed = (*CANONICAL[:2], "三、依申请公开政府信息情况", *CANONICAL[3:])
    headings = find_headings(read_body(typeset(report(printed))))
    assert [heading.title for heading in headings] == list(printed)
    assert not headings[2].review


def test_sections_in_another_order_are_found_and_two_of_one_key_are_not() -> None:
    swapped = (*CANONICAL[:4], "五、其他需要报告的事项", "六、存在的主要问题及改进情况")
    assert titles_of(report(swapped)) == list(swapped)


def twice(headings: tuple[Heading, ...]) -> set[str]:
    return {heading.key for heading in headings if heading.review}


def test_two_equal_headings_of_one_section_are_a_tie() -> None:
    bodies = (*BODIES[:4], f"{BODIES[4]}\n# {CANONICAL[4]}\n{BODIES[4]}", BODIES[5])
    headings = find_headings(read_body(typeset(report(bodies=bodies))))
    assert [heading.key for heading in headings] == list(SECTION_KEYS)
    assert twice(headings) == {"problems_improvement"}


def test_two_reports_that_nobody_parted_are_all_doubt() -> None:
    headings = find_headings(read_body(typeset(report() + "\n---\n" + report())))
    assert [heading.key for heading in headings] == list(SECTION_KEYS)
    assert twice(headings) == set(SECTION_KEYS)


def test_a_heading_behind_a_longer_row_of_the_table_is_the_one_that_follows_the_others() -> None:
    rows = "| 四、结转下年度继续办理"
    headings = find_headings(
        read_body(typeset(report(bodies=(*BODIES[:2], f"[table]\n{rows}", *BODIES[3:]))))
    )
    assert [heading.title for heading in headings] == list(CANONICAL)
