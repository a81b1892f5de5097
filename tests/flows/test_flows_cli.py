"""The program as people and service managers run it: in a process, with and without a terminal and a locale."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows.cli import run_program

STUB = Path(__file__).with_name("stub_cli.py")
CLEAN = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}


def run(*arguments: str | Path, **environ: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, str(STUB), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, env=CLEAN | environ, timeout=120, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "甲局 档案"
    made.mkdir()
    (made / "扫描[1].pdf").write_text("ok", encoding="utf-8")
    return made


def test_without_locale_terminal_or_home_it_works_and_stays_quiet(folder: Path, tmp_path: Path) -> None:
    (folder / "坏.pdf").write_text("encrypted", encoding="utf-8")
    (folder / "故障.pdf").write_text("bug", encoding="utf-8")
    done = run("extract", folder, "-o", tmp_path / "out", "--overlay", LANG="C")
    out, err = done.stdout.decode(), done.stderr.decode()
    assert done.returncode == 1  # a defect of ours weighs more than a bad input
    assert "云岭县<城乡&建设>局" in out
    assert "55/57" in out
    assert f"  {tmp_path / 'out' / '扫描[1].json'}" in out.splitlines()
    assert "[encrypted_file] The PDF needs a password to open" in err
    assert "what to do:" in err
    assert "Traceback" not in out + err
    assert "chatter" not in out + err
    assert "\x1b" not in out + err
    assert (tmp_path / "out" / "扫描[1].overlay" / "page-002.png").exists()


def test_terminal_that_cannot_show_chinese_gets_escapes(folder: Path, tmp_path: Path) -> None:
    done = run("extract", folder, "-o", tmp_path / "out", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0, done.stderr
    assert b"\\u4e91\\u5cad" in done.stdout  # the agency's first two characters


def test_chinese_messages_and_trace_on_demand(folder: Path, tmp_path: Path) -> None:
    (folder / "故障.pdf").write_text("bug", encoding="utf-8")
    done = run("extract", folder, "-o", tmp_path / "out", "--lang", "zh", "--debug", "-f", "json", LANG="C")
    err = done.stderr.decode()
    assert "程序内部出错" in err
    assert "Traceback" in err
    assert "third-party chatter" in err


def test_second_run_keeps_and_says_so(folder: Path, tmp_path: Path) -> None:
    run("extract", folder, "-o", tmp_path / "out", "-f", "json")
    done = run("extract", folder, "-o", tmp_path / "out", "-f", "json", "--lang=zh")
    assert done.returncode == 0
    assert "已有相同结果" in done.stdout.decode()


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        pytest.param(["--version"], 0, r"^nianbao \d", id="version"),
        pytest.param([], 2, r"Usage: \S+ \[OPTIONS\] COMMAND", id="nothing"),
        pytest.param(["extract"], 2, r"\[usage\].*PATH", id="no-path"),
        pytest.param(["extract", "x.pdf", "--lang", "zh"], 2, "命令用法不对.*-o", id="no-output-folder"),
        pytest.param(["extract", ".", "--bogus", "-o", "out"], 2, r"\[usage\].*--bogus", id="no-such-option"),
        pytest.param(["train"], 2, r"\[usage\].*train", id="no-such-command"),
        pytest.param(["extract", "x.pdf", "-o", "out"], 3, "missing_file", id="no-such-file"),
        pytest.param(["extract", ".", "-o", "out", "-f", "pdf"], 2, "pdf.*json", id="no-such-format"),
        pytest.param(["extract", ".", "-o", "out", "-f", ","], 2, "format", id="no-format"),
        pytest.param(["extract", ".", "-o", "out", "--lang", "de"], 2, "zh", id="no-such-language"),
        pytest.param(["extract", ".", "-o", "out", "-j", "0"], 2, "--jobs", id="no-jobs"),
        pytest.param(["extract", ".", "-o", "out"], 2, "nothing to read|没有找到", id="empty-folder"),
        pytest.param(
            ["extract", ".", "-o", "/proc/nowhere"],
            2,
            "nothing to read|没有找到",
            id="nothing-made-for-nothing",
        ),
    ],
)
def test_usage(
    arguments: list[str],
    status: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_program(arguments) == status
    output = "".join(capfd.readouterr())
    assert re.search(said, output), output
    assert "Traceback" not in output
    assert list(tmp_path.iterdir()) == []


def _processes_of_group(group: int) -> list[str]:
    listing = subprocess.run(["ps", "-eo", "pgid=,args="], capture_output=True, text=True, check=True).stdout
    return [line for line in listing.splitlines() if line.split(maxsplit=1)[0] == str(group)]


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["ctrl-c", "terminate"]
)
def test_interrupted_run_ends_cleanly(folder: Path, tmp_path: Path, number: int, status: int) -> None:
    """A worker hangs for ten minutes; the interrupt must end it and leave what was finished."""
    hung = tmp_path / "hung"
    (folder / "卡.pdf").write_text(f"hang {hung}", encoding="utf-8")
    command = [sys.executable, str(STUB), "extract", str(folder), "-o", str(tmp_path / "out"), "-f", "json"]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=CLEAN | {"LANG": "C"},
        # Tests started in the background of a script inherit an ignored SIGINT, and so would this program.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 60
    while not hung.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    children = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True, check=True
    ).stdout.split()
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert process.returncode == status
    assert b"Traceback" not in out + err
    assert [line for child in children for line in _processes_of_group(int(child))] == []
    left = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert left in ([], ["扫描[1].json"])


def test_bars_on_a_terminal(folder: Path, tmp_path: Path) -> None:
    """On a real (pseudo) terminal there is a progress bar, and the table fits its width."""
    ours, theirs = pty.openpty()
    command = [sys.executable, str(STUB), "extract", str(folder), "-o", str(tmp_path / "out"), "--lang", "zh"]
    environ = CLEAN | {"LANG": "C.UTF-8", "TERM": "xterm", "COLUMNS": "100"}
    process = subprocess.Popen(command, stdout=theirs, stderr=theirs, stdin=theirs, env=environ)
    os.close(theirs)
    shown = b""
    while select.select([ours], [], [], 60)[0]:
        try:
            data = os.read(ours, 65536)
        except OSError:  # Linux: the other end is closed
            break
        if not data:
            break
        shown += data
    os.close(ours)
    text = shown.decode()
    assert process.wait(30) == 0, text
    assert "文档" in text
    assert "0/1" in text
    assert "待复核" in text
    assert "chatter" not in text
