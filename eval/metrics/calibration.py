"""Whether a confidence is the probability that it claims to be, and whether it tells right from wrong.

Calibration error alone is worth nothing: a confidence that is the same for all answers can have none and be useless.
So it comes with the area under the ROC curve, the number of populated bins, and the number of wrong answers, which is
the real size of the sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eval.metrics.answers import Answer

BINS = 15  # as in Guo, Pleiss, Sun, Weinberger, "On calibration of modern neural networks", ICML 2017

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bin:
    """A point of a reliability diagram: mean confidence, share of right answers, number of answers."""

    confidence: float
    accuracy: float
    count: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """Over the `count` answers that carry a confidence, `wrong` of them wrong; `without` carry none.

    `ece_*`: mean over answers of |accuracy - confidence| of their bin, 0 (perfect) to 1, with bins of equal width
    (`width_bins`) and of equal numbers of answers (`mass_bins`); only populated bins are listed. `brier`: mean
    squared difference of confidence and truth, 0 (perfect) to 1. `auroc`: the chance that a right answer is more
    confident than a wrong one, ties half, 0..1; None where all are right or all wrong: then nothing is known.
    """

    count: int
    wrong: int
    without: int
    ece_width: float
    ece_mass: float
    brier: float
    auroc: float | None
    width_bins: tuple[Bin, ...]
    mass_bins: tuple[Bin, ...]


def calibration(answers: Sequence[Answer], bins: int = BINS) -> Calibration:
    """Measure calibration; the order of answers changes nothing.

    Denominator: all answers that carry a confidence. The others are omissions: they are counted here in `without` and
    charged where answers are counted, in accuracy and in the straight-through share.
    """
    rated = [answer for answer in answers if answer.confidence is not None]
    confidence = np.array([answer.confidence for answer in rated], dtype=np.float64)
    right = np.array([answer.right for answer in rated], dtype=np.float64)
    width = _binned(confidence, right, np.minimum((confidence * bins).astype(int), bins - 1))
    mass = _binned(confidence, right, _equal_mass(confidence, bins))
    return Calibration(
        count=len(rated),
        wrong=int(len(rated) - right.sum()),
        without=len(answers) - len(rated),
        ece_width=_ece(width),
        ece_mass=_ece(mass),
        brier=float(np.mean((confidence - right) ** 2)) if rated else 0.0,
        auroc=_auroc(confidence, right),
        width_bins=width,
        mass_bins=mass,
    )


def _equal_mass(confidence: Floats, bins: int) -> npt.NDArray[np.intp]:
    """The bin of each answer by its rank. Equal confidences share a bin, so their order cannot matter."""
    below = np.searchsorted(np.sort(confidence), confidence, side="left")
    ranks: npt.NDArray[np.intp] = bins * below // max(1, len(confidence))
    return ranks


def _binned(confidence: Floats, right: Floats, which: npt.NDArray[np.intp]) -> tuple[Bin, ...]:
    members = [which == number for number in np.unique(which)]
    return tuple(
        Bin(float(confidence[m].mean()), float(right[m].mean()), int(np.count_nonzero(m))) for m in members
    )


def _ece(bins: Sequence[Bin]) -> float:
    total = sum(b.count for b in bins)
    return sum(b.count * abs(b.accuracy - b.confidence) for b in bins) / total if total else 0.0


def _auroc(confidence: Floats, right: Floats) -> float | None:
    """Mann and Whitney's U over the number of pairs of a right and a wrong answer."""
    good, bad = np.sort(confidence[right == 1]), confidence[right == 0]
    if not len(good) or not len(bad):
        return None
    above = len(good) - np.searchsorted(good, bad, side="right")
    tied = np.searchsorted(good, bad, side="right") - np.searchsorted(good, bad, side="left")
    return float((above + tied / 2).sum() / (len(good) * len(bad)))
