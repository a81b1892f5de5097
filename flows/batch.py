"""Many documents in, one outcome for each out: what the command line and every other caller runs.

The order is: find and name the inputs (inputs.py), read them in worker processes (pool.py, worker.py), which
write the results (outputs.py). Nothing is printed here; `listen` hears how it goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.errors import NianbaoError
from flows.inputs import Plan, plan
from flows.jobs import Document, Listener, Options, Outcome
from flows.outputs import check_writable
from flows.pool import Pool

SEVEREST_FIRST = (1, 5, 6, 4, 3, 2, 7)
"""Exit statuses: a defect of ours, then what spoils every document (engine, output), then single documents."""


@dataclass(frozen=True, slots=True)
class Result:
    """All that a batch did: outcomes in the order of the plan's documents, and what the plan left out."""

    plan: Plan
    outcomes: tuple[Outcome, ...]

    @property
    def exit_code(self) -> int:
        errors = [error for _, error in self.plan.failed]
        return severest([*errors, *(outcome.error for outcome in self.outcomes if outcome.error)])


def severest(errors: Iterable[NianbaoError]) -> int:
    """The exit status for several errors: that of the severest cause; 0 for none."""
    codes = {error.exit_code for error in errors}
    return min(codes, key=SEVEREST_FIRST.index, default=0)


def prepare(inputs: Sequence[Path], options: Options, one_document: bool = False) -> Plan:
    """Find and name the documents, and make the output folder. Raises UsageError, OutputError."""
    found = plan(inputs, options.out, one_document)
    if found.documents:
        check_writable(options.out)
    return found


def run(found: Plan, options: Options, jobs: int, listen: Listener) -> Result:
    """Read every document of the plan with at most `jobs` worker processes.

    An interrupted run (KeyboardInterrupt, SystemExit) leaves no process and no half-written file behind.
    """
    documents: tuple[Document, ...] = found.documents
    outcomes = Pool(documents, options, jobs, listen).run() if documents else ()
    return Result(found, outcomes)
