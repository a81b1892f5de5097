"""What a labeller is asked, in the form's order: who and when, the six titles, then every cell of the form.

Beside each question stands the place to look at, never what a machine read there. The places come from an
extraction whose readings are thrown away here; a cell that it did not find is asked for with whole pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from extractors.document import SECTION_KEYS, Part, Record
from extractors.forms import Form
from extractors.messages import field_text, text

FRONT = ("agency", "year")


@dataclass(frozen=True, slots=True)
class Question:
    """`name` is "agency", "year", "sections.<key>" or a field's path. `parts` are in display pixels, may be none."""

    name: str
    words: str
    parts: tuple[Part, ...] = ()


def ask(
    form: Form, layouts: Mapping[str, int], places: Mapping[str, tuple[Part, ...]]
) -> tuple[Question, ...]:
    """All questions about one report on `form`; `layouts` names, per table key, a layout other than the first."""
    front = [Question(name, field_text(name, "zh")) for name in FRONT]
    titles = [Question(f"sections.{key}", text("section", key, "zh")) for key in SECTION_KEYS]
    paths = (path for table in form.tables for path in table.layouts[layouts.get(table.key, 0)].paths)
    cells = [Question(path, field_text(path, "zh"), places.get(path, ())) for path in paths]
    return (*front, *titles, *cells)


def places_of(record: Record) -> dict[str, tuple[Part, ...]]:
    """Where the fields of a record stand, and nothing of what was read there."""
    return {path: value.parts for path, value in record.fields.items() if value.parts}


def layouts_of(form: Form, printed: Iterable[str]) -> dict[str, int]:
    """Per table, the layout whose fields agree best with those `printed`; the official one in doubt."""
    have = frozenset(printed)
    return {
        table.key: _closest([frozenset(x.paths) for x in table.layouts], have, table.key)
        for table in form.tables
    }


def _closest(layouts: Sequence[frozenset[str]], have: frozenset[str], table: str) -> int:
    own = frozenset(path for path in have if path.startswith(f"{table}."))
    return min(range(len(layouts)), key=lambda index: (len(layouts[index] ^ own), index))
