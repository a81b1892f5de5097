"""The environment that the locks describe: one owner of cv2, nothing from elsewhere, no network, free licences.

`pip check` cannot say this: it believes that opencv is missing twice (docs/decisions/0002-one-cv2.md).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import Distribution, distribution, packages_distributions
from pathlib import Path

import cv2
import numpy as np
import pytest
from offline import offline_environment
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
LOCKS = (ROOT / "requirements.lock", ROOT / "requirements-dev.lock")
EXTRA = ROOT / "requirements-generate.lock"  # a whole environment too: the product and the extra `generate`
WEAK_COPYLEFT = {"certifi", "crc32c", "hypothesis", "pathspec", "python-bidi", "tqdm"}
COPYLEFT = re.compile(r"GPL|MPL|EUPL|General Public|Mozilla", re.IGNORECASE)
STRONG_COPYLEFT = re.compile(r"AGPL|Affero|(?<!L)GPL|(?<!Lesser )General Public", re.IGNORECASE)


def locked(lock: Path) -> list[Requirement]:
    text = lock.read_text("utf-8").replace("\\\n", " ")
    lines = [line.split("--hash")[0].strip() for line in text.splitlines() if re.match(r"[A-Za-z0-9]", line)]
    return [Requirement(line) for line in lines]


def installed() -> dict[str, Distribution]:
    """The distributions that the developers' lock asks for here."""
    wanted = [req for req in locked(LOCKS[1]) if req.marker is None or req.marker.evaluate()]
    return {req.name: distribution(req.name) for req in wanted}


def test_cv2_has_one_owner() -> None:
    owners = set(packages_distributions()["cv2"])
    assert owners == {"opencv-contrib-python"}
    assert cv2.__version__ == ".".join(distribution("opencv-contrib-python").version.split(".")[:3])


@pytest.mark.parametrize("lock", [*LOCKS, EXTRA], ids=lambda lock: lock.name)
def test_the_lock_names_no_registry_and_hashes_all(lock: Path) -> None:
    text = lock.read_text("utf-8")
    assert not re.search(r"index-url|find-links|trusted-host|://|^-", text, re.MULTILINE)
    entries = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    assert len(entries) == len(locked(lock)) > 50
    assert all("--hash=sha256:" in entry for entry in entries)
    assert all("==" in str(requirement.specifier) for requirement in locked(lock))


def test_both_locks_hold_the_same_versions() -> None:
    run, develop = ({req.name: str(req.specifier) for req in locked(lock)} for lock in LOCKS)
    assert run.items() <= develop.items()
    assert {"pytest", "ruff", "mypy"} <= develop.keys() - run.keys()


def test_the_extra_adds_to_the_product_and_changes_nothing_of_it() -> None:
    run, extra = ({req.name: str(req.specifier) for req in locked(lock)} for lock in (LOCKS[0], EXTRA))
    shared = run.keys() & extra.keys()
    assert {name: run[name] for name in shared} == {name: extra[name] for name in shared}
    assert "augraphy" in extra.keys() - run.keys()
    others = [req for req in locked(EXTRA) if req.name in {"opencv-python", "opencv-python-headless"}]
    assert [req.name for req in others if req.marker is None or req.marker.evaluate()] == []


def test_what_is_installed_is_what_is_locked() -> None:
    found = installed()
    wrong = [
        f"{req.name} is {found[req.name].version}, locked {req.specifier}"
        for req in locked(LOCKS[1])
        if req.name in found and not req.specifier.contains(found[req.name].version, prereleases=True)
    ]
    assert len(found) > 50
    assert wrong == []


def licences(dist: Distribution) -> str:
    said = [dist.metadata.get("License-Expression"), (dist.metadata.get("License") or "")[:200]]
    said += [c for c in dist.metadata.get_all("Classifier") or [] if c.startswith("License ::")]
    return " | ".join(part for part in said if part)


def test_no_dependency_is_under_gpl_or_agpl_and_weak_copyleft_is_listed() -> None:
    found = {name: licences(dist) for name, dist in installed().items()}
    assert [name for name, licence in found.items() if not licence] == []
    assert {name: licence for name, licence in found.items() if STRONG_COPYLEFT.search(licence)} == {}
    assert {name for name, licence in found.items() if COPYLEFT.search(licence)} == WEAK_COPYLEFT
    page = (ROOT / "docs" / "decisions" / "0001-packaging-and-lock.md").read_text("utf-8")
    assert all(f"`{name}`" in page for name in WEAK_COPYLEFT)


@pytest.fixture
def offline(tmp_path: Path) -> dict[str, str]:
    """An environment whose Python processes can't reach out; `NETWORK_LOG` holds who tried."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | offline_environment(tmp_path)


def test_the_guard_against_connections_would_notice_one(offline: dict[str, str]) -> None:
    code = "import socket; socket.create_connection(('192.0.2.1', 9), timeout=1)"
    run = subprocess.run([sys.executable, "-c", code], env=offline, capture_output=True, check=False)
    assert run.returncode != 0
    assert "192.0.2.1" in Path(offline["NETWORK_LOG"]).read_text("utf-8")


@pytest.mark.engine
def test_extraction_makes_no_connection(offline: dict[str, str], tmp_path: Path) -> None:
    """With the real engine, which without our care looks for model hosts when it starts."""
    page = np.full((1200, 900), 255, dtype=np.uint8)
    cv2.putText(page, "2023 REPORT 12345", (60, 200), cv2.FONT_HERSHEY_SIMPLEX, 2.0, 0, 4)
    cv2.imwrite(str(tmp_path / "scan.png"), page)
    command = [
        sys.executable,
        "-c",
        "from flows.cli import main; main()",
        "extract",
        str(tmp_path / "scan.png"),
        "-o",
        str(tmp_path / "out"),
    ]
    run = subprocess.run(command, env=offline, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "out" / "scan.json").is_file()
    assert not Path(offline["NETWORK_LOG"]).exists()
