"""The texts of the sections, and what is kept out of them."""

from __future__ import annotations

import pytest
from invented import BODIES, CANONICAL, CLOSING, EARLIER, report
from text_pages import typeset

from extractors.document import SECTION_KEYS, Section
from extractors.headings import find_headings
from extractors.layout import read_body
from extractors.sections import build_sections, other_headings, section_issues


def sections_of(text: str) -> dict[str, Section]:
    body = read_body(typeset(text))
    return {section.key: section for section in build_sections(body, find_headings(body))}


def test_texts_are_the_paragraphs_written() -> None:
    sections = sections_of(report())
    for key, title, body in zip(SECTION_KEYS, CANONICAL, BODIES, strict=True):
        assert sections[key].title == title
        assert sections[key].text == ("" if body == "[table]" else body)
        assert not sections[key].review


def test_long_texts_run_over_pages_without_their_numbers() -> None:
    long = "\n".join(
        "全年对信息发布流程进行了梳理，明确了起草、审核、发布和归档四个环节的责任人。" * 4 for _ in range(6)
    )
    sections = sections_of(report(bodies=(long, *BODIES[1:])))
    assert sections["overview"].text == long


@pytest.mark.parametrize(
    "closing",
    [
        CLOSING,
        "> 临江市青石区水务局\n> 二〇二三年一月十八日",
        "> 2023年1月18日",
        "> 临江市青石区水务局",
        "> 临江市青石区水务局 2023年1月18日",
        f"{CLOSING}\n| 打印本页 关闭窗口",
        "",
    ],
)
@pytest.mark.parametrize(
    "last", ["无", "无。", "本年度没有收取信息处理费。", "（一）收费情况。无。\n（二）其他。无。"]
)
def test_signature_is_no_part_of_section_six(closing: str, last: str) -> None:
    assert sections_of(report(bodies=(*BODIES[:5], last), closing=closing))["other_matters"].text == last


def test_dates_and_names_in_the_text_are_no_signature() -> None:
    last = "本报告经区政府常务会议审议，会议时间为2023年1月10日，参加单位有区水务局。"
    assert sections_of(report(bodies=(*BODIES[:5], last)))["other_matters"].text == last


def test_run_in_text_goes_on_over_lines() -> None:
    tail = "2022年工作仍有不足，主要是公开内容不够全面，下一步将加强培训和督查，并安排专人每周巡查栏目。"
    body = f"五、存在的主要问题及改进情况。{tail}\n另行安排两次检查。"
    text = report((*CANONICAL[:4], "", CANONICAL[5]), bodies=(*BODIES[:4], body, BODIES[5]))
    assert sections_of(text)["problems_improvement"].text == f"{tail}\n另行安排两次检查。"


def test_run_in_none() -> None:
    text = report((*CANONICAL[:5], "六、其他需要报告的事项：无"), bodies=(*BODIES[:5], ""))
    section = sections_of(text)["other_matters"]
    assert (section.title, section.text) == ("六、其他需要报告的事项", "无")


def test_missing_sections_are_named() -> None:
    headings = find_headings(read_body(typeset(report((*CANONICAL[:5], ""), bodies=(*BODIES[:5], "")))))
    assert [(issue.code, issue.facts["section"]) for issue in section_issues(headings)] == [
        ("section_missing", "other_matters")
    ]
    assert len(section_issues(())) == len(SECTION_KEYS)
    assert build_sections(read_body(typeset(report())), ()) == ()


def test_doubtful_headings_make_doubtful_sections() -> None:
    body = read_body(typeset(report(), sure=0.9))
    sections = build_sections(body, find_headings(body))
    assert all(section.review and section.reasons == ("low_confidence",) for section in sections)


def test_earlier_reports_keep_their_headings_and_force_no_key() -> None:
    body = read_body(typeset(EARLIER))
    headings = find_headings(body)
    sections = {section.key: section for section in build_sections(body, headings)}
    assert [section.title for section in sections.values()] == [
        "一、概述",
        "二、主动公开政府信息的情况",
        "三、依申请公开政府信息办理情况",
        "五、因政府信息公开申请行政复议、提起行政诉讼的情况",
        "六、政府信息公开工作存在的主要问题及改进措施",
    ]
    others = other_headings(body, headings)
    assert [issue.facts["title"] for issue in others] == ["四、政府信息公开的收费及减免情况", "七、附表"]
    assert "四、政府信息公开的收费及减免情况" in sections["applications"].text.splitlines()


def test_a_report_has_no_other_headings() -> None:
    body = read_body(typeset(report(bodies=("一、是首要工作，必须抓好。\n" + BODIES[0], *BODIES[1:]))))
    assert other_headings(body, find_headings(body)) == ()
