"""Blocks as a Word file: plain WordprocessingML, so that a second, unrelated typesetter can print them.

Written by hand rather than with python-docx: merged cells, cut borders, vertical text and shading are below its
interface anyway, and the file is the same bytes each time. Units: twips (1/20 pt) for lengths, half points for type
sizes, eighths of a point for rulings.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from eval.generate.spec import SEAL_MM, Style
from eval.generate.typeset.blocks import Block, Grid, GridCell, Role, Text
from eval.generate.typeset.docx_parts import (
    CONTENT_TYPES,
    DOCUMENT_RELATIONS,
    NAMESPACES,
    RELATIONS,
    anchored_picture,
)

TWIPS_PER_MM = 56.693
TWIPS_PER_PT = 20
A4_MM = (210.0, 297.0)
WIDE_MARGIN_MM = (24.0, 22.0, 24.0, 22.0)
_SAVED = (2024, 1, 2, 3, 4, 6)
_RULE = re.compile(r"(?P<points>[\d.]+)pt (?P<kind>solid|double) #(?P<colour>[0-9a-f]{3,6})")
_CONTENT = re.compile(r'"([^"]*)"|(counter\(page\))')
_RED = "d0021b"


def blocks_docx(
    blocks: Sequence[Block], style: Style, seal: bytes | None = None, key: Mapping[str, str] | None = None
) -> bytes:
    """The file. `seal`: PNG of the electronic seal. `key`: ground colours as in `html.blocks_html`."""
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELATIONS,
        "word/document.xml": _document(blocks, style, seal is not None, key or {}),
        "word/_rels/document.xml.rels": DOCUMENT_RELATIONS,
        "word/styles.xml": _styles(style),
        "word/footer1.xml": _furniture("ftr", style, "center", style.footer, style.page_number),
        "word/header1.xml": _furniture("hdr", style, "right", style.running_head, ""),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(zipfile.ZipInfo(name, _SAVED), text)
        if seal is not None:
            file.writestr(zipfile.ZipInfo("word/media/seal.png", _SAVED), seal)
    return out.getvalue()


def _document(blocks: Sequence[Block], style: Style, seal: bool, key: Mapping[str, str]) -> str:
    body: list[str] = []
    broken = False  # the next block begins a page
    for before, block in zip([None, *blocks[:-1]], blocks, strict=True):
        turned = before is not None and before.wide != block.wide
        if turned:
            body.append(f"<w:p><w:pPr>{_section(style, before is not None and before.wide)}</w:pPr></w:p>")
        new_page = (block.new_page or broken) and not turned
        broken = isinstance(block, Text) and block.role == "cover_end"
        if isinstance(block, Text):
            body.append(_paragraph(block, style, new_page, seal and block.seal))
            continue
        if new_page or isinstance(before, Grid):
            body.append(_gap(new_page))
        body += _table(block, style, key)
    body += [_gap(False)] if isinstance(blocks[-1], Grid) else []
    return f"<w:document {NAMESPACES}><w:body>{''.join(body)}{_section(style, blocks[-1].wide)}</w:body></w:document>"


def _section(style: Style, wide: bool) -> str:
    width, height = (round(side * TWIPS_PER_MM) for side in A4_MM)
    margins = WIDE_MARGIN_MM if wide else style.margin_mm
    top, right, bottom, left = (round(side * TWIPS_PER_MM) for side in margins)
    size = f"w:w='{height}' w:h='{width}' w:orient='landscape'" if wide else f"w:w='{width}' w:h='{height}'"
    return (
        "<w:sectPr><w:headerReference w:type='default' r:id='rId3'/><w:footerReference w:type='default' r:id='rId2'/>"
        f"<w:pgSz {size}/><w:pgMar w:top='{top}' w:right='{right}' w:bottom='{bottom}' w:left='{left}' "
        "w:header='700' w:footer='850' w:gutter='0'/></w:sectPr>"
    )


def _styles(style: Style) -> str:
    fonts = _fonts(style.digit_font, style.body_font)
    return (
        f"<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>{fonts}"
        f"<w:sz w:val='{round(2 * style.body_pt)}'/><w:lang w:val='en-US' w:eastAsia='zh-CN'/></w:rPr></w:rPrDefault>"
        "<w:pPrDefault/></w:docDefaults></w:styles>"
    )


def _furniture(tag: str, style: Style, align: str, words: str, number: str) -> str:
    """A header or footer: fixed words, then the page number as the style's CSS `content` says."""
    runs = _run(words + "  ", style.digit_font, style.body_font, 10) if words else ""
    for text, counter in _CONTENT.findall(number):
        inner = _run("1", style.digit_font, style.body_font, 10)
        if counter:
            runs += f"<w:fldSimple w:instr=' PAGE '>{inner}</w:fldSimple>"
        else:
            runs += _run(text, style.digit_font, style.body_font, 10)
    return f"<w:{tag} {NAMESPACES}><w:p><w:pPr><w:jc w:val='{align}'/></w:pPr>{runs}</w:p></w:{tag}>"


