"""The cases that a command of `nianbao eval` works on, with progress while their scans are made on first use."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from extractors.errors import UsageError
from extractors.messages import default_language, text

if TYPE_CHECKING:
    from eval.cases import Case
    from eval.sets import Choice

LANG = default_language()
EVERY = 10  # lines, where no bar can be drawn: one for so many scans


def choice_of(only: str, levels: str = "", split: str | None = None) -> Choice:
    """Raises UsageError for a level or split that there is none of."""
    from eval import sets

    try:
        return sets.choice_of(only, levels, split)
    except ValueError as error:
        raise UsageError(detail=str(error)) from error


def read_chosen(folder: Path, choice: Choice, jobs: int = 1) -> tuple[Case, ...]:
    """The chosen cases of `folder`. Raises BadCase where there are none, OutputError where no scan can be kept."""
    from eval.sets import choose_cases

    with ScanProgress() as progress:
        return choose_cases(folder, choice, jobs, progress.told)


class ScanProgress(AbstractContextManager["ScanProgress"]):
    """Says on standard error how many scans are made: a bar on a terminal, else a line now and then."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._console = Console(stderr=True, highlight=False, emoji=False, markup=False)
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
        )
        self._task = self._bars.add_task(text("cli", "making_scans", LANG), total=None, visible=False)

    def told(self, done: int, total: int) -> None:
        """`done` of `total` scans are made."""
        if self._console.is_terminal:
            self._bars.start()
            self._bars.update(self._task, completed=done, total=total, visible=True)
        elif done == total or done % EVERY == 0:
            self._console.print(f"{text('cli', 'making_scans', LANG)}: {done}/{total}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()
