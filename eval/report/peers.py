"""Ours and theirs side by side, level by level: as Markdown, for a terminal and for the docs."""

from __future__ import annotations

from collections.abc import Mapping

from eval.report.words import count_of, per_cent
from eval.runs.run import Run
from eval.runs.summary import headline

COLUMNS = ("accuracy", "nonzero_accuracy", "teds", "spans_f1")
NAMES = {
    "accuracy": "fields right",
    "nonzero_accuracy": "not zero",
    "teds": "TEDS",
    "spans_f1": "cell spans F1",
}


def peers_table(runs: Mapping[str, Run]) -> str:
    """One row per level and reader, the answerer of zeros among them; the runs are over the same cases.

    Nothing is said of silent errors: the peers have no doubts that a person could be asked about.
    """
    first = next(iter(runs.values()))
    columns = [name for name in COLUMNS if name in headline(first.summary)]
    lines = [f"| scans | reader | {' | '.join(NAMES[name] for name in columns)} |"]
    lines.append("|---" * (len(columns) + 2) + "|")
    groups = [*first.summary["slices"]["level"], "all"]
    for level in groups:
        for reader, run in runs.items():
            found = headline(run.summary) if level == "all" else run.summary["slices"]["level"][level]
            cells = [_cell(found.get(name), name) for name in columns]
            lines.append(f"| {level} | {reader} | {' | '.join(cells)} |")
    zeros = headline(first.summary, "zeros")
    cells = [_cell(zeros.get(name), name) for name in columns]
    lines.append(f"| all | 0 everywhere | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(estimate: Mapping[str, float] | None, name: str) -> str:
    if not estimate:
        return "–"
    if name in ("teds", "spans_f1"):
        return f"{estimate['value']:.3f}"
    return f"{count_of(estimate)} ({per_cent(estimate['value'])})"
