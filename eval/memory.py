"""Memory of the process that reads documents and of the child that renders them, over many pages.

`VmRSS` and `VmHWM` of /proc/PID/status, in MB of 1024 KB: the limit is on the peak of each process, growth shows in
what stands. getrusage(RUSAGE_CHILDREN) will not do: a child counts there with what its parent held when it forked.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.processes import alone, own_engine
from extractors.pipeline import extract_document

EVERY = 50  # pages between two looks
RENDERER = b"extractors.rendering.child"  # on the command line of the child that opens untrusted files


@dataclass(frozen=True, slots=True)
class Memory:
    """MB after `pages` pages: the reader's as it stands and its peak, and the highest peak of its renderers."""

    pages: int
    resident: float
    peak: float
    renderer: float


def memory(file: Path, pages: int) -> list[Memory]:
    """What a fresh process takes after every 50 pages and at the end, reading `file` over and over."""
    return alone(_watched, file, pages)


def memory_told(found: Sequence[Memory]) -> str:
    """For people: "after 50 pages reader 418 MB (peak 600 MB), renderer peak 90 MB, ..."."""
    return ", ".join(
        f"after {one.pages} pages reader {one.resident:.0f} MB (peak {one.peak:.0f} MB), "
        f"renderer peak {one.renderer:.0f} MB"
        for one in found
    )


def status_mb(pid: int, name: str) -> float:
    """One figure of /proc/PID/status in MB. Raises OSError, RuntimeError where there is none."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"/proc/{pid}/status tells no {name}")


def renderers(pid: int) -> list[int]:
    """The children of a process that render. One that has not yet become a renderer still holds its parent's
    memory, so it is asked for its command line before anybody asks for its memory."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    found = [int(child) for task in tasks for child in task.read_text(encoding="ascii").split()]
    return [child for child in found if RENDERER in Path(f"/proc/{child}/cmdline").read_bytes()]


class _Watch:
    """Counts pages and looks at both processes after each: the renderer lives until its document is closed."""

    def __init__(self, pages: int) -> None:
        self.found: list[Memory] = []
        self._pages = pages
        self._read = 0
        self._renderer = 0.0

    @property
    def is_over(self) -> bool:
        return self._read >= self._pages

    def on_page(self, done: int, total: int) -> None:
        own = os.getpid()
        self._read += 1
        self._renderer = max(self._renderer, *(status_mb(child, "VmHWM") for child in renderers(own)))
        if self._read % EVERY == 0 or self._read == self._pages:
            resident, peak = status_mb(own, "VmRSS"), status_mb(own, "VmHWM")
            self.found.append(Memory(self._read, resident, peak, self._renderer))


def _watched(file: Path, pages: int) -> list[Memory]:
    engine = own_engine()
    watch = _Watch(pages)
    while not watch.is_over:
        extract_document([file], engine, watch.on_page)
    return [one for one in watch.found if one.pages <= pages]
