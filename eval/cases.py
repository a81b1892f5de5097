"""Labelled cases: folders of `<name>/source.pdf` + `<name>/gold.json`.

One reader for every set (our samples, real cases, a user's own), so that a score means the same
everywhere. A broken label is an error at reading time: a benchmark that skips what it cannot read scores too
high.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractors.errors import InputError

LEVELS = ("digital", "clean", "office", "poor", "fax", "mixed")


class BadCase(InputError):
    """A case folder or its gold.json is not what the format says; `detail` names file and fault."""

    code = "bad_case"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail=detail)


@dataclass(frozen=True, slots=True)
class Gold:
    """The truth about one report. `fields` are strings as printed, "" for a blank cell.

    `boxes` are (page from 1, x0, y0, x1, y1), fractions of the page as displayed. `tags` say of a field's path
    what makes it hard ("seal", "page_break"); `tables` are HTML by the form's key of the table.
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

    @property
    def scored_fields(self) -> dict[str, str]:
        """The fields that count: all but those nobody could verify."""
        return {path: raw for path, raw in self.fields.items() if path not in self.unverified}


@dataclass(frozen=True, slots=True)
class Case:
    """One document and its truth. `level` is how it was degraded, from the end of its name."""

    name: str
    source: Path
    gold: Gold

    @property
    def level(self) -> str:
        last = self.name.rsplit("-", 1)[-1]
        return last if last in LEVELS else "other"


def read_gold(path: Path) -> Gold:
    """The labels in `path`. Raises BadCase where a required part is missing or of the wrong type."""
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadCase(f"{path}: {error}") from error
    if "reports" in raw:
        raise BadCase(f"{path}: volumes of several reports are not scored as one case")
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
    )


def read_cases(folder: Path) -> tuple[Case, ...]:
    """All cases in `folder`, by name. Raises BadCase if there are none, or one lacks document or labels."""
    cases = []
    for gold_path in sorted(folder.glob("*/gold.json")):
        source = gold_path.parent / "source.pdf"
        if not source.is_file():
            raise BadCase(f"{gold_path.parent}: gold.json has no source.pdf beside it")
        cases.append(Case(gold_path.parent.name, source, read_gold(gold_path)))
    if not cases:
        raise BadCase(f"{folder}: no folder in it holds a gold.json")
    return tuple(cases)
