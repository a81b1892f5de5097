"""How the six headings are worded and numbered, and what else looks like them.

Official wording: the form's notices (国办公开办函2019年第60号, 2021年第30号) and 条例 第五十条, whose phrases
people copy. The rest was seen as headings of published reports. All of it is kept folded and without
punctuation, for comparison only: a title in a record is always what the page says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz import fuzz

from extractors.document import SECTION_KEYS, SectionKey
from extractors.wording import fold, plain_number

Level = Literal["section", "sub", "item", "spoken", "none"]

# Wording that means the section and hardly anything else.
STRONG: Mapping[SectionKey, Sequence[str]] = {
    "overview": (
        "总体情况",
        "总体工作情况",
        "工作总体情况",
        "政府信息公开总体情况",
        "政府信息公开工作总体情况",
        "政府信息公开总体工作情况",
        "政务公开工作总体情况",
        "信息公开工作总体情况",
        "概述",
        "概况",
        "总体概述",
        "总体概况",
    ),
    "active_disclosure": (
        "主动公开政府信息情况",
        "行政机关主动公开政府信息情况",
        "主动公开政务信息情况",
        "主动公开信息情况",
        "政府信息主动公开情况",
        "主动公开政府信息工作情况",
    ),
    "applications": (
        "收到和处理政府信息公开申请情况",
        "行政机关收到和处理政府信息公开申请情况",
        "收到和处理信息公开申请情况",
        "收到和处理政府信息公开申请情况统计表",
        "收到和处理政府信息公开申请",
        "收到和办理政府信息公开申请情况",
        "依申请公开政府信息办理情况",
        "政府信息依申请公开办理情况",
    ),
    "review_litigation": (
        "政府信息公开行政复议行政诉讼情况",
        "政府信息公开工作行政复议行政诉讼情况",
        "政府信息公开行政复议和行政诉讼情况",
        "因政府信息公开工作被申请行政复议提起行政诉讼情况",
        "因政府信息公开工作被行政复议提起行政诉讼情况",
        "因政府信息公开申请行政复议提起行政诉讼情况",
        "被申请行政复议提起行政诉讼情况",
        "政府信息公开复议诉讼情况",
        "政府信息公开相关行政复议诉讼情况",
        "行政复议行政诉讼情况",
        "政府信息公开行政复议情况",
        "复议诉讼情况",
    ),
    "problems_improvement": (
        "存在主要问题及改进情况",
        "存在问题及改进情况",
        "政府信息公开工作存在主要问题及改进情况",
        "政务信息工作存在主要问题和改进情况",
        "工作中存在主要问题及改进措施",
        "存在主要问题和改进措施",
        "存在问题和改进措施",
        "存在问题及改进措施",
        "存在不足及改进措施",
        "存在问题与改进方向",
        "存在问题及改进思路",
        "主要问题及改进措施",
        "存在问题及下一步工作打算",
    ),
    "other_matters": (
        "其他需要报告事项",
        "其它需要报告事项",
        "其他需要说明事项",
        "需要报告其他事项",
        "需要说明事项与附表",
        "需要说明事项",
    ),
}

# Wording that a sub-heading has as often: it needs its number and its place to count.
WEAK: Mapping[SectionKey, Sequence[str]] = {
    "overview": ("基本情况", "综述", "工作概况", "工作情况", "工作开展情况", "总体要求"),
    "active_disclosure": ("主动公开情况", "主动公开", "政府信息公开情况"),
    "applications": ("依申请公开情况", "依申请公开政府信息情况", "政府信息依申请公开情况", "依申请公开"),
    "review_litigation": ("行政复议情况", "行政诉讼情况", "行政诉讼", "行政复议"),
    "problems_improvement": ("存在问题", "主要问题", "存在不足", "下一步工作计划", "改进措施"),
    "other_matters": ("其他事项", "其他报告事项", "其他相关工作情况", "其他情况"),
}

OLD: Sequence[str] = (
    "政府信息公开收费及减免情况",
    "政府信息公开收费情况",
    "收费及减免情况",
    "依申请公开政府信息收费及减免情况",
    "政府信息公开咨询情况",
    "政府信息公开咨询处理情况",
    "公文类政府信息公开情况",
    "政府信息公开支出与收费情况",
    "机构建设和人员情况",
    "机构建设和保障经费情况",
    "工作人员和政府支出费用情况",
    "回应解读情况",
    "重点领域政府信息公开情况",
    "政府信息公开指南和目录编制情况",
    "政府信息公开统计表",
    "政府信息公开情况统计表",
    "附表",
    "附件",
    "附录",
    "说明与附表",
)

SUB: Sequence[str] = (
    "主动公开",
    "主动公开情况",
    "主动公开方面",
    "依申请公开",
    "依申请公开情况",
    "依申请公开方面",
    "政府信息管理",
    "政府信息管理情况",
    "信息管理方面",
    "平台建设",
    "政府信息公开平台建设情况",
    "监督保障",
    "政府信息公开监督保障情况",
    "组织领导",
    "教育培训",
    "主要问题",
    "存在问题",
    "改进措施",
    "改进情况",
)

ROW: Sequence[str] = (
    "本年新收政府信息公开申请数量",
    "上年结转政府信息公开申请数量",
    "本年度办理结果",
    "结转下年度继续办理",
    "予以公开",
    "部分公开",
    "不予公开",
    "无法提供",
    "不予处理",
    "其他处理",
    "总计",
    "第二十条第项",
    "信息内容",
    "行政复议行政诉讼",
    "未经复议直接起诉复议后起诉",
    "申请人情况",
    "法人或其他组织",
    "本列数据勾稽关系为第一项加第二项之和等于第三项加第四项之和",
)

# Without one of these words a text is not the section's heading, however alike the rest is.
_NEEDS: Mapping[SectionKey, str] = {
    "overview": r"总体|概|综述|情况",
    "active_disclosure": r"公开|主动",
    "applications": r"申请|处理",
    "review_litigation": r"复议|诉讼",
    "problems_improvement": r"问题|不足|改进|下一步",
    "other_matters": r"其[他它]|事项",
}


@dataclass(frozen=True, slots=True)
class Numbering:
    """What stands before the words. `ordinal` is None where the numeral is lost or cannot be read."""

    level: Level
    ordinal: int | None
    length: int  # characters taken, of the text given


_NUMERAL = "[一二三四五六七八九十]{1,2}"
_LOOKALIKE = {"-": 1, "_": 1, "ー": 1, "—": 1, "=": 2, "ニ": 2, "≡": 3, "ミ": 3, "巴": 4, "西": 4, "丸": 9}
_SECTION = re.compile(rf"[^\w(]{{0,2}}[A-Za-z|]?第?({_NUMERAL})(?:部分)?[、,.:;·'`\u2019-]+")
_LOOSE = re.compile(rf"第?({_NUMERAL})(?:部分)?(?=[\u4e00-\u9fff“\"])")
_LIKE = re.compile(rf"([{''.join(map(re.escape, _LOOKALIKE))}])[、,.]+")
_LOST = re.compile(r"[、,.]+(?=[\u4e00-\u9fff])")
_SUB = re.compile(rf"[(\[]?(?:{_NUMERAL}|\d{{1,2}})[)\]]+[、,.:]?|[(\[](?:{_NUMERAL}|\d{{1,2}})[、,.]?")
_ITEM = re.compile(r"\d{1,2}[、,.:](?!\d)|[①-⑳]")
_SPOKEN = re.compile(rf"第?{_NUMERAL}(?:是|要|年|批|次|个|种|公|方面)|首先|其次|最后")


def parse_numbering(text: str) -> Numbering:
    """The numbering at the start of `text` (white space removed)."""
    folded = fold(text)
    match = _SUB.match(folded)
    if match:
        return Numbering("sub", None, match.end())
    match = _SPOKEN.match(folded)
    if match:
        return Numbering("spoken", None, 0)
    match = _SECTION.match(folded) or _LOOSE.match(folded)
    if match:
        return Numbering("section", plain_number(match[1]), match.end())
    match = _LIKE.match(folded)
    if match:
        return Numbering("section", _LOOKALIKE[match[1]], match.end())
    match = _LOST.match(folded)
    if match:
        return Numbering("section", None, match.end())
    match = _ITEM.match(folded)
    return Numbering("item", None, match.end()) if match else Numbering("none", None, 0)


@lru_cache(maxsize=8192)
def bare(words: str) -> str:
    """`words` folded, without punctuation, particles, years and remarks in brackets: what is compared."""
    text = re.sub(r"\([^)]*\)", "", fold(words))
    text = re.sub(r"(?:20\d\d|本)?年度?(?=.{4})", "", text) if re.match(r"(?:20\d\d|本)年", text) else text
    return re.sub(r"[^\w]|_|的", "", text)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like known wording a text is, 0..1 each."""

    keys: tuple[float, ...]  # in the order of SECTION_KEYS
    old: float
    sub: float
    row: float

    @property
    def best(self) -> float:
        return max(self.keys)