def _fonts(latin: str, chinese: str) -> str:
    return f"<w:rFonts w:ascii='{latin}' w:hAnsi='{latin}' w:cs='{latin}' w:eastAsia='{chinese}'/>"


def _run(text: str, latin: str, chinese: str, points: float, look: str = "") -> str:
    lines = "<w:br/>".join(f"<w:t xml:space='preserve'>{escape(line)}</w:t>" for line in text.split("\n"))
    return (
        f"<w:r><w:rPr>{_fonts(latin, chinese)}{look}<w:sz w:val='{round(2 * points)}'/></w:rPr>{lines}</w:r>"
    )


def _gap(new_page: bool) -> str:
    """A paragraph of no height to speak of: two tables may not touch, and a table cannot ask for a new page."""
    page = "<w:pageBreakBefore/>" if new_page else ""
    return (
        f"<w:p><w:pPr>{page}<w:spacing w:before='0' w:after='0' w:line='20' w:lineRule='exact'/>"
        "<w:rPr><w:sz w:val='2'/></w:rPr></w:pPr></w:p>"
    )


def _paragraph(block: Text, style: Style, new_page: bool, seal: bool) -> str:
    align, first_em, before_mm, after_pt = _shape(block.role)
    line = round(
        240 * (style.line_height if block.role in ("body", "heading", "plain", "contents") else 1.5) / 1.2
    )
    indent = f"<w:ind w:firstLine='{round(first_em * style.body_pt * TWIPS_PER_PT)}'/>" if first_em else ""
    indent = (
        f"<w:ind w:right='{round(3 * style.body_pt * TWIPS_PER_PT)}'/>" if block.role == "end" else indent
    )
    ruled = f"<w:pBdr><w:bottom w:val='single' w:sz='16' w:space='4' w:color='{_RED}'/></w:pBdr>"
    properties = (
        ("<w:keepNext/>" if block.role in ("heading", "table_title") else "")
        + ("<w:keepLines/>" if block.role == "end" else "")
        + ("<w:pageBreakBefore/>" if new_page else "")
        + (ruled if block.role == "letterhead" else "")
        + f"<w:spacing w:before='{round(before_mm * TWIPS_PER_MM)}' w:after='{after_pt * TWIPS_PER_PT}' "
        + f"w:line='{line}' w:lineRule='auto'/>{indent}<w:jc w:val='{align}'/>"
    )
    runs = _block_runs(block, style) + (anchored_picture(SEAL_MM) if seal else "")
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def _shape(role: Role) -> tuple[str, float, float, int]:
    """Alignment, first-line indent in em, space before in mm, space after in points."""
    shapes: dict[Role, tuple[str, float, float, int]] = {
        "letterhead": ("center", 0, 0, 14),
        "number": ("center", 0, 0, 10),
        "cover_title": ("center", 0, 70, 0),
        "cover_end": ("center", 0, 60, 0),
        "title": ("center", 0, 0, 12),
        "date_line": ("center", 0, 0, 10),
        "table_title": ("center", 0, 2, 4),
        "heading": ("left", 2, 1.5, 3),
        "plain": ("left", 0, 0, 0),
        "contents": ("left", 0, 0, 0),
        "end": ("right", 0, 16, 0),
    }
    return shapes.get(role, ("both", 2, 0, 0))


def _block_runs(block: Text, style: Style) -> str:
    if block.role == "letterhead":
        return _run(block.text, style.digit_font, style.body_font, 30, f"<w:b/><w:color w:val='{_RED}'/>")
    if block.role in ("title", "cover_title"):
        return _run(block.text, style.heading_font, style.heading_font, style.body_pt + 6, "<w:b/>")
    if block.role == "heading":
        run = _run(block.text, style.heading_font, style.heading_font, style.body_pt)
        return run + (
            _run(block.run_in, style.digit_font, style.body_font, style.body_pt) if block.run_in else ""
        )
    return _run(block.text, style.digit_font, style.body_font, style.body_pt)


