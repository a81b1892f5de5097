"""Labels as reports print them: other wordings, brackets, misprints, characters lost, explanations, extra rows."""

from __future__ import annotations

import random
from collections.abc import Iterator

from extractors.forms import Form, Layout

# Lookalikes that typists and OCR swap; never one that makes another label of the form.
MISPRINTS = (
    ("申请", "中请"),
    ("纠正", "纠止"),
    ("未", "末"),
    ("商业", "商亚"),
    ("内容", "內容"),
    ("已获取", "己获取"),
    ("处罚", "处罸"),
    ("机构", "机枸"),
    ("掌握", "掌屋"),
)
EXPLAINED = {
    "现行有效件数": ("现行有效件数（历史累计）", "现行有效件数(历史累计)", "现行有效件"),
    "对外公开总数量": ("对外公开总数量（历史累计）", "对外公开\n总数量"),
    "本年新制作数量": ("本年新\n制作数量", "本年新制作数"),
    "本年制发件数": ("本年制发\n件数", "本年制发件数（件）"),
    "本年处理决定数量": ("本年处理决定数量（件）",),
    "采购项目数量": ("采购项目数", "采购项目\n数量"),
    "商业企业": ("商业\n企业",),
    "科研机构": ("科研\n机构",),
    "自然人": ("自然\n人",),
    "其他结果": ("其他\n结果",),
}
_EXTRA = ("其他主动公开文件", "其他文件")


def draw_labels(rng: random.Random, form: Form) -> dict[str, str]:
    """Official label, or label@column, -> what this report prints in its place; labels not named are official."""
    labels: dict[str, str] = {}
    house = [change for change, share in _HOUSE if rng.random() < share]
    for table in form.tables:
        for text, variants in _labels(table.layouts[-1]):
            printed = _one(rng, text, variants)
            for change in house:
                printed = change(printed)
            if printed != text:
                labels[text] = printed
    if rng.random() < 0.04:
        labels[f"其他结果@{rng.choice((2, 7, 12))}"] = "其他 果"
    return labels


def draw_extra_rows(rng: random.Random) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Now and then a row that the form does not have, below 规范性文件."""
    if rng.random() > 0.05:
        return ()
    figures = (str(rng.randint(0, 40)) for _ in range(3))
    return (("active_disclosure", "art20_1.normative_documents", (rng.choice(_EXTRA), *figures)),)


def _labels(layout: Layout) -> Iterator[tuple[str, tuple[str, ...]]]:
    seen = set()
    for cell in layout.cells:
        if cell.label and cell.label.text not in seen:
            seen.add(cell.label.text)
            yield cell.label.text, cell.label.variants


def _one(rng: random.Random, text: str, variants: tuple[str, ...]) -> str:
    chance = rng.random()
    if chance < 0.08 and (variants or text in EXPLAINED):
        return rng.choice((*variants, *EXPLAINED.get(text, ())))
    if chance > 0.99 and len(text) > 6:
        lost = rng.randrange(2, len(text))
        return text[:lost] + text[lost + 1 :]
    if chance > 0.975:
        for right, wrong in MISPRINTS:
            if right in text:
                return text.replace(right, wrong, 1)
    return text


def _half_width(text: str) -> str:
    return text.replace("（", "(").replace("）", ")")


def _spaced(text: str) -> str:
    return text.replace("第二十条第", "第二十条 第")


def _full_name(text: str) -> str:
    return text.replace("第二十条第", "《中华人民共和国政府信息公开条例》第二十条第")


def _commas(text: str) -> str:
    return text.replace("不补正、行政机关", "不补正，行政机关").replace(
        "缴纳费用、行政机关", "缴纳费用，行政机关"
    )


def _enumeration_commas(text: str) -> str:
    return text.replace(".", "、", 1) if text[:1].isdigit() else text


_HOUSE = (
    (_half_width, 0.15),
    (_spaced, 0.1),
    (_full_name, 0.06),
    (_commas, 0.3),
    (_enumeration_commas, 0.08),
)
