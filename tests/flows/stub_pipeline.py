"""Stand-ins for the pipeline and the engine, which crash, raise, hang or answer as the input's text asks.

They are found by dotted name in the worker processes, as the real ones are. A "document" is a text file:
its first word says what happens.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "extractors" / "export"))

from sample_record import build_record, draw_page

from extractors.content import content_sha256
from extractors.document import ColourImage, Engine, Record
from extractors.errors import EncryptedFile, RenderError, WeightsMissing

EXTRACT = "stub_pipeline:extract"
LOADER = "stub_pipeline:load_engine"


@dataclass(frozen=True)
class StubEngine:
    fingerprint: str
    name: str = "stub"


@dataclass(frozen=True)
class StubExtraction:
    record: Record

    def display(self, page: int) -> ColourImage:
        if page == 1:
            raise RenderError(page=1)
        return draw_page(page)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        return None


def load_engine(spec: str | None) -> StubEngine:
    if spec == "missing":
        raise WeightsMissing(path="weights.onnx")
    if spec == "die":
        os._exit(9)
    return StubEngine(spec or "stub-1")


def extract(
    paths: Sequence[Path], engine: StubEngine, on_page: Callable[[int, int], None] | None = None
) -> tuple[StubExtraction, ...]:
    print("third-party chatter")
    print("more of it", file=sys.stderr)
    word, _, rest = paths[0].read_text(encoding="utf-8").partition(" ")
    if on_page is not None:
        on_page(1, 3)
    _misbehave(word, rest)
    record = build_record()
    record = replace(
        record,
        source=replace(
            record.source,
            name=paths[0].name,
            paths=tuple(str(path) for path in paths),
            sha256=content_sha256(paths),
        ),
        engine=Engine("0.1.0", engine.name, engine.fingerprint),
    )
    return tuple(StubExtraction(record) for _ in range(int(rest) if word == "volume" else 1))


def _misbehave(word: str, rest: str) -> None:
    if word == "crash":
        os._exit(7)
    if word == "crash-once" and not Path(rest).exists():
        Path(rest).touch()
        os.kill(os.getpid(), 9)
    if word == "encrypted":
        raise EncryptedFile(path="x")
    if word == "bug":
        raise KeyError("a defect")
    if word == "hang":
        Path(rest).touch()
        time.sleep(600)
