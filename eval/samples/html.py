"""A sample as HTML: running text by CSS, tables from the form's own lattice.

Where a table crosses a page the break is ours, not the browser's: the table is set as two with a page between,
so that the cut (open or ruled, head repeated or not, a merged label in two halves) is what the sample says.
Every answer's cell holds an empty link with its field's name, from which `chromium.py` learns its place.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape

from eval.samples.chromium import LINK
from eval.samples.spec import Sample, SectionText, Style
from extractors.forms import Form, FormCell, Layout

GROUP_LABEL = "三、本年度办理结果"
SEAL_MM = 42
HEAD_ROWS = 3  # of table 3


@dataclass(frozen=True, slots=True)
class _Piece:
    """The rows row0..row1 of a table that stand on one page; `head` rows are printed again above them."""

    row0: int
    row1: int
    cells: tuple[FormCell, ...]
    last: bool
    first: bool


def sample_html(sample: Sample, form: Form, seal: str = "") -> str:
    """The whole document. `seal` is the address of a picture, set over the signature as an electronic seal."""
    style = sample.style
    body = [_cover(sample) if style.cover else "", _title(sample)]
    body += [f"<p>{_text(paragraph)}</p>" for paragraph in sample.basis]
    for section in sample.sections:
        body += _section(sample, form, section)
    body.append(_signature(sample, seal))
    return (
        f"<!doctype html><html lang='zh-CN'><head><meta charset='utf-8'><style>{_css(style)}</style></head>"
        + (f"<body>{''.join(body)}</body></html>")
    )


def seal_svg(agency: str, size_mm: float = SEAL_MM) -> str:
    """A round seal of `agency`: ring, star, name along the upper arc."""
    letters = []
    step = min(24.0, 240 / max(1, len(agency) - 1))
    for index, letter in enumerate(agency):
        angle = (index - (len(agency) - 1) / 2) * step
        letters.append(
            f"<text transform='rotate({angle:.2f}) translate(0 -36)' text-anchor='middle' dy='4' "
            f"font-size='{min(12, 0.9 * step):.1f}' font-family='Noto Serif CJK SC' font-weight='700'>{letter}</text>"
        )
    points = " ".join(
        f"{r * math.sin(i * math.pi / 5):.2f},{-r * math.cos(i * math.pi / 5):.2f}"
        for i, r in zip(range(10), itertools.cycle((15.0, 5.8)), strict=False)
    )
    return (
        f"<svg width='{size_mm}mm' height='{size_mm}mm' viewBox='-52 -52 104 104' fill='#d0021b'>"
        f"<circle r='49' fill='none' stroke='#d0021b' stroke-width='3'/><polygon points='{points}'/>"
        f"{''.join(letters)}</svg>"
    )


def _css(style: Style) -> str:
    top, right, bottom, left = style.margin_mm
    inset = max(0, style.table_width - 100) / 2  # the browser cuts off what overflows the page area
    number = (
        f"@bottom-center {{ content: {style.page_number}; font: 10pt '{style.digit_font}'; }}"
        if style.page_number
        else ""
    )
    return f"""
@page {{ size: A4; margin: {top}mm {right}mm {bottom}mm {left}mm; {number} }}
@page wide {{ size: A4 landscape; margin: 24mm 22mm; }}
body {{ margin: 0; font: {style.body_pt}pt/{style.line_height} '{style.digit_font}', '{style.body_font}'; }}
p {{ margin: 0 {inset}%; text-indent: 2em; text-align: justify; }}
h1 {{ font: 700 {style.body_pt + 6}pt/1.5 '{style.heading_font}'; text-align: center; margin: 0 {inset}% .8em; }}
h2 {{ font: 400 {style.body_pt}pt/{style.line_height} '{style.heading_font}'; margin: .3em {inset}%; text-indent: 2em;
  break-after: avoid; }}
.wide {{ page: wide; }} .page {{ break-before: page; }}
table {{ border-collapse: collapse; table-layout: fixed; width: {min(99.4, style.table_width)}%; margin: 0 auto;
  font: {style.table_pt}pt/1.25 '{style.digit_font}', '{style.table_font}'; }}
