"""What was run: enough to say whether two runs may be compared, and to make a run again."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from eval.cases import Case

ROOT = Path(__file__).resolve().parents[2]
OURS = ("extractors", "models")  # what can change a record


@dataclass(frozen=True, slots=True)
class Facts:
    """`code` is the sha256 over the sources that make records, `gold` over all labels and documents."""

    nianbao: str
    commit: str | None
    code: str
    engine: str
    weights: str
    settings: Mapping[str, str]
    gold: str
    cases_folder: str
    cases: tuple[str, ...]
    machine: Mapping[str, Any]
    jobs: int
    seconds: float | None
    peak_memory_mb: float | None

    def to_json(self) -> dict[str, Any]:
        return {"schema": "nianbao.run/1", **asdict(self)}


def gather(
    folder: Path,
    cases: Sequence[Case],
    engines: Iterable[tuple[str, str]],
    settings: Mapping[str, str],
    jobs: int,
    seconds: float | None,
    peak_memory_mb: float | None,
) -> Facts:
    """The facts of a run over `cases`. `engines`: (name, fingerprint) as the records give them."""
    names = sorted(set(engines))
    return Facts(
        nianbao=version("nianbao"),
        commit=commit(),
        code=code_sha256(),
        engine=", ".join(name for name, _ in names),
        weights=", ".join(weights for _, weights in names),
        settings=dict(settings),
        gold=gold_sha256(cases),
        cases_folder=str(folder),
        cases=tuple(case.name for case in cases),
        machine=machine(),
        jobs=jobs,
        seconds=seconds,
        peak_memory_mb=peak_memory_mb,
    )


def gold_sha256(cases: Iterable[Case]) -> str:
    """sha256 over name, labels and document of every case, in the order of their names."""
    digest = hashlib.sha256()
    for case in sorted(cases, key=lambda case: case.name):
        for part in (case.source.parent / "gold.json", case.source):
            digest.update(f"{case.name}/{part.name}\0".encode())
            digest.update(hashlib.sha256(part.read_bytes()).digest())
    return digest.hexdigest()


def code_sha256() -> str:
    """sha256 over all files of the packages that make records, names included."""
    digest = hashlib.sha256()
    for package in OURS:
        for path in sorted((ROOT / package).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(ROOT).as_posix()}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def commit() -> str | None:
    """The git commit of the checkout, with "+" where files differ from it; None where there is no checkout."""
    if not (ROOT / ".git").exists():
        return None
    try:
        head = _git("rev-parse", "--short=12", "HEAD")
        changed = _git("status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError):
        return (
            None  # git is not installed, or the checkout belongs to someone else: the code's sha256 remains
        )
    return head + ("+" if changed else "")


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def machine() -> dict[str, Any]:
    """Processor, cores that this process may use, system and Python: what speed depends on."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"
