"""The command line: what a person types becomes one call of a flow, what happened becomes an exit status.

Only the light parts of the project are imported at the top, because every worker process imports this module
again before it has set its thread limits, and because `--help` should not wait for numpy.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from extractors.errors import NianbaoError, OutputError, UsageError
from extractors.messages import LANGUAGES, Lang, as_language, default_language, error_text, text
from extractors.threads import limit_threads
from flows.eval_commands import eval_app
from flows.jobs import Options

FORMATS = ("json", "xlsx", "csv", "html", "md")
DEFAULT_FORMATS = "json,xlsx,html"
INTERRUPTED = 130  # as shells have it: 128 + SIGINT
LANG = default_language()
_Misused: Any = (
    typer.BadParameter.__base__
)  # of all that typer says of a command line; it exports no name for it


def _help(code: str, **facts: Any) -> str:
    return text("cli", code, LANG, **facts)


app = typer.Typer(
    name="nianbao",
    help=_help("about"),
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(eval_app, name="eval")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"nianbao {version('nianbao')}")
        raise typer.Exit


@app.callback()
def nianbao(
    show_version: Annotated[
        bool, typer.Option("--version", help=_help("version"), callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """The program itself; its one option acts before any command."""


@app.command("extract", help=_help("extract"))
def extract_command(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help=_help("paths"))],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help=_help("out"))],
    formats: Annotated[
        str, typer.Option("--format", "-f", help=_help("format", formats=",".join(FORMATS)))
    ] = DEFAULT_FORMATS,
    overlay: Annotated[bool, typer.Option("--overlay", help=_help("overlay"))] = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", help=_help("jobs"))] = 1,
    force: Annotated[bool, typer.Option("--force", help=_help("force"))] = False,
    one_document: Annotated[bool, typer.Option("--one-document", help=_help("one_document"))] = False,
    lang: Annotated[str, typer.Option("--lang", help=_help("lang"))] = LANG,
    engine: Annotated[str | None, typer.Option("--engine", help=_help("engine"))] = None,
    debug: Annotated[bool, typer.Option("--debug", help=_help("debug"))] = False,
) -> None:
    """Check what was asked for, run the batch, show how it went; raises typer.Exit with the exit status."""
    language = _language(lang)
    if jobs < 1:
        raise UsageError(detail=text("cli", "bad_jobs", language))
    options = Options(
        out=out,
        formats=_formats(formats, language),
        lang=language,
        overlay=overlay,
        force=force,
        engine=engine,
        debug=debug,
    )
    try:
        status = extract(paths, options, jobs, one_document)
    except KeyboardInterrupt:  # caught here, because typer would only say "Aborted!"
        _say(text("cli", "interrupted", language))
        status = INTERRUPTED
    raise typer.Exit(status)


def extract(paths: list[Path], options: Options, jobs: int, one_document: bool) -> int:
    """Read `paths` and report on the terminal; the exit status. Raises UsageError, OutputError."""
    from flows.batch import prepare, run  # late: numpy and OpenCV come with them
    from flows.console import Reporter, show_result

    lang = options.lang
    plan = prepare(paths, options, one_document)
    with Reporter(plan.documents, lang, options.debug) as reporter:
        for path, error in plan.failed:
            reporter.failed(str(path), error)
        if plan.skipped:
            example = plan.skipped[0][0]
            reporter.note(text("cli", "skipped", lang, count=len(plan.skipped), example=example))
        if not plan.documents and not plan.failed:
            reporter.note(text("cli", "nothing", lang))
        result = run(plan, options, jobs, reporter.hear)
    try:
        show_result(result, options.out, lang)
        sys.stdout.flush()
    except BrokenPipeError:
        _give_up_output()  # its reader (such as `head`) has gone
    except OSError as error:  # a log on a full disk; the results themselves are written
        _give_up_output()
        raise OutputError(output="stdout", detail=error.strerror or str(error)) from error
    if not plan.documents and not plan.failed:
        return UsageError.exit_code
    return result.exit_code


def main() -> NoReturn:
    """Entry point of the `nianbao` program."""
    _settle_streams()
    limit_threads()
    signal.signal(signal.SIGTERM, _leave)
    sys.exit(run_program(sys.argv[1:]))


def run_program(arguments: list[str]) -> int:
    """The exit status of the program called with `arguments`; every error becomes words for a person."""
    lang = _language_of(arguments)
    try:
        return int(app(arguments, prog_name="nianbao", standalone_mode=False) or 0)
    except SystemExit as ending:
        return _status(ending)
    except _Misused as misuse:
        if not arguments:
            misuse.show()  # the help
            return UsageError.exit_code
        error: NianbaoError = UsageError(detail=misuse.format_message().rstrip("."))
        _complain(error, lang, arguments)
        return error.exit_code
    except NianbaoError as error:
        _complain(error, lang, arguments)
        return error.exit_code
    except Exception as error:  # noqa: BLE001  the outermost edge: a defect is told in words, its trace on demand
        _complain(NianbaoError(detail=f"{type(error).__name__}: {error}"), lang, arguments)
        return NianbaoError.exit_code


def _give_up_output() -> None:
    """Nothing more can be said on standard output, also not what is left in its buffer at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _status(ending: SystemExit) -> int:
    return ending.code if isinstance(ending.code, int) else int(ending.code is not None)


def _complain(error: NianbaoError, lang: Lang, arguments: list[str]) -> None:
    message, remedy = error_text(error, lang)
    _say(text("cli", "failed", lang, code=error.code, message=message))
    _say(text("cli", "remedy", lang, remedy=remedy))
    if "--debug" in arguments:
        traceback.print_exc()


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


def _settle_streams() -> None:
    """Never fail on a character: a terminal that cannot show one gets its escape."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _leave(signum: int, frame: object) -> NoReturn:
    """A service manager's request to end: as clean as Ctrl-C, with the shell's exit status for it."""
    sys.exit(128 + signum)


def _formats(asked: str, lang: Lang) -> tuple[str, ...]:
    names = [name.strip().lower() for name in asked.split(",") if name.strip()]
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        facts = {"name": ", ".join(unknown) or '""', "formats": ",".join(FORMATS)}
        raise UsageError(detail=text("cli", "bad_format", lang, **facts))
    return tuple(dict.fromkeys(names))


def _language(name: str) -> Lang:
    try:
        return as_language(name)
    except ValueError:
        raise UsageError(detail=text("cli", "bad_lang", LANG)) from None


def _language_of(arguments: list[str]) -> Lang:
    """The language for errors that come up before the options are understood."""
    for before, value in zip(["", *arguments], arguments, strict=False):
        name = value.removeprefix("--lang=") if value.startswith("--lang=") else value
        if (before == "--lang" or name != value) and name in LANGUAGES:
            return as_language(name)
    return LANG
