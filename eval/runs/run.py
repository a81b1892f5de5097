"""A run as a whole: made from the records of its cases, opened again by every later tool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.cases import Case
from eval.runs.build import case_rows
from eval.runs.facts import Facts, gather
from eval.runs.rows import Rows, join
from eval.runs.store import (
    FACTS,
    RECORDS,
    SUMMARY,
    read_json,
    read_rows,
    write_json,
    write_rows,
)
from eval.runs.summary import summarise
from eval.volumes import read_records


@dataclass(frozen=True, slots=True)
class Run:
    """`facts` is run.json, `summary` summary.json."""

    folder: Path
    facts: Mapping[str, Any]
    rows: Rows
    summary: Mapping[str, Any]

    @property
    def name(self) -> str:
        return self.folder.resolve().name


@dataclass(frozen=True, slots=True)
class Effort:
    """What extraction took: wall seconds of each case, failures by error code, wall seconds and memory of all.

    All empty where nothing was extracted.
    """

    seconds: Mapping[str, float]
    errors: Mapping[str, str]
    jobs: int = 1
    wall_seconds: float | None = None
    peak_memory_mb: float | None = None


def score_records(
    cases_folder: Path,
    cases: Sequence[Case],
    folder: Path,
    effort: Effort,
    settings: Mapping[str, str],
    records: Path | None = None,
) -> Run:
    """Score the records in `records` (default: the run's own) and write the run's files, report left out.

    A case without a record scores as no record at all, and is named.
    """
    place = records or folder / RECORDS
    parts: list[Rows] = []
    engines: list[tuple[str, str]] = []
    for case in cases:
        error = effort.errors.get(case.name)
        found = () if error else read_records(place, case.name)
        if not found and error is None:
            error = "no_record"
        engines += [(record["engine"]["ocr"], record["engine"]["weights"]) for record in found]
        parts.append(case_rows(case, found, effort.seconds.get(case.name), error))
    rows = join(parts)
    facts: Facts = gather(
        cases_folder, cases, engines, settings, effort.jobs, effort.wall_seconds, effort.peak_memory_mb
    )
    summary = summarise(rows, facts)
    folder.mkdir(parents=True, exist_ok=True)
    write_rows(rows, folder)
    write_json(facts.to_json(), folder / FACTS)
    write_json(summary, folder / SUMMARY)
    return Run(folder, facts.to_json(), rows, summary)


def open_run(folder: Path) -> Run:
    """A run made earlier. Raises InputError where a file of it is missing or broken."""
    facts = read_json(folder / FACTS)
    return Run(folder, facts, read_rows(folder), read_json(folder / SUMMARY))
