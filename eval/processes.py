"""Work in fresh processes, every library on one thread, as `nianbao extract --jobs` has it: what is measured alone,
and how much two processes get done beside one.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Sequence
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from statistics import median
from typing import ParamSpec, TypeVar

import cv2

from extractors.ocr.engine import OcrEngine
from extractors.ocr.paddle import load_engine
from extractors.pipeline import extract_document
from extractors.threads import limit_threads

ROUNDS = 3  # one and two take turns, the median counts: a neighbour on the machine spoils a round, not all
P = ParamSpec("P")
T = TypeVar("T")


def alone(work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """What `work` gives in a fresh process: numeric libraries take their number of threads once."""
    limit_threads()
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments, named)


def own_engine() -> OcrEngine:
    """The engine of a process that `limit_threads` held for: OpenCV keeps to one thread too."""
    cv2.setNumThreads(1)
    return load_engine()


def two_against_one(files: Sequence[Path]) -> float:
    """Documents per second of two processes over those of one; 2.0 if neither is in the other's way.

    Every process reads all of `files`, so that both have the same work and neither waits at the end. Wall time of
    the slower one, engines loaded and a document read beforehand.
    """
    return median(2 * _wall(files, 1) / _wall(files, 2) for _ in range(ROUNDS))


def _wall(files: Sequence[Path], processes: int) -> float:
    limit_threads()
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(processes)
    walls: Queue[float] = context.Queue()
    readers = [context.Process(target=_read, args=(files, start, walls)) for _ in range(processes)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    if any(reader.exitcode for reader in readers):
        raise RuntimeError("a process that reads documents failed; its error stands above")
    return max(walls.get() for _ in readers)


def _read(files: Sequence[Path], start: Barrier, walls: Queue[float]) -> None:
    try:
        engine = own_engine()
        extract_document([files[0]], engine)
    except BaseException:
        start.abort()  # or the other would wait for ever
        raise
    start.wait()
    begun = time.perf_counter()
    for file in files:
        extract_document([file], engine)
    walls.put(time.perf_counter() - begun)
