"""A comparison for people: on the terminal, and as one HTML page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rich.table import Table
from rich.text import Text

from eval.compare import Difference, Paired
from eval.report.html import environment, facts_of, read_as
from eval.report.words import number, per_cent, plural
from eval.runs.rows import FieldRow

MOST_FIELDS = 500
Json = dict[str, Any]


def compare_verdict(paired: Paired) -> tuple[str, ...]:
    """What came out, in one to three sentences."""
    told = paired.verdict
    changed = f"{plural(len(paired.fixed), 'field')} fixed, {number(len(paired.broken))} newly broken"
    lines = [
        "A and B are not distinguishable." if told == "not distinguishable" else f"B is {told} than A.",
        f"{changed}, {plural(len(paired.silenced), 'new silent error')}.",
    ]
    if paired.needed is not None:
        lines.append(f"About {plural(paired.needed, 'document')} like these would decide.")
    elif not any(one.comparison.differing for one in paired.differences):
        lines.append("Not a single document differs.")
    return tuple(lines)


def render_comparison(paired: Paired) -> str:
    """The page of a comparison."""
    groups = (
        ("Newly silent", [(_partner(paired, row), row) for row in paired.silenced]),
        ("Newly broken", paired.broken),
        ("Fixed", paired.fixed),
    )
    facts = list(zip(facts_of(paired.a), facts_of(paired.b), strict=False))
    return (
        environment()
        .get_template("compare.html.j2")
        .render(
            title=f"A: {paired.a.name}, B: {paired.b.name}",
            verdict=compare_verdict(paired),
            worse=paired.verdict == "worse",
            metrics=list(map(metric_cells, paired.differences)),
            groups=[
                {"name": name, "count": number(len(rows)), "rows": list(_fields(rows[:MOST_FIELDS]))}
                for name, rows in groups
            ],
            facts=[(name, a, b) for (name, a), (_, b) in facts],
        )
    )


def comparison_table(paired: Paired) -> Table:
    """One row per metric."""
    table = Table(title=f"A: {paired.a.name}   B: {paired.b.name}", title_justify="left")
    names = ("label", "a_count", "b_count", "difference", "interval", "differing", "verdict")
    for name in ("metric", "A", "B", "difference", "95 % interval", "documents that differ", "verdict"):
        table.add_column(name, justify="left" if name in ("metric", "verdict") else "right", no_wrap=True)
    for one in paired.differences:
        cells = metric_cells(one)
        table.add_row(*(Text(str(cells[name])) for name in names))
    return table


def changes_table(paired: Paired, limit: int) -> Table:
    """Up to `limit` fields each: newly broken first, then fixed."""
    table = Table(title="what changed", title_justify="left")
    for name in ("", "case", "field", "gold", "A", "B"):
        table.add_column(name, overflow="fold")
    for name, rows in (("broken", paired.broken), ("fixed", paired.fixed)):
        for row in _fields(rows[:limit]):
            cells = (name, *(row[part] for part in ("case", "path", "gold", "a", "b")))
            table.add_row(*map(Text, cells), style="red" if name == "broken" else None)
        if len(rows) > limit:
            table.add_row(f"… {len(rows) - limit} more {name}", style="dim")
    return table


def metric_cells(one: Difference) -> Json:
    """The cells of one metric's row, as text."""
    a, b = (above / below if below else None for above, below in (one.a, one.b))
    found = one.comparison
    told = (
        found.verdict
        if found.needed is None
        else f"{found.verdict}: about {plural(found.needed, 'document')} needed"
    )
    return {
        "label": one.metric.label,
        "a": per_cent(a, 2),
        "b": per_cent(b, 2),
        "a_count": f"{number(one.a[0])} / {number(one.a[1])}",
        "b_count": f"{number(one.b[0])} / {number(one.b[1])}",
        "difference": points(found.difference),
        "interval": f"{points(found.low)} to {points(found.high)}",
        "differing": f"{found.differing} of {found.documents}",
        "verdict": told if found.differing else "equal",
    }


def points(difference: float) -> str:
    """Points of per cent with their sign."""
    return f"{100 * difference:+.3f}" if difference else "0"


def _partner(paired: Paired, row: FieldRow) -> FieldRow | None:
    key = (row.place.case, row.place.report, row.path)
    same = (one for one in paired.a.rows.fields if (one.place.case, one.place.report, one.path) == key)
    return next(same, None)


def _fields(rows: Iterable[tuple[FieldRow | None, FieldRow | None]]) -> Iterator[Json]:
    for a, b in rows:
        known = a or b
        if known is None:
            continue
        yield {
            "path": known.path,
            "case": known.place.case,
            "gold": "(not in gold)" if known.gold_raw is None else known.gold_raw or "(blank)",
            "a": read_as(a) if a else "(absent)",
            "b": read_as(b) if b else "(absent)",
            "review": "" if b is None else "yes" if b.review else "no",
        }
