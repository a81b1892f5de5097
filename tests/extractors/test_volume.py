"""Where a bound volume is cut into its reports, and the many pages that look like a first page and are none."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import BASIS, BODIES, BUDGET, CANONICAL, CLOSING, EARLIER, NOTICE, TITLE, report
from text_pages import HEIGHT, LEADING, LEFT, TOP, WIDTH, make_line, typeset

from eval.bound_pairs import bind
from extractors.document import PageInfo, PageReading, Value
from extractors.forms import load
from extractors.volume import BoundPart, best_starts, cut, doubt_bounds, split_volume, start_chances
from extractors.volume_pages import PageFacts

FORMS = load()
BLANK = (PageReading(PageInfo(1, "blank", WIDTH, HEIGHT, 200)),)
BODY, OTHER_BODY = "临江市青石区水务局", "临江市白鹿区教育局"
OTHER_TITLE = TITLE.replace(BODY, OTHER_BODY)
COVER = f"^ {OTHER_BODY}\n^ 2022年政府信息公开工作年度报告\n^ 2023年1月\n---\n"
CONTENTS = (
    "^ 目录\n" + "\n".join(f"| {heading}……………{page}" for page, heading in enumerate(CANONICAL, 1)) + "\n---\n"
)
LETTER = f"""
^ 关于报送2022年度报告的函
| 区政府办公室：
现将我局2022年政府信息公开工作年度报告报送你们，请审阅，如有疑问请与我局办公室联系，我局将及时补充。
> {BODY}
> 2023年1月20日
"""
WEB_PAGE = """
| 当前位置：首页 > 信息公开
| 索引号：QS-2023-014
| 发布机构：区教育局
| 发布时间：2023-01-20
| 来源：区教育局
| 浏览次数：118
| 字体：大 中 小
"""
COLLECTION = f"""
^ 临江市各部门
^ 2022年政府信息公开工作年度报告汇编
---
^ 目录
| {BODY}2022年政府信息公开工作年度报告……………1
| {OTHER_BODY}2022年政府信息公开工作年度报告……………3
"""


def other(title: str = OTHER_TITLE, bodies: Sequence[str] = BODIES) -> str:
    """The report of another body."""
    basis, closing = (text.replace("青石区水务局", "白鹿区教育局") for text in (BASIS, CLOSING))
    return report(title=title, basis=basis, bodies=bodies, closing=closing)


def dated(year: int) -> str:
    """The report of the first body for another year."""
    title, basis = (text.replace("2022", str(year)) for text in (TITLE, BASIS))
    return report(title=title, basis=basis, closing=CLOSING.replace("2023", str(year + 1)))


FIRST, SECOND = typeset(report()), typeset(other())


def parts(*documents: Sequence[PageReading]) -> tuple[BoundPart, ...]:
    return split_volume(bind(*documents), FORMS)


def pages(found: Sequence[BoundPart]) -> list[list[int]]:
    return [[page.info.number for page in part.pages] for part in found]


def quiet(found: Sequence[BoundPart]) -> bool:
    return not any(part.issues for part in found)


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ((FIRST, SECOND), [[1, 2], [3, 4]]),
        ((FIRST, typeset(dated(2021))), [[1, 2], [3, 4]]),
        ((FIRST, FIRST), [[1, 2], [3, 4]]),
        ((FIRST, BLANK, SECOND, BLANK), [[1, 2, 3], [4, 5, 6]]),
        ((BLANK, FIRST, SECOND), [[1, 2, 3], [4, 5]]),
        ((FIRST, SECOND, typeset(dated(2021)), SECOND), [[1, 2], [3, 4], [5, 6], [7, 8]]),
        ((typeset(COVER + other()), typeset(COVER + other())), [[1, 2, 3], [4, 5, 6]]),
        ((FIRST, typeset(COVER + CONTENTS + other())), [[1, 2], [3, 4, 5, 6]]),
        ((FIRST, typeset(WEB_PAGE + other(), numbered=False)), [[1, 2], [3, 4]]),
        ((FIRST, typeset(EARLIER), typeset(EARLIER)), [[1, 2], [3], [4]]),
        ((typeset(report(), numbered=False), typeset(other(), numbered=False)), [[1, 2], [3, 4]]),
        ((typeset(report() + "\n---\n" + other()),), [[1, 2], [3, 4]]),  # numbered through the volume
        ((typeset(report(closing="")), typeset(other())), [[1, 2], [3, 4]]),
        ((typeset(report((*CANONICAL[:5], ""))), SECOND), [[1, 2], [3, 4]]),
    ],
    ids=[
        "two bodies",
        "two years",
        "the same twice",
        "blank separators",
        "blank in front",
        "four",
        "covers",
        "cover and contents",
        "printed from the web",
        "earlier form",
        "no page numbers",
        "one count of pages",
        "no signature",
        "no sixth section",
    ],
)
def test_reports_are_parted(documents: Sequence[Sequence[PageReading]], expected: list[list[int]]) -> None:
    found = parts(*documents)
    assert pages(found) == expected
    assert quiet(found)


@pytest.mark.parametrize(
    "document",
    [
        typeset(report()),
        typeset(COVER + other()),
        typeset(COVER + CONTENTS + other()),
        bind(typeset(COVER + other()), typeset("| 附件\n^ 政府信息公开统计表\n[table]\n数据来自平台。")),
        bind(FIRST, BLANK, typeset("^ 补充材料\n# 一、主动公开情况\n正文。\n# 二、依申请公开情况\n正文。")),
        bind(
            FIRST,
            typeset("| 附件1\n^ 2022年重点工作情况说明\n# 一、总体要求\n正文。\n# 二、时间安排\n正文。"),
        ),
        bind(typeset(LETTER), FIRST),
        bind(FIRST, typeset(LETTER)),
        typeset(
            report(
                bodies=(
                    "# 一、主动公开情况\n有。\n# 二、依申请公开情况\n有。\n# 三、监督保障\n有。",
                    *BODIES[1:],
                )
            )
        ),
        typeset(report(tuple("一" + heading[1:] for heading in CANONICAL))),
        typeset(EARLIER),
        typeset(NOTICE + "---" + BUDGET),
        (),
    ],
    ids=[
        "plain",
        "cover",
        "cover and contents",
        "attachment",
        "unmarked attachment",
        "attachment with a title",
        "letter in front",
        "letter behind",
        "sub-headings numbered like sections",
        "every section is the first",
        "earlier form",
        "no report",
        "no pages",
    ],
)
def test_a_single_report_is_never_cut(document: Sequence[PageReading]) -> None:
    found = split_volume(document, FORMS)
    assert pages(found) == [[page.info.number for page in document]]
    assert quiet(found)


def with_head(document: Sequence[PageReading], text: str, y0: float, pitch: float) -> list[PageReading]:
    """The document with `text` printed on every page, at the top."""
    found = []
    for page in document:
        head = make_line(text, LEFT + 6 * pitch, y0, page.info.number, pitch)
        found.append(PageReading(page.info, (head, *page.lines), page.fragments))
    return found


@pytest.mark.parametrize(
    ("y0", "pitch"),
    [(100.0, 30.0), (TOP - LEADING, 41.0), (TOP - LEADING, 52.0)],
    ids=["small", "plain", "large"],
)
def test_running_heads_are_no_titles(y0: float, pitch: float) -> None:
    long = report(bodies=(BODIES[0] * 4, *BODIES[1:4], BODIES[4] * 20, BODIES[5] * 30))
    document = with_head(typeset(long), f"{BODY}2022年政府信息公开工作年度报告", y0, pitch)
    assert len(document) > 3
    found = split_volume(document, FORMS)
    assert len(found) == 1
    assert quiet(found)


def test_running_heads_do_not_hide_the_next_title() -> None:
    first = with_head(FIRST, f"{BODY}2022年政府信息公开工作年度报告", 100.0, 30.0)
    second = with_head(SECOND, f"{OTHER_BODY}2022年政府信息公开工作年度报告", 100.0, 30.0)
    assert pages(parts(first, second)) == [[1, 2], [3, 4]]


def test_a_sentence_that_names_the_title_is_none() -> None:
    told = "我局按照要求编制并公布了临江市青石区水务局2022年政府信息公开工作年度报告" * 12 + "。"
    document = typeset(report(bodies=(*BODIES[:4], told, BODIES[5])))
    assert len(document) > 2
    found = split_volume(document, FORMS)
    assert len(found) == 1
    assert quiet(found)


@pytest.mark.parametrize("matter", [LETTER, NOTICE, BUDGET], ids=["letter", "notice", "budget"])
def test_what_is_no_report_gets_its_own_part_in_a_volume(matter: str) -> None:
    assert pages(parts(FIRST, typeset(matter), SECOND)) == [[1, 2], [3], [4, 5]]


def test_the_volumes_own_cover_and_contents_are_no_report() -> None:
    assert pages(parts(typeset(COLLECTION, numbered=False), FIRST, SECOND)) == [[1, 2], [3, 4], [5, 6]]


def test_matter_without_a_title_stays_with_the_report_before() -> None:
    loose = typeset("各科室已阅，存档。", numbered=False)
    assert pages(parts(FIRST, loose, SECOND)) == [[1, 2, 3], [4, 5]]


def test_a_cut_without_a_title_is_in_doubt() -> None:
    found = parts(FIRST, typeset(other(title="")))
    assert pages(found) == [[1, 2], [3, 4]]
    assert [(issue.code, issue.page) for part in found for issue in part.issues] == [
        ("end_in_doubt", 2),
        ("start_in_doubt", 3),
    ]
    assert all(0.5 < part.certainty < 0.9 for part in found)


@pytest.mark.parametrize(
    "document",
    [
        typeset(report() + "\n" + other()),
        bind(typeset(report(), numbered=False), typeset(other(title=""), numbered=False)),
    ],
    ids=["begins in the middle of a page", "no title, no numbers"],
)
def test_two_reports_that_are_not_parted_are_suspected(document: Sequence[PageReading]) -> None:
    (found,) = split_volume(document, FORMS)
    assert [(issue.code, issue.page) for issue in found.issues] == [("second_report_suspected", 3)]
    front = {key: Value("text", "x", "x", confidence=0.99) for key in ("agency", "year", "phone")}
    doubted = doubt_bounds(front, found)
    assert {key: value.review for key, value in doubted.items()} == {
        "agency": True,
        "year": True,
        "phone": False,
    }
    assert doubted["agency"].reasons == ("bounds_in_doubt",)
    assert doubted["agency"].confidence == found.certainty <= 0.5


def test_a_title_below_a_signature_does_not_begin_its_page() -> None:
    """The end of the first report and the whole of the second on one page: nothing can be parted here."""
    (found,) = split_volume(typeset(report(closing="") + "\n---\n" + CLOSING + "\n" + other()), FORMS)
    assert [(issue.code, issue.page) for issue in found.issues] == [("second_report_suspected", 3)]


def test_front_matter_of_a_sure_part_is_left_alone() -> None:
    front = {"agency": Value("text", "x", "x", confidence=0.99)}
    assert doubt_bounds(front, parts(FIRST, SECOND)[1]) == front


facts = st.builds(
    PageFacts,
    blank=st.just(False),
    title=st.sampled_from([None, None, ("甲县教育局", 2022), ("乙市水务局", 2021)]),
    other_title=st.booleans(),
    cover=st.booleans(),
    closed=st.booleans(),
    number=st.sampled_from([None, 1, 2, 3]),
    places=st.sampled_from([(), (0, 1, 2), (3, 4, 5), (0, 1, 2, 3, 4, 5), (2,)]),
    tables=st.sampled_from([(), (0,), (1, 2), (0, 1, 2)]),
)


@given(st.lists(st.just(PageFacts()) | facts, min_size=1, max_size=12))
def test_every_page_is_in_one_part_and_no_part_begins_blank(found: list[PageFacts]) -> None:
    starts, chances = cut(found)
    assert starts[0] == 0
    assert list(starts) == sorted(set(starts))
    assert starts[-1] < len(found)
    assert all(0.0 <= chance <= 1.0 for chance in chances.values())
    assert chances[0] == pytest.approx(1.0)
    assert not any(found[start].blank for start in starts[1:])


@settings(max_examples=50)
@given(st.lists(st.floats(-3, 3), min_size=10, max_size=10))
def test_best_cut_and_chances_are_those_of_all_ways_counted_out(odds: list[float]) -> None:
    pairs = [(later, start) for later in range(1, 5) for start in range(later)]
    scores: dict[int, dict[int, float]] = {page: {} for page in range(5)}
    for (later, start), score in zip(pairs, odds, strict=True):
        scores[later][start] = score
    ways = [(0, *more) for size in range(5) for more in itertools.combinations(range(1, 5), size)]
    worth = {way: sum(scores[late][early] for early, late in itertools.pairwise(way)) for way in ways}
    total = sum(math.exp(score) for score in worth.values())
    assert worth[best_starts(scores)] == pytest.approx(max(worth.values()))
    for page, chance in start_chances(scores).items():
        assert chance == pytest.approx(sum(math.exp(worth[way]) for way in ways if page in way) / total)
