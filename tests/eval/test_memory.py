"""What the benchmark says of memory: true of a process whose use is known, and worded with both values."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from eval.memory import RENDERER, Memory, memory_told, renderers, status_mb

HOLDS = """
import sys
block = bytearray(%d << 20)
del block
print("held", flush=True)
sys.stdin.read()
"""


def child(code: str, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", code, *arguments]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


def test_peak_stays_when_memory_is_given_back() -> None:
    with child(HOLDS % 120) as process:
        resident, peak = status_mb(process.pid, "VmRSS"), status_mb(process.pid, "VmHWM")
        process.communicate()
    assert peak > 120
    assert resident < 60


def test_only_renderers_are_counted_as_such() -> None:
    with child(HOLDS % 1) as other, child(HOLDS % 1, RENDERER.decode()) as renderer:
        assert renderers(os.getpid()) == [renderer.pid]
        renderer.communicate()
        other.communicate()


def test_a_figure_that_is_not_told_is_no_zero() -> None:
    with pytest.raises(RuntimeError):
        status_mb(os.getpid(), "VmNothing")


def test_both_values_are_told() -> None:
    told = memory_told([Memory(50, 400.4, 512.0, 90.0), Memory(100, 401.0, 512.0, 91.0)])
    assert told == (
        "after 50 pages reader 400 MB (peak 512 MB), renderer peak 90 MB, "
        "after 100 pages reader 401 MB (peak 512 MB), renderer peak 91 MB"
    )
