"""A single stroke read by its shape: "/" leans, "1" stands. Cut out alone, the two look alike to the recogniser.

In a running line the neighbours tell them apart; in a cell of its own a stroke has none, and a "not applicable" read
as the number one is as bad an error as there is. The lean of the ink is evidence that the recogniser lacks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from extractors.document import Reading
from extractors.tables.rulings import Mask

UPRIGHT, SLASH = "1", "/"
LOOK_ALIKES = frozenset("1/／lI|丨丿")
MIDDLE = 0.19  # sideways per downwards: a slanted 1 leans about 0.1, the most upright slash 0.27
SHARPNESS = 60.0  # 0.05 away from the middle is 20 : 1; below, both stay in doubt
BOUND = 0.002  # shape alone never makes one reading more certain than this
FLAT = 2.5  # a dash is at least so many times as wide as high; a minus before a number is not alone
SOLID = 0.6  # share of its box that a worn dash fills at least; three digits in a row fill half of theirs
NARROW = 1.0  # a stroke is at least as tall as wide


def lean(marks: Mask) -> float:
    """How far ink leans to the right per pixel upwards: 0 for an upright stroke, 0.5 for a flat slash.

    `marks`: (height, width), 255 = ink. 0 where there is no ink or no height.
    """
    ys, xs = np.nonzero(marks)
    if len(ys) < 3:
        return 0.0
    down = ys - ys.mean()
    spread = float((down**2).sum())
    return -float((down * (xs - xs.mean())).sum()) / spread if spread else 0.0


def settle_stroke(reading: Reading, marks: Mask) -> Reading:
    """`reading` with "1" and "/" told apart by the lean of its ink; as it is where neither is in question."""
    if reading.text not in LOOK_ALIKES or not _is_stroke(marks):
        return reading
    chances = dict(reading.candidates)
    both = chances.get(UPRIGHT, 0.0) + chances.get(SLASH, 0.0)
    if both <= 0.0:
        return reading
    slash = float(np.clip(1.0 / (1.0 + np.exp(-SHARPNESS * (lean(marks) - MIDDLE))), BOUND, 1.0 - BOUND))
    chances |= {UPRIGHT: both * (1.0 - slash), SLASH: both * slash}
    ranked = _ranked(chances)
    return replace(
        reading, text=ranked[0][0], confidence=ranked[0][1], characters=(ranked[0][1],), candidates=ranked
    )


def is_dash(marks: Mask) -> bool:
    """Whether ink is one flat stroke, at least FLAT times as wide as high and solid, where a number has gaps."""
    ys, xs = np.nonzero(marks)
    if len(ys) == 0:
        return False
    width, height = int(np.ptp(xs)) + 1, int(np.ptp(ys)) + 1
    return width >= FLAT * height and len(ys) >= SOLID * width * height


def _is_stroke(marks: Mask) -> bool:
    ys, xs = np.nonzero(marks)
    return len(ys) > 0 and bool(np.ptp(ys) >= NARROW * np.ptp(xs))


def _ranked(chances: dict[str, float]) -> tuple[tuple[str, float], ...]:
    by_chance: Sequence[tuple[str, float]] = sorted(chances.items(), key=lambda item: -item[1])
    return tuple(by_chance)
