"""From the paths a person gives to documents, each with a name that no other has (DESIGN.md, command line).

* A folder's tree is mirrored below the output folder; a file given by itself lands directly in it.
* `scan.pdf` is named `scan`, or `scan.pdf` where its folder holds another document of the same stem.
* Where two inputs would share a name, both keep as much of their parents' path as tells them apart; a folder
  moves as a whole.
* A folder is one document if it is a run of numbered page images, or if `one_document` says so.

Hidden files and folders are passed over in silence; what else cannot be read is listed in `Plan.skipped`.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from extractors.errors import InputError, MissingFile, NianbaoError, UnsupportedType, UsageError
from extractors.pages.folder import is_page_folder, natural_key
from extractors.pages.sniff import SUFFIXES
from flows.jobs import Document

OVERLAY_SUFFIX = ".overlay"  # folders that we write; never read as input
YEARS = range(1990, 2100)
VOLUME_MARK = "#"


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be read, what cannot be (path, error: a failure), and what was passed over (no failure)."""

    documents: tuple[Document, ...]
    failed: tuple[tuple[Path, NianbaoError], ...] = ()
    skipped: tuple[tuple[Path, NianbaoError], ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """A document in the tree of one input. `above` are the folders between the input and it."""

    paths: tuple[Path, ...]
    given: Path  # as the user would write it
    above: tuple[str, ...]
    full: str  # file or folder name
    is_folder: bool = False


@dataclass(frozen=True, slots=True)
class _Item:
    """One path of the command line: its documents, and the folders above that can go before their names."""

    above: tuple[str, ...]
    found: tuple[_Found, ...]


class _Walk:
    """Collects what the inputs hold; lives for one call of `plan`."""

    def __init__(self, out: Path, one_document: bool) -> None:
        self.out = _absolute(out)
        self.one_document = one_document
        self.failed: list[tuple[Path, NianbaoError]] = []
        self.skipped: list[tuple[Path, NianbaoError]] = []
        self._seen: set[Path] = set()

    def items(self, given: Path) -> Iterator[_Item]:
        place = _absolute(given)
        if os.path.isdir(given):  # unlike Path.is_dir, no error where a folder above is closed to us
            found = tuple(self._folder(given, ()))
            # The folder itself as a document does not stand below itself.
            yield _Item(place.parts[1:-1], tuple(one for one in found if one.given == given))
            yield _Item(place.parts[1:], tuple(one for one in found if one.given != given))
        elif not os.path.exists(given):
            self.failed.append((given, MissingFile(path=str(given))))
        elif self._new(given):
            yield _Item(place.parts[1:-1], (_Found((given,), given, (), given.name),))

    def _folder(self, folder: Path, above: tuple[str, ...]) -> Iterator[_Found]:
        try:
            entries = sorted(folder.iterdir(), key=natural_key)
        except OSError as error:
            self.failed.append((folder, InputError(path=str(folder), detail=error.strerror or str(error))))
            return
        entries = [entry for entry in entries if not entry.name.startswith(".")]
        files = [entry for entry in entries if self._readable(entry)]
        if self._is_document(folder, files):
            new = [file for file in files if self._new(file)]
            if new:
                yield _Found(tuple(new), folder, above[:-1], _absolute(folder).name, is_folder=True)
        else:
            yield from (_Found((file,), file, above, file.name) for file in files if self._new(file))
        for entry in entries:
            if entry.is_dir() and self._enters(entry):
                yield from self._folder(entry, (*above, entry.name))

    def _is_document(self, folder: Path, files: Sequence[Path]) -> bool:
        if self.one_document:
            return bool(files)
        return len(files) > 1 and is_page_folder(folder) and not _are_years(files)

    def _readable(self, entry: Path) -> bool:
        """Whether the entry is a file to read; what is neither that nor a folder is noted."""
        if entry.is_dir():
            return False
        if entry.suffix.lower() in SUFFIXES and (entry.is_file() or entry.is_symlink()):
            return True
        if not (self.out in _absolute(entry).parents and entry.suffix in _OWN_SUFFIXES):
            self.skipped.append((entry, UnsupportedType(path=str(entry))))
        return False

    def _enters(self, folder: Path) -> bool:
        """Links to folders are not followed (they may lead round in circles), nor our own results read."""
        if folder.is_symlink():
            self.skipped.append((folder, UnsupportedType(path=str(folder))))
            return False
        return folder.suffix != OVERLAY_SUFFIX and _absolute(folder) != self.out

    def _new(self, path: Path) -> bool:
        """False for a file that an earlier input held already."""
        place = _absolute(path)
        if place in self._seen:
            return False
        self._seen.add(place)
        return True


_OWN_SUFFIXES = frozenset((".json", ".xlsx", ".csv", ".html", ".md"))


def plan(inputs: Sequence[Path], out: Path, one_document: bool = False) -> Plan:
    """The documents of `inputs`, named. Reads folders, opens no file.

    Raises UsageError where `one_document` is asked of a file: it makes one document of each *folder*.
    """
    for given in inputs:
        if one_document and given.is_file():
            raise UsageError(detail=f"--one-document: {given}")
    walk = _Walk(out, one_document)
    items = [item for given in inputs for item in walk.items(given)]
    names = _names(items)
    found = [one for item in items for one in item.found]
    documents = tuple(
        Document(one.paths, str(one.given), name, volume)
        for one, name, volume in zip(found, names, _volumes(names), strict=True)
    )
    return Plan(documents, tuple(walk.failed), tuple(walk.skipped))


def _names(items: Sequence[_Item]) -> list[str]:
    """One name per document, in order. Each round moves every input that still clashes one folder down."""
    leaves = _leaves([one for item in items for one in item.found])
    depth = [0] * len(items)
    while True:
        named = [
            ["/".join((*_tail(item.above, depth[i]), *one.above, leaves[one])) for one in item.found]
            for i, item in enumerate(items)
        ]
        count = Counter(name for names in named for name in names)
        clashing = [
            i
            for i, names in enumerate(named)
            if depth[i] < len(items[i].above) and any(count[name] > 1 for name in names)
        ]
        if not clashing:
            return [name for names in named for name in names]
        for i in clashing:
            depth[i] += 1


def _leaves(found: Sequence[_Found]) -> dict[_Found, str]:
    """The last step of each document's name: unlike that of any other document in the same folder."""
    by_folder: dict[Path, list[_Found]] = {}
    for one in found:
        by_folder.setdefault(_absolute(one.given).parent, []).append(one)
    return {
        one: leaf
        for folder, group in by_folder.items()
        for one, leaf in zip(group, _leaves_in(folder, group), strict=True)
    }


def _leaves_in(folder: Path, group: Sequence[_Found]) -> Iterator[str]:
    """Stems first; whoever shares a name with another takes its full name, until nobody does."""
    leaf = {name: PurePosixPath(name).stem for name in _on_disk(folder)}
    leaf |= {one.full: one.full if one.is_folder else PurePosixPath(one.full).stem for one in group}
    while True:
        count = Counter(leaf.values())
        shared = [name for name in leaf if count[leaf[name]] > 1 and leaf[name] != name]
        if not shared:
            return (leaf[one.full] for one in group)
        leaf |= {name: name for name in shared}


def _on_disk(folder: Path) -> set[str]:
    """Names of the document files in a folder, whether they are read this time or not."""
    try:
        names = os.listdir(folder)
    except OSError:  # a folder may let us open a file and not list it; then only the inputs count
        return set()
    return {
        name for name in names if not name.startswith(".") and PurePosixPath(name).suffix.lower() in SUFFIXES
    }


def _volumes(names: Sequence[str]) -> list[str]:
    """name + "#" for each name, with more marks where another document's outputs could begin like that."""
    prefixes: list[str] = []
    for name in names:
        prefix = name + VOLUME_MARK
        while prefix in prefixes or any(other.startswith(prefix) for other in names):
            prefix += VOLUME_MARK
        prefixes.append(prefix)
    return prefixes


def _are_years(files: Sequence[Path]) -> bool:
    """Whether the files' numbers are years: "2021.png", "2022.png" are two reports, not two pages."""
    digits = ["".join(c if c.isdigit() else " " for c in file.stem).split() for file in files]
    return all(numbers and len(numbers[-1]) == 4 and int(numbers[-1]) in YEARS for numbers in digits)


def _tail(steps: tuple[str, ...], count: int) -> tuple[str, ...]:
    return steps[len(steps) - count :]


def _absolute(path: Path) -> Path:
    """The path without "." and ".." but with its links as they are: a link is an input of its own."""
    return Path(os.path.abspath(path))
