"""Blocks as HTML for Chromium: running text and rulings by CSS, page breaks where the blocks say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from eval.generate.spec import SEAL_MM, Style
from eval.generate.typeset.blocks import Block, Grid, GridCell, Text

_TAGS = {"title": "h1", "cover_title": "h1", "heading": "h2"}
_DIVISIONS = frozenset({"letterhead", "cover_end", "end"})
_UNMARKED = frozenset({"title", "heading", "body"})  # their tag says it all


def blocks_html(
    blocks: Sequence[Block], style: Style, seal: str = "", key: Mapping[str, str] | None = None
) -> str:
    """The whole document. `seal`: address of the electronic seal's picture. `key`: a ground colour (#rrggbb) for
    the cell of each field it names; that print is only made to find the cells in it.
    """
    body = "".join(piece for block in blocks for piece in _block(block, style, seal, key or {}))
    return (
        f"<!doctype html><html lang='zh-CN'><head><meta charset='utf-8'><style>{_css(style)}</style></head>"
        f"<body>{body}</body></html>"
    )


def _css(style: Style) -> str:
    top, right, bottom, left = style.margin_mm
    inset = max(0, style.table_width - 100) / 2  # the browser cuts off what overflows the page area
    return f"""
@page {{ size: A4; margin: {top}mm {right}mm {bottom}mm {left}mm; {_furniture(style)} }}
@page wide {{ size: A4 landscape; margin: 24mm 22mm; }}
body {{ margin: 0; font: {style.body_pt}pt/{style.line_height} '{style.digit_font}', '{style.body_font}'; }}
p {{ margin: 0 {inset}%; text-indent: 2em; text-align: justify; }} p.plain, p.contents {{ text-indent: 0; }}
p.date_line, p.number, p.table_title {{ text-align: center; text-indent: 0; margin-bottom: .8em; }}
p.table_title {{ break-after: avoid; margin: .4em 0; }}
h1 {{ font: 700 {style.body_pt + 6}pt/1.5 '{style.heading_font}'; text-align: center; margin: 0 {inset}% .8em; }}
h2 {{ font: 400 {style.body_pt}pt/{style.line_height} '{style.heading_font}'; margin: .3em {inset}%; text-indent: 2em;
  break-after: avoid; }} h2 span {{ font-family: '{style.digit_font}', '{style.body_font}'; }}
.wide {{ page: wide; }} .page {{ break-before: page; }}
table {{ border-collapse: collapse; table-layout: fixed; width: {min(99.4, style.table_width)}%; margin: 0 auto;
  font: {style.table_pt}pt/1.25 '{style.digit_font}', '{style.table_font}'; }}
td {{ border: {style.rule}; padding: {style.row_pad_pt}pt 2pt; text-align: center;
  height: 1.25em; overflow-wrap: anywhere; vertical-align: middle; }}
tr {{ break-inside: avoid; }} thead {{ display: table-header-group; }}
.down {{ writing-mode: vertical-rl; margin: 0 auto; }}
.label {{ text-align: {style.label_align}; }} .strong {{ font-weight: {700 if style.bold_labels else 400}; }}
.end {{ text-align: right; padding-top: 16mm; margin: 0 3em 0 0; position: relative; break-inside: avoid; }}
.end img {{ position: absolute; right: -1em; top: 1mm; width: {SEAL_MM}mm; }}
.letterhead {{ color: #d0021b; text-align: center; font: 700 30pt/1.6 '{style.body_font}'; letter-spacing: .1em;
  border-bottom: 2pt solid #d0021b; margin-bottom: 1.2em; }}
.cover_title {{ padding-top: 70mm; }}
.cover_end {{ text-align: center; margin-top: 60mm; break-after: page; }}"""


def _furniture(style: Style) -> str:
    """Running head, footer and page number, as boxes of the page's margin."""
    foot = " ".join(part for part in (style.footer and f'"{style.footer}  "', style.page_number) if part)
    font = f"'{style.digit_font}', '{style.body_font}'"
    number = f"@bottom-center {{ content: {foot}; font: 10pt {font}; }}" if foot else ""
    if not style.running_head:
        return number
    return f"@top-right {{ content: '{style.running_head}'; font: 9pt {font}; }} {number}"


def _text(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _block(block: Block, style: Style, seal: str, key: Mapping[str, str]) -> Iterator[str]:
    place = [name for name, on in (("page", block.new_page), ("wide", block.wide)) if on]
    if isinstance(block, Grid):
        yield from _table(block, style, key, place)
    else:
        yield _paragraph(block, place, seal)


def _paragraph(block: Text, place: list[str], seal: str) -> str:
    tag = _TAGS.get(block.role, "div" if block.role in _DIVISIONS else "p")
    classes = " ".join([*place, *([] if block.role in _UNMARKED else [block.role])])
    inner = _text(block.text) + (f"<span>{_text(block.run_in)}</span>" if block.run_in else "")
    inner += f"<img src='{seal}'>" if block.seal and seal else ""
    return f"<{tag} class='{classes}'>{inner}</{tag}>" if classes else f"<{tag}>{inner}</{tag}>"


def _table(grid: Grid, style: Style, key: Mapping[str, str], place: Sequence[str]) -> Iterator[str]:
    yield f"<table class='{' '.join(place)}'>" if place else "<table>"
    yield from (f"<col style='width: {width:.2f}%'>" for width in grid.widths)
    for row in range(grid.n_rows):
        if grid.repeat_rows:
            yield {0: "<thead>", grid.repeat_rows: "</thead><tbody>"}.get(row, "")
        yield "<tr>" + "".join(_cell(cell, style, key) for cell in grid.cells if cell.row == row) + "</tr>"
    yield "</table>"


def _cell(cell: GridCell, style: Style, key: Mapping[str, str]) -> str:
    counts = (("rowspan", cell.rowspan), ("colspan", cell.colspan))
    spans = "".join(f" {name}={count}" for name, count in counts if count > 1)
    look = _borders(style, cell)
    if cell.path is not None:
        look += f"background: {key[cell.path]};" if cell.path in key else ""
        return f"<td{spans} style='{look}'>{_text(cell.text)}</td>"
    look += f"background: {style.shade};" if cell.role == "band" and style.shade else ""
    kind = "label strong" if cell.role == "label" else "strong"
    inner = f"<div class='down'>{_text(cell.text)}</div>" if cell.down else _text(cell.text)
    return f"<td{spans} class='{kind}' style='{look}'>{inner}</td>"


def _borders(style: Style, cell: GridCell) -> str:
    outer, look = style.outer_rule, ""
    if outer:
        sides = ("left", "right") if outer == "none" else ("left", "right", "top", "bottom")
        look += "".join(f"border-{side}: {outer};" for side in sides if side in cell.edges)
    if cell.open_bottom:
        look += "border-bottom: none;"
    if cell.open_top:
        look += "border-top: none;"
    return look
