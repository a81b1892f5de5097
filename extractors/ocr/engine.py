"""What an OCR engine must be able to do, and nothing about any particular one.

Calling the engine (slow, impure) is kept apart from understanding its answer (pure): an engine gives
`Lattice`s, `decode.py` turns them into `Reading`s. Tests replay recorded lattices with no engine.
An engine is named in configuration as `module:factory`; the factory takes no argument and gives an `OcrEngine`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from extractors.document import GrayImage, Quad


@dataclass(frozen=True, eq=False, slots=True)
class Lattice:
    """The character distribution over time steps of one recognised crop (CTC, before collapsing).

    `ids` int32 and `probs` float32, both shape (time, k): the k likeliest classes per step, best first.
    Class 0 is the CTC blank, class i > 0 is `alphabet[i]`. `alphabet[0]` is "". What is not among
    the k has at most `1 - probs.sum(axis=1)` of mass. `step_px` is the width of a time step in pixels of the
    crop *as given* to the engine, so that characters can be placed on the page.
    """

    ids: npt.NDArray[np.int32]
    probs: npt.NDArray[np.float32]
    alphabet: Sequence[str]
    step_px: float


class OcrEngine(Protocol):
    """Detection and recognition on grey images. A call is pure: nothing it is given changes later calls."""

    @property
    def name(self) -> str:
        """For people: "PP-OCRv6 small, onnxruntime"."""
        ...

    @property
    def fingerprint(self) -> str:
        """sha256 over weights and settings: two engines with one fingerprint read alike."""
        ...

    def detect(self, image: GrayImage) -> tuple[Quad, ...]:
        """Quads around the text lines of `image`, in its pixels, in no particular order."""
        ...

    def recognise(self, crops: Sequence[GrayImage]) -> tuple[Lattice, ...]:
        """One lattice per crop, in the order given. A crop holds one horizontal line of text."""
        ...
