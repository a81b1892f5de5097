"""One worker process: loads its engine once, then reads the documents it is handed, one after the other.

It lives in a process group of its own, so that Ctrl-C in the terminal reaches only the parent, which then ends
the group with all that the group started. What third-party libraries print goes nowhere, except with --debug.
Nothing heavy is imported before the thread limits stand: BLAS and OpenMP read them only once.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from extractors.errors import NianbaoError
from extractors.threads import limit_threads
from flows.jobs import Document, Options, Outcome, PageRead

if TYPE_CHECKING:
    from extractors.document import ColourImage, Record
    from extractors.export.view import Summary
    from extractors.ocr.engine import OcrEngine


class Extraction(Protocol):
    """A record and the pictures of its pages. Where it is a context manager too, it is left in the end."""

    @property
    def record(self) -> Record: ...

    def display(self, page: int) -> ColourImage: ...


class ExtractFunction(Protocol):
    """What reads a document: `extractors.pipeline.extract_document`, or a test's stand-in for it.

    A bound volume gives one extraction per report. `on_page(done, total)` is called after every page.
    """

    def __call__(
        self, paths: Sequence[Path], engine: OcrEngine, on_page: Callable[[int, int], None] | None = None
    ) -> tuple[Extraction, ...]: ...


@dataclass(frozen=True, slots=True)
class Ready:
    """The engine is loaded; give me documents."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """The engine cannot be loaded; no document can be read."""

    error: NianbaoError


@dataclass(frozen=True, slots=True)
class Done:
    outcome: Outcome


def main(pipe: Connection, options: Options) -> None:
    """Entry of the process: answers `Ready`, then one `Done` for each (index, document), until None comes."""
    _settle(options.debug)
    limit_threads()
    import cv2  # only now: see the module's docstring

    cv2.setNumThreads(1)
    try:
        extract = with_stages(resolve(options.extract), options)
        engine: OcrEngine = resolve(options.load_engine)(options.engine)
    except NianbaoError as error:
        pipe.send(Unfit(error))
        return
    pipe.send(Ready())
    while (task := _next(pipe)) is not None:
        index, document = task
        on_page = partial(_report, pipe, index)
        pipe.send(Done(attempt(document, options, engine, extract, on_page)))


def with_stages(extract: ExtractFunction, options: Options) -> ExtractFunction:
    """`extract` with the stages that the options name. Raises UsageError."""
    if options.tables is None and options.headings is None:
        return extract
    from extractors.stages import load_stages

    stages = load_stages(options.tables, options.headings)
    return partial(extract, stages=stages)  # type: ignore[call-arg]  # a test's stand-in has no stages


def resolve(name: str) -> Any:
    """What "module:attribute" names."""
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute)


def _settle(debug: bool) -> None:
    os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    sink = 2 if debug else os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)
    os.dup2(sink, 2)


def _leave(signum: int, frame: object) -> NoReturn:
    sys.exit(128 + signum)


def _next(pipe: Connection) -> tuple[int, Document] | None:
    try:
        task: tuple[int, Document] | None = pipe.recv()
    except EOFError:  # the parent is gone
        return None
    return task


def _report(pipe: Connection, index: int, done: int, total: int) -> None:
    pipe.send(PageRead(index, done, total))


def attempt(
    document: Document,
    options: Options,
    engine: OcrEngine,
    extract: ExtractFunction,
    on_page: Callable[[int, int], None],
) -> Outcome:
    """Read one document and write its results; whatever goes wrong is in the outcome, nothing is raised."""
    try:
        return _read(document, options, engine, extract, on_page)
    except NianbaoError as error:
        return Outcome(document, error=error, trace=traceback.format_exc())
    except Exception as error:  # noqa: BLE001  the edge of the process: a defect costs its document, not the batch
        defect = NianbaoError(detail=f"{type(error).__name__}: {error}")
        return Outcome(document, error=defect, trace=traceback.format_exc())


def _read(
    document: Document,
    options: Options,
    engine: OcrEngine,
    extract: ExtractFunction,
    on_page: Callable[[int, int], None],
) -> Outcome:
    from flows import outputs

    kept = _kept(document, options, engine)
    if kept:
        return kept
    extractions = extract(document.paths, engine, on_page)
    stems = outputs.stems(document, options, len(extractions))
    # One report after the other, so that memory holds the files of one; the first last: see outputs.standing.
    delivered: list[tuple[Summary, tuple[Path, ...]]] = []
    pages = sum(len(extraction.record.source.pages) for extraction in extractions)
    for extraction, stem in reversed(list(zip(extractions, stems, strict=True))):
        delivered.insert(0, _deliver(extraction, stem, document, options))
        on_page(pages, pages)  # a sign of life: a thick volume takes its time to draw
    if options.force:
        outputs.remove_outdated(document, options, len(extractions))
    reports, written = zip(*delivered, strict=True)
    return Outcome(document, reports, tuple(path for files in written for path in files))


def _deliver(
    extraction: Extraction, stem: Path, document: Document, options: Options
) -> tuple[Summary, tuple[Path, ...]]:
    """Make all files of one report, then write them."""
    from extractors.export.origin import origin_of
    from extractors.export.view import summarise
    from flows import outputs

    record = _named(extraction.record, document)
    with ExitStack() as stack:
        if isinstance(extraction, AbstractContextManager):
            stack.enter_context(extraction)
        files = outputs.render(record, extraction.display, outputs.targets(stem, options), options)
    outputs.write(files, document.paths, origin_of(record), options.force)
    return summarise(record), tuple(files)


def _named(record: Record, document: Document) -> Record:
    """The record with the document's own name: that of the folder where its pages are the folder's files."""
    if len(document.paths) == 1:
        return record
    return replace(record, source=replace(record.source, name=Path(document.label).name or document.name))


def _kept(document: Document, options: Options, engine: OcrEngine) -> Outcome | None:
    from importlib.metadata import version

    from extractors.content import content_sha256
    from extractors.errors import InputError, MissingFile
    from extractors.export.json import loads, record_from_json
    from extractors.export.origin import Origin
    from extractors.export.view import summarise
    from flows import outputs

    try:
        sha256 = content_sha256(document.paths)
    except FileNotFoundError as error:
        raise MissingFile(path=document.label) from error
    except OSError as error:
        raise InputError(path=document.label, detail=error.strerror or str(error)) from error
    files = outputs.standing(document, options, Origin(sha256, version("nianbao"), engine.fingerprint))
    if not files:
        return None
    texts = [file.read_text(encoding="utf-8") for file in files if file.suffix == ".json"]
    reports = tuple(summarise(record_from_json(loads(text))) for text in texts)
    return Outcome(document, reports, files, kept=True)
