"""The plain types that every stage takes and gives, and the one place where units are stated.

Two pixel frames exist, and no third:

* **display** pixels: the page as a person sees it, after the PDF's /Rotate and crop box, before any
  rotation or deskew of ours. Everything in a `Record` is in display pixels.
* **work** pixels: the same page brought upright and deskewed. Everything before `record.py` (lines, cells,
  tables, headings) is in work pixels. `PageInfo.to_display` leads from work to display.

In both, the origin is the top-left corner, x grows right, y grows down, boxes are half-open and upright.
Pages are 1-based. Rows and columns are 0-based and half-open. Confidences are probabilities in 0..1.
All types are frozen; arrays inside them are never written to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from extractors.geometry import IDENTITY, Affine, Box

GrayImage = npt.NDArray[np.uint8]  # shape (height, width), 0 = black
ColourImage = npt.NDArray[np.uint8]  # shape (height, width, 3), BGR as OpenCV has it
Quad = npt.NDArray[np.float32]  # shape (4, 2): x, y of top-left, top-right, bottom-right, bottom-left

PageKind = Literal["scan", "digital", "blank"]
DocumentKind = Literal["report", "earlier_form", "not_a_report"]
ValueKind = Literal["number", "blank", "not_applicable", "text", "not_found", "unreadable"]
CheckStatus = Literal["holds", "broken", "skipped"]
Severity = Literal["info", "warning", "error"]
SectionKey = Literal[
    "overview",
    "active_disclosure",
    "applications",
    "review_litigation",
    "problems_improvement",
    "other_matters",
]
SECTION_KEYS: tuple[SectionKey, ...] = (
    "overview",
    "active_disclosure",
    "applications",
    "review_litigation",
    "problems_improvement",
    "other_matters",
)


@dataclass(frozen=True, slots=True)
class PageInfo:
    """What is kept of a page once its pictures are dropped. width, height in display pixels."""

    number: int
    kind: PageKind
    width: int
    height: int
    dpi: float
    rotation: int = 0  # clockwise degrees that bring the display upright: 0, 90, 180, 270
    skew_deg: float = 0.0  # clockwise tilt of the upright page's text lines, removed in the work frame
    work_width: int = 0
    work_height: int = 0
    to_display: Affine = IDENTITY  # work pixels -> display pixels


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character of a trusted text layer, in work pixels."""

    text: str
    box: Box
    size: float  # font size in work pixels
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """One straight vector ruling of a born-digital page, in work pixels; `width` is its thickness."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: float = 1.0


@dataclass(frozen=True, eq=False, slots=True)
class Page:
    """One page with its pictures. Lives only while the page is being read."""

    info: PageInfo
    display: ColourImage  # untouched, for people to look at
    work: GrayImage  # upright, deskewed, seals suppressed
    glyphs: tuple[Glyph, ...] = ()  # empty unless kind is "digital"
    segments: tuple[Segment, ...] = ()  # empty unless kind is "digital"


@dataclass(frozen=True, slots=True)
class Part:
    """One place on one page. In work pixels until record.py maps it to display pixels."""

    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read at one place: of a line, or of the text of one cell.

    `confidence` is the recogniser's probability that the whole text is right; `characters` has one probability
    per character of `text`. `candidates` are the likeliest strings under the value character set, best first,
    each with its probability under the *unrestricted* distribution (so they need not add up to 1, and a
    crop that looks like no digit at all gives only improbable ones). Of a line of text they are its other
    readings, each with one character exchanged.
    """

    text: str
    confidence: float
    characters: tuple[float, ...] = ()
    candidates: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of running text outside tables. `extents` has (x0, x1) per character, in work pixels."""

    page: int
    box: Box
    reading: Reading
    extents: tuple[tuple[float, float], ...] = ()
    size: float = 0.0  # character height in work pixels
    bold: bool = False

    @property
    def text(self) -> str:
        return self.reading.text


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, half-open in rows and columns, stored once whatever its span.

    `structure` is the probability that its borders are where we say, from the evidence on its unit edges.
    `ink` is the share of dark pixels of its inside once rulings are removed; None where it was not measured
    (born-digital). `blank` is decided by ink, not by whether a text was read. `parts` are top first.
    """

    row0: int
    row1: int
    col0: int
    col1: int
    reading: Reading
    parts: tuple[Part, ...]
    structure: float = 1.0
    ink: float | None = None
    blank: bool = False

    def __post_init__(self) -> None:
        if not (0 <= self.row0 < self.row1 and 0 <= self.col0 < self.col1):
            raise ValueError(f"cell is empty or outside its grid: {self}")

    @property
    def text(self) -> str:
        return self.reading.text

    @property
    def rowspan(self) -> int:
        return self.row1 - self.row0

    @property
    def colspan(self) -> int:
        return self.col1 - self.col0


