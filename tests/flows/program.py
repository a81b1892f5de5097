"""Runs the real program in a process of its own, as a user without special rights, home, locale or terminal."""

from __future__ import annotations

import ctypes
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENGINE = "fakes:EmptyEngine"  # finds no text; loads at once
SAID = re.compile(r"^(?:\[\d+/\d+\] )?(.*): (?:failed|失败) \[(\w+)\] (.*)$")

_PR_CAPBSET_DROP = 24  # linux/prctl.h
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2  # linux/capability.h


def obey_permissions() -> None:
    """For `preexec_fn`: root, too, is refused what the permissions of a file refuse. No-op for others."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    for capability in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
        if os.geteuid() == 0 and prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl")


def run(
    *arguments: str | Path,
    extract: str | None = None,
    before: Callable[[], object] = obey_permissions,
    **environ: str,
) -> subprocess.CompletedProcess[str]:
    """`nianbao ARGUMENTS`. `extract`: what the workers call instead of the pipeline ("module:function")."""
    code = "from flows import cli\n"
    if extract:
        code += "from functools import partial\n"
        code += f"cli.Options = partial(cli.Options, extract={extract!r})\n"
    command = [sys.executable, "-c", code + "if __name__ == '__main__': cli.main()", *map(str, arguments)]
    settings = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LANG": "C"}
    settings["PYTHONDONTWRITEBYTECODE"] = (
        "1"  # a test that bounds what may be written would leave half a .pyc
    )
    settings |= {"PYTHONPATH": os.pathsep.join((str(HERE), str(HERE.parent))), "NIANBAO_ENGINE": ENGINE}
    return subprocess.run(
        command,
        capture_output=True,
        encoding="utf-8",
        env=settings | environ,
        stdin=subprocess.DEVNULL,
        timeout=240,
        check=False,
        preexec_fn=before,
    )


def failures(done: subprocess.CompletedProcess[str]) -> dict[str, tuple[str, str, str]]:
    """What the program said of each input that failed: its name -> (code, message, remedy)."""
    lines = done.stderr.splitlines()
    found = {}
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if said := SAID.match(line):
            label, code, message = said.groups()
            remedy = re.sub(r"^ *(?:what to do: |处理办法：)", "", following)
            found[Path(label).name] = (code, message, remedy)
    return found
