"""What a set holds, counted from its labels: the table of a dataset card."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

SPLITS = ("train", "calibration", "test")
_FAMILIES = (
    "break:applications",
    "blanks",
    "figures",
    "table4",
    "paper",
)  # traits whose ends are not told apart


def describe(folder: Path) -> str:
    """A Markdown table: rows are what was counted, columns the splits."""
    counts: dict[str, Counter[str]] = {}
    for path in sorted(folder.glob("*/gold.json")):
        labels = json.loads(path.read_text(encoding="utf-8"))
        scans = json.loads((path.parent / "scans.json").read_text(encoding="utf-8"))
        for what in _countable(labels, scans):
            counts.setdefault(what[0], Counter())[labels["split"]] += what[1]
    head = f"| | {' | '.join(SPLITS)} | all |\n| --- | {' | '.join('---:' for _ in SPLITS)} | ---: |"
    order = sorted(counts, key=lambda name: (name.startswith("trait "), name))
    rows = (
        f"| {name.removeprefix('trait ')} | {' | '.join(str(counts[name][split]) for split in SPLITS)} "
        f"| {counts[name].total()} |"
        for name in order
    )
    return "\n".join([head, *rows])


def _countable(labels: Mapping[str, Any], scans: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    yield "files", 1
    if "reports" in labels:
        yield "volumes", 1
    for scan in scans.values():
        yield f"scans of severity {scan['level']}", 1
    for report in labels.get("reports", [labels]):
        kind = {"report": f"reports, form {report['form']}", "earlier_form": "reports of earlier forms"}
        yield kind.get(report["kind"], "papers that are no reports"), 1
        if report["fields"]:
            yield "value cells", len(report["fields"])
            yield "value cells not zero", sum(raw != "0" for raw in report["fields"].values())
            yield "value cells blank", sum(raw == "" for raw in report["fields"].values())
        for trait in {_family(trait) for trait in report["traits"]}:
            yield f"trait {trait}", 1


def _family(trait: str) -> str:
    return next((family for family in _FAMILIES if trait.startswith(family + ":")), trait)
