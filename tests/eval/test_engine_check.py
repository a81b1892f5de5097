"""The conformance check passes an engine that keeps its promises, and names each promise that is broken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from eval.engine_check import TEXTS, check_engine, digits, lattice_faults
from extractors.document import GrayImage, Quad
from extractors.ocr.engine import Lattice, OcrEngine
from extractors.ocr.paddle import PaddleEngine

ALPHABET = ("", *"0123456789")


class TemplateEngine:
    """Reads the digits of `eval.engine_check.digits` by comparing pictures: a whole engine in a few lines."""

    name = "templates"
    fingerprint = "a" * 64

    def detect(self, image: GrayImage) -> tuple[Quad, ...]:
        ink = cv2.dilate(255 - image, np.ones((5, 41), np.uint8))
        _, _, boxes, _ = cv2.connectedComponentsWithStats((ink > 128).astype(np.uint8))
        return tuple(
            np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]], dtype=np.float32)
            for x, y, w, h, _ in boxes[1:].tolist()
        )

    def recognise(self, crops: Sequence[GrayImage]) -> tuple[Lattice, ...]:
        known = {text: digits(text) for text in TEXTS}
        return tuple(
            lattice(
                next((text for text, one in known.items() if np.array_equal(one, crop)), ""), crop.shape[1]
            )
            for crop in crops
        )


def lattice(text: str, width: int) -> Lattice:
    ids = [[0]] + [[n] for char in text for n in (ALPHABET.index(char), 0)]
    probs = np.full((len(ids), 1), 0.99, dtype=np.float32)
    return Lattice(np.array(ids, dtype=np.int32), probs, ALPHABET, width / len(ids))


def test_an_engine_that_keeps_its_promises_passes() -> None:
    assert check_engine(TemplateEngine()) == []


@pytest.mark.engine
def test_our_own_engine_passes() -> None:
    assert check_engine(PaddleEngine()) == []


class NoName(TemplateEngine):
    name = " "


class NoHash(TemplateEngine):
    fingerprint = "v1"


class Blind(TemplateEngine):
    def detect(self, image: GrayImage) -> tuple[Quad, ...]:
        return ()


class Scribbler(TemplateEngine):
    def detect(self, image: GrayImage) -> tuple[Quad, ...]:
        found = super().detect(image)
        image[0, 0] = 7
        return found


class Anticlockwise(TemplateEngine):
    def detect(self, image: GrayImage) -> tuple[Quad, ...]:
        return tuple(quad[::-1].copy() for quad in super().detect(image))


class Outside(TemplateEngine):
    def detect(self, image: GrayImage) -> tuple[Quad, ...]:
        return tuple(quad + 3000 for quad in super().detect(image))


class Wavering(TemplateEngine):
    calls = 0

    def detect(self, image: GrayImage) -> tuple[Quad, ...]:
        self.calls += 1
        return super().detect(image)[: None if self.calls % 2 else 1]


class Dropping(TemplateEngine):
    def recognise(self, crops: Sequence[GrayImage]) -> tuple[Lattice, ...]:
        return super().recognise(crops)[1:]


class Batching(TemplateEngine):
    def recognise(self, crops: Sequence[GrayImage]) -> tuple[Lattice, ...]:
        return tuple(replace(one, probs=one.probs / len(crops)) for one in super().recognise(crops))


class Illiterate(TemplateEngine):
    def recognise(self, crops: Sequence[GrayImage]) -> tuple[Lattice, ...]:
        return tuple(lattice("1", crop.shape[1]) for crop in crops)


@pytest.mark.parametrize(
    ("engine", "fault"),
    [
        (NoName(), "name is empty"),
        (NoHash(), "no sha256"),
        (Blind(), "no line was found"),
        (Scribbler(), "writes into the picture"),
        (Anticlockwise(), "clockwise"),
        (Outside(), "outside the page"),
        (Wavering(), "other quads the second time"),
        (Dropping(), "4 crops give 3 lattices"),
        (Batching(), "read otherwise in another batch"),
        (Illiterate(), "was read as 1 1 1 1"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
def test_every_broken_promise_is_named(engine: OcrEngine, fault: str) -> None:
    assert [one for one in check_engine(engine) if fault in one]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"alphabet": ("x", *ALPHABET[1:])}, "blank"),
        ({"alphabet": ("", "1")}, "outside the alphabet"),
        ({"step_px": 1000.0}, "outside its crop"),
        ({"step_px": 0.01}, "do not span"),
        ({"probs": np.full((3, 1), 1.5, np.float32)}, "more than 1"),
        ({"probs": np.full((3, 1), -0.5, np.float32)}, "negative"),
        ({"probs": np.full((3, 2), 0.1, np.float32)}, "not both"),
        ({"probs": np.full((3, 1), 0.5)}, "float64"),
        (
            {"ids": np.zeros((3, 2), np.int32), "probs": np.array([[0.1, 0.9]] * 3, np.float32)},
            "not sorted",
        ),
    ],
)
def test_every_fault_of_a_lattice_is_named(changes: dict[str, Any], fault: str) -> None:
    good = lattice("7", 60)
    assert list(lattice_faults(good, 60)) == []
    assert [one for one in lattice_faults(replace(good, **changes), 60) if fault in one]