def _table(grid: Grid, style: Style, key: Mapping[str, str]) -> Iterator[str]:
    margins = WIDE_MARGIN_MM if grid.wide else style.margin_mm
    page = A4_MM[1] if grid.wide else A4_MM[0]
    width = (page - margins[1] - margins[3]) * TWIPS_PER_MM * min(99.4, style.table_width) / 100
    columns = [round(width * share / sum(grid.widths)) for share in grid.widths]
    pad = round(style.row_pad_pt * TWIPS_PER_PT)
    yield (
        f"<w:tbl><w:tblPr><w:tblW w:w='{sum(columns)}' w:type='dxa'/><w:jc w:val='center'/>{_rules(style)}"
        f"<w:tblLayout w:type='fixed'/><w:tblCellMar><w:top w:w='{pad}' w:type='dxa'/><w:left w:w='40' w:type='dxa'/>"
        f"<w:bottom w:w='{pad}' w:type='dxa'/><w:right w:w='40' w:type='dxa'/></w:tblCellMar></w:tblPr><w:tblGrid>"
    )
    yield "".join(f"<w:gridCol w:w='{column}'/>" for column in columns) + "</w:tblGrid>"
    for row in range(grid.n_rows):
        head = "<w:tblHeader/>" if row < grid.repeat_rows else ""
        yield f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>"
        for cell in sorted(grid.cells, key=lambda cell: cell.col):
            if cell.row <= row < cell.row + cell.rowspan:
                yield _cell(cell, row, columns, style, key)
        yield "</w:tr>"
    yield "</w:tbl>"


def _rules(style: Style) -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    return f"<w:tblBorders>{''.join(_rule(side, style.rule) for side in sides)}</w:tblBorders>"


def _rule(side: str, css: str) -> str:
    found = _RULE.fullmatch(css)
    if found is None:
        return f"<w:{side} w:val='nil'/>"
    colour = found["colour"] if len(found["colour"]) == 6 else "".join(2 * digit for digit in found["colour"])
    kind = {"solid": "single", "double": "double"}[found["kind"]]
    points = float(found["points"]) / (3 if kind == "double" else 1)  # Word counts one of the two lines
    return f"<w:{side} w:val='{kind}' w:sz='{max(2, round(8 * points))}' w:space='0' w:color='{colour}'/>"


def _cell(cell: GridCell, row: int, columns: Sequence[int], style: Style, key: Mapping[str, str]) -> str:
    merge = "" if cell.rowspan == 1 else "<w:vMerge w:val='restart'/>" if row == cell.row else "<w:vMerge/>"
    ground = key.get(cell.path or "") or (style.shade if cell.role == "band" else None)
    properties = (
        f"<w:tcW w:w='{sum(columns[cell.col : cell.col + cell.colspan])}' w:type='dxa'/>"
        + (f"<w:gridSpan w:val='{cell.colspan}'/>" if cell.colspan > 1 else "")
        + merge
        + _cell_rules(cell, style)
        + (f"<w:shd w:val='clear' w:color='auto' w:fill='{ground.lstrip('#')}'/>" if ground else "")
        + ("<w:textDirection w:val='tbRlV'/>" if cell.down else "")
        + "<w:vAlign w:val='center'/>"
    )
    align = style.label_align if cell.role == "label" else "center"
    bold = "<w:b/>" if style.bold_labels and cell.role != "answer" else ""
    text = cell.text if row == cell.row else ""
    run = _run(text, style.digit_font, style.table_font, style.table_pt, bold) if text else ""
    size = f"<w:rPr><w:sz w:val='{round(2 * style.table_pt)}'/></w:rPr>"
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:pPr><w:jc w:val='{align}'/>{size}</w:pPr>{run}</w:p></w:tc>"


def _cell_rules(cell: GridCell, style: Style) -> str:
    rules = {side: style.outer_rule for side in sorted(cell.edges) if style.outer_rule is not None}
    if style.outer_rule == "none":
        rules = {side: rule for side, rule in rules.items() if side in ("left", "right")}
    if cell.open_top:
        rules["top"] = "none"
    if cell.open_bottom:
        rules["bottom"] = "none"
    order = ("top", "left", "bottom", "right")
    inner = "".join(_rule(side, rules[side]) for side in order if side in rules)
    return f"<w:tcBorders>{inner}</w:tcBorders>" if inner else ""
