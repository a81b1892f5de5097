"""Labelled cases: folders of `<name>/source.pdf` + `<name>/gold.json`.

One reader for every set (our samples, real cases, a user's own), so that a score means the same
everywhere. A broken label is an error at reading time: a benchmark that skips what it cannot read scores too
high.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from extractors.errors import InputError

CORE = "core"  # the folder in a set that holds what was labelled by hand
LEVELS = ("digital", "clean", "office", "poor", "fax", "mixed")
SEVERITIES = tuple(
    f"s{step}" for step in range(6)
)  # of the scan simulator's ladder (eval/generate/scan/ladder.py)


class BadCase(InputError):
    """A case folder or its gold.json is not what the format says; `detail` names file and fault."""

    code = "bad_case"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail=detail)


@dataclass(frozen=True, slots=True)
class Gold:
    """The truth about one report. `fields` are strings as printed, "" for a blank cell.

    `boxes` are (page from 1, x0, y0, x1, y1), fractions of the page as displayed. `pages` are the report's first
    and last in the file; None where it is all of it. `tags` say of a field's path what makes it hard ("seal",
    "page_break"); `tables` are HTML by the form's key of the table. `split` is the side that its body is on.
    `turned` says of a page by how many degrees clockwise a scanner laid it; `headings` are those of a report of an
    earlier form, as printed. `traits` say what the report or its scan has that a score may be sliced by
    ("engine:chromium", "curl").
    """

    form: str | None
    agency: str | None
    year: int | None
    sections: Mapping[str, str]
    fields: Mapping[str, str]
    kind: str = "report"
    unverified: frozenset[str] = frozenset()
    front_matter: Mapping[str, str] = field(default_factory=dict)
    boxes: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    label_source: str = "unknown"
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)
    section_texts: Mapping[str, str] = field(default_factory=dict)
    pages: tuple[int, int] | None = None
    split: str | None = None
    turned: Mapping[int, int] = field(default_factory=dict)
    headings: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()

    @property
    def scored_fields(self) -> dict[str, str]:
        """The fields that count: all but those nobody could verify."""
        return {path: raw for path, raw in self.fields.items() if path not in self.unverified}


@dataclass(frozen=True, slots=True)
class Case:
    """One document and its truth: of each report in it, several in a bound volume, by page.

    `level` is how it was degraded, from the end of its name.
    """

    name: str
    source: Path
    reports: tuple[Gold, ...]

    @property
    def gold(self) -> Gold:
        """The truth of a document that is one report; BadCase for a volume."""
        if len(self.reports) != 1:
            raise BadCase(f"{self.name}: a volume of {len(self.reports)} reports is not scored as one")
        return self.reports[0]

    @property
    def split(self) -> str | None:
        """The side that the document's bodies are on; None where its labels name none."""
        return next((gold.split for gold in self.reports if gold.split is not None), None)

    @property
    def level(self) -> str:
        last = self.name.rsplit("-", 1)[-1]
        return last if last in LEVELS + SEVERITIES else "other"


def read_golds(path: Path) -> tuple[Gold, ...]:
    """The labels in `path`, one per report and by page. Raises BadCase where a required part is missing or wrong.

    A volume has {"reports": [{"pages": [first, last], ...}, ...]}: page ranges that do not overlap, 1-based and
    inclusive. Pages in none of them hold no report.
    """
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadCase(f"{path}: {error}") from error
    if "reports" not in raw:
        return (_gold(path, raw),)
    whole = {name: raw[name] for name in ("split", "turned") if name in raw}
    traits = raw.get("traits", [])
    golds = [
        _gold(path, whole | report | {"traits": [*traits, *report.get("traits", ())]})
        for report in raw["reports"]
    ]
    ranges = [gold.pages for gold in golds if gold.pages is not None]
    edges = [page for first_and_last in sorted(ranges) for page in first_and_last]
    if not golds or len(ranges) < len(golds) or edges != sorted(edges) or min(edges) < 1:
        raise BadCase(f"{path}: every report of a volume needs its own 'pages': [first, last]")
    if any(last == first for (_, last), (first, _) in pairwise(sorted(ranges))):
        raise BadCase(f"{path}: two reports share a page")
    return tuple(sorted(golds, key=lambda gold: gold.pages or (0, 0)))


def read_gold(path: Path) -> Gold:
    """The labels in `path` of a document that is one report. Raises BadCase as `read_golds` does, and for volumes."""
    golds = read_golds(path)
    if len(golds) != 1:
        raise BadCase(f"{path}: a volume of {len(golds)} reports is not scored as one")
    return golds[0]


def _gold(path: Path, raw: Mapping[str, Any]) -> Gold:
    for key, kind in (("sections", dict), ("fields", dict)):
        if not isinstance(raw.get(key), kind):
            raise BadCase(f"{path}: '{key}' is missing or not a {kind.__name__}")
    strange = [name for name, value in raw["fields"].items() if not isinstance(value, str)]
    if strange:
        raise BadCase(f"{path}: fields are strings as printed, these are not: {strange[:3]}")
    year = raw.get("year")
    return Gold(
        form=raw.get("form"),
        agency=raw.get("agency"),
        year=None if year is None else int(year),
        sections=dict(raw["sections"]),
        fields=dict(raw["fields"]),
        kind=raw.get("kind", "report"),
        unverified=frozenset(raw.get("unverified", ())),
        front_matter=dict(raw.get("front_matter", {})),
        boxes={name: tuple(box) for name, box in raw.get("boxes", {}).items()},
        label_source=raw.get("label_source", "unknown"),
        tags={path: tuple(tags) for path, tags in raw.get("tags", {}).items()},
        tables=dict(raw.get("tables", {})),
        section_texts=dict(raw.get("section_texts", {})),
        pages=_pages(path, raw.get("pages")),
        split=raw.get("split"),
        turned={int(page): int(turn) for page, turn in raw.get("turned", {}).items()},
        headings=tuple(raw.get("headings", ())),
        traits=tuple(raw.get("traits", ())),
    )


def _pages(path: Path, raw: Any) -> tuple[int, int] | None:
    if raw is None:
        return None
    if not (isinstance(raw, list) and len(raw) == 2 and all(isinstance(page, int) for page in raw)):
        raise BadCase(f"{path}: 'pages' are [first, last], not {raw!r}")
    return raw[0], raw[1]


def case_folders(folder: Path) -> tuple[Path, ...]:
    """The case folders in `folder`, by name, and those of its hand-labelled core, which lies in a folder of its own.

    Raises BadCase if there are none, or two would be called the same.
    """
    found = sorted(
        (path.parent for pattern in ("*/gold.json", f"{CORE}/*/gold.json") for path in folder.glob(pattern)),
        key=lambda path: path.name,
    )
    if not found:
        raise BadCase(f"{folder}: no folder in it holds a gold.json")
    for one, other in pairwise(found):
        if one.name == other.name:
            raise BadCase(f"{one} and {other}: two cases of one name")
    return tuple(found)


def read_case(folder: Path) -> Case:
    """Raises BadCase if the folder lacks document or labels, or these are broken."""
    source = folder / "source.pdf"
    if not source.is_file():
        raise BadCase(f"{folder}: gold.json has no source.pdf beside it")
    return Case(folder.name, source, read_golds(folder / "gold.json"))


def read_cases(folder: Path) -> tuple[Case, ...]:
    """All cases that lie in `folder`, by name. Raises BadCase as `case_folders` and `read_case` do."""
    return tuple(read_case(case) for case in case_folders(folder))
