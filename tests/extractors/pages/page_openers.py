"""What the child process is started with in tests: openers whose pages misbehave in a chosen way.

The child imports this module by name, as it does the real one; nothing is patched.
"""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass

from extractors.rendering.limits import Limits
from extractors.rendering.reader import Rendered

GOOD, BAD = 0, 1  # pages by index; the document has three, the middle one is bad


def _good() -> Rendered:
    return Rendered(200, 300, 1, 100.0, b"\xff" * 60_000)


@dataclass
class _Reader:
    behaviour: str
    page_count: int = 3

    def read(self, index: int, with_marks: bool) -> Rendered:
        if index != BAD:
            return _good()
        if self.behaviour == "hang":
            time.sleep(3600)
        if self.behaviour == "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        if self.behaviour == "hunger":
            return Rendered(1, 1, 1, 100.0, bytes(8 << 30))
        if self.behaviour == "lie":
            return Rendered(5000, 5000, 1, 100.0, b"\xff" * 10)
        if self.behaviour == "chatter":
            print("a library says hello on stdout", flush=True)
            os.write(1, b"and so does its C code\n")
        return _good()

    def close(self) -> None:
        return None


def hanging(path: str, kind: str, limits: Limits) -> _Reader:
    return _Reader("hang")


def crashing(path: str, kind: str, limits: Limits) -> _Reader:
    return _Reader("crash")


def hungry(path: str, kind: str, limits: Limits) -> _Reader:
    return _Reader("hunger")


def lying(path: str, kind: str, limits: Limits) -> _Reader:
    return _Reader("lie")


def chattering(path: str, kind: str, limits: Limits) -> _Reader:
    return _Reader("chatter")
