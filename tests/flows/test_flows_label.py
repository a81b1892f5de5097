"""`nianbao eval label`, `settle` and `generate` as people run them, with an engine that finds nothing."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from PIL import Image
from program import run

ROOT = Path(__file__).resolve().parents[2]
TESTS = Path(__file__).resolve().parents[1]
PROGRAM = "from flows import cli\nif __name__ == '__main__': cli.main()"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    (tmp_path / "one").mkdir()
    shutil.copy(ROOT / "data" / "samples" / "hemiao-2024-digital" / "source.pdf", tmp_path / "one")
    return tmp_path / "one"


def answers(case: Path, who: str, **given: str | None) -> None:
    (case / "labels").mkdir(exist_ok=True)
    whole = {"agency": "青柏市档案局", "year": "2023", **given}
    text = json.dumps({"who": who, "form": "2021", "answers": whole})
    (case / "labels" / f"{who}.json").write_text(text, encoding="utf-8")


def test_a_labeller_answers_on_the_page_and_ends_with_ctrl_c(case: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, "eval", "label", str(case), "--who", "a", "--form", "2021"]
    settings = {"PATH": os.environ["PATH"], "LANG": "C", "PYTHONPATH": str(TESTS), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [*command, "--engine", "fakes:EmptyEngine"],
        env=settings,
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as program:
        assert program.stdout is not None
        told = program.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/", told)
        assert found is not None, told
        body = json.dumps({"name": "agency", "answer": "青柏市档案局"}).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{found[0]}answer", body)) as reply:
            assert json.loads(reply.read())["name"] == "year"
        program.send_signal(signal.SIGINT)
        rest, said = program.communicate(timeout=60)
    assert program.returncode == 0, said
    assert "1 of 208 answered" in rest
    kept = json.loads((case / "labels" / "a.json").read_text(encoding="utf-8"))
    assert kept["answers"] == {"agency": "青柏市档案局"}


def test_a_label_that_cannot_be_begun_is_told_with_a_remedy(case: Path) -> None:
    Image.new("L", (400, 560), 255).save(case / "source.pdf", resolution=72)  # a scan, of nothing
    unknown = run("eval", "label", case, "--who", "a", "--engine", "fakes:EmptyEngine")
    assert (unknown.returncode, "[bad_case]" in unknown.stderr) == (3, True), unknown.stderr
    assert "no form was recognised" in unknown.stderr
    nameless = run("eval", "label", case, "--who", "../a", "--form", "2021", "--engine", "fakes:EmptyEngine")
    assert (nameless.returncode, "cannot be the name" in nameless.stderr) == (3, True)
    absent = run("eval", "label", case / "none", "--who", "a", "--engine", "fakes:EmptyEngine")
    assert (absent.returncode, "what to do:" in absent.stderr) == (3, True)


def test_two_labellers_become_one_label_once_their_differences_are_settled(case: Path) -> None:
    answers(case, "a", x="1", y="2")
    answers(case, "b", x="1", y="3")
    unsettled = run("eval", "settle", case, "a", "b")
    assert (unsettled.returncode, "[bad_case]" in unsettled.stderr) == (3, True)
    assert not (case / "gold.json").exists()
    answers(case, "c", y="3")
    settled = run("eval", "settle", case, "a", "b", "c")
    assert settled.returncode == 0, settled.stderr
    assert "agree on 3 of 4" in settled.stdout
    gold = json.loads((case / "gold.json").read_text(encoding="utf-8"))
    assert (gold["fields"], gold["label_source"]) == ({"x": "1", "y": "3"}, "hand")


def test_generated_cases_are_verified_and_described() -> None:
    verified = run("eval", "generate", "verify", ROOT / "data" / "samples")
    assert verified.returncode in (0, 1), verified.stderr
    assert "6 cases" in verified.stdout
    described = run("eval", "generate", "describe", ROOT / "data" / "eval")
    assert "| reports, form 2021 |" in described.stdout


def test_what_cannot_be_generated_is_told_with_a_remedy(tmp_path: Path) -> None:
    for arguments, status, code in (
        (("verify", tmp_path), 3, "bad_case"),
        (("scans", tmp_path), 3, "bad_case"),
        (("sheets", tmp_path, "--out", tmp_path), 3, "bad_case"),
        (("split", "--out", tmp_path, "--split", "other"), 2, "usage"),
        (("split", "--out", tmp_path, "--level", "6"), 2, "usage"),
    ):
        done = run("eval", "generate", *arguments)
        assert done.returncode == status, done.stderr
        assert f"[{code}]" in done.stderr
        assert "what to do:" in done.stderr
    without = run(
        "eval", "generate", "split", "--out", tmp_path / "out", "--reports", "1", PATH="/nonexistent"
    )
    assert without.returncode == 2, without.stderr
    assert "[missing_tool]" in without.stderr
