"""Characters and headings of the running text."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.matches import Matches
from eval.metrics.text import Characters, SectionScore, character_errors, confusion, section_score

texts = st.dictionaries(
    st.sampled_from(["overview", "applications", "other_matters"]),
    st.text(alphabet="本年度无01", min_size=1, max_size=8),
    min_size=1,
)


@given(texts, st.data())
def test_laws_of_characters(gold: dict[str, str], data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(gold)))
    assert character_errors(gold, gold).accuracy == 1.0
    assert character_errors({}, gold).accuracy == 0.0
    assert character_errors({}, gold).error_rate == 1.0
    assert character_errors({**gold, key: gold[key][1:]}, gold).accuracy < 1.0
    assert character_errors({**gold, key: gold[key] + "年"}, gold).accuracy < 1.0
    assert character_errors({**gold, "invented": "字"}, gold).accuracy < 1.0
    turned = dict(reversed(gold.items()))
    assert character_errors(turned, gold) == character_errors(gold, turned)


def test_the_rate_is_over_the_characters_of_the_truth() -> None:
    assert character_errors({"a": "本年 度\n１"}, {"a": "本年度1"}) == Characters(0, 4)  # noqa: RUF001
    assert character_errors({"a": "本月度"}, {"a": "本年度无"}).error_rate == pytest.approx(2 / 4)
    assert (Characters(1, 10) + Characters(0, 90)).error_rate == pytest.approx(0.01)
    assert character_errors({"a": "一二三四五"}, {"a": "无"}).error_rate == 5.0
    assert character_errors({"a": "一二三四五"}, {"a": "无"}).accuracy == 0.0


def test_text_where_there_is_none_is_all_wrong() -> None:
    assert character_errors({"a": "字"}, {}).error_rate == math.inf
    assert (Characters().error_rate, Characters().accuracy) == (0.0, 0.0)


GOLD = [("overview", "一、总体情况"), ("applications", "三、收到和处理政府信息公开申请情况")]
TRAPS = ["三、本年度办理结果", "一、总体情况"]


@given(st.lists(st.sampled_from([*GOLD, ("other_matters", "六、其他")]), min_size=1, max_size=4))
def test_laws_of_sections(gold: list[tuple[str, str]]) -> None:
    assert section_score(gold[::-1], gold).titles.f1 == 1.0
    assert section_score([], gold).titles.f1 == section_score([], gold).keys.f1 == 0.0
    assert section_score(gold[1:], gold).titles.f1 < 1.0
    assert section_score([*gold, gold[0]], gold).titles.f1 < 1.0
    assert section_score([*gold, gold[0]], gold).keys.f1 < 1.0


def test_a_row_label_taken_for_a_heading_is_trapped() -> None:
    got = [("overview", "一、 总体情况"), ("applications", "三、本年度办理结果")]
    score = section_score(got, GOLD, TRAPS)
    assert score == SectionScore(Matches(2, 2, 2), Matches(1, 2, 2), trapped=1)
    assert score.exact_titles == 0.5
    assert (score + score).trapped == 2


def test_confusion_counts_every_line_of_the_truth() -> None:
    counts = confusion(["row", "overview", "overview"], ["row", "row", "overview"])
    assert counts == {("row", "row"): 1, ("row", "overview"): 1, ("overview", "overview"): 1}
    with pytest.raises(ValueError, match="zip"):
        confusion(["row"], [])
