"""The whole way of a document, with engines that fail as real ones do, and pages scanned any way up."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import cv2
import numpy as np
import pytest
from drawing import draw_table, full_grid, write_centred
from fakes import CrashingEngine, EmptyEngine
from invented import EARLIER, report
from PIL import Image
from text_pages import typeset

from extractors.document import Engine, Issue, PageInfo, PageReading, Record
from extractors.document import Source as SourceFacts
from extractors.errors import EngineError, InputError, RenderError
from extractors.pipeline import assemble_record, extract_document, official_forms, pdf_of, read_pages
from extractors.read_page import StageClock, well_read
from extractors.stages import OURS
from extractors.volume import BoundPart


def page_picture(text: str = "0") -> np.ndarray:
    table = draw_table(
        full_grid(3, 3), [300] * 3, [80] * 3, {(r, c): text for r in range(3) for c in range(3)}
    )
    page = np.full((2339, 1654), 255, dtype=np.uint8)
    page[400 : 400 + table.image.shape[0], 300 : 300 + table.image.shape[1]] = table.image
    write_centred(page, "a line of text above the table", 800, 300, 1.2)
    return page


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    pages = [Image.fromarray(page_picture(str(n))) for n in range(2)]
    pages[0].save(tmp_path / "扫描.pdf", save_all=True, append_images=pages[1:], resolution=200.0)
    return tmp_path / "扫描.pdf"


def test_an_engine_that_reads_nothing_gives_a_record_that_asks(scan: Path) -> None:
    seen: list[tuple[int, int]] = []
    (extraction,) = extract_document([scan], EmptyEngine(), on_page=lambda *at: seen.append(at))
    record = extraction.record
    assert seen == [(1, 2), (2, 2)]
    assert [page.kind for page in record.source.pages] == ["scan", "scan"]
    assert record.front["agency"].review
    assert record.front["year"].review
    assert record.kind_review or record.kind == "not_a_report"
    assert record.timing_s["total"] >= record.timing_s["ocr"]


def test_a_page_that_holds_a_row_of_figures_alone_is_tried_all_ways_up(tmp_path: Path) -> None:
    """Too few characters to tell that it lies on its head: the last row of a table, left for a page of its own."""

    class CountingEngine(EmptyEngine):
        pages = 0

        def detect(self, image: np.ndarray) -> tuple[np.ndarray, ...]:
            self.pages += 1
            return super().detect(image)

    row = draw_table(full_grid(1, 8), [130] * 8, [60], {(0, c): str(c) for c in range(8)})
    page = np.full((2339, 1654), 255, dtype=np.uint8)
    page[300 : 300 + row.image.shape[0], 200 : 200 + row.image.shape[1]] = row.image
    Image.fromarray(page).save(tmp_path / "row.png", dpi=(200, 200))
    engine, text = CountingEngine(), CountingEngine()
    extract_document([tmp_path / "row.png"], engine)
    write_centred(page := np.full_like(page, 255), "a line of text alone", 800, 300, 1.2)
    Image.fromarray(page).save(tmp_path / "text.png", dpi=(200, 200))
    extract_document([tmp_path / "text.png"], text)
    assert engine.pages > text.pages


def test_an_engine_that_fails_is_nobodys_page(scan: Path) -> None:
    with pytest.raises(EngineError):
        extract_document([scan], CrashingEngine())


def test_a_page_that_cannot_be_rendered_costs_that_page() -> None:
    class OneBadPage:
        paths = (Path("scan.pdf"),)
        page_count = 3

        def raw_page(self, number: int) -> object:
            raise RenderError(reason="crashed", page=number)

    with pytest.raises(RenderError):
        read_pages(OneBadPage(), EmptyEngine())  # type: ignore[arg-type]


def test_one_bad_page_among_good_ones_is_an_issue(scan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from extractors.pages.source import Source

    whole = Source.raw_page

    def broken(self: Source, number: int):
        if number == 1:
            raise RenderError(reason="crashed", page=number)
        return whole(self, number)

    monkeypatch.setattr(Source, "raw_page", broken)
    record = extract_document([scan], EmptyEngine())[0].record
    failed = [issue for issue in record.issues if issue.code == "page_failed"]
    assert [(issue.page, issue.severity) for issue in failed] == [(1, "error")]
    assert len(record.source.pages) == 2


def test_each_report_of_a_volume_has_its_own_pages_issues_and_time(
    scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubt = Issue("start_in_doubt", page=2)

    def page_by_page(readings, forms, classifier) -> tuple[BoundPart, ...]:
        return BoundPart((readings[0],)), BoundPart((readings[1],), 0.6, (doubt,))

    monkeypatch.setattr("extractors.pipeline.split_volume", page_by_page)
    start = perf_counter()
    first, second = (extraction.record for extraction in extract_document([scan], EmptyEngine()))
    wall = perf_counter() - start
    assert [[page.number for page in record.source.pages] for record in (first, second)] == [[1], [2]]
    assert {part.page for table in second.tables for cell in table.table.cells for part in cell.parts} == {2}
    assert doubt in second.issues
    assert doubt not in first.issues
    assert "bounds_in_doubt" in second.front["year"].reasons
    assert "bounds_in_doubt" not in first.front["year"].reasons
    times = [record.timing_s for record in (first, second)]
    assert all(sum(each.values()) - each["total"] <= each["total"] + 0.001 for each in times)
    assert sum(each["total"] for each in times) <= wall
    assert all(each["ocr"] > 0 for each in times)


def test_what_is_no_document_is_refused(tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(b"no pdf at all")
    with pytest.raises(InputError):
        extract_document([tmp_path / "scan.pdf"], EmptyEngine())


def test_the_pages_can_be_looked_at_again(scan: Path) -> None:
    with extract_document([scan], EmptyEngine())[0] as extraction:
        picture = extraction.display(2)
    assert picture.shape[:2] == (2339, 1654)
    assert cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).min() < 50


def test_only_a_single_pdf_has_page_numbers_of_its_own() -> None:
    class Files:
        paths = (Path("a.png"), Path("b.png"))

    assert pdf_of(Files()) is None  # type: ignore[arg-type]


def test_a_page_without_text_has_nothing_read_well() -> None:
    assert well_read(PageReading(PageInfo(1, "scan", 10, 10, 200.0))) == 0


@pytest.mark.engine
@pytest.mark.parametrize("turn", [180, 90, 270])
def test_pages_on_their_heads_and_sides_read_the_same(turn: int, tmp_path: Path) -> None:
    from extractors.ocr.paddle import load_engine

    sample = Path(__file__).resolve().parents[2] / "data" / "samples" / "yanbei-2023-clean" / "source.pdf"
    from extractors.pages import open_source

    with open_source(sample) as source:
        upright = source.display(3)
    turned = np.rot90(upright, k=turn // 90)
    Image.fromarray(cv2.cvtColor(np.ascontiguousarray(turned), cv2.COLOR_BGR2RGB)).save(
        tmp_path / "page.png", dpi=(200, 200)
    )
    record = extract_document([tmp_path / "page.png"], load_engine())[0].record
    assert record.source.pages[0].rotation == turn % 360
    values = [cell.text for table in record.tables for cell in table.table.cells if cell.text.isdigit()]
    assert len(values) > 60


def assembled(text: str) -> Record:
    source = SourceFacts("scan.pdf", ("scan.pdf",), "", ())
    part, clock = BoundPart(tuple(typeset(text))), StageClock({"total": 0.0})
    return assemble_record(source, part, (), Engine("", "", ""), official_forms(), clock, OURS)


def test_a_report_of_an_earlier_form_names_the_headings_that_are_none_of_the_six() -> None:
    record = assembled(EARLIER)
    assert record.kind == "earlier_form"
    titles = [issue.facts["title"] for issue in record.issues if issue.code == "other_heading"]
    assert titles == ["四、政府信息公开的收费及减免情况", "七、附表"]
    assert not [issue for issue in assembled(report()).issues if issue.code == "other_heading"]
