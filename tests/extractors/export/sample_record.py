"""An invented report with one of everything that an export must survive, and pictures of its pages.

Three pages: front matter and section one; table 2; table 3 (reduced to ten rows) cut by the break between
pages 2 and 3, with a row label cut in two. The bodies, figures and oddities are made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import cv2
import numpy as np

from extractors.document import (
    Cell,
    Check,
    ColourImage,
    Engine,
    Issue,
    PageInfo,
    Part,
    Reading,
    Record,
    RecordTable,
    Section,
    Source,
    Table,
    Value,
)
from extractors.geometry import Box

WIDTH, HEIGHT = 827, 1169  # A4 at 100 dpi
COLUMNS = (
    "natural_person",
    "legal_person.commercial_enterprise",
    "legal_person.research_institution",
    "legal_person.social_welfare_organization",
    "legal_person.legal_service_organization",
    "legal_person.other",
    "total",
)
HEADS = ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
ROWS = (  # step of the path, label, printed values
    ("new_received", "一、本年新收政府信息公开申请数量", "3119 2 0 0 1 0 3122"),
    ("carried_over", "二、上年结转政府信息公开申请数量", "5 0 0 0 0 0 5"),
    ("results.granted", "（一）予以公开", "2000 1 0 0 0 0 2001"),
    ("results.unable_to_provide.not_held", "1.本机关不掌握相关政府信息", "1100 / — 0 0 0 1100"),
    ("results.unable_to_provide.needs_new_creation", "2.没有现成信息需要另行制作", "10 0 0 0 _ 0 12"),
    ("results.total", "（七）总计", "3110 1 0 0 0 无 3113"),
    ("carried_forward", "四、结转下年度继续办理", "14 1 0 0 1 ? 14"),
)
BREAK = 7  # grid row of the applications table that starts page 3


def build_record() -> Record:
    """The whole record; every call builds an equal one."""
    active, active_fields = _active_table()
    applications, application_fields = _applications_table()
    generic = Table(1, 2, tuple(_generic_cell(i, text) for i, text in enumerate(("=1+1", "@联系人|*甲*"))))
    fields = active_fields | application_fields
    fields["review_litigation.reconsideration.total"] = Value(
        "not_found", review=True, reasons=("not_found",)
    )
    return Record(
        source=_source(),
        kind="report",
        kind_confidence=0.998,
        kind_review=False,
        form="2021",
        front=_front(),
        sections=_sections(),
        tables=(
            RecordTable("active_disclosure", active, 0.99),
            RecordTable("applications", applications, 0.97),
            RecordTable(None, generic, 0.8),
        ),
        fields=fields,
        checks=_checks(),
        issues=(
            Issue("row_absent", "info", 3, {"table": "applications", "row": "（六）其他处理"}),
            Issue("section_missing", facts={"section": "problems_improvement"}),
        ),
        engine=Engine("0.1.0", "fake", "ab" * 32),
        timing_s={"pages": 0.5, "ocr": 1.25, "tables": 0.25, "total": 2.125},
    )


def draw_page(number: int) -> ColourImage:
    """The page as displayed: white, with rulings, and the values that ASCII can draw."""
    page = np.full((HEIGHT, WIDTH, 3), 250, np.uint8)
    for shown in build_record().tables:
        for cell in shown.table.cells:
            _draw_cell(page, number, cell)
    return page


def _draw_cell(page: ColourImage, number: int, cell: Cell) -> None:
    for part in cell.parts:
        if part.page != number:
            continue
        x0, y0, x1, y1 = (round(v) for v in (part.box.x0, part.box.y0, part.box.x1, part.box.y1))
        cv2.rectangle(page, (x0, y0), (x1, y1), (60, 60, 60), 1)
        text = cell.text if cell.text.isascii() else "#" * min(4, len(cell.text))
        cv2.putText(page, text, (x0 + 6, y1 - 12), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (30, 30, 30), 1)


def _source() -> Source:
    pages = tuple(PageInfo(n, kind, WIDTH, HEIGHT, 100.0) for n, kind in ((1, "digital"), (2, "scan")))
    tilted = PageInfo(3, "scan", WIDTH, HEIGHT, 100.0, skew_deg=0.8)
    return Source("扫描 <1>.pdf", ("甲局/扫描 <1>.pdf",), "0f" * 32, (*pages, tilted))


def _front() -> dict[str, Value]:
    def words(raw: str, y: float) -> Value:
        return Value("text", raw, raw, None, (Part(1, Box(120, y, 420, y + 24)),), 0.995, ((raw, 0.995),))

    year = Value("number", 2023, "2023", None, (Part(1, Box(200, 90, 260, 114)),), 0.999, (("2023", 0.999),))
    period = ("2023-01-01", "2023-12-31")
    missing = Value("not_found", review=True, reasons=("not_found",))
    return {
        "agency": words("云岭县<城乡&建设>局", 60),
        "year": year,
        "period": replace(words("2023年1月1日至2023年12月31日", 130), value=period),
        "address": words("=云岭县人民路9号", 160),
        "postcode": words("012345", 190),
        "phone": words("+86-0517-8722", 220),
        "fax": missing,
        "email": words("a@example.invalid", 250),
        "website": missing,
        "issued_on": replace(words("2024年1月16日", 280), value="2024-01-16"),
    }


def _sections() -> tuple[Section, ...]:
    def part(page: int, y: float) -> tuple[Part, ...]:
        return (Part(page, Box(80, y, 500, y + 28)),)

    doubt = ("low_confidence",)
    long = "本年度主动公开信息1136条。\n（一）*依申请公开*情况 | <b>良好</b>。\n- 1. 不是列表"
    return (
        Section("overview", "一、总体情况", part(1, 340), long, 0.999, False),
        Section("active_disclosure", "二、主动公开政府信息情况", part(2, 40), "", 0.998, False),
        Section("applications", "三、收到和处理政府信息公开申请情况", part(2, 470), "", 0.998, False),
        Section("other_matters", "六、其他需要报告的事项", part(3, 700), "无。", 0.6, True, doubt),
    )


def _active_table() -> tuple[Table, dict[str, Value]]:
    texts = (
        ("第二十条第（一）项",),
        ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数"),
        ("规章", "0", "", "0"),
        ("行政规范性文件", "增1423", "5", "12345678"),
        ("第二十条第（八）项",),
        ("信息内容", "本年收费金额（单位：万元）"),
        ("行政事业性收费", "7730.280"),
    )
    cells: list[Cell] = []
    for row, line in enumerate(texts):
        for col, text in enumerate(line):
            last = col == len(line) - 1
            cells.append(_cell(2, (row, row + 1), (col, 4 if last else col + 1), text, top=80, width=150))
    table = Table(len(texts), 4, tuple(cells))
    base = "active_disclosure.art20_1"
    fields = {
        f"{base}.regulations.issued": _value(table.at(2, 1)),
        f"{base}.regulations.repealed": _value(table.at(2, 2)),
        f"{base}.regulations.in_force": _value(table.at(2, 3)),
        f"{base}.normative_documents.issued": replace(_value(table.at(3, 1)), kind="number", value=1423),
        f"{base}.normative_documents.repealed": _value(table.at(3, 2)),
        f"{base}.normative_documents.in_force": _value(table.at(3, 3)),
        "active_disclosure.art20_8.administrative_fees.amount_wan_yuan": replace(
            _value(table.at(6, 1)), value=Decimal("7730.280"), unit="万元"
        ),
    }
    return table, fields


def _applications_table() -> tuple[Table, dict[str, Value]]:
    cells = [
        _cell(2, (0, 3), (0, 3), "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"),
        _cell(2, (0, 1), (3, 10), "申请人情况"),
        _cell(2, (1, 3), (3, 4), "自然人"),
        _cell(2, (1, 2), (4, 9), "法人或其他组织"),
        _cell(2, (1, 3), (9, 10), "总计"),
        *(_cell(2, (2, 3), (4 + i, 5 + i), head) for i, head in enumerate(HEADS)),
        _cut_cell((5, 9), (0, 1), "三、本年度办理结果"),
        _cut_cell((6, 8), (1, 2), "（四）无法提供"),
    ]
    label_columns = ((0, 3), (0, 3), (1, 3), (2, 3), (2, 3), (1, 3), (0, 3))
    fields: dict[str, Value] = {}
    for i, (step, label, printed) in enumerate(ROWS):
        row, page = 3 + i, 2 if 3 + i < BREAK else 3
        cells.append(_cell(page, (row, row + 1), label_columns[i], label))
        for j, text in enumerate(printed.split()):
            cell = _cell(page, (row, row + 1), (3 + j, 4 + j), "" if text in "_?" else text)
            cells.append(cell)
            fields[f"applications.{step}.{COLUMNS[j]}"] = _application_value(text, cell)
    _doubt(fields)
    return Table(3 + len(ROWS), 10, tuple(cells)), fields


def _application_value(text: str, cell: Cell) -> Value:
    if text == "?":
        return Value("unreadable", None, None, None, cell.parts, None, (), True, ("unreadable",))
    return _value(cell)


def _doubt(fields: dict[str, Value]) -> None:
    """One value that is uncertain, and one that a broken check points at."""
    path = "applications.new_received.natural_person"
    nbest = (("3119", 0.71), ("3179", 0.22), ("3 119", 0.01))
    reasons = ("low_confidence",)
    fields[path] = replace(fields[path], confidence=0.71, alternatives=nbest, review=True, reasons=reasons)
    total = "applications.carried_forward.total"
    reasons = ("check_broken:app_row_total.carried_forward", "low_structure")
    fields[total] = replace(fields[total], confidence=0.93, review=True, reasons=reasons)


def _value(cell: Cell) -> Value:
    """The value that a plain reading of the cell gives: number, blank, not applicable or text."""
    text = cell.text
    if not text:
        return Value("blank", None, "", None, cell.parts, 0.999)
    if text in "/—":
        return Value("not_applicable", None, text, None, cell.parts, 0.98, ((text, 0.98),))
    try:
        number = Decimal(text)
    except ArithmeticError:
        return Value("text", text, text, None, cell.parts, 0.97, ((text, 0.97),))
    exact = int(number) if number == int(number) else number
    return Value("number", exact, text, None, cell.parts, 0.9995, ((text, 0.9995),))


def _cell(
    page: int, rows: tuple[int, int], cols: tuple[int, int], text: str, top: float = 520, width: float = 70
) -> Cell:
    """A cell whose box follows from its place in the grid; page 3 starts at row BREAK."""
    if page == 3:
        top = 60 - BREAK * 50
    box = Box(60 + cols[0] * width, top + rows[0] * 50, 60 + cols[1] * width, top + rows[1] * 50)
    return Cell(*rows, *cols, Reading(text, 0.99), (Part(page, box),), blank=not text)


def _cut_cell(rows: tuple[int, int], cols: tuple[int, int], text: str) -> Cell:
    above = _cell(2, (rows[0], BREAK), cols, text)
    below = _cell(3, (BREAK, rows[1]), cols, text)
    return replace(above, row1=rows[1], parts=above.parts + below.parts)


def _generic_cell(col: int, text: str) -> Cell:
    box = Box(60 + 200 * col, 400, 260 + 200 * col, 450)
    return Cell(0, 1, col, col + 1, Reading(text, 0.9), (Part(3, box),), structure=0.9)


def _checks() -> tuple[Check, ...]:
    def row(step: str) -> tuple[str, ...]:
        return tuple(f"applications.{step}.{column}" for column in COLUMNS)

    def check(step: str, status: str, sides: Sequence[int | None]) -> Check:
        left, right = (None if side is None else Decimal(side) for side in sides)
        return Check(f"app_row_total.{step}", status, left, right, row(step))  # type: ignore[arg-type]

    return (
        check("new_received", "holds", (3122, 3122)),
        check("carried_forward", "broken", (16, 14)),
        check("results.total", "skipped", (None, None)),
    )
