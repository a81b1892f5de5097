"""OCR engines for tests: each does one thing, needs no weights, and is an `OcrEngine` in full."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

import numpy as np

from extractors.document import GrayImage, Quad
from extractors.errors import EngineError
from extractors.ocr.engine import Lattice

STEP_PX = 8.0


def quad(x0: float, y0: float, x1: float, y1: float) -> Quad:
    """An upright quad, in pixels."""
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], dtype=np.float32)


def lattice(text: str, sure: float = 0.999, step_px: float = STEP_PX) -> Lattice:
    """What a recogniser that reads `text` gives: each character at `sure`, a sure blank before and after it.

    The rest of a character's mass is the blank's.
    """
    alphabet = ("", *dict.fromkeys(text))
    ids, probs = [[0, 0]], [[1.0, 0.0]]
    for character in text:
        ids += [[alphabet.index(character), 0], [0, 0]]
        probs += [[sure, 1.0 - sure], [1.0, 0.0]]
    return Lattice(np.array(ids, dtype=np.int32), np.array(probs, dtype=np.float32), alphabet, step_px)


def mixed(steps: Sequence[Mapping[str, float]], step_px: float = STEP_PX) -> Lattice:
    """A lattice written out: per step the probability of each character ("" is the blank)."""
    alphabet = ("", *dict.fromkeys(character for step in steps for character in step if character))
    width = max((len(step) for step in steps), default=1)
    ids = np.zeros((len(steps), width), dtype=np.int32)
    probs = np.zeros((len(steps), width), dtype=np.float32)
    for row, step in enumerate(steps):
        for rank, (character, p) in enumerate(sorted(step.items(), key=lambda item: -item[1])):
            ids[row, rank], probs[row, rank] = alphabet.index(character), p
    return Lattice(ids, probs, alphabet, step_px)


class EmptyEngine:
    """Finds no text anywhere."""

    name = "empty"
    fingerprint = "0" * 64

    def detect(self, image: GrayImage) -> tuple[Quad, ...]:
        return ()

    def recognise(self, crops: Sequence[GrayImage]) -> tuple[Lattice, ...]:
        return tuple(lattice("") for _ in crops)


class ReplayEngine:
    """Gives what it was told to: `quads` for every page, `texts` (or whole lattices) crop after crop.

    Asked for more crops than it has texts, it raises AssertionError: the test's script is wrong.
    What it was asked is in `seen` (pictures) and `crops`.
    """

    name = "replay"
    fingerprint = "1" * 64

    def __init__(self, texts: Sequence[str | Lattice] = (), quads: Sequence[Quad] = ()) -> None:
        self._left = list(texts)
        self._quads = tuple(quads)
        self.seen: list[GrayImage] = []
        self.crops: list[GrayImage] = []

    def detect(self, image: GrayImage) -> tuple[Quad, ...]:
        self.seen.append(image)
        return self._quads

    def recognise(self, crops: Sequence[GrayImage]) -> tuple[Lattice, ...]:
        self.crops += crops
        assert len(crops) <= len(self._left), f"{len(crops)} crops, but {len(self._left)} texts are left"
        given, self._left = self._left[: len(crops)], self._left[len(crops) :]
        return tuple(lattice(one) if isinstance(one, str) else one for one in given)


class CrashingEngine(EmptyEngine):
    """Fails on every call, as an engine does whose weights are broken."""

    name = "crashing"

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error or EngineError(engine="crashing", detail="as told to")

    def detect(self, image: GrayImage) -> tuple[Quad, ...]:
        raise self._error

    def recognise(self, crops: Sequence[GrayImage]) -> tuple[Lattice, ...]:
        raise self._error


class GarbledEngine(EmptyEngine):
    """Finds one line across the page, and reads every crop as characters it is not sure of."""

    name = "garbled"

    def detect(self, image: GrayImage) -> tuple[Quad, ...]:
        height, width = image.shape
        return (quad(0.1 * width, 0.1 * height, 0.9 * width, 0.1 * height + 30),)

    def recognise(self, crops: Sequence[GrayImage]) -> tuple[Lattice, ...]:
        unsure = {"囗": 0.35, "": 0.25, "8": 0.2, "à": 0.2}
        return tuple(mixed([unsure] * 6) for _ in crops)


class SlowEngine(EmptyEngine):
    """Does not answer until `release` is set (or `limit_s` is over), so that a test needs no clock."""

    name = "slow"

    def __init__(self, limit_s: float = 30.0) -> None:
        self.release = threading.Event()
        self.asked = threading.Event()
        self._limit_s = limit_s

    def detect(self, image: GrayImage) -> tuple[Quad, ...]:
        self.asked.set()
        self.release.wait(self._limit_s)
        return ()
