"""The plain values that pass between the command line, the pool and its worker processes.

Nothing here imports numpy: a worker sets its thread limits before the first heavy import.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from extractors.errors import NianbaoError
from extractors.messages import Lang

if TYPE_CHECKING:
    from extractors.export.view import Summary

DEFAULT_EXTRACT = "extractors.pipeline:extract_document"
DEFAULT_LOADER = "extractors.ocr.paddle:load_engine"


@dataclass(frozen=True, slots=True)
class Document:
    """One input document and where its results go.

    `label` is what people call it, `name` its outputs' path below the output folder, "/"-separated and without
    the format's suffix. `volume` is what stands before the number where the document holds several reports.
    """

    paths: tuple[Path, ...]
    label: str
    name: str
    volume: str


@dataclass(frozen=True, slots=True)
class Options:
    """What a worker must know. `extract` and `load_engine` are dotted names ("module:function"), so that they
    can be found again in another process; `engine` is handed to the latter.
    """

    out: Path
    formats: tuple[str, ...]
    lang: Lang
    overlay: bool = False
    force: bool = False
    engine: str | None = None
    tables: str | None = None  # "module:factory" of a table reader or a heading classifier in place of ours;
    headings: str | None = None  # only the evaluation takes them, since a result's mark does not name them
    extract: str = DEFAULT_EXTRACT
    load_engine: str = DEFAULT_LOADER
    stall_s: float = 900.0  # a document that shows no sign of life for so long is given up
    debug: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a document: its reports and files, or the error. `kept`: the older result stands."""

    document: Document
    reports: tuple[Summary, ...] = ()
    written: tuple[Path, ...] = ()
    kept: bool = False
    error: NianbaoError | None = None
    trace: str = ""  # for --debug


@dataclass(frozen=True, slots=True)
class Started:
    index: int


@dataclass(frozen=True, slots=True)
class PageRead:
    """`done` of `total` pages of document `index` have been read."""

    index: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Finished:
    index: int
    outcome: Outcome


Event = Started | PageRead | Finished
Listener = Callable[[Event], None]
