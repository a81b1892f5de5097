"""The trivial peer: it answers 0 everywhere. Most fields of most reports are 0, so it stands in every table.

In doubt it is favoured: it is told which fields the report has, and the unit that the form prints.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from eval.gold_values import gold_value
from eval.metrics.trivial import all_zero_record
from eval.runs.rows import FieldRow, Rows
from eval.score import agrees


def all_zero(rows: Rows) -> Rows:
    """The field rows that the answerer of zeros would get for the same gold; it says nothing else."""
    paths = {row.path for row in rows.fields if row.gold_kind is not None}
    answers = all_zero_record(sorted(paths), None)["fields"]
    return Rows(fields=tuple(_zero(row, answers[row.path]) for row in rows.fields if row.path in answers))


def _zero(row: FieldRow, answer: dict[str, Any]) -> FieldRow:
    right = row.gold_raw is not None and agrees(answer, gold_value(row.path, row.gold_raw))
    return replace(
        row,
        kind=answer["kind"],
        raw=answer["raw"],
        value=str(answer["value"]),
        unit=answer["unit"],
        confidence=answer["confidence"],
        review=answer["review"],
        reasons=(),
        right=right,
        fault=None if right else "wrong",
        silent=not right,
        page=None,
        box=None,
        alternatives=(),
    )
