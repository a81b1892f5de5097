"""Peers that must not be among our dependencies: each in an environment of its own, made when it is first asked.

The environments lie in `out/peers`, outside of git; `make clean` removes them. Making one needs a package index.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cv2

from extractors.document import GrayImage
from extractors.errors import EngineError

ROOT = Path(__file__).resolve().parents[2]
RUNNERS = Path(__file__).with_name("runners")


def python_of(peer: str, place: Path = ROOT / "out" / "peers") -> Path:
    """The interpreter of the peer's environment, which is made if its pins changed. Raises EngineError."""
    pins = RUNNERS / f"{peer}.txt"
    folder = place / peer
    python, mark = folder / "bin" / "python", folder / pins.name
    if mark.is_file() and mark.read_bytes() == pins.read_bytes():
        return python
    venv.create(folder, clear=True, with_pip=True)
    _run([str(python), "-m", "pip", "install", "--quiet", "--requirement", str(pins)], peer)
    mark.write_bytes(pins.read_bytes())
    return python


def _run(command: Sequence[str], peer: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise EngineError(engine=peer, detail=done.stderr.strip().splitlines()[-1] if done.stderr else "pip")


class PeerProcess:
    """A peer in its environment, kept running: one picture in, one answer out."""

    def __init__(self, python: Path, runner: Path, peer: str) -> None:
        self._peer = peer
        self._process = subprocess.Popen(
            [str(python), str(runner)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def close(self) -> None:
        """Let it end. It ends by itself, too, when the process that asks is gone."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        self._process.wait()

    def ask(self, picture: GrayImage) -> Any:
        """The peer's answer for a page. Raises EngineError where it died. Lines that are no JSON are its chatter."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        with TemporaryDirectory() as folder:
            path = Path(folder) / "page.png"
            cv2.imwrite(str(path), picture)
            try:
                stdin.write(f"{path}\n")
                stdin.flush()
            except BrokenPipeError as error:
                raise EngineError(engine=self._peer, detail="it ended early") from error
            for line in stdout:
                if line.startswith(("[", "{")):
                    return json.loads(line)
        raise EngineError(engine=self._peer, detail="it ended without an answer")


def start(peer: str, runner: str) -> PeerProcess:
    """The peer's process. Raises EngineError where its environment cannot be made."""
    return PeerProcess(python_of(peer), RUNNERS / runner, peer)


if __name__ == "__main__":  # makes environments beforehand: python -m eval.peers.environments img2table
    for name in sys.argv[1:]:
        sys.stdout.write(f"{python_of(name)}\n")
