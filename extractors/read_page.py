"""One raw page in, all that can be read on it out: tables first, then the text lines outside them.

The way up is settled here. `prepare` knows from the picture whether lines run across or along; whether they stand
on their heads only reading can tell. So a page is read as it is, and turned and read again only where the
reading is poor: upright pages, nearly all, pay nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter

from extractors.document import Fragment, Issue, Page, PageReading, Reading
from extractors.geometry import Box, map_box
from extractors.inset import cut_out, put_in_place, seen_from
from extractors.ocr.engine import OcrEngine
from extractors.ocr.lines import glyph_lines, in_reading_order, read_lines
from extractors.pages import Picture, RawPage, prepare
from extractors.pages.work import inverse
from extractors.stages import OURS, Stages
from extractors.tables.digital import DigitalTables, digital_tables, outline, typed_over
from extractors.tables.raster import outline_tables, read_tables

CERTAIN = 0.95
READS_WELL = (
    0.6  # share of characters read with certainty on any upright page; on its head a page stays under 0.4
)
UNREAD_INK = 0.10  # share of a page's ink in pictures that were not read from which somebody must be told
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


def read_page(
    raw: RawPage, engine: OcrEngine, clock: StageClock, file: Path | None = None, stages: Stages = OURS
) -> PageReading:
    """Read one page. `file`: the PDF that page `raw.number` stands in, None for images.

    Raises what the engine raises (EngineError).
    """
    if raw.kind == "scan":
        reading = _read_upright(raw, engine, clock, stages)
    else:
        with clock.stage("pages"):
            page = prepare(raw)
        is_blank = raw.kind == "blank"
        reading = (
            PageReading(page.info) if is_blank else _read_digital(raw, page, engine, clock, file, stages)
        )
    return replace(reading, issues=(*raw.issues, *reading.issues))


def _read_digital(
    raw: RawPage, page: Page, engine: OcrEngine, clock: StageClock, file: Path | None, stages: Stages
) -> PageReading:
    """Typed text and vector tables from the text layer, pictures as the scans they are.

    Such a page is said to be of the kind that most of its ink is.
    """
    with clock.stage("tables"):
        found = digital_tables(page, file) if file is not None else DigitalTables((), outline_tables(page))
    insets = _read_pictures(raw, found.fragments, page, engine, clock, stages)
    looked_at = [map_box(inverse(page.info.to_display), picture.box) for picture in insets]
    drawn = [one for one in found.pictured if all(outline(one).overlap(box) == 0 for box in looked_at)]
    with clock.stage("ocr"):
        curves = [
            one for one in read_tables(drawn, page, engine) if any(cell.text for cell in one.table.cells)
        ]
    pictured = [*curves, *(one for inset in insets.values() for one in inset.fragments)]
    fragments = [*found.fragments, *(typed_over(one, page) for one in pictured)]
    typed = glyph_lines(page, [one.box for one in fragments])
    pasted = [line for inset in insets.values() for line in inset.lines]
    in_pictures = sum(picture.share for picture in raw.pictures)
    return PageReading(
        replace(page.info, kind="scan") if in_pictures > 0.5 else page.info,
        tuple(in_reading_order([*typed, *pasted], lambda line: line.box)) if pasted else typed,
        tuple(sorted(fragments, key=lambda one: (one.box.y0, one.box.x0))),
        _digital_issues(raw, insets, from_picture=file is None),
    )


def _read_pictures(
    raw: RawPage,
    read: Sequence[Fragment],
    page: Page,
    engine: OcrEngine,
    clock: StageClock,
    stages: Stages,
) -> dict[Picture, PageReading]:
    """What was read on each picture of a born-digital page, in its work pixels; tables `read` already are left out.

    A picture that could not be read is not among them.
    """
    tables = [map_box(page.info.to_display, fragment.box) for fragment in read]
    typed = [glyph.box for glyph in raw.glyphs]
    found = {}
    for picture in raw.pictures:
        if not picture.legible:
            continue
        own = cut_out(raw, picture, tables)
        reading = _read_upright(own, engine, clock, stages, seen_from(picture, typed))
        if reading.fragments or well_read(reading) >= READS_WELL * len(_characters(reading)):
            found[picture] = put_in_place(reading, picture, page.info)
    return found


def _digital_issues(
    raw: RawPage, insets: Mapping[Picture, PageReading], from_picture: bool
) -> tuple[Issue, ...]:
    unread = sum(picture.share for picture in raw.pictures if picture not in insets)
    issues = []
    if from_picture:
        issues.append(Issue("digital_tables_from_picture", "info", raw.number))
    if unread >= UNREAD_INK:
        issues.append(Issue("page_mixed", "warning", raw.number, {"share": round(unread, 2)}))
    if any(inset.lines or inset.fragments for inset in insets.values()):
        issues.append(Issue("picture_read", "info", raw.number))
    return tuple(issues)


def _read_upright(
    raw: RawPage, engine: OcrEngine, clock: StageClock, stages: Stages, typed: Sequence[Box] = ()
) -> PageReading:
    """A page of kind "scan", whichever way up it lies. `typed`: what a text layer says already, in display pixels."""
    with clock.stage("pages"):
        page = prepare(raw)
    reading = _read_scan(page, engine, clock, stages, typed)
    if _reads_well(reading) and not _says_little(reading):
        return reading
    return _best_way_up(raw, reading, engine, clock, stages, typed)


def _tables(page: Page, engine: OcrEngine, clock: StageClock, stages: Stages) -> tuple[Fragment, ...]:
    if stages.tables is not None:
        with clock.stage("tables"):
            return stages.tables(page, engine)
    with clock.stage("tables"):
        outlined = outline_tables(page)
    with clock.stage("ocr"):
        return read_tables(outlined, page, engine)


def _read_scan(
    page: Page, engine: OcrEngine, clock: StageClock, stages: Stages, typed: Sequence[Box]
) -> PageReading:
    fragments = _tables(page, engine, clock, stages)
    to_work = inverse(page.info.to_display)
    with clock.stage("ocr"):
        masked = [*(one.box for one in fragments), *(map_box(to_work, box) for box in typed)]
        lines = read_lines(page, engine, masked)
    return PageReading(page.info, lines, fragments)


def _best_way_up(
    raw: RawPage,
    first: PageReading,
    engine: OcrEngine,
    clock: StageClock,
    stages: Stages,
    typed: Sequence[Box],
) -> PageReading:
    """The reading of the page turned so that it reads best; `first` where no turn is better."""
    best = first
    for turn in TURNS:
        with clock.stage("pages"):
            page = prepare(raw, (first.info.rotation + turn) % 360)
        reading = _read_scan(page, engine, clock, stages, typed)
        if well_read(reading) > well_read(best):
            best = reading
        if _reads_well(best) and not _says_little(best):
            return best
    return best


def _says_little(reading: PageReading) -> bool:
    """Whether a table is all that is read on a page, and too little of it to tell the way up."""
    return bool(reading.fragments) and len(_characters(reading)) < ENOUGH_CHARACTERS


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
