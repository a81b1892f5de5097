"""The parent's end of the process that opens untrusted files: starts it, asks it, ends it, starts it anew."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from dataclasses import asdict
from types import TracebackType
from typing import Any

from extractors.errors import RenderError, RenderTimeout
from extractors.rendering.limits import Limits
from extractors.rendering.wire import error_from_wire, unpack

OPENER = "extractors.rendering.reader:open_reader"
READ_CHUNK = 1 << 20
START_SECONDS = 60.0
GRACE_SECONDS = 0.5
Reply = tuple[dict[str, Any], tuple[bytearray, ...]]


class ChildProcess:
    """One child at a time. Started at the first request, and again at the next one after it was lost.

    `opener` names what opens files there, as `module:function` (rendering.reader.Opener).
    """

    def __init__(self, limits: Limits, opener: str = OPENER) -> None:
        self._limits = limits
        self._opener = opener
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, request: dict[str, Any]) -> Reply:
        """The child's answer, as header and payloads.

        Raises what the child reports; RenderTimeout if there is no answer within `Limits.page_seconds`, and
        RenderError if it died or talked nonsense. After these two the child is gone.
        """
        try:
            header, payloads = self._exchange(request)
        except TimeoutError as error:
            self.close()
            raise RenderTimeout(seconds=self._limits.page_seconds, **_place(request)) from error
        except (OSError, ValueError, RecursionError) as error:
            status = self.close()
            raise RenderError(reason="crashed", status=status, **_place(request)) from error
        except BaseException:
            # Interrupted half-way: what this child says next would answer another question.
            self.close()
            raise
        if "error" in header:
            raise error_from_wire(header)
        return header, payloads

    def _exchange(self, request: dict[str, Any]) -> Reply:
        if self._process is None:
            # A machine under load takes its time to start a process; that is not the page's fault.
            self._process = self._start()
            self._receive(self._process, max(START_SECONDS, self._limits.page_seconds))
        self._send(self._process, request)
        return self._receive(self._process, self._limits.page_seconds)

    def close(self) -> int | None:
        """Ends the child, if there is one, and waits for its end. Its exit status, negative for a signal."""
        process, self._process = self._process, None
        if process is None:
            return None
        # The end of its input ends an idle child, and one that has just died gets the moment it needs to
        # say of what; after that it is hung.
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(timeout=GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
        if process.stdout is not None:
            process.stdout.close()
        return process.wait()

    def __enter__(self) -> ChildProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def _max_payload(self) -> int:
        return 4 * self._limits.max_page_pixels + (1 << 20)

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-X", "utf8", "-m", "extractors.rendering.child"]
        # Whatever this process can import, the child can, the opener included.
        paths = os.pathsep.join(path or os.getcwd() for path in sys.path)
        # One thread: a pool's stacks would count against the memory limit, and pages are decoded one by one.
        environment = {**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
        return subprocess.Popen(
            [*command, self._opener, json.dumps(asdict(self._limits))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            bufsize=0,
        )

    def _send(self, process: subprocess.Popen[bytes], request: dict[str, Any]) -> None:
        if process.stdin is None:
            raise BrokenPipeError("no pipe to the child")
        process.stdin.write(json.dumps(request).encode() + b"\n")

    def _receive(self, process: subprocess.Popen[bytes], seconds: float) -> Reply:
        deadline = time.monotonic() + seconds
        return unpack(lambda size: self._read(process, size, deadline), self._max_payload)

    def _read(self, process: subprocess.Popen[bytes], size: int, deadline: float) -> bytearray:
        """Exactly `size` bytes. Raises TimeoutError at the deadline and BrokenPipeError if the child ends."""
        if process.stdout is None:
            raise BrokenPipeError("no pipe from the child")
        pipe = process.stdout.fileno()
        poll = select.poll()
        poll.register(pipe, select.POLLIN)
        found = bytearray(size)
        view = memoryview(found)
        while view:
            if not poll.poll(1000 * max(0.0, deadline - time.monotonic())):
                raise TimeoutError
            count = os.readv(pipe, [view[:READ_CHUNK]])
            if count == 0:
                raise BrokenPipeError("the child ended")
            view = view[count:]
        return found


def _place(request: dict[str, Any]) -> dict[str, Any]:
    place = {"path": request["path"]}
    return place | {"page": request["index"] + 1} if "index" in request else place
