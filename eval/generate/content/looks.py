"""The look of a report: type, sizes, margins, rulings, shading, and where its tables are cut."""

from __future__ import annotations

import random

from eval.generate.spec import Style
from extractors.forms import Form

FONTS = (  # body, heading, table, digits: all free, from Debian
    ("Noto Serif CJK SC", "Noto Sans CJK SC", "Noto Serif CJK SC", "Liberation Serif"),
    ("AR PL UKai CN", "WenQuanYi Zen Hei", "AR PL UMing CN", "Liberation Serif"),
    ("AR PL SungtiL GB", "WenQuanYi Micro Hei", "AR PL SungtiL GB", "AR PL SungtiL GB"),
    ("LXGW WenKai", "WenQuanYi Micro Hei", "LXGW WenKai", "LXGW WenKai"),
    ("WenQuanYi Micro Hei", "WenQuanYi Micro Hei", "WenQuanYi Micro Hei", "Liberation Sans"),
    ("AR PL UMing CN", "WenQuanYi Zen Hei", "AR PL UKai CN", "DejaVu Serif"),
    ("Noto Sans CJK SC", "Noto Sans CJK SC", "Noto Sans CJK SC", "Noto Sans CJK SC"),
    ("AR PL KaitiM GB", "WenQuanYi Zen Hei", "AR PL SungtiL GB", "Liberation Serif"),
    ("AR PL UMing CN", "WenQuanYi Micro Hei", "AR PL UMing CN", "Liberation Serif"),
    ("WenQuanYi Zen Hei", "WenQuanYi Zen Hei", "WenQuanYi Zen Hei", "DejaVu Sans"),
)
BOLD = frozenset({"Noto Serif CJK SC", "Noto Sans CJK SC", "LXGW WenKai"})  # have a bold face of their own
LABEL_WIDTHS = ((9, 15, 34), (6, 13, 30), (11, 14, 26), (7, 12, 39), (5, 9, 36), (8, 22, 24))
FIRST_BREAK = 3  # the first row of table 3 a page may begin with: the head stands alone before it


def draw_style(rng: random.Random, form: Form, layout_index: int, break_row: int | None = None) -> Style:
    """`break_row`: the row of table 3 that begins a page; None draws it, or leaves the table whole."""
    body, heading, table, digits = rng.choice(FONTS)
    breaks = draw_breaks(rng, form, layout_index, break_row)
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
        row_pad_pt=rng.choice((0.8, 1.4, 2, 3)),
        bold_labels=rng.random() < 0.4 and table in BOLD,
        label_align=rng.choice(("left", "center")),
        group_stack=rng.choice((0, 0, 1, 1, 2)),
        group_down=rng.random() < 0.1,
        head_stack=rng.choice((0, 1, 1, 2, 2)),
        label_widths=rng.choice(LABEL_WIDTHS),
        value_widths=rng.choice(((), (), (1.3, 1, 1, 1, 1, 0.8, 1.2), (1.6, 1, 0.8, 0.8, 0.8, 0.7, 1.3))),
        table_width=rng.choice((100, 100, 108, 94)),
        page_number=rng.choice(('"- " counter(page) " -"', "counter(page)", "", '"第" counter(page) "页"')),
        breaks=breaks,
        open_break=rng.random() < 0.6,
        repeat_head=rng.random() < 0.2,
        cut_labels=draw_cuts(rng, form, layout_index, breaks.get("applications", ())),
        new_page_before=rng.choice(((), ("applications",), ("active_disclosure", "applications"))),
        landscape=("applications",) if rng.random() < 0.06 else (),
        table4=rng.choices(("merged", "flat", "three"), (85, 10, 5))[0],
        sliver=form.id == "2019" and rng.random() < 0.4,
        cover=rng.random() < 0.1,
        footer=rng.choice(("内部资料  注意保存", "政务公开办公室编")) if rng.random() < 0.06 else "",
        running_head="政府信息公开工作年度报告" if rng.random() < 0.06 else "",
    )


def draw_breaks(
    rng: random.Random, form: Form, layout_index: int, break_row: int | None
) -> dict[str, tuple[int, ...]]:
    n_rows = form.table("applications").layouts[layout_index].n_rows
    breaks: dict[str, tuple[int, ...]] = {}
    if break_row is not None:
        breaks["applications"] = (min(max(break_row, FIRST_BREAK), n_rows - 1),)
    elif rng.random() < 0.6:
        breaks["applications"] = (rng.choice((n_rows - 1, rng.randint(FIRST_BREAK, n_rows - 1))),)
    if rng.random() < 0.25:
        breaks["active_disclosure"] = (rng.choice((4, 5, 7, 8)),)
    return breaks


def draw_cuts(rng: random.Random, form: Form, layout_index: int, breaks: tuple[int, ...]) -> dict[str, int]:
    """For merged labels that lie over a break: how many of their characters stand above it."""
    cuts = {}
    for cell in form.table("applications").layouts[layout_index].cells:
        if cell.label and any(cell.row < row < cell.row + cell.rowspan for row in breaks):
            length = len(cell.label.text)
            cuts[cell.label.text] = rng.choice((length, length, 4, 0))
    return cuts
