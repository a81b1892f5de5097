"""One raw page in, all that can be read on it out: tables first, then the text lines outside them.

The way up is settled here. `prepare` knows from the picture whether lines run across or along; whether they stand
on their heads only reading can tell. So a page is read as it is, and turned and read again only where the
reading is poor: upright pages, nearly all, pay nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter

from extractors.document import Issue, Page, PageReading, Reading
from extractors.ocr.engine import OcrEngine
from extractors.ocr.lines import glyph_lines, read_lines
from extractors.pages import RawPage, prepare
from extractors.tables.digital import digital_fragments
from extractors.tables.raster import outline_tables, read_tables

CERTAIN = 0.95
READS_WELL = (
    0.6  # share of characters read with certainty on any upright page; on its head a page stays under 0.4
)
ENOUGH_CHARACTERS = 8  # fewer say nothing about the way up
TURNS = (180, 90, 270)  # tried in this order: prepare already told across from along


@dataclass
class StageClock:
    """Seconds spent per stage, on a page or added up over several."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = perf_counter()
        try:
            yield
        finally:
            self.add(StageClock({name: perf_counter() - start}))

    def add(self, other: StageClock, share: float = 1.0) -> None:
        """Add that share of the seconds of another clock, stage by stage."""
        for name, seconds in other.seconds.items():
            self.seconds[name] = self.seconds.get(name, 0.0) + share * seconds


def read_page(raw: RawPage, engine: OcrEngine, clock: StageClock, file: Path | None = None) -> PageReading:
    """Read one page. `file`: the PDF that page `raw.number` stands in, None for images.

    Raises what the engine raises (EngineError).
    """
    with clock.stage("pages"):
        page = prepare(raw)
    if page.info.kind == "blank":
        return PageReading(page.info, issues=raw.issues)
    if page.info.kind == "digital":
        reading = _read_digital(page, engine, clock, file)
    else:
        reading = _read_scan(page, engine, clock)
        if not _reads_well(reading):
            reading = _best_way_up(raw, reading, engine, clock)
    return replace(reading, issues=(*raw.issues, *reading.issues))


def _read_digital(page: Page, engine: OcrEngine, clock: StageClock, file: Path | None) -> PageReading:
    with clock.stage("tables"):
        fragments = digital_fragments(page, file) if file is not None else None
        outlined = outline_tables(page) if fragments is None else ()
    issues: tuple[Issue, ...] = ()
    if fragments is None:
        with clock.stage("ocr"):
            fragments = read_tables(outlined, page, engine)
        issues = (Issue("digital_tables_from_picture", "info", page.info.number),)
    lines = glyph_lines(page, [fragment.box for fragment in fragments])
    return PageReading(page.info, lines, fragments, issues)


def _read_scan(page: Page, engine: OcrEngine, clock: StageClock) -> PageReading:
    with clock.stage("tables"):
        outlined = outline_tables(page)
    with clock.stage("ocr"):
        fragments = read_tables(outlined, page, engine)
        lines = read_lines(page, engine, [fragment.box for fragment in fragments])
    return PageReading(page.info, lines, fragments)


def _best_way_up(raw: RawPage, first: PageReading, engine: OcrEngine, clock: StageClock) -> PageReading:
    """The reading of the page turned so that it reads best; `first` where no turn is better."""
    best = first
    for turn in TURNS:
        with clock.stage("pages"):
            page = prepare(raw, (first.info.rotation + turn) % 360)
        reading = _read_scan(page, engine, clock)
        if well_read(reading) > well_read(best):
            best = reading
        if _reads_well(best):
            return best
    return best


def _reads_well(reading: PageReading) -> bool:
    count = len(_characters(reading))
    return count < ENOUGH_CHARACTERS or well_read(reading) >= READS_WELL * count


def well_read(reading: PageReading) -> int:
    """How many characters of a page were read with certainty.

    The way up is chosen by their number, not their share: print that shines through from the back reads badly
    either way. Cells of one or two characters do not count: a 0 reads as well on its head.
    """
    return sum(p >= CERTAIN for p in _characters(reading))


def _characters(reading: PageReading) -> list[float]:
    readings: list[Reading] = [line.reading for line in reading.lines]
    readings += [cell.reading for f in reading.fragments for cell in f.table.cells if len(cell.text) > 2]
    return [p for read in readings for p in read.characters]
