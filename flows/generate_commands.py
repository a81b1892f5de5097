"""`nianbao eval generate`: labelled reports of bodies that do not exist, made, scanned, checked (eval/generate)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from extractors.errors import UsageError
from extractors.messages import default_language, text
from flows.eval_cases import ScanProgress, choice_of

LANG = default_language()
SAMPLES, SET = Path("data/samples"), Path("data/eval")


def _help(code: str) -> str:
    return text("cli", code, LANG)


generate_app = typer.Typer(help=_help("eval_generate"), no_args_is_help=True, rich_markup_mode=None)

Prints = Annotated[Path, typer.Argument(metavar="PRINTS", help=_help("prints"))]
Jobs = Annotated[int, typer.Option("--jobs", "-j", help=_help("jobs"))]
Debug = Annotated[bool, typer.Option("--debug", help=_help("debug"))]


@generate_app.command("samples", help=_help("eval_generate_samples"))
def samples_command(
    out: Annotated[Path, typer.Option("--out", help=_help("eval_generate_samples_out"))] = SAMPLES,
    only: Annotated[str, typer.Option("--only", help=_help("eval_generate_samples_only"))] = "",
    debug: Debug = False,
) -> None:
    """Raises MissingTool."""
    from eval.generate.content.authored import read_samples
    from eval.generate.samples import build

    for sample in read_samples(SAMPLES):
        if only in sample.name:
            build(sample, out / sample.name)
            typer.echo(str(out / sample.name))


@generate_app.command("set", help=_help("eval_generate_set"))
def set_command(
    out: Annotated[Path, typer.Option("--out", help=_help("eval_generate_set_out"))] = SET,
    only: Annotated[str, typer.Option("--only", help=_help("eval_generate_set_only"))] = "",
    debug: Debug = False,
) -> None:
    """Raises MissingTool."""
    from eval.generate.authored_set import make_set

    for name in make_set(out, only):
        typer.echo(str(out / name))


@generate_app.command("scans", help=_help("eval_generate_scans"))
def scans_command(
    prints: Prints = SET,
    cache: Annotated[Path | None, typer.Option("--cache", help=_help("cache"))] = None,
    only: Annotated[str, typer.Option("--only", help=_help("only"))] = "",
    jobs: Jobs = 1,
    debug: Debug = False,
) -> None:
    """Raises BadCase, OutputError."""
    from eval.sets import choose_cases

    with ScanProgress() as progress:
        cases = choose_cases(prints, choice_of(only), jobs, progress.told, cache)
    for case in cases:
        typer.echo(str(case.source.parent))


@generate_app.command("split", help=_help("eval_generate_split"))
def split_command(
    out: Annotated[Path, typer.Option("--out", help=_help("eval_generate_split_out"))],
    split: Annotated[str, typer.Option("--split", help=_help("eval_generate_split_split"))] = "test-large",
    reports: Annotated[int, typer.Option("--reports", min=1, help=_help("reports"))] = 160,
    level: Annotated[list[int] | None, typer.Option("--level", help=_help("level"))] = None,
    seed: Annotated[int | None, typer.Option("--seed", help=_help("seed"))] = None,
    augraphy: Annotated[bool, typer.Option("--augraphy", help=_help("augraphy"))] = False,
    jobs: Jobs = 1,
    debug: Debug = False,
) -> None:
    """Raises MissingTool, UsageError."""
    from eval.generate.scan.ladder import LEVELS
    from eval.generate.splits import LARGE, LargeSplit, generate

    own = LARGE.get(split)
    if own is None:
        raise UsageError(detail=f"--split {split}: {', '.join(LARGE)}")
    if not set(level or ()) <= set(LEVELS):
        raise UsageError(detail=f"--level: {LEVELS[0]} - {LEVELS[-1]}")
    drawn = LargeSplit(own.first_seed if seed is None else seed, own.split, augraphy)
    for names in generate(split, reports, level or LEVELS, out, jobs, drawn):
        typer.echo("\n".join(names))


@generate_app.command("sheets", help=_help("eval_generate_sheets"))
def sheets_command(
    cases: Annotated[list[Path], typer.Argument(metavar="CASE", help=_help("eval_generate_sheets_cases"))],
    out: Annotated[Path, typer.Option("--out", help=_help("eval_generate_sheets_out"))],
    debug: Debug = False,
) -> None:
    """Raises MissingTool where the labels cannot be drawn, BadCase for a folder that is no case."""
    from eval.cases import read_case
    from eval.generate.sheets import contact_sheet

    for case in cases:
        read_case(case)
        typer.echo(f"{case.name}: {contact_sheet(case, out / f'{case.name}.png')}")


@generate_app.command("verify", help=_help("eval_generate_verify"))
def verify_command(prints: Prints = SET, debug: Debug = False) -> None:
    """Exit status 1 where a label is not what its page prints. Raises BadCase where there are no prints."""
    from eval.cases import case_folders
    from eval.generate.verify import disagreements

    cases = case_folders(prints)
    faults = [fault for case in cases for fault in disagreements(case)]
    for line in (*faults, text("cli", "verified", LANG, cases=len(cases), faults=len(faults))):
        typer.echo(line)
    raise typer.Exit(int(bool(faults)))


@generate_app.command("describe", help=_help("eval_generate_describe"))
def describe_command(prints: Prints = SET, debug: Debug = False) -> None:
    """The table goes to standard output."""
    from eval.generate.describe import describe

    typer.echo(describe(prints))
