"""Report, report of an earlier form, or something else."""

from __future__ import annotations

import pytest
from invented import BASIS, BODIES, BUDGET, CANONICAL, EARLIER, GUIDE, NOTICE, TITLE, report
from text_pages import typeset

from extractors.front_matter import read_front_matter
from extractors.headings import find_headings
from extractors.kind import KindDecision, decide_kind, legible_per_page
from extractors.layout import read_body

LETTER = """
| 李先生：
您于2022年3月2日提交的政府信息公开申请收悉。经查，您申请公开的信息不属于本机关公开范围，建议向区水务局咨询。
> 临江市青石区人民政府办公室
> 2022年3月15日
"""
OLD_AND_SHORT = """
^ 红河镇2010年政府信息公开年度报告
根据条例规定，编制本报告，统计期限为2010年1月1日至2010年12月31日。
# 一、基本情况
镇政府成立了领导小组，由镇长任组长。
# 二、公开的主要内容
公开信息40条。
# 三、收费及减免情况
没有收费。
# 四、存在问题
人手不足。
"""


def decide(text: str, tables: int, left_blank: bool = False, sure: float = 0.999) -> KindDecision:
    pages = typeset(text, sure)
    body = read_body(pages)
    headings = find_headings(body)
    front, legible = read_front_matter(body, headings), legible_per_page(pages)
    return decide_kind(body, headings, tables, front, left_blank, legible=legible)


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        (report(), 3),
        (report(), 2),
        (report(), 0),
        (report(title=""), 3),
        (report(title=TITLE.replace("2022", "2019"), basis=BASIS.replace("2022", "2019")), 3),
        (report((*CANONICAL[:5], ""), bodies=(*BODIES[:5], "")), 3),
        (report(title="^ 临江市青石区水务局政府信息公开工作年度报告", basis="", closing=""), 3),
    ],
    ids=["all", "two tables", "no tables", "no title", "2019", "five sections", "no year"],
)
def test_reports(text: str, tables: int) -> None:
    decision = decide(text, tables)
    assert (decision.kind, decision.review) == ("report", False)


@pytest.mark.parametrize("text", [EARLIER, OLD_AND_SHORT], ids=["county", "town"])
def test_earlier_forms(text: str) -> None:
    decision = decide(text, 0)
    assert (decision.kind, decision.review) == ("earlier_form", False)


@pytest.mark.parametrize("text", [BUDGET, NOTICE, GUIDE, LETTER], ids=["budget", "notice", "guide", "letter"])
def test_other_documents(text: str) -> None:
    decision = decide(text, 0)
    assert (decision.kind, decision.review) == ("not_a_report", False)


def test_a_notice_that_annexes_the_blank_form_is_no_report() -> None:
    assert decide(NOTICE, 2).kind == "report"  # its tables alone would make it one
    assert decide(NOTICE, 2, left_blank=True).kind == "not_a_report"


def test_a_report_without_a_single_answer_is_still_a_report() -> None:
    decision = decide(report(), 3, left_blank=True)
    assert (decision.kind, decision.review) == ("report", False)


def test_doubtful_documents_go_to_review() -> None:
    assert decide("^ 青石区水务局2022年政府信息公开工作年度报告\n（正文见附件）", 0).review
    assert decide("[table]", 1).review


def test_what_could_not_be_read_is_asked_about() -> None:
    """A page too bad to read shows no title and no heading either, and two hundred values may stand on it."""
    nothing = decide_kind(read_body(()), (), 0, {}, legible=0.0)
    assert (nothing.kind, nothing.review) == ("not_a_report", True)
    assert decide(LETTER, 0, sure=0.3).review
    assert not decide(LETTER, 0).review


def test_evidence_is_named() -> None:
    assert {"title", "form_tables_many", "headings_all", "year_of_form"} <= set(decide(report(), 3).evidence)
    assert 0.0 < decide(report(), 3).confidence <= 1.0
