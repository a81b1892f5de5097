"""The trivial peer: it answers 0 everywhere. Most fields of most reports are 0, so it stands in every table.

In doubt it is favoured: it is told which fields the report has, and a printed 0 is right whatever its unit.
"""

from __future__ import annotations

from dataclasses import replace

from eval.runs.rows import FieldRow, Rows


def all_zero(rows: Rows) -> Rows:
    """The field rows that the answerer of zeros would get for the same gold; it says nothing else."""
    return Rows(fields=tuple(_zero(row) for row in rows.fields if row.gold_kind is not None))


def _zero(row: FieldRow) -> FieldRow:
    right = row.gold_raw == "0"
    return replace(
        row,
        kind="number",
        raw="0",
        value="0",
        unit=None,
        confidence=None,
        review=False,
        reasons=(),
        right=right,
        fault=None if right else "wrong",
        silent=not right,
        page=None,
        box=None,
        alternatives=(),
    )
