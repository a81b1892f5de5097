"""The scans of a committed set, made on first use into a cache beside no repository; a scan made before is kept."""

from __future__ import annotations

import hashlib
from pathlib import Path

import platformdirs

from eval.generate.case_files import PRINT, read_scans, write_scan
from eval.generate.work import run_all

_OF_A_PRINT = ("source.pdf", "gold.json", "scans.json", "seal.png")
_HERE = Path(__file__).resolve().parent
_SIMULATOR = (
    *sorted((_HERE / "scan").glob("*.py")),
    _HERE / "case_files.py",
    _HERE / "pdf.py",
    _HERE / "spec.py",
)
MADE_FROM = "made_from.txt"


def default_cache() -> Path:
    return Path(platformdirs.user_cache_path("nianbao")) / "eval-scans"


def ensure_scans(prints: Path, cache: Path, only: str = "", jobs: int = 1) -> tuple[Path, ...]:
    """Case folders `cache/<name>-<scan>` for every print in the folder `prints` whose name contains `only`.

    Needs neither Chromium nor LibreOffice nor fonts. A scan is made again when its print or the simulator changed.
    """
    wanted = [
        (folder, scan, cache / f"{folder.name.removesuffix(PRINT)}-{scan}")
        for folder in sorted(path.parent for path in prints.glob("*/scans.json"))
        if only in folder.name
        for scan in read_scans(folder)
    ]
    missing = [entry for entry in wanted if not is_current(entry[0], entry[2])]
    list(run_all(_make, missing, jobs))
    return tuple(out for _, _, out in wanted)


def is_current(folder: Path, out: Path) -> bool:
    """Whether `out` is a scan of the print in `folder` as both it and the simulator are now."""
    note = out / MADE_FROM
    return note.is_file() and note.read_text(encoding="ascii") == _fingerprint(folder)


def _make(entry: tuple[Path, str, Path]) -> Path:
    folder, scan, out = entry
    write_scan(folder, scan, out)
    (out / MADE_FROM).write_text(_fingerprint(folder), encoding="ascii")
    return out


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in (*(folder / name for name in _OF_A_PRINT), *_SIMULATOR):
        if path.is_file():
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