@lru_cache(maxsize=4096)
def likeness(words: str) -> Likeness:
    """Compare `words` (numbering removed) with all known wording; 1.0 means letter by letter the same."""
    text = bare(words)
    keys = tuple(_key_likeness(text, key) for key in SECTION_KEYS)
    return Likeness(keys, _closest(text, OLD), _closest(text, SUB), _closest(text, ROW))


@lru_cache(maxsize=1024)
def is_known(words: str, key: SectionKey) -> bool:
    """Whether `words` (numbering removed) are, letter by letter, a wording that the section is known to have."""
    text = bare(words)
    return any(text == bare(wording) for wording in (*STRONG[key], *WEAK[key]))


def _key_likeness(text: str, key: SectionKey) -> float:
    if not re.search(_NEEDS[key], text):
        return 0.0
    if key != "review_litigation" and re.search(r"复议|诉讼", text):
        return 0.0  # 申请行政复议 holds the words of two other headings
    return max(_closest(text, STRONG[key]), 0.86 * _closest(text, WEAK[key]))


def _closest(text: str, wordings: Sequence[str]) -> float:
    return max((fuzz.ratio(text, bare(wording)) / 100 for wording in wordings), default=0.0)


def sections_named(text: str) -> int:
    """How many of the six sections a sentence names: two or more make it a list of contents, not a
    heading.
    """
    folded = bare(text)
    return sum(any(bare(wording) in folded for wording in STRONG[key][:4]) for key in SECTION_KEYS)
