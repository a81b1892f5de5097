"""Extract every case of a folder and say how right the records are: `python -m eval.run CASES`.

Extraction runs in worker processes, one engine each. A document that fails costs that document: it scores as
no record at all, and is named. With `--records` nothing is extracted and earlier results are scored again, so
that a change of the scorer needs no OCR.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from eval.cases import LEVELS, BadCase, Case, read_cases
from eval.score import Counts, Score, total
from eval.volumes import read_records, score_document, write_records
from extractors.errors import NianbaoError
from extractors.export.json import record_to_json
from extractors.ocr.engine import OcrEngine
from extractors.ocr.paddle import load_engine
from extractors.pipeline import extract_document

_COLUMNS = (
    "case",
    "right",
    "accuracy",
    "non-zero",
    "silent",
    "straight",
    "invented",
    "sections",
    "agency/year/form/bounds",
    "seconds",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one case: its score, and the wall seconds of extraction (None if it was not run)."""

    case: Case
    score: Score
    seconds: float | None
    error: str | None


@cache
def _engine() -> OcrEngine:
    """One engine per process: loading costs seconds."""
    return load_engine("paddle")


def extract_case(case: Case, out: Path) -> tuple[float, str | None]:
    """Extract one case and write its records to `out`. Returns wall seconds and the error, None if it worked."""
    engine = _engine()
    start = time.perf_counter()
    try:
        records = [extraction.record for extraction in extract_document((case.source,), engine)]
    except NianbaoError as error:
        return time.perf_counter() - start, str(error)
    seconds = time.perf_counter() - start
    found = (record_to_json(record, "en") for record in records)
    texts = [json.dumps(each, ensure_ascii=False, indent=1, default=_plain) for each in found]
    write_records(out, case.name, texts)
    return seconds, None


def score_saved(case: Case, records: Path, seconds: float | None, error: str | None) -> Outcome:
    """Score the records saved for `case`; where there are none, as no record."""
    found = () if error is not None else read_records(records, case.name)
    if not found and error is None:
        error = "no record"
    return Outcome(case, score_document(found, case.reports), seconds, error)


def run(cases: Sequence[Case], out: Path, jobs: int, console: Console) -> list[Outcome]:
    """Extract and score all cases with `jobs` processes, in the order of `cases`."""
    out.mkdir(parents=True, exist_ok=True)
    done: dict[str, Outcome] = {}
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        waiting: dict[Future[tuple[float, str | None]], Case] = {
            pool.submit(extract_case, case, out): case for case in cases
        }
        for future in as_completed(waiting):
            case = waiting[future]
            failure = future.exception()  # a bug in one document must not cost the scores of the others
            seconds, error = (None, repr(failure)) if failure else future.result()
            done[case.name] = score_saved(case, out, seconds, error)
            console.print(f"{len(done)}/{len(cases)} {case.name} {error or ''}", style="dim")
    return [done[case.name] for case in cases]


def summary_table(outcomes: Iterable[Outcome]) -> Table:
    """One row per case, one per level, one for all."""
    outcomes = list(outcomes)
    table = Table(title="fields right, of all gold fields", title_justify="left")
    for name in _COLUMNS:
        table.add_column(name, justify="left" if name == "case" else "right", no_wrap=True)
    for outcome in outcomes:
        table.add_row(outcome.case.name, *_cells(outcome.score.counts, outcome.seconds))
    levels = [level for level in (*LEVELS, "other") if any(o.case.level == level for o in outcomes)]
    for level in levels:
        chosen = [o for o in outcomes if o.case.level == level]
        table.add_section()
        table.add_row(f"all {level}", *_cells(total(o.score for o in chosen), _seconds(chosen)), style="bold")
    table.add_section()
    table.add_row("all", *_cells(total(o.score for o in outcomes), _seconds(outcomes)), style="bold")
    return table


