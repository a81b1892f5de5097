"""One document in, one record per report out: the order of the stages and nothing else.

    pages -> ocr + tables, page by page -> reports -> for each of them:
    join -> headings, sections, front matter -> kind -> form -> record

Pages are read one at a time and their pictures dropped, so memory does not grow with the document.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from types import TracebackType

from extractors.document import (
    ColourImage,
    DocumentKind,
    Engine,
    Heading,
    Issue,
    PageInfo,
    PageReading,
    Record,
)
from extractors.document import Source as SourceFacts
from extractors.errors import RenderError
from extractors.forms import Form, load, match_tables
from extractors.front_matter import read_front_matter
from extractors.headings import find_headings
from extractors.kind import decide_kind, legible_per_page
from extractors.layout import Body, read_body
from extractors.ocr.engine import OcrEngine
from extractors.pages import Limits, Source, open_source
from extractors.read_page import StageClock, read_page
from extractors.record import build_record
from extractors.sections import build_sections, other_headings, section_issues
from extractors.stages import OURS, Stages
from extractors.tables.join import join_tables
from extractors.volume import BoundPart, doubt_bounds, split_volume

OnPage = Callable[[int, int], None]  # (pages read, pages in all)


class Extraction:
    """The record of one report, and the pages of its document for those who want to look.

    A context manager: the first `display` opens the document again and keeps it open until the end.
    """

    def __init__(self, record: Record, paths: Sequence[Path], limits: Limits | None = None) -> None:
        self.record = record
        self.paths = tuple(paths)
        self._limits = limits
        self._source: Source | None = None

    def display(self, page: int) -> ColourImage:
        """The untouched page `page` (1-based), BGR, in the pixels of the record's boxes. Raises RenderError."""
        if self._source is None:
            self._source = open_source(list(self.paths), self._limits)
        return self._source.display(page)

    def close(self) -> None:
        if self._source is not None:
            self._source.close()
            self._source = None

    def __enter__(self) -> Extraction:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def extract_document(
    paths: Sequence[Path],
    engine: OcrEngine,
    on_page: OnPage | None = None,
    limits: Limits | None = None,
    forms: Sequence[Form] | None = None,
    stages: Stages = OURS,
) -> tuple[Extraction, ...]:
    """Read one document: a single file, or page images in order. One extraction per report bound in it, in order;
    every page is one extraction's.

    Raises InputError (and its kinds) where there is no document to read, RenderError where not a single page
    could be rendered, EngineError where OCR cannot run. A page that fails costs that page: the record carries
    an issue for it.
    """
    start, common = perf_counter(), StageClock()
    forms = official_forms() if forms is None else forms
    with open_source(list(paths), limits) as source:
        pages = read_pages(source, engine, on_page, stages)
        document = SourceFacts(source.name, tuple(map(str, source.paths)), source.sha256, ())
        issues = source.issues
    read_by = Engine(version("nianbao"), engine.name, engine.fingerprint)
    with common.stage("reports"):
        parts = split_volume([page.reading for page in pages], forms, stages.headings)
    own = sum(page.clock.seconds["total"] for page in pages)
    common.add(StageClock({"total": perf_counter() - start - own}))
    clocks = [_clock(part, pages, common) for part in parts]
    return tuple(
        Extraction(assemble_record(document, part, issues, read_by, forms, clock, stages), paths, limits)
        for part, clock in zip(parts, clocks, strict=True)
    )


@lru_cache(maxsize=1)
def official_forms() -> tuple[Form, ...]:
    return load()


@dataclass(frozen=True, slots=True)
class TimedPage:
    """What was read on one page and the seconds it took; `total` is among its stages."""

    reading: PageReading
    clock: StageClock


def read_pages(
    source: Source, engine: OcrEngine, on_page: OnPage | None = None, stages: Stages = OURS
) -> list[TimedPage]:
    """All pages of a document, read one after the other. Raises the first RenderError if every page fails."""
    pages: list[TimedPage] = []
    failures: list[RenderError] = []
    for number in range(1, source.page_count + 1):
        clock = StageClock()
        with clock.stage("total"):
            try:
                with clock.stage("render"):
                    raw = source.raw_page(number)
                reading = read_page(raw, engine, clock, pdf_of(source), stages)
            except RenderError as error:
                failures.append(error)
                reading = _failed(number, error)
        pages.append(TimedPage(reading, clock))
        if on_page is not None:
            on_page(number, source.page_count)
    if failures and len(failures) == source.page_count:
        raise failures[0]
    return pages


def _clock(part: BoundPart, pages: Sequence[TimedPage], common: StageClock) -> StageClock:
    """What the pages of a part took, and by their number its share of what was spent on the whole document."""
    clock, numbers = StageClock(), {reading.info.number for reading in part.pages}
    for page in pages:
        if page.reading.info.number in numbers:
            clock.add(page.clock)
            clock.add(common, 1 / len(pages))
    return clock


def pdf_of(source: Source) -> Path | None:
    """The file whose page numbers are the document's: a PDF; None for images."""
    only = source.paths[0] if len(source.paths) == 1 else None
    return only if only is not None and only.suffix.lower() == ".pdf" else None


def _failed(number: int, error: RenderError) -> PageReading:
    reason = str(error.facts.get("reason", error.code))
    issue = Issue("page_failed", "error", number, {"reason": reason})
    return PageReading(PageInfo(number, "blank", 1, 1, 72.0), issues=(issue,))


def _heading_issues(body: Body, headings: Sequence[Heading], kind: DocumentKind) -> tuple[Issue, ...]:
    """What a report's headings lack; what those of an earlier form have beside the six. Other papers owe none."""
    if kind == "report":
        return section_issues(headings)
    return other_headings(body, headings) if kind == "earlier_form" else ()


def assemble_record(
    document: SourceFacts,
    part: BoundPart,
    issues: Sequence[Issue],
    engine: Engine,
    forms: Sequence[Form],
    clock: StageClock,
    stages: Stages,
) -> Record:
    """From what was read on the pages of one report to its record. `document` and `issues` are those of the file;
    `clock` has the seconds already spent on the report.
    """
    start, readings = perf_counter(), part.pages
    with clock.stage("tables"):
        tables = join_tables(readings, forms)
    with clock.stage("headings"):
        body = read_body(readings)
        headings = find_headings(body, stages.headings)
        sections = build_sections(body, headings)
        front = doubt_bounds(read_front_matter(body, headings), part)
    with clock.stage("record"):
        match = match_tables(tables, forms)
        legible = legible_per_page(readings)
        kind = decide_kind(body, headings, len(match.tables), front, match.left_blank, legible=legible)
    of_headings = _heading_issues(body, headings, kind.kind)
    total = clock.seconds.pop("total") + perf_counter() - start
    return build_record(
        source=replace(document, pages=tuple(reading.info for reading in readings)),
        pages=readings,
        tables=tables,
        sections=sections if kind.kind != "not_a_report" else (),
        front=front,
        kind=kind.kind,
        kind_confidence=kind.confidence,
        kind_review=kind.review,
        engine=engine,
        timing={name: round(value, 4) for name, value in {**clock.seconds, "total": total}.items()},
        issues=(*part.issues, *issues, *of_headings),
        forms=forms,
        match=match,
    )
