"""Ordered alignment of printed labels to a form's labels, with the probability of every pair.

A sequence alignment rather than a best match per label: the same label stands three times in table 4 and
four times in table 2, and only the order tells them apart. Forward-backward sums over all alignments give
each pair its posterior, so that two readings that are nearly as good show as such.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]  # shape (expected, printed), in nats
SCALE = 8.0
LEVEL = 0.45
"""A pair of similarity q is worth SCALE * (q - LEVEL) nats: at 0.45 as likely as not, at 1 worth 4.4."""
UNREAD = -0.6
"""What a pair is worth whose printed label could not be read: only its neighbours can place it."""
GAP = -3.0
"""An expected label that is not printed, or a printed one that is not expected, inside the table."""
END_GAP = -0.1
"""An expected label missing at either end: a piece of a table is no strange thing."""


@dataclass(frozen=True, eq=False, slots=True)
class Alignment:
    """`pairs`: (expected, printed), both increasing. `posterior[e, p]`: probability of that pair, 0..1.

    `score` is the best alignment's worth in nats.
    """

    pairs: tuple[tuple[int, int], ...]
    posterior: Scores
    score: float


def worth(similarity: float) -> float:
    """Nats that a pair of labels so alike (0..1) is worth."""
    return SCALE * (similarity - LEVEL)


def align(scores: Scores, end_gap: float = END_GAP) -> Alignment:
    """The best ordered alignment under `scores`, shape (expected, printed); either side may be empty."""
    expected, printed = scores.shape
    skip_expected = np.full(printed + 1, GAP)
    skip_expected[0] = skip_expected[printed] = end_gap
    best, steps = _best(scores, skip_expected)
    forward = _sum(scores, skip_expected)
    backward = _sum(scores[::-1, ::-1], skip_expected[::-1])[::-1, ::-1]
    total = forward[expected, printed]
    inside = forward[:expected, :printed] + scores + backward[1:, 1:] - total
    return Alignment(_trace(steps), np.exp(np.minimum(inside, 0.0)), float(best))


def _best(scores: Scores, skip: Scores) -> tuple[float, npt.NDArray[np.int8]]:
    """Best total, and per node the step into it: 0 pair, 1 expected left out, 2 printed left out."""
    expected, printed = scores.shape
    table = np.zeros((expected + 1, printed + 1))
    steps = np.zeros((expected + 1, printed + 1), dtype=np.int8)
    table[0, 1:], steps[0, 1:] = GAP * np.arange(1, printed + 1), 2
    table[1:, 0], steps[1:, 0] = skip[0] * np.arange(1, expected + 1), 1
    for i in range(1, expected + 1):
        for j in range(1, printed + 1):
            options = (
                table[i - 1, j - 1] + scores[i - 1, j - 1],
                table[i - 1, j] + skip[j],
                table[i, j - 1] + GAP,
            )
            steps[i, j] = max(range(3), key=options.__getitem__)
            table[i, j] = options[steps[i, j]]
    return float(table[expected, printed]), steps


def _trace(steps: npt.NDArray[np.int8]) -> tuple[tuple[int, int], ...]:
    i, j = steps.shape[0] - 1, steps.shape[1] - 1
    pairs = []
    while i or j:
        step = steps[i, j]
        if step == 0:
            pairs.append((int(i) - 1, int(j) - 1))
        i, j = i - (step != 2), j - (step != 1)
    return tuple(reversed(pairs))


def _sum(scores: Scores, skip: Scores) -> Scores:
    """log of the summed worth of all alignments up to each node, shape (expected + 1, printed + 1)."""
    expected, printed = scores.shape
    table = np.zeros((expected + 1, printed + 1))
    table[0, 1:] = GAP * np.arange(1, printed + 1)
    table[1:, 0] = skip[0] * np.arange(1, expected + 1)
    for i in range(1, expected + 1):
        for j in range(1, printed + 1):
            table[i, j] = np.logaddexp(
                table[i - 1, j - 1] + scores[i - 1, j - 1],
                np.logaddexp(table[i - 1, j] + skip[j], table[i, j - 1] + GAP),
            )
    return table
