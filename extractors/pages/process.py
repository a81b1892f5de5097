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
        process = self._process or self._start()
        self._process = process
        deadline = time.monotonic() + self._limits.page_seconds
        try:
            self._send(process, request)
            header, payloads = unpack(lambda size: self._read(process, size, deadline), self._max_payload)
        except TimeoutError as error:
            self.close()
            raise RenderTimeout(seconds=self._limits.page_seconds, **_place(request)) from error
        except (OSError, ValueError) as error:
            status = self.close()
            raise RenderError(reason="crashed", status=status, **_place(request)) from error
        if "error" in header:
            raise error_from_wire(header)
        return header, payloads

    def close(self) -> int | None:
        """Ends the child, if there is one, and waits for its end. Its exit status, negative for a signal."""
        process, self._process = self._process, None
        if process is None:
            return None
        # One that has just died by itself gets the moment it needs to say of what.
        try:
            if process.stdin is not None:
                process.stdin.close()
        except BrokenPipeError:
            pass
        try:
            process.wait(timeout=0.2)
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
        paths = os.pathsep.join(path for path in sys.path if path)
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

    def _read(self, process: subprocess.Popen[bytes], size: int, deadline: float) -> bytearray:
        """Exactly `size` bytes. Raises TimeoutError at the deadline and BrokenPipeError if the child ends."""
        if process.stdout is None:
            raise BrokenPipeError("no pipe from the child")
        pipe = process.stdout.fileno()
        found = bytearray(size)
        view = memoryview(found)
        while view:
            ready, _, _ = select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            count = os.readv(pipe, [view[:READ_CHUNK]])
            if count == 0:
                raise BrokenPipeError("the child ended")
            view = view[count:]
        return found


def _place(request: dict[str, Any]) -> dict[str, Any]:
    place = {"path": request["path"]}
    return place | {"page": request["index"] + 1} if "index" in request else place
