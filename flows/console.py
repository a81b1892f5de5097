"""What a person sees of a batch: progress while it runs, a short table and the written paths at the end.

Progress and errors go to standard error, results to standard output. On a terminal there are bars; elsewhere one
plain line per document. File names and agencies are printed as text, never as markup.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from extractors.errors import NianbaoError
from extractors.export.json import printable
from extractors.export.view import Summary, form_text
from extractors.messages import Lang, error_text, text
from flows.batch import Result
from flows.inputs import OVERLAY_SUFFIX
from flows.jobs import Document, Event, Finished, Outcome, PageRead, Started

MAX_PATHS = 40  # written paths listed one by one; the rest is counted
COLUMNS = ("file", "agency", "year", "form", "fields_read", "to_review", "checks_broken")
NUMERIC = ("fields_read", "to_review", "checks_broken")


class Reporter(AbstractContextManager["Reporter"]):
    """Listens to a batch. Use it as a context manager, so that the bars are gone when it ends."""

    def __init__(self, documents: Sequence[Document], lang: Lang, debug: bool) -> None:
        self._documents = documents
        self._lang = lang
        self._debug = debug
        self._console = Console(stderr=True, highlight=False, emoji=False, markup=False, soft_wrap=True)
        self._bars = _progress(self._console)
        self._whole = self._bars.add_task(text("cli", "documents", lang), total=len(documents), note="")
        self._tasks: dict[int, TaskID] = {}
        self._done = 0

    def __enter__(self) -> Reporter:
        if self._console.is_terminal:
            self._bars.start()
            self._bars.update(self._whole, note=text("cli", "starting", self._lang))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def hear(self, event: Event) -> None:
        match event:
            case Started(index=index):
                self._bars.update(self._whole, note="")
                name = shorten(printable(self._documents[index].label))
                self._tasks.setdefault(index, self._bars.add_task(name, total=None, note=""))
            case PageRead(index=index, done=done, total=total):
                pages = text("cli", "pages", self._lang)
                self._bars.update(self._tasks[index], completed=done, total=total, note=pages)
            case Finished(index=index, outcome=outcome):
                self._finish(index, outcome)

    def _finish(self, index: int, outcome: Outcome) -> None:
        self._done += 1
        self._bars.advance(self._whole)
        if index in self._tasks:
            self._bars.remove_task(self._tasks.pop(index))
        head = f"[{self._done}/{len(self._documents)}] {printable(outcome.document.label)}"
        if outcome.error is not None:
            self.failed(head, outcome.error, outcome.trace)
        elif not self._console.is_terminal:
            self._line(f"{head}: {_result(outcome, self._lang)}")

    def failed(self, head: str, error: NianbaoError, trace: str = "") -> None:
        message, remedy = error_text(error, self._lang)
        self._line(f"{head}: " + text("cli", "failed", self._lang, code=error.code, message=message), "red")
        self._line("    " + text("cli", "remedy", self._lang, remedy=remedy))
        if self._debug and trace:
            self._line(trace.rstrip())

    def note(self, line: str) -> None:
        self._line(line)

    def _line(self, line: str, style: str = "") -> None:
        self._console.print(Text(printable(line), style=style))


class _Results(Console):
    """Where rich would end the program as failed because nobody reads on, the caller decides."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def show_result(result: Result, out: Path, lang: Lang) -> None:
    """The closing table and the paths, on standard output."""
    console = _Results(highlight=False, emoji=False, markup=False)
    rows = [row for outcome in result.outcomes for row in _rows(outcome)]
    if rows:
        if not console.is_terminal:
            console.width = 160  # nothing to fit into: a pipe or a log file
        console.print(_table(rows, lang))
    written = _shown_paths(
        [path for outcome in result.outcomes if not outcome.kept for path in outcome.written]
    )
    if written:
        _plain(text("cli", "written", lang))
        for path in written[:MAX_PATHS]:
            _plain(f"  {path}")
    if len(written) > MAX_PATHS:
        _plain("  " + text("cli", "more", lang, count=len(written) - MAX_PATHS, out=out))
    kept = [outcome for outcome in result.outcomes if outcome.kept]
    for outcome in kept[:MAX_PATHS]:
        _plain(f"{outcome.document.label}: {text('cli', 'kept', lang)}")
    _failures(result, lang)


def _failures(result: Result, lang: Lang) -> None:
    failed = len(result.plan.failed) + sum(outcome.error is not None for outcome in result.outcomes)
    if failed:
        done = sum(outcome.error is None for outcome in result.outcomes)
        _plain(text("cli", "failures", lang, failed=failed, done=done))


def shorten(name: str, limit: int = 40) -> str:
    """The end of a long path, which tells more than its beginning."""
    return name if len(name) <= limit else "…" + name[-(limit - 1) :]


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TextColumn("{task.fields[note]}", markup=False),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _result(outcome: Outcome, lang: Lang) -> str:
    lines = [
        text(
            "cli",
            "result",
            lang,
            read=summary.read,
            fields=summary.fields,
            review=summary.to_review,
            broken=summary.checks_broken,
        )
        for summary in outcome.reports
    ]
    if outcome.kept:
        lines.append(text("cli", "kept", lang))
    return "; ".join(lines)


def _rows(outcome: Outcome) -> list[tuple[str, Summary]]:
    label = outcome.document.label
    if len(outcome.reports) == 1:
        return [(label, outcome.reports[0])]
    return [(f"{label}#{number}", summary) for number, summary in enumerate(outcome.reports, start=1)]


def _shown_paths(written: Sequence[Path]) -> list[str]:
    """The files, and for page pictures only their folder."""
    shown = (f"{p.parent}{os.sep}" if p.parent.suffix == OVERLAY_SUFFIX else str(p) for p in written)
    return list(dict.fromkeys(shown))


def _table(rows: Sequence[tuple[str, Summary]], lang: Lang) -> Table:
    table = Table()
    for column in COLUMNS:
        table.add_column(
            Text(text("column", column, lang)),
            justify="right" if column in NUMERIC else "left",
            overflow="fold",
        )
    for label, summary in rows:
        kind = form_text(summary.form, lang) if summary.form else text("kind", summary.kind, lang)
        cells = (
            shorten(printable(label)),
            summary.agency or text("word", "untitled", lang),
            str(summary.year) if summary.year is not None else text("word", "unknown", lang),
            kind,
            f"{summary.read}/{summary.fields}",
            str(summary.to_review),
            str(summary.checks_broken),
        )
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _plain(line: str) -> None:
    """A line that is never wrapped, so that a path can be copied."""
    sys.stdout.write(printable(line) + "\n")
