"""Agency, year, period, contacts and date of issue, over the titles and sentences that bodies really print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from invented import BASIS, BODIES, CANONICAL, CLOSING, TITLE, report
from text_pages import typeset

from extractors.bodies import is_name, relation
from extractors.dates import find_dates, find_periods
from extractors.document import PageReading, Reading, Value
from extractors.front_matter import read_front_matter
from extractors.headings import find_headings
from extractors.layout import read_body

KEYS = {"agency", "year", "period", "address", "postcode", "phone", "fax", "email", "website", "issued_on"}


def read(text: str, sure: float = 0.999) -> dict[str, Value]:
    body = read_body(typeset(text, sure=sure))
    return read_front_matter(body, find_headings(body))


def values(front: Mapping[str, Value]) -> dict[str, object]:
    return {key: value.value for key, value in front.items()}


def test_a_plain_report() -> None:
    front = read(report())
    assert values(front) == {
        "agency": "临江市青石区水务局",
        "year": 2022,
        "period": ("2022-01-01", "2022-12-31"),
        "address": "青石区滨河东路18号",
        "postcode": "430099",
        "phone": "027-65432109",
        "fax": "027-65432100",
        "email": "water@qingshi.gov.cn",
        "website": None,
        "issued_on": "2023-01-18",
    }
    assert not any(value.review for value in front.values())
    assert front["agency"].confidence is not None
    assert front["agency"].confidence > 0.99


AGENCY = "临江市青石区水务局"
TITLES = {
    "one line": f"^ {AGENCY}2022年政府信息公开工作年度报告",
    "year first": f"^ 2022年{AGENCY}政府信息公开工作年度报告",
    "year of report first": f"^ 2022年度{AGENCY}政府信息公开工作年度报告",
    "without 工作": f"^ {AGENCY}\n^ 2022年政府信息公开年度报告",
    "double 年度": f"^ {AGENCY}2022年度政府信息公开工作年度报告",
    "doubled 年度年度": f"^ {AGENCY}\n^ 2022年度年度政府信息公开工作报告",
    "year inside": f"^ {AGENCY}政府信息公开工作2022年度报告",
    "short": f"^ {AGENCY}2022年信息公开年度报告",
    "report": f"^ {AGENCY}2022年度政府信息公开工作报告",
    "with 的": f"^ {AGENCY}2022年政府信息公开工作的年度报告",
    "annual": f"^ {AGENCY}2022年政府政务公开年报",
    "broken phrase": f"^ {AGENCY}2022年政府信息\n^ 公开工作年度报告",
    "three lines": "^ 临江市青石区\n^ 水务局2022年度\n^ 政府信息公开工作年度报告",
    "broken name": "^ 临江市青石区\n^ 水务局2022年政府信息公开工作年度报告",
    "year on its own line": f"^ {AGENCY}\n^ 2022年\n^ 政府信息公开工作年度报告",
    "spaces": f"^ {AGENCY}\n^ 2022 年政府信息公开工作年度报告",
    "wide digits": f"^ {AGENCY}\n^ ２０２２年政府信息公开工作年度报告",
    "chinese digits": f"^ {AGENCY}\n^ 二〇二二年政府信息公开工作年度报告",
    "bracketed year": f"^ {AGENCY}（2022年）政府信息公开工作年度报告",
    "year behind": f"^ {AGENCY}政府信息公开工作年度报告（2022年度）",
    "decorated": f"^ {AGENCY}2022年政府信息公开工作年度报告（文字版）",
    "picture": f"^ （图解）{AGENCY}2022年政府信息公开工作年度报告",
    "about": f"^ {AGENCY}关于2022年政府信息公开工作年度报告",
    "date below": f"^ {AGENCY}2022年政府信息公开工作年度报告\n^ （2023年1月 18日）",
    "letterhead": "^ 临江市青石区人民政府办公室文件\n^ 青政办\u30142023\u30155号\n"
    f"^ {AGENCY}\n^ 2022年政府信息公开工作年度报告",
    "letterhead of the body": f"^ {AGENCY}\n^ {AGENCY}2022年政府信息公开工作年度报告",
    "cover": f"^ {AGENCY}\n^ 2022年政府信息公开工作年度报告\n---\n^ {AGENCY}2022年政府信息公开工作年度报告",
    "web chrome": "| 首页 > 政务公开 > 信息公开年报\n"
    f"^ {AGENCY}2022年政府信息公开工作年度报告\n^ 发布时间：2023-01-18 来源：水务局",
    "phrase misread": f"^ {AGENCY}\n^ 2022年政府信息公开作年度报告",
    "pen mark in the phrase": f"^ {AGENCY}2022年政府信息公开年~\n^ 度报告",
    "at the margin": f"| {AGENCY}2022年政府信息公开工作年度报告",
}


@pytest.mark.parametrize("period", ["数据统计期限为2022年1月1", "日至2022年12月31日止"])
def test_one_end_of_the_period_gives_the_year_where_nothing_else_does(period: str) -> None:
    """A black corner has taken title, year of the basis and the other end; the answer is asked about."""
    year = read(report(title="^ 政府信息公开工作年度", basis=f"根据条例编制。{period}。", closing=""))["year"]
    assert year.value == 2022
    assert year.review


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES.keys())
def test_titles(title: str) -> None:
    front = read(report(title=title))
    assert (front["agency"].value, front["year"].value) == (AGENCY, 2022)
    assert not front["agency"].review
    assert not front["year"].review


def test_title_without_year_takes_it_from_the_period_and_the_date() -> None:
    front = read(report(title=f"^ {AGENCY}政府信息公开工作年度报告"))
    assert (front["year"].value, front["year"].raw, front["year"].review) == (2022, "2022", False)


def test_title_without_year_and_one_witness_goes_to_review() -> None:
    front = read(report(title=f"^ {AGENCY}政府信息公开工作年度报告", closing=f"> {AGENCY}"))
    assert front["year"].value == 2022
    assert front["year"].review
    assert "year_not_in_title" in front["year"].reasons


def test_title_without_agency_takes_the_signature() -> None:
    front = read(report(title="^ 2022年政府信息公开工作年度报告"))
    assert (front["agency"].value, front["agency"].review) == (AGENCY, False)


def test_title_without_agency_and_no_signature_takes_the_basis_and_review() -> None:
    basis = BASIS.split("如对")[0]
    front = read(report(title="^ 2022年政府信息公开工作年度报告", basis=basis, closing=""))
    assert front["agency"].value == AGENCY
    assert front["agency"].review


def test_lost_digits_of_the_year_go_to_review() -> None:
    front = read(report(title=f"^ {AGENCY}\n^ 202年政府信息公开工作年度报告"))
    assert front["agency"].value == AGENCY
    assert front["year"].value == 2022
    assert front["year"].review
    assert "year_incomplete" in front["year"].reasons


@pytest.mark.parametrize(
    ("title", "closing", "basis"),
    [
        (TITLE.replace("2022", "2021"), CLOSING, BASIS),
        (TITLE, CLOSING.replace("2023年", "2021年"), BASIS),
        (TITLE, CLOSING, BASIS.replace("2022年", "2019年")),
    ],
    ids=["title", "date", "period"],
)
def test_years_that_disagree_go_to_review(title: str, closing: str, basis: str) -> None:
    year = read(report(title=title, closing=closing, basis=basis))["year"]
    assert year.review
    assert "year_disagrees" in year.reasons
    assert str(year.value) in title


@pytest.mark.parametrize("name", ["临江市青右区水务局", "红河县卫生健康局"])
def test_names_that_disagree_go_to_review(name: str) -> None:
    agency = read(report(closing=f"> {name}\n> 2023年1月18日"))["agency"]
    assert (agency.value, agency.review) == (AGENCY, True)
    assert "agency_disagrees" in agency.reasons


@pytest.mark.parametrize("name", ["江市青石区水务局", "禾临江市青石区水务局", "临江市青区水务局"])
def test_a_lost_or_added_character_of_the_name_goes_to_review(name: str) -> None:
    agency = read(report(title=TITLE.replace(AGENCY, name)))["agency"]
    assert (agency.value, agency.review) == (name, True)


def test_the_rest_of_a_longer_name_in_the_text_is_no_support() -> None:
    text = report(title=TITLE.replace(AGENCY, "江市青石区水务局"), basis="", closing="")
    told = text.replace("2022年，我局", "2022年，临江市青石区水务局")
    assert read(text, sure=0.996)["agency"].confidence == read(told, sure=0.996)["agency"].confidence
    right = told.replace("^ 江市", "^ 临江市")
    assert read(right, sure=0.996)["agency"].confidence > 0.98  # type: ignore[operator]


def test_name_on_the_cover_is_better_than_none() -> None:
    cover = f"^ {AGENCY}\n\u3000\n---\n^ 2022年政府信息公开工作年度报告"
    agency = read(report(title=cover, basis="", closing=""))["agency"]
    assert (agency.value, agency.review) == (AGENCY, True)


def test_a_badly_read_title_goes_to_review_where_nothing_supports_it() -> None:
    text = report(basis="", closing="", bodies=tuple(body.replace("2022", "本") for body in BODIES))
    front = read(text, sure=0.97)
    assert (front["agency"].value, front["year"].value) == (AGENCY, 2022)
    assert front["agency"].review
    assert front["year"].review
    assert front["agency"].reasons == ("low_confidence",)


def test_nothing_found_is_said() -> None:
    front = read("# 一、总体情况\n本文没有标题，没有落款。")
    assert set(front) == KEYS
    assert all(value.kind == "not_found" for value in front.values())
    assert {key for key, value in front.items() if value.review} == {"agency", "year"}
    assert all(value.raw is None and value.confidence is None for value in front.values())


def test_a_sentence_is_no_title() -> None:
    text = report(title="", basis="现公布青石区水务局2021年政府信息公开年度报告。" + BASIS)
    agency = read(text)["agency"]
    assert agency.value == AGENCY  # as signed; the sentence names it too


def test_parts_are_the_very_characters() -> None:
    readings = typeset(report())
    body = read_body(readings)
    front = read_front_matter(body, find_headings(body))
    title = readings[0].lines[0]
    (part,) = front["agency"].parts
    assert (part.page, part.box.x0, part.box.x1) == (1, title.extents[0][0], title.extents[-1][1])
    (year,) = front["year"].parts
    assert year.box.x1 == pytest.approx(readings[0].lines[1].extents[3][1])


CONTACTS = {
    "town": (
        "电子版可在门户网站查阅，其网址是www.hexian.gov.cn。如有疑问，请联系和县人民政府，联系地址：和县城关镇前进路3号，"
        "邮编：150066，联系电话：6501311。",
        {
            "website": "www.hexian.gov.cn",
            "address": "和县城关镇前进路3号",
            "postcode": "150066",
            "phone": "6501311",
            "email": None,
        },
    ),
    "dashes": (
        "通讯地址：松山县解放路1号 邮政编码：135000 联系方式：0435—4650003 "
        "图文传真：0435－4650004 电子信箱：a_b.c@126.com",
        {
            "address": "松山县解放路1号",
            "postcode": "135000",
            "phone": "0435-4650003",
            "fax": "0435-4650004",
            "email": "a_b.c@126.com",
        },
    ),
    "long link": (
        "本报告的电子版可以从本机关网站（http://www.songshan.gov.cn/zwgk/xxgk/nb/index.html）下载，"
        "如对本报告有任何疑问，"
        "请与本机关联系（办公地址：松山县行政中心二号楼（东侧）306室；电话：0435-4650003）。",
        {
            "website": "http://www.songshan.gov.cn/zwgk/xxgk/nb/index.html",
            "address": "松山县行政中心二号楼（东侧）306室",
            "phone": "0435-4650003",
            "fax": None,
        },
    ),
    "both in one": (
        "地址为松山县解放路1号，电话（传真）：0435-4650003。",
        {"address": "松山县解放路1号", "phone": "0435-4650003"},
    ),
    "mobile": (
        "联系电话：13904351234，邮箱：xxgk@ss.gov.cn。",
        {"phone": "13904351234", "email": "xxgk@ss.gov.cn"},
    ),
    "no labels at all": (
        "没有联系方式。公开网址很多，电话咨询很少。",
        {"phone": None, "website": None, "address": None},
    ),
}


@pytest.mark.parametrize(("basis", "wanted"), CONTACTS.values(), ids=CONTACTS.keys())
def test_contacts(basis: str, wanted: dict[str, object]) -> None:
    front = read(report(basis=basis))
    assert {key: front[key].value for key in wanted} == wanted
    assert all(front[key].raw for key, value in wanted.items() if value)
    assert not any(front[key].review for key in wanted)


def test_contacts_over_a_line_end_have_a_part_per_line() -> None:
    front = read(report())
    assert all(len(value.parts) >= 1 for value in front.values() if value.kind != "not_found")
    assert max(len(front[key].parts) for key in ("address", "phone", "fax", "email", "period")) == 2


def test_contacts_at_the_end_are_found() -> None:
    last = "本年度没有收取信息处理费。\n联系地址：松山县解放路1号，电话：0435-4650003。"
    front = read(report(basis="", bodies=(*BODIES[:5], last)))
    assert (front["address"].value, front["phone"].value) == ("松山县解放路1号", "0435-4650003")


@pytest.mark.parametrize(
    ("closing", "issued", "agency"),
    [
        (f"> {AGENCY}\n> 2023 年 1 月 18 日", "2023-01-18", AGENCY),
        (f"> {AGENCY}\n> 二〇二三年一月十八日", "2023-01-18", AGENCY),
        (f"> {AGENCY}2023年1月18日", "2023-01-18", AGENCY),
        ("> 2023年1月18日", "2023-01-18", AGENCY),
        (f"> {AGENCY}\n> 2023年1月18日\n| 扫一扫在手机打开当前页", "2023-01-18", AGENCY),
        ("", None, AGENCY),
        (f"> {AGENCY}\n> 2023年13月18日", None, AGENCY),
    ],
)
def test_closing(closing: str, issued: str | None, agency: str) -> None:
    front = read(report(closing=closing))
    assert (front["issued_on"].value, front["agency"].value) == (issued, agency)


def without_extents(readings: tuple[PageReading, ...]) -> tuple[PageReading, ...]:
    """The same pages from an engine that keeps nothing per character."""
    return tuple(
        replace(
            reading,
            lines=tuple(
                replace(line, extents=(), reading=Reading(line.text, 0.999), size=0.0)
                for line in reading.lines
            ),
        )
        for reading in readings
    )


def test_lines_without_characters_will_do() -> None:
    body = read_body(without_extents(typeset(report())))
    front = read_front_matter(body, find_headings(body))
    assert (front["agency"].value, front["year"].value, front["email"].value) == (
        AGENCY,
        2022,
        "water@qingshi.gov.cn",
    )


def test_name_that_may_end_before_or_behind_the_word_government() -> None:
    front = read(
        report(title="^ 2022年临江市政府信息公开工作年度报告", closing="> 临江市人民政府\n> 2023年3月20日")
    )
    assert (front["agency"].value, front["agency"].reasons) == ("临江市", ("agency_incomplete",))
    town = read(
        report(title="^ 金沙镇2022年政府信息公开工作年度报告", closing="> 金沙镇人民政府\n> 2023年3月20日")
    )
    assert (town["agency"].value, town["agency"].review) == ("金沙镇", False)


@pytest.mark.parametrize(
    ("name", "other", "expected"),
    [
        ("洪山县人民政府", "临江市洪山县人民政府办公室", "same"),
        ("洪山县卫健委", "洪山县卫生健康委员会", "same"),
        ("洪山县人民政府", "洪川县人民政府", "misread"),
        ("洪山县教育局", "青石区水务局", "other"),
        ("洪山县教育局", "洪山县教育局", "same"),
        ("山县教育局", "洪山县教育局", "misread"),
        ("临江青石区水务局", "临江市青石区水务局办公室", "misread"),
        ("临江市青石区政府", "临江市青石区人民政府", "same"),
    ],
)
def test_relation_of_names(name: str, other: str, expected: str) -> None:
    assert relation(name, other) == relation(other, name) == expected


def test_names() -> None:
    assert is_name("临江市青石区水务局")
    assert is_name("临江经济技术开发区管委会")
    assert not is_name("2022年，我局")
    assert not is_name("无")
    assert not is_name("本年度没有收取信息处理费。")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("自2021年1月1日起至12月31日止", "2021-01-01", "2021-12-31"),
        ("从2023年1月1日至12月31止", "2023-01-01", "2023-12-31"),
        ("2020年1月1日到2020年12月31日止", "2020-01-01", "2020-12-31"),
        ("20191月1日至2019年12月31日", "2019-01-01", "2019-12-31"),
        ("2023年1月1日—2023年12月31日", "2023-01-01", "2023-12-31"),
    ],
)
def test_periods(text: str, first: str, last: str) -> None:
    (period,) = find_periods(text.replace("—", "-"))
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


def test_impossible_dates_are_none() -> None:
    assert find_dates("2023年2月30日") == ()
    assert find_periods("2023年13月1日至2023年12月31日") == ()
    assert [date.value.isoformat() for date in find_dates("二〇二四年十二月三十一日 2024-01-02")] == [
        "2024-12-31",
        "2024-01-02",
    ]


def test_headings_may_be_none() -> None:
    body = read_body(typeset(f"{TITLE}\n{BASIS}\n{CANONICAL[0]}"))
    assert read_front_matter(body, ())["agency"].value == AGENCY
