"""Degradations that we did not write: effects of the library augraphy, for splits that should owe us nothing there.

An extra (`requirements-generate.lock`), since it brings a hundred megabytes and the committed set's scans must not
need it. Only effects that leave every point of the page where it is, that came out the same twice from one seed, and
that took less than two seconds on an A4 page at 150 dpi (docs/decisions/0018-how-the-set-is-made.md).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import cv2
import numpy as np

from eval.generate.scan.warp import Image

EFFECTS = (
    "BrightnessTexturize",
    "DirtyScreen",
    "Dithering",
    "InkBleed",
    "InkMottling",
    "LinesDegradation",
    "LowInkPeriodicLines",
    "NoiseTexturize",
    "SubtleNoise",
)


class NoAugraphy(RuntimeError):
    """A scan asks for effects of augraphy, and it is not installed."""


def apply_foreign(page: Image, effects: Sequence[str], seed: int) -> Image:
    """`page` (BGR) after the named `effects`, in turn. Raises NoAugraphy, ValueError for a name not in `EFFECTS`."""
    unknown = sorted(set(effects) - set(EFFECTS))
    if unknown:
        raise ValueError(f"effects not vouched for: {unknown}")
    try:
        import augraphy
    except ImportError as error:
        raise NoAugraphy(
            "pip install --no-deps --require-hashes -r requirements-generate.lock, into an environment of its own"
        ) from error
    with _seeded(seed):
        for effect in effects:
            page = np.ascontiguousarray(getattr(augraphy, effect)(p=1)(page.copy())).astype(np.uint8)
    return page


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """The three global generators that augraphy draws from, seeded, and the first two as they were afterwards."""
    kept, kept_numpy = random.getstate(), np.random.get_state()
    random.seed(seed)
    np.random.seed(seed % 2**32)
    cv2.setRNGSeed(seed % 2**31)
    try:
        yield
    finally:
        random.setstate(kept)
        np.random.set_state(kept_numpy)
