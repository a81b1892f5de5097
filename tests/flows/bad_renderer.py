"""The real pipeline over a renderer that hangs or crashes where the file's name asks for it.

The opener is named to the child process as the real one is, and gives the real reader for everything else.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from extractors import pipeline
from extractors.ocr.engine import OcrEngine
from extractors.pages import source
from extractors.rendering import reader
from extractors.rendering.limits import Limits
from extractors.rendering.reader import Reader, Rendered

EXTRACT = "bad_renderer:extract"
PAGE_SECONDS = 2.0
SECOND = 1  # the index of the page that misbehaves where not all do


class _Reader:
    def __init__(self, real: Reader, name: str) -> None:
        self._real = real
        self._name = name

    @property
    def page_count(self) -> int:
        return self._real.page_count

    def read(self, index: int, with_marks: bool) -> Rendered:
        if "every" in self._name or index == SECOND:
            if "hang" in self._name:
                time.sleep(3600)
            if "crash" in self._name:
                os.kill(os.getpid(), signal.SIGSEGV)
        return self._real.read(index, with_marks)

    def close(self) -> None:
        self._real.close()


def open_reader(path: str, kind: str, limits: Limits) -> _Reader:
    return _Reader(reader.open_reader(path, kind, limits), Path(path).name)


def extract(
    paths: Sequence[Path], engine: OcrEngine, on_page: Callable[[int, int], None] | None = None
) -> object:
    source.open_source.__defaults__ = (None, "bad_renderer:open_reader")
    return pipeline.extract_document(paths, engine, on_page, Limits(page_seconds=PAGE_SECONDS))
