"""The same work on many things, by several processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

from extractors.errors import UsageError

Task = TypeVar("Task")
Done = TypeVar("Done")


class MissingTool(UsageError):
    """A program or font that makes prints is not installed; `detail` says which, and where it comes from."""

    code = "missing_tool"


def run_all(work: Callable[[Task], Done], tasks: Sequence[Task], jobs: int) -> Iterator[Done]:
    """The results in the order of the tasks; the first error ends it. `jobs` 1 stays in this process."""
    if jobs <= 1:
        yield from map(work, tasks)
        return
    with ProcessPoolExecutor(max_workers=jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, tasks)
