"""Worker processes that may die: a document that kills its process costs itself, never its neighbours.

`concurrent.futures` fails every document in flight when one process is killed, and cannot say which of them did
it. Here each process has a pipe of its own and one document at a time, so the suspect is known. It is tried once
more, alone, after all others (memory may have been short); if it fails again it is reported. A process that
shows no sign of life for long is killed and treated alike.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from extractors.errors import EngineError, NianbaoError, WorkerCrashed, WorkerStalled
from flows.jobs import Document, Finished, Listener, Options, Outcome, PageRead, Started
from flows.worker import Done, Ready, Unfit, main

TICK_S = 1.0  # how often silent processes are looked at
GRACE_S = 2.0  # between asking a process to end and killing it
START_S = 1800.0  # for loading an engine, which may first download its models
MAX_BAD_STARTS = 2  # processes in a row that died before their engine was loaded


class _Process:
    """One worker process and what it is doing. `task` is an index into the documents, None while idle."""

    def __init__(self, options: Options) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process: SpawnProcess = context.Process(target=main, args=(theirs, options), daemon=False)
        # Until it has left the terminal's process group, Ctrl-C must not reach it (it would print a traceback).
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self.process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        theirs.close()
        self.ready = False
        self.task: int | None = None
        self.heard = time.monotonic()
        self.stalled = False

    @property
    def pid(self) -> int:
        return self.process.pid or 0

    def hand(self, index: int, document: Document) -> None:
        self.task = index
        self.heard = time.monotonic()
        self.pipe.send((index, document))

    def dismiss(self) -> None:
        """Let an idle process end by itself, and make sure that it does."""
        if self.process.is_alive():
            with suppress(OSError):  # it may be ending already
                self.pipe.send(None)
            self.process.join(GRACE_S)
        self.kill()

    def kill(self) -> None:
        """End the process and all that it started (a renderer), at first politely."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self.process.is_alive():
                self._signal(number)
                self.process.join(GRACE_S)
        self._signal(signal.SIGKILL)  # children that outlived it
        self.pipe.close()

    def _signal(self, number: int) -> None:
        try:
            os.killpg(self.pid, number)
        except (ProcessLookupError, PermissionError):
            if self.process.is_alive():  # it has not made its group yet
                os.kill(self.pid, number)

    def cause(self) -> str:
        """How it died, for people: "SIGKILL", "exit 3"."""
        self.process.join(GRACE_S)
        code = self.process.exitcode or 0
        return signal.Signals(-code).name if code < 0 else f"exit {code}"


class Pool:
    """Reads documents with at most `jobs` processes. Use `run` once; it leaves no process behind."""

    def __init__(self, documents: Sequence[Document], options: Options, jobs: int, listen: Listener) -> None:
        self._documents = documents
        self._options = options
        self._jobs = max(1, min(jobs, len(documents)))
        self._listen = listen
        self._queue = deque(range(len(documents)))
        self._suspects: deque[int] = deque()
        self._retried: set[int] = set()
        self._outcomes: dict[int, Outcome] = {}
        self._processes: list[_Process] = []
        self._bad_starts = 0
        self._unfit: NianbaoError | None = None

    def run(self) -> tuple[Outcome, ...]:
        """One outcome per document, in their order. KeyboardInterrupt and its like end all processes first.

        Raises the EngineError or UsageError of an engine that cannot be loaded, if nothing was read by then.
        """
        try:
            while len(self._outcomes) < len(self._documents) and self._unfit is None:
                self._staff()
                self._hand_out()
                self._hear()
        except BaseException:
            for process in self._processes:
                process.kill()
                self._sweep(process)
            raise
        for process in self._processes:
            process.dismiss()
        if self._unfit is not None and not self._outcomes:
            raise self._unfit
        for index in range(len(self._documents)):
            if index not in self._outcomes:
                self._finish(index, Outcome(self._documents[index], error=self._unfit))
        return tuple(self._outcomes[index] for index in range(len(self._documents)))

    def _staff(self) -> None:
        """As many processes as there is work for: one alone while suspects are tried again."""
        if not self._queue and not self._busy() and self._suspects:
            for process in self._processes[1:]:
                process.dismiss()
            del self._processes[1:]
            self._queue.append(self._suspects.popleft())
        wanted = min(self._jobs, len(self._queue) + len(self._busy()))
        while len(self._processes) < wanted:
            self._processes.append(_Process(self._options))

    def _busy(self) -> list[_Process]:
        return [process for process in self._processes if process.task is not None]

    def _hand_out(self) -> None:
        for process in self._processes:
            if process.ready and process.task is None and self._queue:
                index = self._queue.popleft()
                try:
                    process.hand(index, self._documents[index])
                except OSError:  # it died while idle: `_hear` will notice, the document is not to blame
                    process.task = None
                    self._queue.appendleft(index)
                    continue
                self._listen(Started(index))

    def _hear(self) -> None:
        pipes = [process.pipe for process in self._processes]
        sentinels = [process.process.sentinel for process in self._processes]
        wait([*pipes, *sentinels], TICK_S)
        for process in list(self._processes):
            if not self._receive(process) or not process.process.is_alive():
                self._receive(process)  # what it still said before it ended
                self._bury(process)
            elif self._is_stalled(process):
                process.stalled = True
                process.kill()
                self._bury(process)

    def _receive(self, process: _Process) -> bool:
        """Take in what the process has said; False where its end of the pipe is closed."""
        try:
            while process.pipe.poll():
                process.heard = time.monotonic()
                self._take(process, process.pipe)
        except (EOFError, OSError):
            return False
        return True

    def _take(self, process: _Process, pipe: Connection) -> None:
        match pipe.recv():
            case Ready():
                process.ready = True
                self._bad_starts = 0
            case Unfit(error=error):
                self._unfit = error
            case PageRead() as event:
                self._listen(event)
            case Done(outcome=outcome) if process.task is not None:
                index, process.task = process.task, None
                self._finish(index, outcome)

    def _is_stalled(self, process: _Process) -> bool:
        silent = time.monotonic() - process.heard
        if not process.ready:
            return silent > START_S
        return process.task is not None and silent > self._options.stall_s

    def _bury(self, process: _Process) -> None:
        """Remove a dead process; its document becomes a suspect, or has failed if it was one already."""
        cause = process.cause()
        process.kill()
        self._processes.remove(process)
        self._sweep(process)
        if not process.ready:
            self._bad_starts += 1
            if self._bad_starts >= MAX_BAD_STARTS and self._unfit is None:
                self._unfit = EngineError(detail=cause)
        index = process.task
        if index is None:
            return
        if index not in self._retried:
            self._retried.add(index)
            self._suspects.append(index)
            return
        error = (
            WorkerStalled(seconds=round(self._options.stall_s))
            if process.stalled
            else WorkerCrashed(cause=cause)
        )
        self._finish(index, Outcome(self._documents[index], error=error))

    def _finish(self, index: int, outcome: Outcome) -> None:
        self._outcomes[index] = outcome
        self._listen(Finished(index, outcome))

    def _sweep(self, process: _Process) -> None:
        from flows.outputs import sweep  # heavy, and needed only after an accident

        if process.task is not None:
            sweep(self._documents[process.task], self._options, process.pid)
