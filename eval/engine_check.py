"""Whether an OCR engine keeps the promises of `OcrEngine`, checked on pages drawn here: no files, no network.

Everything downstream relies on them (characters are placed by `step_px`, confidences multiplied from `probs`), and an
engine that breaks one reads wrong without a word. Anyone can run this on an engine of their own:
`nianbao eval engine module:factory`, or `check_engine(engine)` in a test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import cv2
import numpy as np

from extractors.document import GrayImage
from extractors.ocr.engine import Lattice, OcrEngine

WHITE = 255
TEXTS = ("20231136", "0", "7", "4711")  # a long number, the commonest answer, a narrow digit
CROP_SIZE = (40, 26)  # height of a crop, width per digit, in pixels
SUM_SLACK = 1e-3  # of a time step's probabilities: float32 sums
SAME = 1e-3  # difference of probabilities that batching may make
OUTSIDE_PX = 2.0  # how far a quad may reach beyond the page
READ_AT_LEAST = 0.5  # characters of TEXTS
COVERED = 0.5  # of a crop's width that its steps must span at least

Rule = Callable[[OcrEngine], Iterator[str]]


def check_engine(engine: OcrEngine) -> list[str]:
    """What the engine gets wrong, in words; empty for an engine that conforms. What it raises is raised."""
    return [f"{rule.__name__.strip('_')}: {fault}" for rule in RULES for fault in rule(engine)]


def _name_and_fingerprint(engine: OcrEngine) -> Iterator[str]:
    if not engine.name.strip():
        yield "the name is empty"
    if not re.fullmatch(r"[0-9a-f]{64}", engine.fingerprint):
        yield f"the fingerprint is no sha256 in hex: {engine.fingerprint!r}"
    if engine.fingerprint != engine.fingerprint:
        yield "the fingerprint changes from call to call"


def _detection(engine: OcrEngine) -> Iterator[str]:
    """Lines are found inside the page, as quads from the top left clockwise; an empty page has none that matter."""
    page = text_page()
    before = page.copy()
    quads = engine.detect(page)
    if not np.array_equal(page, before):
        yield "detect writes into the picture that it was given"
    if not isinstance(quads, tuple):
        yield f"detect gives a {type(quads).__name__}, not a tuple"
    if not quads:
        yield "no line was found on a page with four lines"
    height, width = page.shape
    for quad in quads:
        if quad.shape != (4, 2) or quad.dtype != np.float32:
            yield f"a quad is {quad.dtype}{quad.shape}, not float32(4, 2)"
            return
        if quad.min() < -OUTSIDE_PX or (quad.max(axis=0) > (width + OUTSIDE_PX, height + OUTSIDE_PX)).any():
            yield f"a quad lies outside the page: {quad.tolist()}"
        if _turn(quad) <= 0:
            yield f"a quad does not go clockwise: {quad.tolist()}"
    again = engine.detect(page)
    if len(again) != len(quads) or not all(map(np.allclose, quads, again)):
        yield "the same page gives other quads the second time"
    for shape in ((1, 1), (1, 500), (500, 1)):
        engine.detect(np.full(shape, WHITE, dtype=np.uint8))  # must not raise


def _turn(quad: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> float:
    """Twice the signed area: positive where the corners go clockwise as seen, y down."""
    x, y = quad[:, 0], quad[:, 1]
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))


def _one_lattice_per_crop(engine: OcrEngine) -> Iterator[str]:
    if engine.recognise(()) != ():
        yield "no crops do not give ()"
    crops = [digits(text) for text in TEXTS]
    kept = [crop.copy() for crop in crops]
    lattices = engine.recognise(crops)
    if len(lattices) != len(crops):
        yield f"{len(crops)} crops give {len(lattices)} lattices"
    if not all(map(np.array_equal, crops, kept)):
        yield "recognise writes into the crops that it was given"
    blank = engine.recognise([np.full((1, 1), WHITE, dtype=np.uint8), np.full((48, 300), WHITE, np.uint8)])
    if len(blank) != 2:
        yield "blank crops have no lattices"


def _lattices(engine: OcrEngine) -> Iterator[str]:
    """Shapes, types and sums of a lattice; class 0 is the blank and has no character."""
    crops = [digits(text) for text in TEXTS]
    for crop, lattice in zip(crops, engine.recognise(crops), strict=False):
        yield from lattice_faults(lattice, crop.shape[1])


def lattice_faults(lattice: Lattice, width_px: int) -> Iterator[str]:
    """What is wrong with one lattice of a crop of this width."""
    ids, probs = lattice.ids, lattice.probs
    if ids.ndim != 2 or ids.shape != probs.shape:
        yield f"ids {ids.shape} and probs {probs.shape} are not both (time, k)"
        return
    if ids.dtype != np.int32 or probs.dtype != np.float32:
        yield f"ids are {ids.dtype}, probs {probs.dtype}: int32 and float32 are promised"
    if lattice.alphabet[0] != "":
        yield "alphabet[0], the class of the blank, is not empty"
    if ids.size and not (ids.min() >= 0 and ids.max() < len(lattice.alphabet)):
        yield "a class is outside the alphabet"
    if probs.size and not (probs.min() >= 0 and (probs.sum(axis=1) <= 1 + SUM_SLACK).all()):
        yield "probabilities of a time step are negative or add up to more than 1"
    if (np.diff(probs, axis=1) > 0).any():
        yield "the classes of a time step are not sorted, best first"
    yield from _placed(lattice, width_px)


def _placed(lattice: Lattice, width_px: int) -> Iterator[str]:
    """Characters have to stand inside their crop. Steps beyond it, where a crop was padded, may only be blank."""
    if lattice.step_px * len(lattice.ids) < COVERED * width_px:
        yield f"{len(lattice.ids)} steps of {lattice.step_px:.1f} px do not span a crop of {width_px} px"
    read = np.flatnonzero(lattice.ids[:, 0]) if lattice.ids.size else np.zeros(0, dtype=np.intp)
    if read.size and (read[-1] + 0.5) * lattice.step_px > width_px + OUTSIDE_PX:
        yield f"by step_px {lattice.step_px:.1f} a character stands outside its crop of {width_px} px"


def _batching(engine: OcrEngine) -> Iterator[str]:
    """A crop's answer does not depend on which others are asked with it, nor on their order."""
    crops = [digits(text) for text in TEXTS]
    together = engine.recognise(crops)
    apart = [lattice for crop in crops for lattice in engine.recognise([crop])]
    turned = engine.recognise(crops[::-1])[::-1]
    for text, one, other, third in zip(TEXTS, together, apart, turned, strict=False):
        for against in (other, third):
            if not _alike(one, against):
                yield f"{text!r} is read otherwise in another batch"


