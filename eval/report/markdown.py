"""The quality table of the README, written from a run, so that no figure in it was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.report.words import count_of, number, per_cent
from eval.runs.run import Run
from eval.runs.summary import headline
from extractors.errors import InputError

BEGIN, END = "<!-- quality -->", "<!-- /quality -->"
HEADER = (
    "quality",
    "fields right",
    "of them not zero",
    "silent errors",
    "pass unasked",
    "exact section titles",
    "agency, year, form",
)
LEVEL_NAMES = {"digital": "as printed"}
ROW = re.compile(
    r"^\| [^|]+ \| [\d,]+ / [\d,]+ \| ([\d,]+ / [\d,]+|–) \| [\d,]+ \| [\d.]+ % \| ([\d,]+ / [\d,]+|–)"
    r" \| (\d+, \d+, \d+ of \d+|–) \|$"
)
"""What a row of the table looks like: a test holds the README to it."""


def quality_table(run: Run) -> str:
    """One row per level of the run, mildest first, and one for the hand-labelled core where there is one."""
    levels = run.summary["slices"]["level"]
    rows = [_row(LEVEL_NAMES.get(name, name), metrics) for name, metrics in levels.items()]
    if "core" in run.summary["headline"]:
        rows.append(_row("labelled by hand", headline(run.summary, "core")))
    lines = [f"| {' | '.join(row)} |" for row in (HEADER, *rows) if row]
    return "\n".join([lines[0], "|---" * len(HEADER) + "|", *lines[1:]])


def _row(name: str, metrics: Mapping[str, Any]) -> tuple[str, ...]:
    """The cells of one row; () where no field was scored."""
    if "accuracy" not in metrics:
        return ()
    who = [metrics.get(part) for part in ("agency", "year", "form")]
    right = ", ".join(number(one["numerator"]) for one in who if one)
    return (
        name,
        count_of(metrics["accuracy"]),
        count_of(metrics.get("nonzero_accuracy")),
        number(metrics["silent"]["numerator"]),
        per_cent(metrics["straight_through"]["value"]),
        count_of(metrics.get("sections")),
        f"{right} of {number(who[0]['denominator'])}" if who[0] else "–",
    )


def rewrite(path: Path, table: str) -> None:
    """Put `table` between the marks in the file. Raises InputError where it has not just one pair of them."""
    text = path.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise InputError(path=str(path), detail=f"no {BEGIN} … {END}")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    path.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")