td {{ border: {style.rule}; padding: {style.row_pad_pt}pt 2pt; text-align: center;
  height: 1.25em; overflow-wrap: anywhere; vertical-align: middle; }}
td.answer {{ position: relative; }} td a {{ position: absolute; inset: 0; }}
tr {{ break-inside: avoid; }}
.label {{ text-align: {style.label_align}; }} .strong {{ font-weight: {700 if style.bold_labels else 400}; }}
  .end {{ text-align: right; padding-top: 16mm; margin: 0 3em 0 0; position: relative; break-inside: avoid; }}
.end img {{ position: absolute; right: -1em; top: 1mm; width: {SEAL_MM}mm; }}
.letterhead {{ color: #d0021b; text-align: center; font: 700 30pt/1.6 '{style.body_font}'; letter-spacing: .1em;
  border-bottom: 2pt solid #d0021b; margin-bottom: 1.2em; }}
.cover {{ text-align: center; padding-top: 70mm; break-after: page; }}
.cover p {{ text-align: center; text-indent: 0; }}"""


def _text(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _cover(sample: Sample) -> str:
    last = "<br>".join(_text(line) for line in sample.signature)
    return f"<div class='cover'>{_heading(sample)}<p style='margin-top: 60mm'>{last}</p></div>"


def _heading(sample: Sample) -> str:
    return f"<h1>{'<br>'.join(_text(line) for line in sample.title)}</h1>"


def _title(sample: Sample) -> str:
    head = sample.style.letterhead
    banner = f"<div class='letterhead'>{escape(head)}</div>" if head else ""
    return banner + _heading(sample)


def _signature(sample: Sample, seal: str) -> str:
    if not sample.signature:
        return ""
    picture = f"<img src='{seal}'>" if seal else ""
    return f"<div class='end'>{'<br>'.join(_text(line) for line in sample.signature)}{picture}</div>"


def _section(sample: Sample, form: Form, section: SectionText) -> Iterator[str]:
    classes = [name for name, keys in _page_classes(sample.style) if section.key in keys]
    yield f"<div class='{' '.join(classes)}'>" if classes else "<div>"
    yield f"<h2>{_text(section.title)}</h2>" if section.title else ""
    yield from (f"<p>{_text(paragraph)}</p>" for paragraph in section.intro)
    if section.table:
        yield from _table(sample, form, section.table)
    yield from (f"<p>{_text(paragraph)}</p>" for paragraph in section.paragraphs)
    yield "</div>"


def _page_classes(style: Style) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ("page", style.new_page_before), ("wide", style.landscape)


def _table(sample: Sample, form: Form, key: str) -> Iterator[str]:
    table = form.table(key)
    layout = table.layouts[sample.layout] if key == "applications" else table.layout
    if key == "review_litigation" and sample.style.flat_head:
        layout = _flattened(layout)
    for piece in _pieces(layout, sample.style.breaks.get(key, ())):
        classes = "" if piece.first else " class='page'"
        yield f"<table{classes}>{_columns(sample.style, key, layout.n_cols)}"
        if not piece.first and sample.style.repeat_head and key == "applications":
            head = [cell for cell in layout.cells if cell.row < HEAD_ROWS]
            yield from _rows(sample, replace(piece, cells=tuple(head), row0=0, row1=HEAD_ROWS), layout)
        yield from _rows(sample, piece, layout)
        yield "</table>"


def _flattened(layout: Layout) -> Layout:
    """The same table with nothing merged downwards: an empty cell under each label that spans rows."""
    cells = []
    for cell in layout.cells:
        cells.append(replace(cell, rowspan=1))
        cells += [
            FormCell(row, cell.col, 1, cell.colspan) for row in range(cell.row + 1, cell.row + cell.rowspan)
        ]
    return replace(layout, cells=tuple(sorted(cells, key=lambda cell: (cell.row, cell.col))))


def _pieces(layout: Layout, breaks: Sequence[int]) -> Iterator[_Piece]:
    """The table cut before each row of `breaks`; a cell over a cut is clipped to either side."""
    edges = [0, *breaks, layout.n_rows]
    for row0, row1 in itertools.pairwise(edges):
        cells = []
        for cell in layout.cells:
            top, bottom = max(row0, cell.row), min(row1, cell.row + cell.rowspan)
            if top < bottom:
                cells.append(replace(cell, row=top, rowspan=bottom - top))
        yield _Piece(row0, row1, tuple(cells), row1 == layout.n_rows, row0 == 0)


def _columns(style: Style, key: str, n_cols: int) -> str:
    widths: Sequence[float] = [100 / n_cols] * n_cols
    if key == "applications":
        rest = 100 - sum(style.label_widths)
        values = style.value_widths or (1,) * 7
        widths = [*style.label_widths, *(rest * value / sum(values) for value in values)]
    return "".join(f"<col style='width: {width:.2f}%'>" for width in widths)


def _rows(sample: Sample, piece: _Piece, layout: Layout) -> Iterator[str]:
    for row in range(piece.row0, piece.row1):
        yield "<tr>"
        for cell in piece.cells:
            if cell.row == row:
                yield _cell(sample, cell, piece, layout)
        yield "</tr>"


def _cell(sample: Sample, cell: FormCell, piece: _Piece, layout: Layout) -> str:
    spans = "".join(
        f" {name}={span}" for name, span in (("rowspan", cell.rowspan), ("colspan", cell.colspan)) if span > 1
    )
    look = _borders(sample.style, cell, piece, layout)
    if cell.path is not None:
        answer = _text(sample.values[cell.path])
        return f"<td{spans} class='answer' style='{look}'>{answer}<a href='{LINK}{cell.path}'></a></td>"
    band = cell.colspan == layout.n_cols
    if band and sample.style.shade:
        look += f"background: {sample.style.shade};"
    row_label = cell.col < layout.n_cols - 7 and not band and layout.rows[cell.row].kind == "data"
    kind = "label strong" if row_label else "strong"
    return f"<td{spans} class='{kind}' style='{look}'>{_label(sample, cell, piece, layout)}</td>"


def _borders(style: Style, cell: FormCell, piece: _Piece, layout: Layout) -> str:
    outer, look = style.outer_rule, ""
    bottom = cell.row + cell.rowspan
    if outer:
        edges = {
            "left": cell.col == 0,
            "right": cell.col + cell.colspan == layout.n_cols,
            "top": outer != "none" and piece.first and cell.row == 0,
            "bottom": outer != "none" and piece.last and bottom == layout.n_rows,
        }
        look += "".join(f"border-{side}: {outer};" for side, on in edges.items() if on)
    if style.open_break and not piece.last and bottom == piece.row1:
        look += "border-bottom: none;"
    if style.open_break and not piece.first and not style.repeat_head and cell.row == piece.row0:
        look += "border-top: none;"
    return look


def _label(sample: Sample, cell: FormCell, piece: _Piece, layout: Layout) -> str:
    if cell.label is None:
        return ""
    official = cell.label.text
    text = sample.labels.get(official, official)
    whole = next(other for other in layout.cells if other.label is cell.label and other.col == cell.col)
    if whole.rowspan > cell.rowspan:
        text = _half(sample.style, official, text, after_break=cell.row > whole.row)
    stack = _stack(sample.style, cell, official)
    if stack:
        return "<br>".join(_text(text[i : i + stack]) for i in range(0, len(text), stack))
    return _text(text)


def _half(style: Style, official: str, text: str, after_break: bool) -> str:
    """What stands of a merged label on one side of a break: by default all of it above."""
    cut = style.cut_labels.get(official, len(text))
    return text[cut:] if after_break else text[:cut]


def _stack(style: Style, cell: FormCell, official: str) -> int:
    if official == GROUP_LABEL:
        return style.group_stack
    narrow = cell.colspan == 1 and official in {"结果维持", "结果纠正", "其他结果", "尚未审结", "总计"}
    return style.head_stack if narrow and cell.row <= 2 else 0
