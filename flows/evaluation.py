"""Extraction of labelled cases: the same pool, workers and files as `nianbao extract`, so that what is measured is
what people get.
"""

from __future__ import annotations

import resource
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from eval.cases import Case
from eval.runs.run import Effort
from eval.runs.store import FACTS, RECORDS
from eval.volumes import read_records
from extractors.errors import OutputExists
from flows.batch import run
from flows.inputs import VOLUME_MARK, Plan
from flows.jobs import Document, Listener, Options
from flows.outputs import check_writable


def documents_of(cases: Sequence[Case]) -> tuple[Document, ...]:
    """Each case as a document whose results are called by the case's name."""
    return tuple(
        Document((case.source,), case.name, case.name, f"{case.name}{VOLUME_MARK}") for case in cases
    )


def clear(folder: Path, force: bool) -> None:
    """Make room for a run. Raises OutputExists where a run stands there and `force` is not given, OutputError."""
    if (folder / FACTS).exists() and not force:
        raise OutputExists(output=str(folder))
    check_writable(folder)
    shutil.rmtree(folder / RECORDS, ignore_errors=True)


def extract_cases(cases: Sequence[Case], options: Options, jobs: int, listen: Listener) -> Effort:
    """Write the record of every case to `options.out`. A document that fails costs that document.

    Raises EngineError or UsageError where the engine cannot be loaded at all.
    """
    check_writable(options.out)
    plan = Plan(documents_of(cases))
    start = time.perf_counter()
    result = run(plan, options, jobs, listen)
    wall = time.perf_counter() - start
    errors = {
        outcome.document.name: outcome.error.code for outcome in result.outcomes if outcome.error is not None
    }
    return Effort(
        seconds=_seconds(options.out, [case.name for case in cases]),
        errors=errors,
        jobs=jobs,
        wall_seconds=round(wall, 2),
        peak_memory_mb=peak_memory_mb(),
    )


def peak_memory_mb() -> float:
    """Most resident memory that any one process started and ended by this one ever held, in MB."""
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return round(peak / (1024 if sys.platform != "darwin" else 1024 * 1024), 1)


def _seconds(records: Path, names: Sequence[str]) -> dict[str, float]:
    """Wall seconds of each case, as its records state them."""
    found = {}
    for name in names:
        saved = read_records(records, name)
        if saved:
            found[name] = sum(float(record["timing_s"].get("total", 0.0)) for record in saved)
    return found
