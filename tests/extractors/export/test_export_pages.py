"""HTML, Markdown and pictures: spans stand, doubts show with their crops, nothing from a scan is markup."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser

import cv2
import numpy as np
import pytest
from markdown_it import MarkdownIt
from sample_record import HEIGHT, WIDTH, build_record, draw_page

from extractors.document import ColourImage, PageInfo, Record
from extractors.errors import RenderError
from extractors.export import EXPORTERS, overlay_png
from extractors.export.crops import MAX_WIDTH, crop, crop_fields
from extractors.export.html import record_to_html
from extractors.export.markdown import escaped, record_to_markdown
from extractors.export.origin import origin_of, read_mark
from extractors.export.overlay import DOUBT, SURE, draw_overlay
from extractors.export.view import doubts, fields_by_cell, shown_pages, summarise
from extractors.geometry import Box
from extractors.messages import Lang

NATURAL = "applications.new_received.natural_person"
EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;</td></table>"


class Outline(HTMLParser):
    """Tags with their attributes, and that they nest."""

    VOID = frozenset(("meta", "img", "br"))

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def page() -> str:
    return record_to_html(build_record(), "zh", draw_page)


@pytest.mark.parametrize(("first", "shown"), [(6, "6–8"), (8, "8")])
def test_pages_are_shown_as_those_of_the_file(first: int, shown: str) -> None:
    record = build_record()
    pages = tuple(PageInfo(number, "scan", WIDTH, HEIGHT, 100.0) for number in range(first, 9))
    bound = replace(record, source=replace(record.source, pages=pages))
    assert shown_pages(bound) == shown
    assert f"<dd>{shown}</dd>" in record_to_html(bound, "zh", draw_page)


def evil() -> Record:
    """The sample with markup in every text that comes from outside."""
    record = build_record()
    value = replace(record.fields[NATURAL], kind="text", value=EVIL, raw=EVIL, alternatives=((EVIL, 0.5),))
    tables = tuple(
        replace(
            table,
            table=replace(
                table.table,
                cells=tuple(
                    replace(cell, reading=replace(cell.reading, text=EVIL)) for cell in table.table.cells
                ),
            ),
        )
        for table in record.tables
    )
    return replace(
        record,
        tables=tables,
        fields={**record.fields, NATURAL: value},
        front={key: replace(v, value=EVIL, raw=EVIL) for key, v in record.front.items()},
        sections=tuple(replace(section, title=EVIL, text=EVIL) for section in record.sections),
        source=replace(record.source, name=EVIL, paths=(EVIL,)),
        issues=tuple(replace(issue, facts=dict.fromkeys(issue.facts, EVIL)) for issue in record.issues),
        engine=replace(record.engine, ocr=EVIL, weights=EVIL),
        form=EVIL,
    )


def test_html_nests_and_links_to_nothing_outside(page: str) -> None:
    outline = Outline(page)
    assert outline.open == []
    anchors = {attrs.get("id") for _, attrs in outline.tags}
    for _, attrs in outline.tags:
        target = attrs.get("href") or attrs.get("src") or ""
        assert target == "" or target[1:] in anchors or target.startswith("data:image/png;base64,")
    assert "http:" not in page
    assert "https:" not in page


def test_html_tables_have_their_spans(page: str) -> None:
    spans = [
        (attrs.get("rowspan"), attrs.get("colspan"))
        for attrs in [*Outline(page).all("th"), *Outline(page).all("td")]
    ]
    assert ("3", "3") in spans  # the note cell
    assert (None, "7") in spans  # 申请人情况
    assert ("4", None) in spans  # 三、本年度办理结果
    assert ("2", None) in spans  # （四）无法提供, cut by the page break


def test_every_doubt_is_marked_and_has_words_and_pictures(page: str) -> None:
    record = build_record()
    outline = Outline(page)
    marked = [attrs for attrs in outline.all("td") if attrs.get("class") == "doubt" and attrs.get("title")]
    assert len(marked) == 3
    rows = [attrs["id"] for attrs in outline.all("tr") if attrs.get("id")]
    assert len(rows) == len(doubts(record)) == 4
    pictures = outline.all("img")
    assert len(pictures) == 3  # the fourth doubt has no place
    data = base64.b64decode((pictures[0]["src"] or "").partition(",")[2])
    shown = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert shown is not None
    assert min(shown.shape[:2]) > 20
    assert "识别把握不足" in page
    assert "勾稽关系不成立" in page


def test_html_escapes_everything() -> None:
    for lang in ("zh", "en"):
        made = record_to_html(evil(), lang, draw_page)  # type: ignore[arg-type]
        outline = Outline(made)
        assert outline.open == []
        assert outline.all("script") == []
        assert not [attrs for _, attrs in outline.tags if any(name.startswith("on") for name in attrs)]
        assert "&lt;script&gt;" in made


def test_page_that_cannot_be_drawn_costs_only_its_pictures() -> None:
    def broken(number: int) -> ColourImage:
        raise RenderError(page=number)

    made = record_to_html(build_record(), "zh", broken)
    assert Outline(made).all("img") == []
    assert "（无图像）" in made


@pytest.mark.parametrize("kind", ["earlier_form", "not_a_report"])
def test_other_kinds_of_document_do_not_miss_sections(kind: str) -> None:
    record = replace(build_record(), kind=kind, sections=(), fields={}, checks=(), form=None)  # type: ignore[arg-type]
    assert "没有找到这一章节" not in record_to_html(record, "zh", draw_page)
    assert all(exporter(record, "zh", draw_page) for exporter in EXPORTERS.values())


def test_empty_record_can_be_exported_in_every_format() -> None:
    record = replace(build_record(), front={}, sections=(), tables=(), fields={}, checks=(), issues=())
    langs: tuple[Lang, ...] = ("zh", "en")
    assert all(exporter(record, lang, draw_page) for exporter in EXPORTERS.values() for lang in langs)


def test_markdown_tables_stand_and_show_each_column_its_headings() -> None:
    made = record_to_markdown(build_record(), "zh")
    html = MarkdownIt("commonmark").enable("table").render(made)
    assert html.count("<table>") == 6
    assert "<th>申请人情况 / 法人或其他组织 / 商业企业</th>" in html
    row = "| 三、本年度办理结果 | （四）无法提供 | 1.本机关不掌握相关政府信息 | 1100 | / | — | 0 | 0 | 0 | 1100 |"
    assert row in made
    assert "3119 **(?)**" in made
    tables = [block for block in made.split("\n\n") if block.startswith("|")]
    assert all(
        len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1 for table in tables
    )


def test_markdown_shows_markup_as_text() -> None:
    html = MarkdownIt("commonmark").enable("table").render(record_to_markdown(evil(), "zh"))
    assert "<script" not in html
    assert "<img" not in html


@pytest.mark.parametrize(
    "text", ["- a", "1. a", "# a", "> a", "a | b", "*a*", "[x](http://y)", "====", "---", "+ a", "`a`"]
)
def test_markdown_section_text_is_only_paragraphs(text: str) -> None:
    record = build_record()
    sections = tuple(replace(section, text=f"甲\n{text}\n乙") for section in record.sections[:1])
    made = record_to_markdown(replace(record, sections=sections, tables=()), "zh")
    html = MarkdownIt("commonmark").enable("table").render(made)
    assert f"<p>{text.replace('>', '&gt;')}</p>" in html


def test_markdown_escapes_line_breaks_in_cells() -> None:
    assert escaped("a\nb|c") == "a b\\|c"


def test_fields_are_found_in_their_cells() -> None:
    record = build_record()
    found = fields_by_cell(record)
    assert found[1, 3, 3].path == NATURAL
    assert len(found) == len([value for value in record.fields.values() if value.parts])


def test_a_field_whose_box_is_a_little_off_is_found_too() -> None:
    record = build_record()
    value = record.fields[NATURAL]
    moved = replace(value, parts=(replace(value.parts[0], box=Box(274, 674, 343, 722)),))
    assert fields_by_cell(replace(record, fields={NATURAL: moved}))[1, 3, 3].path == NATURAL
    away = replace(value, parts=(replace(value.parts[0], box=Box(0, 0, 9, 9)),))
    assert fields_by_cell(replace(record, fields={NATURAL: away})) == {}


def test_front_matter_that_need_not_be_there_is_no_doubt() -> None:
    record = build_record()
    assert "fax" not in {field.path for field in doubts(record)}
    lost = replace(record, front={**record.front, "year": record.front["fax"]})
    assert "year" in {field.path for field in doubts(lost)}
    assert summarise(lost).to_review == summarise(record).to_review + 1


@pytest.mark.parametrize(
    "box", [Box(-50, -50, -10, -10), Box(800, 1150, 2000, 3000), Box(5, 5, 5, 5), Box(0, 0, 827, 1169)]
)
def test_crops_of_odd_boxes_have_pixels(box: Box) -> None:
    assert min(crop(draw_page(1), box).shape[:2]) >= 1


def test_crops_are_turned_upright_and_not_too_wide() -> None:
    record = build_record()
    (field,) = [field for field in doubts(record) if field.path == NATURAL]
    wide = replace(
        field, value=replace(field.value, parts=(replace(field.value.parts[0], box=Box(0, 10, 820, 40)),))
    )
    pages = tuple(replace(page, rotation=90) for page in record.source.pages)
    turned = replace(record, source=replace(record.source, pages=pages))
    sizes = []
    for source in (record, turned):
        (png,) = crop_fields(source, [wide], draw_page)[NATURAL]
        picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
        assert picture is not None
        sizes.append(picture.shape[:2])
    assert sizes[0][1] == MAX_WIDTH
    assert sizes[1][0] > sizes[1][1]


def test_each_page_is_drawn_once_for_all_its_crops() -> None:
    drawn: list[int] = []

    def display(number: int) -> ColourImage:
        drawn.append(number)
        return draw_page(number)

    crop_fields(build_record(), doubts(build_record()), display)
    assert drawn == [2, 3]


def test_overlay_keeps_the_page_where_it_is_and_colours_by_doubt() -> None:
    record, plain = build_record(), draw_page(2)
    before = plain.copy()
    drawn = draw_overlay(record, 2, plain)
    assert np.array_equal(plain, before)  # the picture that was given is left alone
    assert drawn.shape[1] == WIDTH
    assert drawn.shape[0] > HEIGHT  # a legend below
    sure = record.fields["applications.new_received.total"].parts[0].box
    doubtful = record.fields[NATURAL].parts[0].box
    for box, colour in ((sure, SURE), (doubtful, DOUBT)):
        edge = drawn[round(box.y0) + 1, round(box.x0) + 10 : round(box.x1) - 10]
        assert (edge == colour).all(axis=1).mean() > 0.9
    header = drawn[530:560, 300:700]
    assert not (header == DOUBT).all(axis=2).any()


def test_overlay_of_tiny_page_and_boxes_outside_it_does_not_fail() -> None:
    record = build_record()
    pages = tuple(PageInfo(page.number, "scan", 40, 30, 72.0) for page in record.source.pages)
    small = replace(record, source=replace(record.source, pages=pages))
    for number in (1, 2, 3):
        assert draw_overlay(small, number, np.full((30, 40, 3), 255, np.uint8)).shape[1] == 40


def test_overlay_png_carries_its_origin_and_is_a_png() -> None:
    record = build_record()
    png = overlay_png(record, 3, draw_page)
    assert read_mark(png, "png") == origin_of(record).mark
    assert cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR) is not None


@pytest.mark.parametrize("form", ["json", "html", "md"])
@pytest.mark.parametrize("weights", ["ab" * 32, "-->", "a:b;c \"'<x>", ""])
def test_text_formats_name_their_origin(form: str, weights: str) -> None:
    record = build_record()
    record = replace(record, engine=replace(record.engine, weights=weights))
    assert read_mark(EXPORTERS[form](record, "zh", draw_page), form) == origin_of(record).mark
