"""Papers that lie among reports in archives and are none, and reports of the years before the present forms.

They share words, tables and numerals with reports on purpose: budgets with long ruled tables, a notice on how to
write the annual report with the empty form attached, a letter with a table, the disclosure guide.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from eval.generate.content.bodies import Split, draw_agency_of, place_of, split_of
from eval.generate.content.headings import fill
from eval.generate.content.looks import draw_style
from eval.generate.content.others_words import EARLIER, EARLIER_TABLE, NON_REPORTS, Words
from eval.generate.paper import Paper
from eval.generate.spec import Engine, Sample, Style
from eval.generate.typeset.blocks import Block, Grid, GridCell, Role, Text
from eval.generate.typeset.tables import form_grids
from extractors.forms import load


def invent_non_report(seed: int, split: Split | None = None, engine: Engine = "chromium") -> Paper:
    """A paper that is no report; its sort goes by the seed, so that a run of seeds has them all."""
    rng = random.Random(f"{seed} other")
    agency, style = draw_agency_of(rng, split), _style(rng)
    words = NON_REPORTS[seed % len(NON_REPORTS)]
    year = rng.randint(2019, 2025)
    blocks = [Text("title", words.title.format(agency=agency, year=year, place=place_of(agency)))]
    blocks += [Text(*_line(rng, line, agency, year)) for line in words.lines]
    table = _TABLES[words.table](rng, agency, year, style) if words.table else ()
    end = Text("end", f"{agency}\n{year}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日")
    labels = {
        **_labels(agency, year),
        "kind": "not_a_report",
        "form": None,
        "traits": [f"paper:{words.sort}"],
    }
    name = f"{words.sort}-{seed:06d}"
    return Paper(name, agency, (*blocks, *table, end), style, engine, labels, seed)


def invent_earlier(seed: int, split: Split | None = None, engine: Engine = "chromium") -> Paper:
    """A report for a year before 2019: other sections, a list of figures at the end, none of the three tables."""
    rng = random.Random(f"{seed} earlier")
    agency, style = draw_agency_of(rng, split), _style(rng)
    year = rng.randint(2009, 2018)
    title = rng.choice(
        ("{agency}{year}年政府信息公开工作年度报告", "{agency}\n{year}年度政府信息公开工作报告")
    )
    words = {"agency": agency, "year": year, "short": agency[3:] if len(agency) > 6 else agency}
    blocks: list[Block] = [Text("title", title.format(**words))]
    headings = []
    parts = rng.choice(EARLIER)
    for numeral, (heading, texts) in zip("一二三四五六七八", parts, strict=False):
        headings.append(f"{numeral}、{heading}")
        blocks.append(Text("heading", headings[-1]))
        blocks += [Text("body", fill(rng, text, words)) for text in texts]
    blocks.append(Text("table_title", f"{year}年政府信息公开情况统计表", new_page=rng.random() < 0.5))
    blocks.append(_figures(rng, style))
    blocks.append(Text("end", f"{agency}\n{year + 1}年{rng.randint(1, 3)}月{rng.randint(1, 28)}日"))
    labels = {**_labels(agency, year), "kind": "earlier_form", "form": "earlier", "headings": headings}
    return Paper(f"earlier-{seed:06d}", agency, tuple(blocks), style, engine, labels, seed)


def _labels(agency: str, year: int) -> dict[str, object]:
    return {
        "form": None,
        "kind": "",
        "agency": agency,
        "year": year,
        "split": split_of(agency),
        "sections": {},
        "fields": {},
        "front_matter": {},
        "tags": {},
        "traits": [],
        "label_source": "authored",
    }


def _style(rng: random.Random) -> Style:
    style = draw_style(rng, load()[0], 0)
    return replace(style, breaks={}, landscape=(), cover=False, new_page_before=())


def _line(rng: random.Random, line: str, agency: str, year: int) -> tuple[Role, str]:
    """A line of `Words`: "#" marks a heading, "=" a line without indent."""
    roles: dict[str, Role] = {"#": "heading", "=": "plain"}
    words = {"agency": agency, "year": year, "short": agency[3:], "place": place_of(agency), "last": year - 1}
    text = fill(rng, line.lstrip("#="), words)
    return roles.get(line[:1], "body"), text


def _figures(rng: random.Random, style: Style) -> Grid:
    """The list of figures of the earlier form: indicator, unit, number."""
    rows = [("统计指标", "单位", "统计数")]
    for indicator, unit in EARLIER_TABLE:
        number = "" if not unit else str(rng.choice((0, 0, rng.randint(1, 400))))
        rows.append((indicator, unit, number))
    return plain_grid(rows, (64.0, 14.0, 22.0))


def plain_grid(rows: Sequence[Sequence[str]], widths: tuple[float, ...], head: int = 1) -> Grid:
    """A table of equal rows; the first column of body rows is labels."""
    cells = [
        GridCell(r, c, 1, 1, text, "label" if c == 0 and r >= head else "head")
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    ]
    return Grid(len(rows), widths, tuple(cells), repeat_rows=head)


def _budget(rng: random.Random, agency: str, year: int, style: Style) -> tuple[Block, ...]:
    """Income and outlay of a body, two-level head, amounts in 万元."""
    head = (
        GridCell(0, 0, 1, 2, "收  入", "head"),
        GridCell(0, 2, 1, 4, "支  出", "head"),
        GridCell(1, 0, 2, 1, "项  目", "head"),
        GridCell(1, 1, 2, 1, "预算数", "head"),
        GridCell(1, 2, 2, 1, "项  目", "head"),
        GridCell(1, 3, 1, 3, "预算数", "head"),
        GridCell(2, 3, 1, 1, "合计", "head"),
        GridCell(2, 4, 1, 1, "基本支出", "head"),
        GridCell(2, 5, 1, 1, "项目支出", "head"),
    )
    names = ("一般公共预算拨款", "政府性基金预算拨款", "事业收入", "其他收入", "上年结转", "", "", "收入总计")
    outlays = (
        "一般公共服务支出",
        "教育支出",
        "社会保障和就业支出",
        "卫生健康支出",
        "城乡社区支出",
        "农林水支出",
        "住房保障支出",
        "支出总计",
    )
    cells = list(head)
    for row, (name, outlay) in enumerate(zip(names, outlays, strict=True), 3):
        basic, project = rng.randint(0, 90000) / 100, rng.randint(0, 90000) / 100
        income = f"{rng.randint(0, 400000) / 100:,.2f}" if name else ""
        texts = (name, income, outlay, f"{basic + project:,.2f}", f"{basic:,.2f}", f"{project:,.2f}")
        cells += [GridCell(row, col, 1, 1, text, "head") for col, text in enumerate(texts)]
    title = Text("table_title", f"{year}年收支预算总表（单位：万元）")
    return title, Grid(3 + len(names), (20.0, 13.0, 25.0, 14.0, 14.0, 14.0), tuple(cells), repeat_rows=3)


def _schedule(rng: random.Random, agency: str, year: int, style: Style) -> tuple[Block, ...]:
    tasks = ("梳理公开目录", "核对历年文件", "汇总申请台账", "起草年度报告", "审签并发布", "整理归档")
    rows = [("序号", "任务", "责任科室", "完成时限", "备注")]
    for number, task in enumerate(tasks, 1):
        rows.append(
            (
                str(number),
                task,
                rng.choice(("办公室", "法规科", "信息中心")),
                f"{number}月{rng.randint(5, 28)}日前",
                rng.choice(("", "/", "—")),
            )
        )
    return Text("table_title", "任务分工表"), plain_grid(rows, (10.0, 34.0, 20.0, 22.0, 14.0))


def _catalogue(rng: random.Random, agency: str, year: int, style: Style) -> tuple[Block, ...]:
    rows = [("序号", "信息内容", "公开时限", "公开方式", "责任单位")]
    names = (
        "机构职能",
        "规章",
        "规范性文件",
        "行政许可",
        "行政处罚",
        "行政强制",
        "行政事业性收费",
        "政府集中采购",
        "预决算",
    )
    for number, name in enumerate(names, 1):
        rows.append(
            (str(number), name, "自形成之日起20个工作日", rng.choice(("主动公开", "依申请公开")), "办公室")
        )
    return Text("table_title", "主动公开目录"), plain_grid(rows, (9.0, 31.0, 26.0, 17.0, 17.0))


def _empty_form(rng: random.Random, agency: str, year: int, style: Style) -> tuple[Block, ...]:
    """The form itself, not filled in: what a notice about the reports attaches."""
    form = rng.choice(load())
    values = {path: "" for table in form.tables for path in table.layout.paths}
    sample = Sample("", form.id, 0, agency, year, (), (), (), values, style, 0)
    grids = [
        replace(grid, cells=tuple(replace(cell, path=None) for cell in grid.cells))
        for table in form.tables
        for grid in form_grids(sample, form, table.key)
    ]
    return (
        Text("plain", "附件", new_page=True),
        Text("heading", f"{agency}政府信息公开工作年度报告（模板）"),
        *grids,
    )


_TABLES: Mapping[str, Callable[[random.Random, str, int, Style], tuple[Block, ...]]] = {
    "budget": _budget,
    "schedule": _schedule,
    "catalogue": _catalogue,
    "empty_form": _empty_form,
}
__all__ = ["Words", "invent_earlier", "invent_non_report", "plain_grid"]
