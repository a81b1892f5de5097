"""The program that opens untrusted files: one request a line on stdin, one message per answer on stdout.

Started by pages.process as `python -m extractors.rendering.child MODULE:FUNCTION`. It limits its own memory
before it opens anything, and the processor time of each request, so that it ends even when its parent has died.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
from collections.abc import Iterable
from typing import Any, BinaryIO

from extractors.errors import NianbaoError, RenderError
from extractors.rendering.limits import Limits
from extractors.rendering.reader import Opener, Reader
from extractors.rendering.wire import error_to_wire, pack

Message = list[bytes | memoryview]


class Session:
    """The files of one document, opened one at a time, in the order in which pages are asked for."""

    def __init__(self, opener: Opener, limits: Limits) -> None:
        self._opener = opener
        self._limits = limits
        self._path = ""
        self._reader: Reader | None = None

    def answer(self, request: dict[str, Any]) -> Message:
        reader = self._open(request["path"], request["kind"])
        if request["op"] == "open":
            return pack({"page_count": reader.page_count})
        return self._page(reader, request["index"], request["marks"])

    def _open(self, path: str, kind: str) -> Reader:
        if self._reader is not None and self._path == path:
            return self._reader
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        self._reader, self._path = self._opener(path, kind, self._limits), path
        return self._reader

    def _page(self, reader: Reader, index: int, marks: bool) -> Message:
        page = reader.read(index, marks)
        header = {
            "width": page.width,
            "height": page.height,
            "channels": page.channels,
            "dpi": page.dpi,
            "chars": page.chars,
            "segments": page.segments,
            "images": page.images,
            "bilevel": page.bilevel,
        }
        if page.pictures_only is None:
            return pack(header, [page.pixels])
        width, height, pictures = page.pictures_only
        return pack(header | {"pictures_only": [width, height]}, [page.pixels, pictures])


def _limit_memory(limits: Limits) -> None:
    size = limits.memory_mb * 1024 * 1024
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        size = min(size, hard)
    resource.setrlimit(resource.RLIMIT_AS, (size, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_time(limits: Limits) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + limits.page_seconds) + 2
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if hard == resource.RLIM_INFINITY or seconds < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, hard))


def _answer(session: Session, request: dict[str, Any]) -> Message:
    """The answer, where a failure is one too. What leaves no answer at all is the parent's to notice."""
    try:
        return session.answer(request)
    except NianbaoError as error:
        return pack(error_to_wire(error))
    except MemoryError:
        return pack(error_to_wire(RenderError(reason="memory")))
    except (OSError, ValueError, ArithmeticError, LookupError, TypeError, SyntaxError, EOFError) as error:
        # Parsers fail on hostile input with any of these; anything else ends the process, which is noticed.
        return pack(error_to_wire(RenderError(reason="damaged", detail=f"{type(error).__name__}: {error}")))


def serve(requests: Iterable[bytes], replies: BinaryIO, session: Session, limits: Limits) -> None:
    """Says that it is ready, then answers each line of `requests` with one message, until they end."""
    _write(replies, pack({"ready": True}))
    for line in requests:
        _limit_time(limits)
        _write(replies, _answer(session, json.loads(line)))


def _write(replies: BinaryIO, message: Message) -> None:
    for chunk in message:
        replies.write(chunk)
    replies.flush()


def main() -> None:
    # Whatever a library prints must not get between the messages: keep the pipe, give stdout to stderr.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    module, _, name = sys.argv[1].partition(":")
    limits = Limits(**json.loads(sys.argv[2]))
    opener: Opener = getattr(importlib.import_module(module), name)
    _limit_memory(limits)
    serve(sys.stdin.buffer, replies, Session(opener, limits), limits)


if __name__ == "__main__":
    main()
