"""What a run found, one frozen row per thing that is scored: the Parquet files of a run hold just these.

Rates are not stored here. Whoever wants one counts rows (measure.py), so that any slice can be counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Fault = Literal["wrong", "missing", "invented"]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Place:
    """Which report a row is about. `report` counts from 1 in its case; `document` is the same for all scans of
    one report (body and year), since errors in them are not independent: intervals resample documents.
    """

    case: str
    report: int
    document: str
    body: str
    level: str
    form: str
    label_source: str


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field of gold, or one that was invented (`gold_kind` None).

    `kind` is None where the record lacks the field. `raw` and `value` as read, `value` as text. `silent`: not
    right, and nobody is asked; or the whole report stands under a wrong body or year and nobody is asked.
    `box` is in display pixels of `page`; `gold_box` in fractions of `gold_page`. `turn`: degrees clockwise that bring
    the page with its box upright.
    """

    place: Place
    path: str
    tags: tuple[str, ...]
    gold_kind: str | None
    gold_raw: str | None
    kind: str | None
    raw: str | None
    value: str | None
    unit: str | None
    confidence: float | None
    review: bool
    reasons: tuple[str, ...]
    right: bool
    fault: Fault | None
    silent: bool
    page: int | None = None
    box: Box | None = None
    gold_page: int | None = None
    gold_box: Box | None = None
    alternatives: tuple[tuple[str, float], ...] = ()
    turn: int = 0

    @property
    def straight(self) -> bool:
        """Whether this answer of gold passes with nobody asked."""
        return self.gold_kind is not None and self.kind is not None and not self.review

    @property
    def nonzero(self) -> bool:
        """Whether gold prints something that is neither 0 nor blank."""
        return self.gold_raw is not None and self.gold_raw not in ("0", "")


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One report: who, when and what it is, its sections and checks, and what it cost.

    `gold_kind` is None for a record that is of no report of gold. `in_volume`: gold has several reports bound in its
    file. `bounds_right`: its first and last page are gold's.
    `places_*`: boxes of values, 0 where gold has none. `characters`: of the section texts that gold has, and the
    edits that make them of the record's.
    `seconds` are wall seconds of the whole case's extraction, None where nothing was extracted; `stages` are
    the record's own timing. `error` is the code of the failure that left no record. `traits` as gold has them.
    """

    place: Place
    gold_kind: str | None
    kind: str | None
    kind_review: bool
    gold_agency: str
    agency: str
    agency_right: bool
    agency_review: bool
    gold_year: str
    year: str
    year_right: bool
    year_review: bool
    form_right: bool
    bounds_right: bool
    in_volume: bool
    sections: int
    sections_right: int
    sections_extra: int
    checks_broken: int
    checks_found: int
    checks_false: int
    places_gold: int
    places_read: int
    places_right: int
    characters: int
    characters_wrong: int
    pages: int
    seconds: float | None
    stages: tuple[tuple[str, float], ...] = ()
    error: str | None = None
    traits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeadingRow:
    """A section heading of gold, or one that was invented (`gold_title` None).

    `line`: which printed line its title is (title_lines.py), None where there is no title. `trap`: it is a line that
    only looks like a heading.
    """

    place: Place
    key: str
    gold_title: str | None
    title: str | None
    right: bool
    confidence: float | None
    review: bool
    trap: bool = False
    line: str | None = None


@dataclass(frozen=True, slots=True)
class FrontRow:
    """An item of front matter beyond body and year, of gold or invented (`gold` None); `read` None: not found."""

    place: Place
    name: str
    gold: str | None
    read: str | None
    right: bool
    review: bool


@dataclass(frozen=True, slots=True)
class TableRow:
    """A table of gold or of the record. `scores` are the structure metrics, only where gold has the table's
    HTML: for a table that was not found they are all 0.
    """

    place: Place
    key: str
    pages: tuple[int, ...]
    rows: int | None
    cols: int | None
    cells: int | None
    confidence: float | None
    labelled: bool
    scores: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of a run, or of a part of it."""

    fields: tuple[FieldRow, ...] = ()
    documents: tuple[DocumentRow, ...] = ()
    headings: tuple[HeadingRow, ...] = ()
    tables: tuple[TableRow, ...] = ()
    front: tuple[FrontRow, ...] = ()

    def by_document(self) -> dict[str, Rows]:
        """The rows of each document, in the order of their names."""
        parts: dict[str, _Part] = {}
        for row in self.fields:
            parts.setdefault(row.place.document, _Part()).fields.append(row)
        for document in self.documents:
            parts.setdefault(document.place.document, _Part()).documents.append(document)
        for heading in self.headings:
            parts.setdefault(heading.place.document, _Part()).headings.append(heading)
        for table in self.tables:
            parts.setdefault(table.place.document, _Part()).tables.append(table)
        for item in self.front:
            parts.setdefault(item.place.document, _Part()).front.append(item)
        return {name: parts[name].rows() for name in sorted(parts)}


@dataclass
class _Part:
    fields: list[FieldRow] = field(default_factory=list)
    documents: list[DocumentRow] = field(default_factory=list)
    headings: list[HeadingRow] = field(default_factory=list)
    tables: list[TableRow] = field(default_factory=list)
    front: list[FrontRow] = field(default_factory=list)

    def rows(self) -> Rows:
        return Rows(
            tuple(self.fields),
            tuple(self.documents),
            tuple(self.headings),
            tuple(self.tables),
            tuple(self.front),
        )


def join(parts: Iterable[Rows]) -> Rows:
    """The rows of several parts as one, in order."""
    parts = list(parts)
    return Rows(
        tuple(row for part in parts for row in part.fields),
        tuple(row for part in parts for row in part.documents),
        tuple(row for part in parts for row in part.headings),
        tuple(row for part in parts for row in part.tables),
        tuple(row for part in parts for row in part.front),
    )
