"""`nianbao eval`: run labelled cases, compare runs, look for wrong labels. What is said about quality is English,
as the code is: it is for those who work on the models.

Imported by every worker process before its thread limits stand, so what is heavy is imported in the commands.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from extractors.errors import EngineError, OutputError, UsageError
from extractors.messages import default_language, text
from flows.eval_cases import choice_of, read_chosen
from flows.generate_commands import generate_app
from flows.jobs import Options
from flows.label_commands import add_label_commands

if TYPE_CHECKING:
    from rich.console import Console

    from eval.cases import Case
    from eval.runs.run import Run

LANG = default_language()
PEERS = ("img2table", "camelot", "paddle_rows", "rapid_rows")  # functions of eval.peers.readers
WIDTH = 200  # of tables that go to a file or a pipe


def _help(code: str, **facts: Any) -> str:
    return text("cli", code, LANG, **facts)


eval_app = typer.Typer(help=_help("eval"), no_args_is_help=True, rich_markup_mode=None)
eval_app.add_typer(generate_app, name="generate")
add_label_commands(eval_app)

CasesFolder = Annotated[Path, typer.Argument(metavar="CASES", help=_help("cases"))]
RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help=_help("run"))]
Only = Annotated[str, typer.Option("--only", help=_help("only"))]
Levels = Annotated[str, typer.Option("--levels", help=_help("levels"))]
Split = Annotated[str | None, typer.Option("--split", help=_help("split"))]
Jobs = Annotated[int, typer.Option("--jobs", "-j", help=_help("jobs"))]
Engine = Annotated[str | None, typer.Option("--engine", help=_help("engine"))]
Debug = Annotated[bool, typer.Option("--debug", help=_help("debug"))]


@eval_app.command("run", help=_help("eval_run"))
def run_command(
    cases: CasesFolder,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="RUN", help=_help("eval_run_out"))],
    engine: Engine = None,
    tables: Annotated[str | None, typer.Option("--tables", help=_help("eval_run_tables"))] = None,
    headings: Annotated[str | None, typer.Option("--headings", help=_help("eval_run_headings"))] = None,
    jobs: Jobs = 1,
    only: Only = "",
    levels: Levels = "",
    split: Split = None,
    records: Annotated[Path | None, typer.Option("--records", help=_help("eval_run_records"))] = None,
    misses: Annotated[int, typer.Option("--misses", help=_help("eval_run_misses"))] = 20,
    force: Annotated[bool, typer.Option("--force", help=_help("eval_run_force"))] = False,
    debug: Debug = False,
) -> None:
    """Exit status 0 if every case gave a record, else 1; those of errors where nothing could be run."""
    if jobs < 1:
        raise UsageError(detail=text("cli", "bad_jobs", LANG))
    chosen = read_chosen(cases, choice_of(only, levels, split), jobs)
    options = Options(
        out=out,
        formats=("json",),
        lang="en",
        force=True,
        engine=engine,
        tables=tables,
        headings=headings,
        debug=debug,
    )
    made = make_run(cases, chosen, options, jobs, records, force)
    write_report(made, chosen)
    console = terminal()
    from eval.report.terminal import misses_table, summary_table
    from eval.report.verdict import verdict

    if made.summary["failures"] or any(not row.right for row in made.rows.fields):
        console.print(misses_table(made, misses))
    console.print(summary_table(made))
    for line in verdict(made.summary):
        console.print(line)
    console.print(str(made.folder / "report.html"))
    raise typer.Exit(int(bool(made.summary["failures"])))


@eval_app.command("compare", help=_help("eval_compare"))
def compare_command(
    a: Annotated[Path, typer.Argument(metavar="A", help=_help("eval_compare_a"))],
    b: Annotated[Path, typer.Argument(metavar="B", help=_help("eval_compare_b"))],
    html: Annotated[Path | None, typer.Option("--html", help=_help("eval_compare_html"))] = None,
    changes: Annotated[int, typer.Option("--changes", help=_help("eval_compare_changes"))] = 20,
    debug: Debug = False,
) -> None:
    """Exit status 0 whatever the verdict; 2 where the runs cannot be compared."""
    from eval.compare import pair
    from eval.report.comparison import changes_table, compare_verdict, comparison_table, render_comparison
    from eval.runs.run import open_run

    paired = pair(open_run(a), open_run(b))
    console = terminal()
    if paired.fixed or paired.broken:
        console.print(changes_table(paired, changes))
    console.print(comparison_table(paired))
    for line in compare_verdict(paired):
        console.print(line)
    if html is not None:
        write_text(html, render_comparison(paired))
        console.print(str(html))


@eval_app.command("audit", help=_help("eval_audit"))
def audit_command(
    run: RunFolder,
    cases: Annotated[Path | None, typer.Option("--cases", help=_help("eval_audit_cases"))] = None,
    least: Annotated[float, typer.Option("--least", help=_help("eval_audit_least"))] = 0.9,
    debug: Debug = False,
) -> None:
    """A table on the terminal, and RUN/audit.html with pictures where the cases are still where they were."""
    from eval.audit import suspects
    from eval.report.html import render_audit
    from eval.report.pictures import cut_out
    from eval.report.terminal import audit_table
    from eval.runs.run import open_run
    from eval.sets import Choice

    opened = open_run(run)
    found = suspects(opened.rows.fields, least)
    place = cases or Path(opened.facts["cases_folder"])
    named = Choice(names=frozenset(opened.facts["cases"]))
    known = read_chosen(place, named) if place.is_dir() else ()
    page = run / "audit.html"
    write_text(page, render_audit(opened, found, cut_out([one.row for one in found], known)))
    console = terminal()
    console.print(audit_table(found))
    console.print(str(page))


@eval_app.command("table", help=_help("eval_table"))
def table_command(
    run: RunFolder,
    into: Annotated[Path | None, typer.Option("--into", help=_help("eval_table_into"))] = None,
    debug: Debug = False,
) -> None:
    """The table goes to standard output, or between the marks of a file."""
    from eval.report.markdown import quality_table, rewrite
    from eval.runs.run import open_run

    table = quality_table(open_run(run))
    if into is None:
        typer.echo(table)
    else:
        rewrite(into, table)


@eval_app.command("gate", help=_help("eval_gate"))
def gate_command(
    cases: CasesFolder,
    baseline: Annotated[Path, typer.Option("--baseline", help=_help("eval_gate_baseline"))],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="RUN", help=_help("eval_run_out"))],
    update: Annotated[bool, typer.Option("--update", help=_help("eval_gate_update"))] = False,
    only: Only = "",
    engine: Engine = None,
    jobs: Jobs = 1,
    debug: Debug = False,
) -> None:
    """Runs the baseline's cases (with --update and --only, or for a new baseline, all that are chosen).

    Raises QualityDropped, NotComparable.
    """
    from eval import gate
    from eval.runs.store import read_json, write_json
    from eval.sets import Choice

    known = None if update and (only or not baseline.exists()) else gate.from_json(read_json(baseline))
    before = None if update else known
    choice = choice_of(only)
    if known is not None:
        choice = Choice(only=choice.only, names=frozenset(known.cases))
    chosen = read_chosen(cases, choice, jobs)
    options = Options(out=out, formats=("json",), lang="en", force=True, engine=engine, debug=debug)
    made = make_run(cases, chosen, options, jobs, None, force=True)
    write_report(made, chosen)
    after = gate.state_of(made)
    console = terminal()
    if before is None:
        write_json(gate.to_json(after), baseline)
        console.print(f"{baseline}: {len(after.cases)} cases")
        return
    found = gate.change(before, after)
    if found.faults:
        raise gate.QualityDropped(detail="; ".join(found.faults), output=str(out / "report.html"))
    console.print(f"no worse than {baseline}: {len(after.cases)} cases")
    if found.improved:
        told = f"{len(found.fixed)} fields fixed, {len(found.no_longer_asked)} fewer asked about"
        console.print(f"{told}: give --update and commit the baseline, or the gain may be lost unseen")


@eval_app.command("engine", help=_help("eval_engine"))
def engine_command(
    engine: Annotated[str, typer.Argument(metavar="ENGINE", help=_help("engine"))],
    debug: Debug = False,
) -> None:
    """Exit status 0 for an engine that conforms; raises EngineError with what it gets wrong."""
    from eval.engine_check import check_engine
    from extractors.ocr.paddle import load_engine

    loaded = load_engine(engine)
    faults = check_engine(loaded)
    if faults:
        raise EngineError(engine=loaded.name, detail="; ".join(faults))
    typer.echo(f"{loaded.name}: conforms")


@eval_app.command("peers", help=_help("eval_peers"))
def peers_command(
    cases: CasesFolder,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help=_help("eval_peers_out"))],
    peer: Annotated[str, typer.Option("--peer", help=_help("eval_peers_peer"))] = ",".join(PEERS),
    only: Only = "",
    levels: Levels = "",
    split: Split = None,
    jobs: Jobs = 1,
    debug: Debug = False,
) -> None:
    """Ours first; then each peer on those of the cases that are scans throughout, for others have our tables."""
    from eval.report.peers import peers_table

    names = [name.strip() for name in peer.split(",") if name.strip()]
    if unknown := [name for name in names if name not in PEERS]:
        raise UsageError(option="--peer", value=", ".join(unknown), detail=", ".join(PEERS))
    chosen = scanned(read_chosen(cases, choice_of(only, levels, split), jobs))
    runs = {}
    for name in ("nianbao", *names):
        tables = None if name == "nianbao" else f"eval.peers.readers:{name}"
        options = Options(
            out=out / name, formats=("json",), lang="en", force=True, tables=tables, debug=debug
        )
        runs[name] = make_run(cases, chosen, options, jobs, None, force=True)
        write_report(runs[name], chosen)
    table = peers_table(runs)
    write_text(out / "peers.md", table + "\n")
    typer.echo(table)


def scanned(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """The cases without a born-digital page. Raises BadCase where there are none."""
    from eval.cases import BadCase
    from extractors.pages import open_source, prepare

    kept = []
    for case in cases:
        with open_source(case.source) as source:
            pages = range(1, source.page_count + 1)
            if all(prepare(source.raw_page(number)).info.kind != "digital" for number in pages):
                kept.append(case)
    if not kept:
        raise BadCase("no case is a scan throughout")
    return tuple(kept)


def write_text(path: Path, content: str) -> None:
    """Raises OutputError where the file cannot be written."""
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise OutputError(output=str(path), detail=error.strerror or str(error)) from error


def make_run(
    folder: Path, cases: tuple[Case, ...], options: Options, jobs: int, records: Path | None, force: bool
) -> Run:
    """Extract (or take `records`) and score; the run lies in `options.out`, without its report."""
    from dataclasses import replace

    from eval.runs.run import Effort, score_records
    from eval.runs.store import RECORDS
    from flows.console import Reporter
    from flows.evaluation import clear, documents_of, extract_cases

    named = {"engine": options.engine, "tables": options.tables, "headings": options.headings}
    settings = {name: value for name, value in named.items() if value}
    if records is not None:
        return score_records(folder, cases, options.out, Effort({}, {}), settings, records)
    out = options.out
    clear(out, force)
    with Reporter(documents_of(cases), options.lang, options.debug) as reporter:
        effort = extract_cases(cases, replace(options, out=out / RECORDS), jobs, reporter.hear)
    return score_records(folder, cases, out, effort, settings)


def write_report(run: Run, cases: tuple[Case, ...]) -> None:
    """report.html, with a picture beside every wrong field that has a place."""
    from eval.report.html import render, wrong_fields
    from eval.report.pictures import cut_out
    from eval.runs.store import REPORT

    pictures = cut_out(wrong_fields(run.rows), cases)
    write_text(run.folder / REPORT, render(run, pictures))


def terminal() -> Console:
    """Standard output, wide where nobody watches; nothing read from a document is taken for markup."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else WIDTH
    return Console(width=width, highlight=False, emoji=False, markup=False)
