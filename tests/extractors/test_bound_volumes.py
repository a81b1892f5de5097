"""Real files bound into one: each report gives the record that its own file gives, on other pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from extractors.document import Part, Record, Value
from extractors.export.html import record_to_html
from extractors.export.json import record_to_json
from extractors.export.overlay import draw_overlay
from extractors.export.schema import schema_problems
from extractors.ocr.engine import OcrEngine
from extractors.pipeline import Extraction, extract_document

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
A4 = (595.0, 842.0)  # points


@cache
def engine() -> OcrEngine:
    from extractors.ocr.paddle import load_engine

    return load_engine("paddle")


def bind(files: Sequence[Path | None], bound: Path) -> None:
    """All pages of `files` in one PDF; None is a blank page."""
    with pdfium.PdfDocument.new() as volume:
        for file in files:
            if file is None:
                volume.new_page(*A4)
            else:
                with pdfium.PdfDocument(file) as document:
                    volume.import_pages(document)
        volume.save(bound)


def page_count(file: Path | None) -> int:
    if file is None:
        return 1
    with pdfium.PdfDocument(file) as document:
        return len(document)


SAME_PLACE_PX = 0.1  # binding rounds the coordinates in a PDF


def told(found: Mapping[str, Value]) -> dict[str, Value]:
    """The values without their places; confidences to six digits, as a record writes them."""
    return {
        path: replace(value, parts=(), confidence=value.confidence and round(value.confidence, 6))
        for path, value in found.items()
    }


def edges(parts: Iterable[Part]) -> list[float]:
    return [edge for part in parts for edge in (part.box.x0, part.box.y0, part.box.x1, part.box.y1)]


def assert_moved(parts: Sequence[Part], single: Sequence[Part], by: int) -> None:
    assert [part.page for part in parts] == [part.page + by for part in single]
    assert edges(parts) == pytest.approx(edges(single), abs=SAME_PLACE_PX)


def assert_same(record: Record, single: Record, by: int) -> None:
    """`record` says what `single` says, `by` pages further on."""
    for found, alone in ((record.fields, single.fields), (record.front, single.front)):
        assert told(found) == told(alone)
        for path, value in found.items():
            assert_moved(value.parts, alone[path].parts, by)
    for name in ("kind", "kind_review", "form", "checks"):
        assert getattr(record, name) == getattr(single, name)
    for section, other in zip(record.sections, single.sections, strict=True):
        assert replace(section, parts=()) == replace(other, parts=())
        assert_moved(section.parts, other.parts, by)
    assert [table.key for table in record.tables] == [table.key for table in single.tables]
    pages = [tuple(page + by for page in table.table.pages) for table in single.tables]
    assert [table.table.pages for table in record.tables] == pages
    issues = [(issue.code, issue.page and issue.page + by) for issue in single.issues]
    assert [(issue.code, issue.page) for issue in record.issues] == issues


def assert_whole(found: Sequence[Extraction], pages: int) -> None:
    """Every page is of one record, in order, and the records keep the contract."""
    numbers = [page.number for extraction in found for page in extraction.record.source.pages]
    assert numbers == list(range(1, pages + 1))
    for extraction in found:
        record = record_to_json(extraction.record, "en")
        assert schema_problems(record) == ()
        own = [page.number for page in extraction.record.source.pages]
        assert (record["source"]["first_page"], record["source"]["last_page"]) == (own[0], own[-1])
        timing = extraction.record.timing_s
        assert 0 < sum(timing.values()) - timing["total"] <= timing["total"] + 0.001


def check(files: Sequence[Path | None], bound: Path) -> tuple[Extraction, ...]:
    """Bind, read, and compare each record with that of the file read alone."""
    bind(files, bound)
    pages = [page_count(file) for file in files]
    seen: list[tuple[int, int]] = []
    found = extract_document([bound], engine(), on_page=lambda *at: seen.append(at))
    assert seen == [(number, sum(pages)) for number in range(1, sum(pages) + 1)]
    assert_whole(found, sum(pages))
    singles = [(file, sum(pages[:index])) for index, file in enumerate(files) if file is not None]
    for extraction, (file, by) in zip(found, singles, strict=True):
        assert extraction.record.source.pages[0].number == by + 1
        (single,) = extract_document([file], engine())
        assert_same(extraction.record, single.record, by)
    return found


@pytest.mark.engine
def test_digital_mixed_and_scanned_samples_in_one_volume(tmp_path: Path) -> None:
    names = ("hemiao-2024-digital", None, "luting-2022-mixed", "yanbei-2023-clean")
    files = [None if name is None else SAMPLES / name / "source.pdf" for name in names]
    found = check(files, tmp_path / "合订本.pdf")
    # The blank back of the last sheet belongs to the report before it.
    assert [len(extraction.record.source.pages) for extraction in found] == [5, 4, 4]


@pytest.mark.engine
def test_exports_show_the_pages_of_their_report_only(tmp_path: Path) -> None:
    names = ("hemiao-2024-digital", "luting-2022-mixed")
    bind([SAMPLES / name / "source.pdf" for name in names], tmp_path / "v.pdf")
    found = extract_document([tmp_path / "v.pdf"], engine())
    asked: list[int] = []

    def spied(display: Callable[[int], object]) -> Callable[[int], object]:
        return lambda page: (asked.append(page), display(page))[1]

    with found[1] as second:
        numbers = {page.number for page in second.record.source.pages}
        record_to_html(second.record, "en", spied(second.display))  # type: ignore[arg-type]
        picture = second.display(5)
        drawn = draw_overlay(second.record, 5, picture)
    assert numbers == {5, 6, 7, 8}
    assert asked
    assert set(asked) <= numbers
    marked = (drawn[: picture.shape[0]] != picture).any(axis=2)
    title = second.record.front["agency"].parts[0]
    assert title.page == 5
    assert marked[int(title.box.y0) : int(title.box.y1), int(title.box.x0) : int(title.box.x1)].any()
    with pytest.raises(StopIteration):
        draw_overlay(second.record, 1, picture)


@pytest.mark.engine
@pytest.mark.shared
def test_real_scans_in_one_volume(shared_cases: Path, tmp_path: Path) -> None:
    names = ("hongze-2023-clean", None, "pingfang-2020-office")
    files = [None if name is None else shared_cases / "reports" / name / "source.pdf" for name in names]
    found = check(files, tmp_path / "volume.pdf")
    assert [extraction.record.front["year"].value for extraction in found] == [2023, 2020]


@pytest.mark.engine
@pytest.mark.shared
def test_no_page_of_a_real_report_begins_another(shared_cases: Path) -> None:
    for name in ("hongze-2023-digital", "pingfang-2020-digital"):
        found = extract_document([shared_cases / "reports" / name / "source.pdf"], engine())
        assert len(found) == 1, name
        doubts = {issue.code for issue in found[0].record.issues}
        assert not doubts & {"start_in_doubt", "end_in_doubt", "second_report_suspected"}
