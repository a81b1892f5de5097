"""The scans of a committed set, made on first use into a cache beside no repository; a scan made before is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from eval.cases import BadCase
from eval.generate.case_files import PRINT, read_scans, write_scan
from eval.generate.work import run_all
from extractors.errors import OutputError

_OF_A_PRINT = ("source.pdf", "gold.json", "scans.json", "seal.png")
_HERE = Path(__file__).resolve().parent
_SIMULATOR = (
    *sorted((_HERE / "scan").glob("*.py")),
    _HERE / "case_files.py",
    _HERE / "pdf.py",
    _HERE / "spec.py",
)
MADE_FROM = "made_from.txt"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A scan of the print in folder `print_folder`, called `scan` there, as the case folder `out`."""

    print_folder: Path
    scan: str
    out: Path

    @property
    def is_current(self) -> bool:
        """Whether it lies there already, made from print and simulator as both are now."""
        note = self.out / MADE_FROM
        return note.is_file() and note.read_text(encoding="ascii") == _fingerprint(self.print_folder)


def default_cache() -> Path:
    return Path(platformdirs.user_cache_path("nianbao")) / "eval-scans"


def wanted_scans(print_folder: Path, cache: Path) -> tuple[Wanted, ...]:
    """The scans that a print names. Raises BadCase where its settings cannot be read."""
    try:
        scans = read_scans(print_folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadCase(f"{print_folder}: scans.json says of no scan how it is made: {error!r}") from error
    stem = print_folder.name.removesuffix(PRINT)
    return tuple(Wanted(print_folder, scan, cache / f"{stem}-{scan}") for scan in scans)


def make_scans(wanted: Sequence[Wanted], jobs: int = 1) -> Iterator[Path]:
    """Make `wanted`, and yield the case folder of each as it is done.

    Needs neither Chromium nor LibreOffice nor fonts. Raises BadCase for a print of which something is missing,
    OutputError where the cache cannot be written.
    """
    return run_all(_make, wanted, jobs)


def ensure_scans(prints: Path, cache: Path, only: str = "", jobs: int = 1) -> tuple[Path, ...]:
    """Case folders `cache/<name>-<scan>` for every print in the folder `prints` whose name contains `only`.

    A scan is made again when its print or the simulator changed. Raises as `wanted_scans` and `make_scans` do.
    """
    folders = sorted(path.parent for path in prints.glob("*/scans.json"))
    wanted = [scan for folder in folders if only in folder.name for scan in wanted_scans(folder, cache)]
    for _ in make_scans([scan for scan in wanted if not scan.is_current], jobs):
        pass
    return tuple(scan.out for scan in wanted)


def _make(wanted: Wanted) -> Path:
    missing = [name for name in _OF_A_PRINT[:3] if not (wanted.print_folder / name).is_file()]
    if missing:
        raise BadCase(f"{wanted.print_folder}: no scan can be made without {', '.join(missing)}")
    try:
        wanted.out.parent.mkdir(parents=True, exist_ok=True)
        write_scan(wanted.print_folder, wanted.scan, wanted.out)
        (wanted.out / MADE_FROM).write_text(_fingerprint(wanted.print_folder), encoding="ascii")
    except FileNotFoundError as error:
        raise BadCase(f"{wanted.print_folder}: {error.filename} is missing") from error
    except OSError as error:
        raise OutputError(output=str(wanted.out), detail=error.strerror or str(error)) from error
    return wanted.out


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in (*(folder / name for name in _OF_A_PRINT), *_SIMULATOR):
        if path.is_file():
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
