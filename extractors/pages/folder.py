"""A folder of numbered page images as one document: which files, in which order, and which are missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from extractors.document import Issue
from extractors.pages.sniff import IMAGE_SUFFIXES

_NUMBER = re.compile(r"(\d+)")
MAX_NAMED = 20  # missing numbers named in an issue; a count says how many there are


def natural_key(path: Path) -> tuple[tuple[int, int, str], ...]:
    """Sorts 2 before 10, and a name that ends before one that goes on."""
    parts = _NUMBER.split(path.name.casefold())
    return tuple((0, int(part), part) if index % 2 else (1, 0, part) for index, part in enumerate(parts))


def image_files(folder: Path) -> tuple[Path, ...]:
    """The image files right in `folder`, naturally sorted; hidden files are not looked at."""
    files = (path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    return tuple(sorted((path for path in files if path.suffix.lower() in IMAGE_SUFFIXES), key=natural_key))


def is_page_folder(folder: Path) -> bool:
    """Whether all files of `folder` are images named by one stem and a number ("scan_1.png", "scan_2.png").

    One such image makes a page folder too; a sub-folder or any other file does not.
    """
    if not folder.is_dir():
        return False
    entries = [path for path in folder.iterdir() if not path.name.startswith(".")]
    if not entries or not all(path.is_file() and path.suffix.lower() in IMAGE_SUFFIXES for path in entries):
        return False
    numbered = [_numbered(path) for path in entries]
    if any(found is None for found in numbered):
        return False
    stems = {found[0] for found in numbered if found}
    numbers = [found[1] for found in numbered if found]
    return len(stems) == 1 and len(set(numbers)) == len(numbers)


def _numbered(path: Path) -> tuple[tuple[str, str], int] | None:
    """(what stands before and after the last number, the number); None without a number."""
    found = list(_NUMBER.finditer(path.stem))
    if not found:
        return None
    last = found[-1]
    return (path.stem[: last.start()].casefold(), path.stem[last.end() :].casefold()), int(last.group())


def gaps(paths: Sequence[Path]) -> tuple[Issue, ...]:
    """One issue "page_gap" if the page numbers of `paths` leave some out; the first may be 0 or any number.

    Facts: `missing` (the first missing numbers), `count` (how many are missing).
    """
    numbered = [_numbered(path) for path in paths]
    if any(found is None for found in numbered) or len({found[0] for found in numbered if found}) != 1:
        return ()
    numbers = {found[1] for found in numbered if found}
    count = max(numbers) - min(numbers) + 1 - len(numbers)
    if count == 0:
        return ()
    return (Issue("page_gap", "warning", facts={"missing": _first_missing(numbers), "count": count}),)


def _first_missing(numbers: Iterable[int]) -> tuple[int, ...]:
    missing: list[int] = []
    ordered = sorted(numbers)
    for before, after in pairwise(ordered):
        missing.extend(range(before + 1, min(after, before + 1 + MAX_NAMED)))
        if len(missing) >= MAX_NAMED:
            break
    return tuple(missing[:MAX_NAMED])
