"""A run on the terminal: one row per case and level, then what is not right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from eval.audit import Suspect
from eval.report.html import read_as, wrong_fields
from eval.report.words import count_of, per_cent
from eval.runs.measure import METRICS, estimate
from eval.runs.rows import Place, Rows
from eval.runs.run import Run
from eval.runs.summary import levels, only

_COLUMNS = (
    "",
    "fields right",
    "not zero",
    "silent",
    "pass unasked",
    "invented",
    "sections",
    "body/year/form",
)


def summary_table(run: Run) -> Table:
    """One row per case, one per level, one for what was labelled by hand, one for all."""
    table = Table(title=run.name, title_justify="left")
    for name in _COLUMNS:
        table.add_column(name, justify="left" if not name else "right", no_wrap=True)
    for case in dict.fromkeys(row.place.case for row in run.rows.documents):
        table.add_row(*_row(case, run.rows, lambda place, case=case: place.case == case))  # type: ignore[misc]
    table.add_section()
    for level in levels(run.rows):
        table.add_row(
            *_row(f"all {level}", run.rows, lambda place, level=level: place.level == level),  # type: ignore[misc]
            style="bold",
        )
    table.add_section()
    if "core" in run.summary["headline"]:
        table.add_row(
            *_row("labelled by hand", run.rows, lambda place: place.label_source == "hand"), style="bold"
        )
    table.add_row(*_row("all", run.rows, lambda place: True), style="bold")
    return table


def _row(name: str, rows: Rows, wanted: Callable[[Place], bool]) -> list[Text]:
    documents = list(only(rows, wanted).by_document().values())
    found: dict[str, Mapping[str, Any]] = {
        name: estimate(metric, documents).to_json() for name, metric in METRICS.items()
    }
    who = [str(found[part]["numerator"]) for part in ("agency", "year", "form")]
    cells = (
        name,
        count_of(found["accuracy"]),
        count_of(found["nonzero_accuracy"]),
        str(found["silent"]["numerator"]),
        per_cent(found["straight_through"]["value"]),
        str(found["invented"]["numerator"]),
        count_of(found["sections"]),
        f"{'/'.join(who)} of {found['agency']['denominator']}",
    )
    return [Text(cell) for cell in cells]


def misses_table(run: Run, limit: int) -> Table:
    """Up to `limit` fields that are not right, what nobody would be asked about first; then titles."""
    table = Table(title="not right", title_justify="left")
    for name in ("case", "field", "gold", "read", "review", "sure", "reasons"):
        table.add_column(name, overflow="fold")
    for document in run.rows.documents:
        if document.error is not None:
            table.add_row(Text(document.place.case), Text(f"no record: {document.error}"), style="red")
    wrong = wrong_fields(run.rows)
    for row in wrong[:limit]:
        sure = "" if row.confidence is None else f"{row.confidence:.4f}"
        gold = "(none)" if row.gold_raw is None else repr(row.gold_raw)
        cells = (row.place.case, row.path, gold, read_as(row), "review" if row.review else "SILENT", sure)
        table.add_row(*map(Text, cells), Text(" ".join(row.reasons)), style=None if row.review else "red")
    if len(wrong) > limit:
        table.add_row(f"… {len(wrong) - limit} more", style="dim")
    for heading in run.rows.headings:
        if not heading.right:
            title = (heading.gold_title or "(none)", heading.title or "(not found)")
            table.add_row(*map(Text, (heading.place.case, f"title of {heading.key}", *title)))
    return table


def audit_table(found: Sequence[Suspect]) -> Table:
    """Labels to look at, likeliest wrong ones first."""
    table = Table(title="labels to look at", title_justify="left")
    for name in ("case", "field", "label", "read", "sure", "scans", "sums"):
        table.add_column(name, overflow="fold")
    for one in found:
        row = one.row
        cells = (row.place.case, row.path, repr(row.gold_raw), read_as(row), f"{one.confidence:.4f}")
        table.add_row(*map(Text, cells), f"{one.scans} of {one.of}", f"{one.sums:+d}" if one.sums else "")
    return table
