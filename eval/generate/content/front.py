"""What stands before section one and after section six: title, basis, period, contact, contents, signature, date.

Every wording here was seen in real reports as a pattern; the words filled in are invented. `facts` collects what a
record should make of them.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from eval.generate.content import prose
from eval.generate.content.bodies import place_of

TITLES = (
    ("{agency}", "{year}年政府信息公开工作年度报告"),
    ("{agency}{year}年政府信息公开工作年度报告",),
    ("{year}年{agency}政府信息公开工作年度报告",),
    ("{year}年{agency}", "政府信息公开工作年度报告"),
    ("{agency}", "{year}年度政府信息公开工作年度报告"),
    ("{agency}{year}年政府信息公开年度报告",),
    ("{agency}政府信息公开工作{year}年度报告",),
    ("{agency}{year}年信息公开年度报告",),
    ("{agency}{year}年政府信息公开工作报告",),
    ("{agency}关于{year}年政府信息公开工作的年度报告",),
    ("{agency}{year}年政府信息公开", "工作年度报告"),
    ("{agency}{year}年政府信息公开工作年度报告（文字版）",),
    ("{agency}政府信息公开工作年度报告",),  # no year
    ("{year}年政府信息公开工作年度报告",),  # no agency
)
_USUAL = 6  # of TITLES: these make up most of what is drawn
_CHINESE_DIGITS = "〇一二三四五六七八九"
_CHINESE_NUMBERS: tuple[str, ...] = (
    "",
    *"一二三四五六七八九十",
    *("十" + digit for digit in "一二三四五六七八九"),
    "二十",
)
_CONTENTS = (
    "总体情况",
    "主动公开政府信息情况",
    "收到和处理政府信息公开申请情况",
    "政府信息公开行政复议、行政诉讼情况",
    "存在的主要问题及改进情况",
    "其他需要报告的事项",
)


@dataclass(frozen=True, slots=True)
class Front:
    """The parts of a report around its sections. `basis_inside`: the basis is the first paragraph of section one."""

    title: tuple[str, ...]
    basis: tuple[str, ...]
    signature: tuple[str, ...]
    date_line: str
    contents: tuple[str, ...]
    basis_inside: bool = False
    facts: dict[str, str] = field(default_factory=dict)


def draw_front(rng: random.Random, form: str, agency: str, year: int) -> Front:
    """All of it. The agency is named in title, basis or signature, the year in title or period."""
    facts: dict[str, str] = {}
    pattern = rng.choice(TITLES[:_USUAL] if rng.random() < 0.6 else TITLES)
    title = tuple(line.format(agency=agency, year=year) for line in pattern)
    basis = _basis(rng, form, agency, year, facts, sure="{year}" not in "".join(pattern))
    date, iso = _date(rng, year)
    bracketed = rng.random() < 0.12
    signed = not bracketed and (rng.random() < 0.6 or "{agency}" not in "".join(pattern))
    if bracketed or signed:
        facts["issued_on"] = iso
    return Front(
        title=title,
        basis=basis,
        signature=(agency, date) if signed else (),
        date_line=rng.choice(("（{}）", "({})")).format(date) if bracketed else "",
        contents=_contents(rng) if rng.random() < 0.07 else (),
        basis_inside=rng.random() < 0.12,
        facts=facts,
    )


def _basis(
    rng: random.Random, form: str, agency: str, year: int, facts: dict[str, str], sure: bool
) -> tuple[str, ...]:
    """`sure`: the period has to be there, the title does not name the year."""
    parts = [rng.choice(prose.BASIS)]
    if sure or rng.random() < 0.85:
        parts.append(rng.choice(prose.PERIOD))
        facts["period"] = f"{year}-01-01/{year}-12-31"
    if rng.random() < 0.35:
        facts["website"] = f"www.{rng.choice(('zwgk', 'gov', 'xx'))}{rng.randint(10, 999)}.example.cn"
        parts.append(rng.choice(prose.DOWNLOAD).replace("{website}", facts["website"]))
    if rng.random() < 0.65:
        parts.append(_contact(rng, agency, facts))
    words = {"agency": agency, "year": year, "notice": prose.NOTICES[form]}
    texts = [part.format(**words) for part in parts]
    return tuple(texts) if rng.random() < 0.2 else ("".join(texts),)


def _contact(rng: random.Random, agency: str, facts: dict[str, str]) -> str:
    street = rng.choice(("松风", "长汀", "望湖", "东篱", "书院", "南堤"))
    facts["address"] = f"{place_of(agency)}{street}{rng.choice(('路', '街', '大道'))}{rng.randint(1, 300)}号"
    parts = [f"{rng.choice(('地址', '联系地址', '通信地址', '通讯地址', '办公地址'))}：{facts['address']}"]
    if rng.random() < 0.7:
        facts["postcode"] = f"{rng.randint(100000, 859999)}"
        parts.append(f"{rng.choice(('邮编', '邮政编码'))}：{facts['postcode']}")
    facts["phone"] = _phone(rng)
    parts.append(f"{rng.choice(('电话', '联系电话', '联系方式'))}：{facts['phone']}")
    if rng.random() < 0.3:
        facts["fax"] = _phone(rng)
        parts.append(f"{rng.choice(('传真', '图文传真'))}：{facts['fax']}")
    if rng.random() < 0.5:
        facts["email"] = f"{rng.choice(('zwgk', 'xxgk', 'bgs'))}{rng.randint(10, 9999)}@example.cn"
        parts.append(f"{rng.choice(('电子邮箱', '电子信箱', '邮箱'))}：{facts['email']}")
    joined = rng.choice(("，", "；", "，")).join(parts)
    return rng.choice(prose.CONTACT).format(agency=agency, contact=joined)


def _phone(rng: random.Random) -> str:
    number = str(rng.randint(2000000, 89999999))
    return rng.choice(
        (f"0{rng.randint(310, 998)}-{number}", f"0{rng.randint(310, 998)}—{number}", number[:7])
    )


def _date(rng: random.Random, year: int) -> tuple[str, str]:
    """A day of the next year's first quarter: as printed, and ISO."""
    month, day = rng.randint(1, 3), rng.randint(1, 28)
    numerals = "".join(_CHINESE_DIGITS[int(digit)] for digit in str(year + 1))
    printed = rng.choice(
        (
            f"{year + 1}年{month}月{day}日",
            f"{year + 1}年{month}月{day}日",
            f"{year + 1} 年 {month} 月 {day} 日",
            f"{numerals}年{_chinese(month)}月{_chinese(day)}日",
        )
    )
    return printed, f"{year + 1}-{month:02d}-{day:02d}"


def _chinese(number: int) -> str:
    if number <= 20:
        return _CHINESE_NUMBERS[number]
    return "二十" + _CHINESE_NUMBERS[number - 20]


def _contents(rng: random.Random, titles: Sequence[str] = _CONTENTS) -> tuple[str, ...]:
    page, lines = 1, ["目  录"]
    for numeral, title in zip("一二三四五六", titles, strict=False):
        lines.append(f"{numeral}、{title}{'…' * max(3, 24 - len(title))}{page}")
        page += rng.randint(0, 1)
    return tuple(lines)
