"""Reports drawn from a seed: bodies, words, figures, looks and scans, each different.

For measuring on material nobody has looked at while writing the extraction. The same seed gives the same report.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

from eval.samples import prose
from eval.samples.figures import as_printed, draw_applications, draw_litigation
from eval.samples.spec import Level, Sample, Scan, Seal, SectionText, Style
from extractors.forms import Form, load

PLACES = ("青柏市", "鹭汀区", "砚北县", "云渡县", "望榆市", "禾杪区", "霁原县", "沙棠县", "岫溪市", "澜屏区")
TOWNS = ("槐荫渡镇", "石苔镇", "柳浦街道办事处", "雁栖坪乡", "麦陇镇", "枫桥畈街道办事处")
BODIES = (
    "人民政府",
    "民政局",
    "水务局",
    "农业农村局",
    "市场监督管理局",
    "档案馆",
    "文化和旅游局",
    "应急管理局",
)
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "overview": ("总体情况", "总体情况", "概述", "总体工作情况"),
    "active_disclosure": ("主动公开政府信息情况", "主动公开政府信息情况", "行政机关主动公开政府信息情况"),
    "applications": (
        "收到和处理政府信息公开申请情况",
        "收到和处理政府信息公开申请情况",
        "行政机关收到和处理政府信息公开申请情况",
    ),
    "review_litigation": (
        "政府信息公开行政复议、行政诉讼情况",
        "政府信息公开行政复议、行政诉讼情况",
        "因政府信息公开工作被申请行政复议、提起行政诉讼情况",
    ),
    "problems_improvement": (
        "存在的主要问题及改进情况",
        "存在问题及改进情况",
        "政府信息公开工作存在的主要问题及改进情况",
    ),
    "other_matters": ("其他需要报告的事项", "其他需要报告的事项", "其它需要报告的事项"),
}
SIZES = (9, 60, 700, 9000, 480000, 12000000)
NUMERALS = "一二三四五六七八"
TITLES = (
    ("{agency}", "{year}年政府信息公开工作年度报告"),
    ("{agency}{year}年政府信息公开工作年度报告",),
    ("{year}年{agency}政府信息公开工作年度报告",),
    ("{agency}", "{year}年度政府信息公开工作年度报告"),
    ("{agency}{year}年政府信息公开年度报告",),
)
FONTS = (  # body, heading, table, digits: all free, from Debian
    ("Noto Serif CJK SC", "Noto Sans CJK SC", "Noto Serif CJK SC", "Liberation Serif"),
    ("AR PL UKai CN", "WenQuanYi Zen Hei", "AR PL UMing CN", "Liberation Serif"),
    ("AR PL SungtiL GB", "WenQuanYi Micro Hei", "AR PL SungtiL GB", "AR PL SungtiL GB"),
    ("LXGW WenKai", "Noto Sans CJK SC", "LXGW WenKai", "LXGW WenKai"),
    ("WenQuanYi Micro Hei", "WenQuanYi Micro Hei", "WenQuanYi Micro Hei", "Liberation Sans"),
    ("AR PL UMing CN", "Noto Sans CJK SC", "AR PL UKai CN", "DejaVu Serif"),
    ("Noto Sans CJK SC", "Noto Sans CJK SC", "Noto Sans CJK SC", "Noto Sans CJK SC"),
)


def invent(seed: int, level: Level) -> Sample:
    """The report that `seed` draws, scanned at `level`. Two levels of one seed are the same print."""
    rng = random.Random(seed)
    form = rng.choice(load())
    layout = 1 if len(form.table("applications").layouts) > 1 and rng.random() < 0.25 else 0
    year = rng.choice((2019, 2020) if form.id == "2019" else (2021, 2022, 2023, 2024))
    agency = draw_agency(rng)
    facts: dict[str, str] = {"period": f"{year}-01-01/{year}-12-31"}
    basis = draw_basis(rng, form.id, agency, year, facts)
    signature = draw_signature(rng, agency, year, facts)
    sections = draw_sections(rng, agency, year)
    style = draw_style(rng, form, layout)
    scan = draw_scan(random.Random(f"{seed} {level}"), level)
    turned = random.Random(f"{seed} turned")
    scans: dict[int, Scan | None] = {}
    if scan and turned.random() < 0.15:
        scans[turned.randint(1, 4)] = replace(scan, rotate=turned.choice((90, 180, 270)))
    return Sample(
        name=f"invented-{seed:03d}-{level}",
        form=form.id,
        layout=layout,
        agency=agency,
        year=year,
        title=tuple(line.format(agency=agency, year=year) for line in rng.choice(TITLES)),
        basis=basis,
        sections=sections,
        values=draw_values(rng, form, layout),
        style=style,
        seed=seed,
        scan=scan,
        scans=scans,
        seals=draw_seals(random.Random(f"{seed} seals")) if level in ("office", "poor") else (),
        labels=draw_labels(random.Random(f"{seed} labels"), form),
        signature=signature,
        facts=facts,
    )


def draw_agency(rng: random.Random) -> str:
    place = rng.choice(PLACES)
    if rng.random() < 0.3:
        town = rng.choice(TOWNS)
        return place + (town if town.endswith("办事处") else town + "人民政府")
    return place + rng.choice(BODIES)


def draw_basis(
    rng: random.Random, form: str, agency: str, year: int, facts: dict[str, str]
) -> tuple[str, ...]:
    """Basis paragraph, period and, in most, how to reach the body; `facts` gets what is said."""
    text = rng.choice(prose.BASIS) + rng.choice(prose.PERIOD)
    if rng.random() < 0.7:
        text += _contact(rng, agency, facts)
    return (text.format(agency=agency, year=year, notice=prose.NOTICES[form]),)


def _contact(rng: random.Random, agency: str, facts: dict[str, str]) -> str:
    facts["address"] = f"{agency[:3]}{rng.choice(('松风', '长汀', '望湖', '东篱'))}路{rng.randint(1, 300)}号"
    facts["phone"] = f"0{rng.randint(310, 998)}-{rng.randint(2000000, 89999999)}"
    parts = [f"{rng.choice(('地址', '联系地址', '通讯地址'))}：{facts['address']}"]
    if rng.random() < 0.7:
        facts["postcode"] = f"{rng.randint(100000, 859999)}"
        parts.append(f"{rng.choice(('邮编', '邮政编码'))}：{facts['postcode']}")
    parts.append(f"{rng.choice(('电话', '联系电话'))}：{facts['phone']}")
    if rng.random() < 0.5:
        facts["email"] = f"{rng.choice(('zwgk', 'xxgk', 'bgs'))}{rng.randint(10, 9999)}@example.cn"
        parts.append(f"{rng.choice(('电子邮箱', '邮箱'))}：{facts['email']}")
    return f"如对本报告有疑问，请与{agency}办公室联系（{'，'.join(parts)}）。"


def draw_signature(rng: random.Random, agency: str, year: int, facts: dict[str, str]) -> tuple[str, ...]:
    if rng.random() < 0.35:
        return ()
    month, day = rng.randint(1, 3), rng.randint(1, 28)
    facts["issued_on"] = f"{year + 1}-{month:02d}-{day:02d}"
    return agency, f"{year + 1}年{month}月{day}日"


def draw_sections(rng: random.Random, agency: str, year: int) -> tuple[SectionText, ...]:
    words = {"agency": agency, "year": year, "short": agency[3:] if len(agency) > 6 else agency}
    shift = rng.choice((0, 0, 0, 0, 1))
    keys = list(HEADINGS)
    if rng.random() < 0.12:
        keys.remove("other_matters")
    sections = []
    for number, key in enumerate(keys):
        title = f"{NUMERALS[number + shift]}、{rng.choice(HEADINGS[key])}"
        table = key if key in ("active_disclosure", "applications", "review_litigation") else None
        intro = (rng.choice(prose.INTRO),) if table else ()
        paragraphs = () if table else _paragraphs(rng, key, words)
        sections.append(SectionText(key, title, paragraphs, table, tuple(text for text in intro if text)))
    return tuple(sections)


def _paragraphs(rng: random.Random, key: str, words: Mapping[str, object]) -> tuple[str, ...]:
    if key == "overview":
        marks = rng.choice(("（{}）", "（{}）", "{}、", "{}是"))
        texts = [rng.choice(prose.OPENING)]
        for numeral, (aspect, wordings) in zip(NUMERALS, prose.ASPECTS, strict=False):
            ending = rng.choice(("情况。", "方面。", "。"))
            texts.append(marks.format(numeral) + aspect + ending + rng.choice(wordings))
    elif key == "problems_improvement":
        texts = [rng.choice(prose.PROBLEMS), rng.choice(prose.REMEDIES)]
    else:
        texts = [rng.choice(prose.OTHERS)]
    return tuple(fill(rng, text, words) for text in texts)


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


def draw_values(rng: random.Random, form: Form, layout_index: int) -> dict[str, str]:
    """Every printed field as a string, odd answers among them."""
    layout = form.table("applications").layouts[layout_index]
    counts: dict[str, int | str] = {}
    counts.update(draw_applications(layout, rng, rng.choice((0, 3, 12, 40, 160, 900))))
    counts.update(draw_litigation(rng, rng.choice((0, 0, 1, 3, 12))))
    for cell in form.table("active_disclosure").layout.cells:
        if cell.path is not None:
            small = "art20_1" in cell.path  # nobody issues thousands of 规范性文件
            counts[cell.path] = _disclosure(rng, cell.value_type, (3, 30) if small else SIZES)
    printed = as_printed(form, layout_index, counts)
    zero = rng.choice(("0", "0", "0", "0", "0", "", "/", "—"))
    if zero != "0":
        table = rng.choice(("active_disclosure", "review_litigation", "applications"))
        printed.update((path, zero) for path, raw in printed.items() if raw == "0" and path.startswith(table))
    return printed


def _disclosure(rng: random.Random, value_type: str, sizes: Sequence[int]) -> str:
    if rng.random() < 0.35:
        return "0"
    number = rng.randint(1, rng.choice(sizes))
    if value_type == "signed_count":
        return rng.choice(("{}", "-{}", "+{}", "增{}", "减{}")).format(min(number, 900))
    if value_type == "amount":
        return rng.choice((f"{number / 100:.2f}", f"{number}", f"{number / 10:.1f}"))
    if value_type == "amount_unit_unspecified":
        return rng.choice((f"{number}元", f"{number / 10:.1f}万元", f"{number}", f"{number / 100:.2f}"))
    return str(number)


def draw_labels(rng: random.Random, form: Form) -> dict[str, str]:
    """Labels this report prints otherwise: wordings seen in print, and now and then a character lost."""
    cells = [cell for table in form.tables for layout in table.layouts for cell in layout.cells]
    official = {cell.label.text: cell.label for cell in cells if cell.label}
    labels = {}
    for text, label in official.items():
        if label.variants and rng.random() < 0.12:
            labels[text] = rng.choice(label.variants)
        elif len(text) > 6 and rng.random() < 0.01:
            lost = rng.randrange(2, len(text))
            labels[text] = text[:lost] + text[lost + 1 :]
    return labels


def draw_style(rng: random.Random, form: Form, layout_index: int) -> Style:
    body, heading, table, digits = rng.choice(FONTS)
    n_rows = form.table("applications").layouts[layout_index].n_rows
    layout = form.table("applications").layouts[layout_index]
    breaks: dict[str, tuple[int, ...]] = {}
    if rng.random() < 0.65:
        breaks["applications"] = (rng.choice((n_rows - 1, rng.randint(6, n_rows - 2), rng.randint(12, 20))),)
    if rng.random() < 0.3:
        breaks["active_disclosure"] = (rng.choice((4, 5, 7, 8)),)
    cut = {}
    for cell in layout.cells:
        if cell.label and any(
            cell.row < row < cell.row + cell.rowspan for row in breaks.get("applications", ())
        ):
            cut[cell.label.text] = rng.choice((len(cell.label.text), 4, 0, len(cell.label.text)))
    widths = rng.choice(((9, 15, 34), (6, 13, 30), (11, 14, 26), (7, 12, 39)))
    return Style(
        body_font=body,
        heading_font=heading,
        table_font=table,
        digit_font=digits,
        body_pt=rng.choice((12, 14, 15, 16)),
        table_pt=rng.choice((8.5, 9, 10, 10.5)),
        line_height=rng.choice((1.5, 1.7, 1.9)),
        margin_mm=rng.choice(((30, 26, 26, 26), (37, 26, 35, 28), (25, 20, 20, 20))),
        rule=rng.choice(("0.5pt solid #000", "0.75pt solid #000", "1pt solid #000", "0.75pt solid #555")),
        outer_rule=rng.choice((None, None, None, "2pt solid #000", "3pt double #000", "none")),
        shade=rng.choice((None, None, "#d9e2f3", "#e7e6e6", "#bdd7ee", "#fde9d9")),
        row_pad_pt=rng.choice((0.8, 2, 3, 4)),
        bold_labels=rng.random() < 0.3,
        label_align=rng.choice(("left", "center")),
        group_stack=rng.choice((0, 0, 1, 1, 2)),
        head_stack=rng.choice((0, 1, 1, 2, 2)),
        label_widths=widths,
        value_widths=rng.choice(((), (), (1.3, 1, 1, 1, 1, 0.8, 1.2))),
        table_width=rng.choice((100, 100, 108, 94)),
        page_number=rng.choice(('"- " counter(page) " -"', "counter(page)", "", '"第" counter(page) "页"')),
        breaks=breaks,
        open_break=rng.random() < 0.6,
        repeat_head=rng.random() < 0.2,
        cut_labels=cut,
        new_page_before=rng.choice(((), ("applications",), ("active_disclosure", "applications"))),
        landscape=("applications",) if rng.random() < 0.06 else (),
        flat_head=rng.random() < 0.08,
        cover=rng.random() < 0.1,
    )


def draw_scan(rng: random.Random, level: Level) -> Scan | None:
    """How a scan of this level came out; None for a page that was never scanned."""
    if level == "digital":
        return None
    skew = rng.uniform(0.2, 1.0) * rng.choice((-1, 1))
    if level == "clean":
        return Scan(
            dpi=rng.choice((200, 300)), colour=rng.random() < 0.5, skew_deg=skew / 3, noise=2, jpeg=90
        )
    if level == "office":
        paper = rng.choice(((238, 242, 245), (250, 250, 250), (228, 238, 242)))
        return Scan(200, True, skew * 1.3, 0.6, 0.12, paper, 0.6, 4, jpeg=75, bleed=rng.choice((0, 0.06)))
    if level == "poor":
        curl, fade = rng.uniform(1, 3), rng.uniform(0.1, 0.3)
        colour = rng.random() < 0.7
        return Scan(
            150,
            colour,
            skew * 1.8,
            curl,
            0.16,
            (232, 240, 243),
            0.8,
            7,
            fade,
            rng.uniform(0.02, 0.07),
            jpeg=55,
        )
    return Scan(
        dpi=200,
        colour=False,
        skew_deg=skew,
        blur=0.7,
        noise=10,
        fade=0.1,
        broken=rng.uniform(0.01, 0.05),
        speckle=rng.uniform(0.0005, 0.003),
        one_bit=True,
        threshold=rng.choice((165, 180, 195)),  # lower ones lose whole strokes of light typefaces,
    )


def draw_seals(rng: random.Random) -> tuple[Seal, ...]:
    pages = rng.sample(range(1, 6), k=rng.randint(1, 2))
    return tuple(
        Seal(
            page,
            rng.uniform(0.25, 0.75),
            rng.uniform(0.2, 0.8),
            40,
            rng.uniform(-20, 20),
            rng.uniform(0.6, 0.95),
        )
        for page in pages
    )
