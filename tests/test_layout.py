"""The shape of the repository: what its own rules say about files and names, and what `make` promises."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import subprocess
from collections import Counter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("flows", "extractors", "models", "eval")
SOURCES = sorted(path for folder in (*PACKAGES, "tests") for path in (ROOT / folder).rglob("*.py"))
MOST_LINES = 400


def test_there_are_sources_to_look_at() -> None:
    assert len(SOURCES) > 50


def hides_eval(tree: ast.AST) -> bool:
    """Whether a module binds the name `eval` to our package: then the builtin of that name is gone."""
    return any(
        alias.asname is None and alias.name.split(".")[0] == "eval"
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    )


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import eval", True),
        ("import eval.score", True),
        ("def f():\n    import os, eval.score", True),
        ("import eval.score as score", False),
        ("from eval.score import total", False),
        ("import evaluation", False),
    ],
)
def test_the_guard_of_the_builtin_eval_fires(code: str, expected: bool) -> None:
    assert hides_eval(ast.parse(code)) == expected


def test_no_module_hides_the_builtin_eval() -> None:
    """`import eval.x` binds `eval`, and ruff sees only `import eval`: write `from eval.x import y`."""
    assert [str(path) for path in SOURCES if hides_eval(ast.parse(path.read_text("utf-8")))] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_installed_distribution_ships_our_package_names(package: str) -> None:
    """Of two packages of one name the last one installed wins, without a word from pip."""
    assert set(packages_distributions().get(package, [])) <= {"nianbao"}
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    assert Path(spec.origin).resolve() == ROOT / package / "__init__.py"


def test_every_package_folder_is_a_package() -> None:
    folders = {path.parent for path in SOURCES if ROOT / "tests" not in path.parents}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_test_modules_have_names_of_their_own() -> None:
    """Test folders are no packages, so pytest tells modules apart by their file names alone."""
    names = Counter(path.name for path in SOURCES if ROOT / "tests" in path.parents)
    assert [name for name, count in names.items() if count > 1 and name != "__init__.py"] == []


def test_files_stay_short() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in SOURCES
    }
    too_long = {path: n for path, n in lengths.items() if n > MOST_LINES}
    assert too_long == {}


def test_the_licence_is_there_in_full() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert text.lstrip().startswith("Apache License")
    assert "Version 2.0, January 2004" in text
    assert "9. Accepting Warranty or Additional Liability." in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_make_alone_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    phony = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split()
    listed = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert [line.split()[1] for line in listed.stdout.splitlines()] == phony
    assert {"demo", "test", "setup", "system"} <= set(phony)


def test_ci_runs_make_and_nothing_else() -> None:
    script = ROOT / ".ci" / "run"
    commands = [line for line in script.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert commands == ['cd "$(dirname "$0")/.." && exec make test']
    assert os.access(script, os.X_OK)


def missing_libraries(tmp_path: Path, user: int) -> subprocess.CompletedProcess[str]:
    """`.ci/system` where no library can be loaded and `id -u` says `user`; nothing is really installed."""
    for name, body in (("id", f"echo {user}"), ("apt-get", 'echo "apt-get $*"'), ("python", "exit 1")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n", "utf-8")
        (tmp_path / name).chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    command = [str(ROOT / ".ci" / "system"), str(tmp_path / "python")]
    return subprocess.run(command, env={"PATH": path}, capture_output=True, text=True, check=False)


def test_missing_libraries_are_named_with_the_command_that_installs_them(tmp_path: Path) -> None:
    run = missing_libraries(tmp_path, user=1000)
    assert run.returncode == 1
    assert "apt-get install --yes --no-install-recommends libgl1 libglib2.0-0" in run.stderr
    assert "As root" in run.stderr
    assert run.stdout == ""


def test_root_installs_them(tmp_path: Path) -> None:
    run = missing_libraries(tmp_path, user=0)
    assert run.returncode == 0
    assert "apt-get install --yes --no-install-recommends libgl1 libglib2.0-0" in run.stdout


def test_without_a_fitting_python_setting_up_says_what_to_install() -> None:
    run = subprocess.run(
        [str(ROOT / ".ci" / "venv"), "", "requirements.lock"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "3.11, 3.12 or 3.13" in run.stderr
    assert "apt-get install --yes python3 python3-venv python3-pip" in run.stderr