def misses_table(outcomes: Iterable[Outcome], limit: int) -> Table:
    """Up to `limit` misses per case, what nobody would be asked about first."""
    table = Table(title="not right", title_justify="left")
    for name in ("case", "field", "fault", "gold", "got", "review", "confidence", "reasons"):
        table.add_column(name, overflow="fold")
    for outcome in outcomes:
        name = outcome.case.name
        if outcome.error:
            table.add_row(name, "(document)", outcome.error, style="red")
        for what, gold, got, review in outcome.score.wrong_front:
            table.add_row(name, what, "wrong", gold, got, _mark(review), style=None if review else "red")
        for key, title, got_title in outcome.score.wrong_sections:
            table.add_row(name, f"section {key}", "wrong", title or "(none)", got_title or "(none)")
        misses = sorted(outcome.score.misses, key=lambda miss: miss.review)
        for miss in misses[:limit]:
            confidence = "" if miss.confidence is None else f"{miss.confidence:.4f}"
            got = f"{miss.kind} {miss.got or ''} {miss.unit or ''}" if miss.kind else "(absent)"
            row = (miss.path, miss.fault, repr(miss.gold), got, _mark(miss.review), confidence)
            table.add_row(name, *row, " ".join(miss.reasons), style=None if miss.review else "red")
        if len(misses) > limit:
            table.add_row(name, f"… {len(misses) - limit} more", style="dim")
    return table


def results_json(outcomes: Iterable[Outcome]) -> dict[str, Any]:
    """Everything the tables show and all misses, for programs."""
    outcomes = list(outcomes)
    return {
        "all": _counts_json(total(o.score for o in outcomes)),
        "cases": [
            {
                "name": o.case.name,
                "level": o.case.level,
                "seconds": o.seconds,
                "error": o.error,
                **_counts_json(o.score.counts),
                "wrong_front": o.score.wrong_front,
                "wrong_sections": o.score.wrong_sections,
                "misses": [asdict(miss) for miss in o.score.misses],
            }
            for o in outcomes
        ],
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0 if every case gave a record, 1 if any failed, 2 if the cases cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m eval.run", description=__doc__)
    parser.add_argument("cases", type=Path, help="folder of <name>/source.pdf + gold.json")
    parser.add_argument("--out", type=Path, default=Path("out/eval"), help="records and results.json go here")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="worker processes")
    parser.add_argument("--only", default="", help="only cases whose name contains this")
    parser.add_argument("--records", type=Path, help="score the records in this folder, extract nothing")
    parser.add_argument("--misses", type=int, default=20, help="show this many misses per case")
    options = parser.parse_args(argv)
    console = Console(width=None if sys.stdout.isatty() else 200)
    try:
        cases = [case for case in read_cases(options.cases) if options.only in case.name]
    except BadCase as error:
        console.print(str(error), style="red")
        return 2
    if options.records:
        outcomes = [score_saved(case, options.records, None, None) for case in cases]
    else:
        outcomes = run(cases, options.out, options.jobs, console)
    options.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(results_json(outcomes), ensure_ascii=False, indent=1, default=_plain)
    (options.out / "results.json").write_text(text, encoding="utf-8")
    console.print(misses_table(outcomes, options.misses))
    console.print(summary_table(outcomes))
    return int(any(outcome.error for outcome in outcomes))


def _cells(counts: Counts, seconds: float | None) -> tuple[str, ...]:
    extra = f"+{counts.sections_extra}" if counts.sections_extra else ""
    more = f"+{counts.reports_extra}" if counts.reports_extra else ""
    return (
        f"{counts.right}/{counts.fields}",
        f"{counts.accuracy:.2%}",
        f"{counts.nonzero_right}/{counts.nonzero}",
        str(counts.silent),
        f"{counts.straight_through:.1%}",
        str(counts.invented),
        f"{counts.sections_right}/{counts.sections}{extra}",
        f"{counts.agency_right}/{counts.year_right}/{counts.form_right}/{counts.bounds_right}"
        f" of {counts.reports}{more}",
        "" if seconds is None else f"{seconds:.1f}",
    )


def _seconds(outcomes: Iterable[Outcome]) -> float | None:
    known = [o.seconds for o in outcomes if o.seconds is not None]
    return sum(known) if known else None


def _counts_json(counts: Counts) -> dict[str, Any]:
    return {
        **asdict(counts),
        "accuracy": counts.accuracy,
        "nonzero_accuracy": counts.nonzero_accuracy,
        "straight_through": counts.straight_through,
    }


def _mark(review: bool) -> str:
    return "review" if review else "SILENT"


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"not JSON: {type(value)}")


if __name__ == "__main__":
    sys.exit(main())
