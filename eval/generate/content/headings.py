"""The six sections as real reports head them: odd wordings and numbering, parts missing, traps in the prose."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

from eval.generate.content import prose
from eval.generate.spec import SectionText

TABLES = ("active_disclosure", "applications", "review_litigation")
NUMERALS = "一二三四五六七八九"
# The official wording first; it is drawn for about half of the headings.
WORDINGS: Mapping[str, tuple[str, ...]] = {
    "overview": ("总体情况", "概述", "概 述", "总体工作情况", "工作总体情况", "{year}年政务公开工作总体情况"),
    "active_disclosure": (
        "主动公开政府信息情况",
        "行政机关主动公开政府信息情况",
        "本年度主动公开政府信息情况",
        "政府信息主动公开情况",
        "主动公开政府信息的情况",
    ),
    "applications": (
        "收到和处理政府信息公开申请情况",
        "行政机关收到和处理政府信息公开申请情况",
        "收到和处理政府信息公开申请",
        "依申请公开政府信息情况",
        "收到和处理政府信息公开申请情况统计表",
    ),
    "review_litigation": (
        "政府信息公开行政复议、行政诉讼情况",
        "因政府信息公开工作被申请行政复议、提起行政诉讼情况",
        "因政府信息公开工作被申请行政复议提起行政诉讼情况",
        "政府信息公开工作行政复议、行政诉讼情况",
        "政府信息公开行政复议和行政诉讼情况",
        "政府信息公开行政复议行政诉讼的情况",
    ),
    "problems_improvement": (
        "存在的主要问题及改进情况",
        "存在问题及改进情况",
        "政府信息公开工作存在的主要问题及改进情况",
        "存在问题和改进措施",
        "存在不足及改进措施",
        "存在问题与改进方向",
    ),
    "other_matters": ("其他需要报告的事项", "其它需要报告的事项", "其他需要说明的事项", "需要报告的其他事项"),
}


def draw_sections(rng: random.Random, agency: str, year: int) -> tuple[SectionText, ...]:
    """The sections in order, with headings as this report prints them."""
    short = agency[3:] if len(agency) > 6 else agency
    words = {"agency": agency, "year": year, "short": short}
    keys = [key for key in WORDINGS if key != "other_matters" or rng.random() > 0.1]
    shift = rng.choice((0, 0, 0, 0, 0, 0, 1, -1))
    misnumbered = rng.randrange(1, 5) if rng.random() < 0.05 else None  # this numeral is printed twice
    sections = []
    for index, key in enumerate(keys):
        number = index + shift - (1 if misnumbered is not None and index >= misnumbered else 0)
        if shift == -1 and index == 0:
            title = _wording(
                rng, key, year
            )  # the first heading has lost its number, the others count from one
        else:
            title = f"{NUMERALS[max(0, number)]}、{_wording(rng, key, year)}"
        sections.append(_section(rng, key, title, words))
    return _oddity(rng, tuple(sections))


def _wording(rng: random.Random, key: str, year: int) -> str:
    choices = WORDINGS[key]
    return (choices[0] if rng.random() < 0.5 else rng.choice(choices)).format(year=year)


def _section(rng: random.Random, key: str, title: str, words: Mapping[str, object]) -> SectionText:
    if key in TABLES:
        intro = fill(rng, rng.choice((*prose.INTRO, *prose.INTROS[key])), words)
        return SectionText(key, title, (), key, (intro,) if intro else ())
    return SectionText(key, title, _paragraphs(rng, key, words))


def _oddity(rng: random.Random, sections: tuple[SectionText, ...]) -> tuple[SectionText, ...]:
    """In a third of reports one heading is odd: numeral or words lost, cut over two lines, or run into its text."""
    if rng.random() > 0.33:
        return sections
    at = rng.randrange(len(sections))
    section = sections[at]
    title = section.title
    kinds = ["numeral_lost", "unnumbered", "split", "dot"]
    if section.key == "overview":
        kinds.append("words_lost")
    if section.paragraphs:
        kinds += ["run_in", "run_in"]
    kind = rng.choice(kinds)
    if kind == "run_in":
        odd = replace(section, run_in=rng.choice(("。", "：", "　")))
    else:
        middle = len(title) // 2 + 1
        odd = replace(
            section,
            title={
                "numeral_lost": title[1:] if title[1:2] == "、" else title,
                "unnumbered": title[2:] if title[1:2] == "、" else title,
                "split": f"{title[:middle]}\n{title[middle:]}" if len(title) > 8 else title,
                "dot": title.replace("、", ".", 1),
                "words_lost": title[:2],
            }[kind],
        )
    return (*sections[:at], odd, *sections[at + 1 :])


def _paragraphs(rng: random.Random, key: str, words: Mapping[str, object]) -> tuple[str, ...]:
    if key == "overview":
        texts = _overview(rng)
    elif key == "problems_improvement":
        texts = [rng.choice(prose.PROBLEMS), rng.choice(prose.REMEDIES)]
        if rng.random() < 0.3:
            texts = [f"（一）主要问题。{texts[0]}", f"（二）改进措施。{texts[1]}"]
    else:
        texts = list(rng.choice(prose.OTHERS))
    return tuple(fill(rng, text, words) for text in texts)


def _overview(rng: random.Random) -> list[str]:
    """Opening and five aspects, numbered in one of the ways seen, some of which look like section headings."""
    marks = rng.choice(("（{}）", "（{}）", "（{}）", "{}、", "{}是", "{n}.", "{n}、"))
    texts = [rng.choice(prose.OPENING)]
    aspects = list(prose.ASPECTS) if rng.random() < 0.8 else [*prose.ASPECTS, prose.EXTRA_ASPECT]
    alone = rng.random() < 0.25  # the sub-heading stands on a line of its own
    for number, (aspect, wordings) in enumerate(aspects, 1):
        numeral = NUMERALS[number - 1 if number < 5 or rng.random() > 0.04 else number - 2]
        ending = rng.choice(("情况", "方面", ""))
        head = marks.format(numeral, n=number) + aspect + ending
        text = rng.choice(wordings)
        texts += [head, text] if alone else [f"{head}。{text}"]
    if rng.random() < 0.12:
        texts.append(rng.choice(prose.TRAPS))
    return texts


def fill(rng: random.Random, text: str, words: Mapping[str, object]) -> str:
    """`text` with its placeholders filled, counts drawn."""
    return text.format(
        **words,
        n=rng.randint(80, 3000),
        m=rng.randint(2, 60),
        k=rng.randint(10, 400),
        j=rng.randint(2, 9),
        t=rng.randint(1, 4),
        fee=rng.choice((100, 400, 1200)),
    )