def _alike(one: Lattice, other: Lattice) -> bool:
    if len(one.ids) != len(other.ids):
        return False
    best = [(lattice.ids[:, 0], lattice.probs[:, 0]) for lattice in (one, other)]
    sure = best[0][1] > 0.5 + SAME  # a tie may fall either way
    same = np.array_equal(best[0][0][sure], best[1][0][sure])
    return bool(same and np.allclose(best[0][1], best[1][1], atol=SAME))


def _digits(engine: OcrEngine) -> Iterator[str]:
    """Digits are in the alphabet, and most of plain ones are read: the shape of an answer alone is no answer."""
    lattices = engine.recognise([digits(text) for text in TEXTS])
    missing = sorted(set("0123456789") - {char for lattice in lattices for char in lattice.alphabet})
    if missing:
        yield f"the alphabet lacks {' '.join(missing)}"
    read = ["".join(_best(lattice)) for lattice in lattices]
    right = sum(
        a == b for text, answer in zip(TEXTS, read, strict=False) for a, b in zip(text, answer, strict=False)
    )
    if right < READ_AT_LEAST * len("".join(TEXTS)):
        yield f"{' '.join(TEXTS)} was read as {' '.join(read)}"


def _best(lattice: Lattice) -> Iterator[str]:
    """The likeliest class of each step, repeats and blanks taken out (CTC)."""
    previous = 0
    for step in lattice.ids[:, 0] if lattice.ids.size else ():
        if step != previous and step != 0:
            yield lattice.alphabet[step]
        previous = int(step)


RULES: Sequence[Rule] = (
    _name_and_fingerprint,
    _detection,
    _one_lattice_per_crop,
    _lattices,
    _batching,
    _digits,
)


def digits(text: str) -> GrayImage:
    """A tight crop of `text`, black on white."""
    height, per_digit = CROP_SIZE
    crop = np.full((height, per_digit * len(text) + 12), WHITE, dtype=np.uint8)
    cv2.putText(crop, text, (6, height - 8), cv2.FONT_HERSHEY_SIMPLEX, 1.1, (0,), 3, cv2.LINE_AA)
    return crop


def text_page() -> GrayImage:
    """A page of four lines, at 100 dpi."""
    page = np.full((1169, 827), WHITE, dtype=np.uint8)
    for n, text in enumerate(("REPORT 2023", "total 4711", "natural persons 36", "pending 0")):
        cv2.putText(page, text, (90, 150 + 90 * n), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (0,), 3, cv2.LINE_AA)
    return page
