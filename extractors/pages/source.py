"""One document as a row of pages, whatever files it is made of."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from extractors.document import ColourImage, Issue
from extractors.errors import InputError, MissingFile, NoPages, RenderError, TooManyPages
from extractors.pages import folder, kinds, raw
from extractors.pages.process import OPENER, ChildProcess, Reply
from extractors.pages.raw import RawPage
from extractors.pages.sniff import kind_of
from extractors.rendering.limits import Limits

HASH_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    kind: str
    first: int  # 1-based number of its first page in the document
    page_count: int


class Source:
    """An open document. Use it as a context manager: it holds a child process.

    `name` is what people call it (file or folder name), `paths` the files in page order as they were given,
    `sha256` that of the content: for one file its own, for several that of their hashes in order.
    """

    def __init__(
        self, name: str, files: Sequence[_File], child: ChildProcess, issues: Sequence[Issue]
    ) -> None:
        self.name = name
        self.paths = tuple(file.path for file in files)
        self.sha256 = _sha256(self.paths)
        self.issues = tuple(issues)
        self.page_count = sum(file.page_count for file in files)
        self._files = tuple(files)
        self._child = child

    def raw_page(self, number: int) -> RawPage:
        """Page `number` (1-based), rendered and judged.

        Raises RenderTimeout or RenderError where this page could not be rendered; other pages still can. IndexError
        for a page that the document does not have.
        """
        header, payloads = self._ask(number, marks=True)
        try:
            display = raw.picture(header, payloads[0])
            found, segments = raw.marks(header), raw.segments(header)
            pictures = raw.small_picture(header, payloads)
            images = raw.images(header)
            dpi = raw.dpi(header)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise RenderError(reason="nonsense", page=number, path=self.name) from error
        verdict = kinds.judge(number, display, dpi, found, segments, images, pictures)
        return RawPage(
            number,
            display,
            dpi,
            verdict.kind,
            verdict.glyphs,
            segments if verdict.kind == "digital" else (),
            verdict.turn,
            verdict.issues,
            header.get("bilevel") is True,
            verdict.pictures,
        )

    def display(self, number: int) -> ColourImage:
        """Page `number` as in its RawPage, for overlays and crops. Raises as `raw_page` does."""
        header, payloads = self._ask(number, marks=False)
        try:
            return raw.picture(header, payloads[0])
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise RenderError(reason="nonsense", page=number, path=self.name) from error

    def close(self) -> None:
        self._child.close()

    def __enter__(self) -> Source:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, number: int, marks: bool) -> Reply:
        file = next((file for file in self._files if 0 <= number - file.first < file.page_count), None)
        if file is None:
            raise IndexError(f"no page {number} in a document of {self.page_count}")
        request: dict[str, Any] = {"op": "page", "path": str(file.path), "kind": file.kind}
        try:
            return self._child.ask(request | {"index": number - file.first, "marks": marks})
        except RenderError as error:
            raise type(error)(**{**error.facts, "page": number, "path": str(file.path)}) from error
        except InputError as error:
            # What would be wrong with a whole file is here wrong with one page of it.
            facts = {**error.facts, "reason": error.code, "page": number, "path": str(file.path)}
            raise RenderError(**facts) from error


def open_source(paths: Sequence[Path] | Path, limits: Limits | None = None, opener: str = OPENER) -> Source:
    """One document from a file, from a folder of page images, or from several files in the order given.

    A folder is taken as one document whatever its images are called (`is_page_folder` says whether it looks
    like one). `opener` names what opens files in the child process (rendering.reader.Opener).
    Raises MissingFile, EmptyFile, UnsupportedType, NotADocument, EncryptedFile, TruncatedFile, PictureBomb,
    NoPages, TooManyPages, and RenderError or RenderTimeout where merely opening the file was too much.
    """
    limits = limits or Limits()
    name, files = _files(paths)
    child = ChildProcess(limits, opener)
    try:
        found, issues = _opened(files, child, limits)
        return Source(name, found, child, issues + list(folder.gaps(files) if len(files) > 1 else ()))
    except BaseException:
        child.close()
        raise


def _files(paths: Sequence[Path] | Path) -> tuple[str, tuple[Path, ...]]:
    if not isinstance(paths, Path):
        if not paths:
            raise NoPages(path="")
        return paths[0].name, tuple(paths)
    if not paths.is_dir():
        return paths.name, (paths,)
    images = folder.image_files(paths)
    if not images:
        raise NoPages(path=str(paths))
    return paths.resolve().name, images


def _opened(files: Sequence[Path], child: ChildProcess, limits: Limits) -> tuple[list[_File], list[Issue]]:
    """The files with their page counts. A page image among several that cannot be opened keeps its place,
    as one page that fails when it is asked for; of a single file the error is the document's."""
    found: list[_File] = []
    issues: list[Issue] = []
    first = 1
    for path in files:
        kind, count = _count(path, child, alone=len(files) == 1)
        if count == 0:
            raise NoPages(path=str(path))
        found.append(_File(path, kind, first, count))
        first += count
        if first - 1 > limits.max_pages:
            raise TooManyPages(path=str(path), pages=first - 1, limit=limits.max_pages)
    return found, issues


def _count(path: Path, child: ChildProcess, alone: bool) -> tuple[str, int]:
    if not path.exists():
        raise MissingFile(path=str(path))
    try:
        kind = kind_of(path)
        if not alone and kind in ("png", "jpeg"):
            return kind, 1
        header, _ = child.ask({"op": "open", "path": str(path), "kind": kind})
    except (InputError, RenderError):
        if alone:
            raise
        return "broken", 1
    return kind, max(0, int(header.get("page_count", 0)))


def _sha256(paths: Sequence[Path]) -> str:
    digests = []
    for path in paths:
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while chunk := file.read(HASH_CHUNK):
                digest.update(chunk)
        digests.append(digest.hexdigest())
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