@dataclass(frozen=True, slots=True)
class Table:
    """A grid tiled by cells. Refuses holes, overlaps and cells outside the grid (ValueError)."""

    n_rows: int
    n_cols: int
    cells: tuple[Cell, ...]

    def __post_init__(self) -> None:
        owner = np.zeros((self.n_rows, self.n_cols), dtype=np.int32)
        for cell in self.cells:
            if cell.row1 > self.n_rows or cell.col1 > self.n_cols:
                raise ValueError(f"cell reaches outside the {self.n_rows}x{self.n_cols} grid: {cell}")
            owner[cell.row0 : cell.row1, cell.col0 : cell.col1] += 1
        if (owner != 1).any():
            row, col = np.argwhere(owner != 1)[0]
            what = "a hole" if owner[row, col] == 0 else "an overlap"
            raise ValueError(f"the cells leave {what} at row {row}, column {col}")

    def at(self, row: int, col: int) -> Cell:
        """The cell that covers this grid position; IndexError outside the grid."""
        for cell in self.cells:
            if cell.row0 <= row < cell.row1 and cell.col0 <= col < cell.col1:
                return cell
        raise IndexError(f"no position {row}, {col} in a {self.n_rows}x{self.n_cols} grid")

    @property
    def pages(self) -> tuple[int, ...]:
        return tuple(sorted({part.page for cell in self.cells for part in cell.parts}))


@dataclass(frozen=True, slots=True)
class Fragment:
    """The part of a table that stands on one page: what `join` puts together.

    `xs` and `ys` are the grid lines in work pixels (n_cols + 1 and n_rows + 1 of them, increasing).
    `open_top`/`open_bottom`: no ruling closes the grid there, as where a page break cut it. `top_edges` and
    `bottom_edges` have the probability per column that the grid is closed there; empty where not measured.
    """

    page: int
    box: Box
    table: Table
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    open_top: bool = False
    open_bottom: bool = False
    top_edges: tuple[float, ...] = ()
    bottom_edges: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class JoinedTable:
    """A whole table and the fragments it was made of, so that a join can be undone."""

    table: Table
    fragments: tuple[Fragment, ...]
    confidence: float = 1.0  # that the fragments belong together, 1 for a single one

    @property
    def pages(self) -> tuple[int, ...]:
        return tuple(fragment.page for fragment in self.fragments)


@dataclass(frozen=True, slots=True)
class Issue:
    """A finding about the document. `facts` fill the message of `code` in the catalogue (messages.py)."""

    code: str
    severity: Severity = "warning"
    page: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PageReading:
    """All that was read on one page, light enough to keep for a whole document."""

    info: PageInfo
    lines: tuple[Line, ...] = ()  # reading order, table text left out
    fragments: tuple[Fragment, ...] = ()  # top to bottom
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A line (or lines) recognised as the heading of one of the six sections."""

    key: SectionKey
    title: str  # as printed, whitespace removed
    parts: tuple[Part, ...]
    line_index: int  # first line, index into the document's lines
    line_count: int
    confidence: float
    review: bool = False
    tail: str = ""  # text that follows the heading on the same line (run-in heading)
    offset: int = 0  # characters before it on its line, white space left out: of the section above


@dataclass(frozen=True, slots=True)
class Section:
    key: SectionKey
    title: str
    parts: tuple[Part, ...]  # of the title
    text: str  # paragraphs joined over lines and pages, one per line
    confidence: float
    review: bool
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """One field of the record: what is printed (`raw`), what it means (`value`), where, and how sure.

    `reasons` are machine codes such as "low_confidence" or "check_broken:app_row_total.new_received".
    """

    kind: ValueKind
    value: int | Decimal | str | tuple[str, ...] | None = None
    raw: str | None = None
    unit: str | None = None
    parts: tuple[Part, ...] = ()
    confidence: float | None = None
    alternatives: tuple[tuple[str, float], ...] = ()
    review: bool = False
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One sum rule of the form. left and right are None when `status` is "skipped"."""

    id: str
    status: CheckStatus
    left: Decimal | None
    right: Decimal | None
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordTable:
    """A table as the record shows it; `key` names the form's table, None for a generic one."""

    key: str | None
    table: Table
    confidence: float


@dataclass(frozen=True, slots=True)
class Source:
    """Where a record came from. Paths as the user gave them; pages are all pages of the report."""

    name: str
    paths: tuple[str, ...]
    sha256: str
    pages: tuple[PageInfo, ...]


@dataclass(frozen=True, slots=True)
class Engine:
    """What read the document: our version, the OCR engine's name, its weights' sha256."""

    nianbao: str
    ocr: str
    weights: str
    calibrated: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One report, read and checked. All parts in display pixels. export/json.py writes the contract."""

    source: Source
    kind: DocumentKind
    kind_confidence: float
    kind_review: bool
    form: str | None
    front: Mapping[str, Value]  # agency, year, period, address, ... each present, kind "not_found" if absent
    sections: tuple[Section, ...]
    tables: tuple[RecordTable, ...]
    fields: Mapping[str, Value]
    checks: tuple[Check, ...]
    issues: tuple[Issue, ...]
    engine: Engine
    timing_s: Mapping[str, float]
