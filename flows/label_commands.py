"""`nianbao eval label` and `settle`: labels by hand, from the picture alone (eval/labelling)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from extractors.errors import OutputError
from extractors.messages import default_language, text

LANG = default_language()


def _help(code: str) -> str:
    return text("cli", code, LANG)


CaseFolder = Annotated[Path, typer.Argument(metavar="CASE", help=_help("case"))]
Debug = Annotated[bool, typer.Option("--debug", help=_help("debug"))]


def add_label_commands(app: typer.Typer) -> None:
    """Make `label` and `settle` commands of `app`."""
    app.command("label", help=_help("eval_label"))(label_command)
    app.command("settle", help=_help("eval_settle"))(settle_command)


def label_command(
    case: CaseFolder,
    who: Annotated[str, typer.Option("--who", metavar="NAME", help=_help("eval_label_who"))],
    form: Annotated[str | None, typer.Option("--form", help=_help("eval_label_form"))] = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help=_help("eval_label_port"))] = 0,
    engine: Annotated[str | None, typer.Option("--engine", help=_help("engine"))] = None,
    debug: Debug = False,
) -> None:
    """Serves the page until Ctrl-C, which is how labelling ends: status 0. Raises BadCase, OutputError."""
    from eval.labelling.server import serve
    from eval.labelling.session import open_desk
    from extractors.ocr.paddle import load_engine

    with open_desk(case, who, form, load_engine(engine)) as desk:
        try:
            server = serve(desk, port)
        except OSError as error:
            raise OutputError(output=f"127.0.0.1:{port}", detail=error.strerror or str(error)) from error
        with server:
            address = f"http://127.0.0.1:{server.server_address[1]}/"
            typer.echo(text("cli", "label_address", LANG, address=address))
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                done = len(desk.answers.given)
                typer.echo(text("cli", "label_done", LANG, done=done, total=len(desk.questions)))


def settle_command(
    case: CaseFolder,
    first: Annotated[str, typer.Argument(metavar="A", help=_help("eval_settle_first"))],
    second: Annotated[str, typer.Argument(metavar="B", help=_help("eval_settle_second"))],
    third: Annotated[str | None, typer.Argument(metavar="THIRD", help=_help("eval_settle_third"))] = None,
    debug: Debug = False,
) -> None:
    """Writes CASE/gold.json and says how far the two agreed. Raises BadCase where a difference is not settled."""
    from eval.labelling.session import settle_case

    found = settle_case(case, first, second, third)
    typer.echo(text("cli", "settled", LANG, agreed=found.agreed, asked=found.asked))
    for name in found.differing:
        typer.echo(f"  {name}")
    typer.echo(str(case / "gold.json"))
