"""Builds the Record: the last stage, where all that was found becomes fields, and work pixels display pixels.

Every path of the recognised form gets a Value: found, unreadable or not found. Nothing that the form expects
is passed over in silence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from extractors.confidence import Assess, assess
from extractors.document import (
    Cell,
    DocumentKind,
    Engine,
    Issue,
    JoinedTable,
    PageInfo,
    PageReading,
    Part,
    Record,
    RecordTable,
    Section,
    Source,
    Table,
    Value,
)
from extractors.fields import read_fields
from extractors.forms import Form, FormMatch, load, match_tables
from extractors.forms.assemble import assemble, doubted
from extractors.geometry import Box, map_box

Pages = Mapping[int, PageInfo]


def build_record(
    *,
    source: Source,
    pages: Sequence[PageReading],
    tables: Sequence[JoinedTable],
    sections: Sequence[Section],
    front: Mapping[str, Value],
    kind: DocumentKind,
    kind_confidence: float,
    engine: Engine,
    timing: Mapping[str, float],
    kind_review: bool = False,
    issues: Sequence[Issue] = (),
    forms: Sequence[Form] | None = None,
    match: FormMatch | None = None,
    judge: Assess = assess,
) -> Record:
    """The record of one report. Everything comes in work pixels and leaves in display pixels.

    `pages` are those of the report; their issues come first in the record's. `match` is what `match_tables`
    gave for `tables`, found here if None. `judge` sets confidence and review. For an earlier form or no report
    at all the tables stay generic and there are no fields. KeyError if a part names a page not among `pages`.
    """
    infos = {page.info.number: page.info for page in pages}
    shown = [_show_table(joined.table, infos) for joined in tables]
    found = _match(kind, tables, front, forms, match)
    found = doubted(found, "kind_in_doubt") if kind_review else found
    fields, checks = read_fields(found, tables, judge)
    return Record(
        source=source,
        kind=kind,
        kind_confidence=kind_confidence,
        kind_review=kind_review,
        form="earlier" if kind == "earlier_form" else found.form.id if found.form else None,
        front={key: _show_value(value, infos) for key, value in front.items()},
        sections=tuple(replace(entry, parts=_show(entry.parts, infos)) for entry in sections),
        tables=tuple(_record_table(found, index, tables[index], table) for index, table in enumerate(shown)),
        fields={path: _show_value(value, infos) for path, value in fields.items()},
        checks=checks,
        issues=(*(issue for page in pages for issue in page.issues), *issues, *found.issues),
        engine=engine,
        timing_s=dict(timing),
    )


def _match(
    kind: DocumentKind,
    tables: Sequence[JoinedTable],
    front: Mapping[str, Value],
    forms: Sequence[Form] | None,
    match: FormMatch | None,
) -> FormMatch:
    if kind != "report":
        return FormMatch(None, 1.0)
    forms = load() if forms is None else forms
    found = match_tables(tables, forms) if match is None else match
    return found if found.form is not None or not forms else _assumed(forms, front)


def _assumed(forms: Sequence[Form], front: Mapping[str, Value]) -> FormMatch:
    """A report none of whose tables was found still owes its fields: those of the form of its year.

    The year does not decide the form, so an issue says that this one is assumed; all fields are not found and
    go to a person.
    """
    year = front["year"].value if "year" in front else None
    in_use = [form for form in forms if isinstance(year, int) and form.from_year <= year] or list(forms)
    form = max(in_use, key=lambda candidate: candidate.from_year)
    found = assemble(form, 1.0, (), ())
    notice = Issue("form_assumed", "error", facts={"form": form.id})
    return replace(found, confidence=0.0, issues=(notice, *found.issues))


def _record_table(match: FormMatch, index: int, joined: JoinedTable, shown: Table) -> RecordTable:
    of_form = match.table_of(index)
    if of_form is None:
        return RecordTable(None, shown, joined.confidence)
    return RecordTable(of_form.key, shown, joined.confidence * of_form.confidence)


def _show_table(table: Table, infos: Pages) -> Table:
    return Table(table.n_rows, table.n_cols, tuple(_show_cell(cell, infos) for cell in table.cells))


def _show_cell(cell: Cell, infos: Pages) -> Cell:
    return replace(cell, parts=_show(cell.parts, infos))


def _show_value(value: Value, infos: Pages) -> Value:
    return replace(value, parts=_show(value.parts, infos))


def _show(parts: Sequence[Part], infos: Pages) -> tuple[Part, ...]:
    """Work pixels to display pixels, kept inside the page."""
    return tuple(
        Part(part.page, _inside(map_box(infos[part.page].to_display, part.box), infos[part.page]))
        for part in parts
    )


def _inside(box: Box, info: PageInfo) -> Box:
    x0, x1 = (min(max(x, 0.0), float(info.width)) for x in (box.x0, box.x1))
    y0, y1 = (min(max(y, 0.0), float(info.height)) for y in (box.y0, box.y1))
    return Box(x0, y0, x1, y1)
