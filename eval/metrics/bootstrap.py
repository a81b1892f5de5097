"""How sure a score is, and whether a change of it is more than chance.

The cells of a document share its scan, its font and its faults, so they are no independent sample: whole documents
are drawn (cluster bootstrap; Efron and Tibshirani 1993, ch. 8). A score is the sum of what is right over the sum of
what there is, over the drawn documents.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from eval.metrics.matches import Matches

DRAWS = 2000
LEVEL = 0.95
SEED = 20211026

Verdict = Literal["better", "worse", "not distinguishable"]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Share:
    """One document's part in a score: `part` of `whole` (right fields of all fields, errors of characters, …)."""

    part: float
    whole: float


def f1_share(matches: Matches) -> Share:
    """One document's part in an F1 over all documents."""
    return Share(2 * matches.right, matches.gold + matches.found)


@dataclass(frozen=True, slots=True)
class Interval:
    """A score over all documents, and the interval of the bootstrap (percentiles). One document has none: 0..1."""

    score: float
    low: float
    high: float
    documents: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The score of B less that of A on the same documents. `differing`: documents on which they are not equal.

    `needed`: documents like these that would decide; None where the two are equal, or already told apart.
    """

    difference: float
    low: float
    high: float
    documents: int
    differing: int
    verdict: Verdict
    needed: int | None


def interval(documents: Sequence[Share], level: float = LEVEL, draws: int = DRAWS) -> Interval:
    """The score over all documents with its interval. Denominator: the sum of `whole`; 0 where that is 0.

    Always the same for the same documents, in any order: the draws have a fixed seed.
    """
    parts, wholes = _arrays(sorted(documents, key=lambda share: (share.part, share.whole)))
    score = float(_ratio(parts.sum(), wholes.sum()))
    if len(documents) < 2:
        return Interval(score, 0.0, 1.0, len(documents))
    drawn = _draws(len(documents), draws)
    scores = _ratio(drawn @ parts, drawn @ wholes)
    low, high = np.quantile(scores, [(1 - level) / 2, (1 + level) / 2])
    return Interval(score, float(low), float(high), len(documents))


def compare(
    a: Sequence[Share],
    b: Sequence[Share],
    *,
    higher_is_better: bool = True,
    level: float = LEVEL,
    draws: int = DRAWS,
) -> Comparison:
    """Whether B is better than A: both scored on the same documents in the same order, drawn together.

    Denominators as in `interval`. Told apart if the interval leaves out 0 and enough documents differ: were A and B
    equal, each differing document would favour either with even chance, and fewer than 6 all falling on one side is
    no rarer than 5 % (the sign test); a bootstrap of fewer is too sure of itself. The order of the pairs changes
    nothing. Raises ValueError where the numbers of documents differ.
    """
    if len(a) != len(b):
        raise ValueError(f"not the same documents: {len(a)} and {len(b)}")
    order = sorted(range(len(a)), key=lambda i: (a[i].part, a[i].whole, b[i].part, b[i].whole))
    (a_parts, a_wholes), (b_parts, b_wholes) = _arrays([a[i] for i in order]), _arrays([b[i] for i in order])
    difference = float(_ratio(b_parts.sum(), b_wholes.sum()) - _ratio(a_parts.sum(), a_wholes.sum()))
    differing = sum(x != y for x, y in zip(a, b, strict=True))
    drawn = _draws(len(a), draws) if a else np.zeros((1, 0))
    spread = _ratio(drawn @ b_parts, drawn @ b_wholes) - _ratio(drawn @ a_parts, drawn @ a_wholes)
    low, high = (float(edge) for edge in np.quantile(spread, [(1 - level) / 2, (1 + level) / 2]))
    apart = differing >= least_differing(level) and (low > 0 or high < 0)
    verdict: Verdict = "not distinguishable"
    if apart:
        verdict = "better" if (difference > 0) == higher_is_better else "worse"
    needed = None if apart or not difference else _needed(difference, low, high, len(a), differing, level)
    return Comparison(difference, low, high, len(a), differing, verdict, needed)


def least_differing(level: float = LEVEL) -> int:
    """The least number of documents whose falling all on one side is rarer than 1 - level: 2 * 0.5^n."""
    return math.ceil(1 - math.log2(1 - level))


def _needed(difference: float, low: float, high: float, documents: int, differing: int, level: float) -> int:
    """Documents after which an interval shrinking with the root of their number leaves out 0."""
    by_width = documents * ((high - low) / 2 / abs(difference)) ** 2
    by_sign = least_differing(level) * documents / max(1, differing)
    return max(documents + 1, math.ceil(max(by_width, by_sign)))


def _arrays(documents: Sequence[Share]) -> tuple[Floats, Floats]:
    return np.array([s.part for s in documents], np.float64), np.array(
        [s.whole for s in documents], np.float64
    )


def _draws(documents: int, draws: int) -> Floats:
    """How often each document is drawn; shape (draws, documents), each row adds up to `documents`."""
    even = np.full(documents, 1 / documents)
    return np.random.default_rng(SEED).multinomial(documents, even, size=draws).astype(np.float64)


def _ratio(parts: Floats, wholes: Floats) -> Floats:
    parts, wholes = np.asarray(parts, np.float64), np.asarray(wholes, np.float64)
    return np.divide(parts, wholes, out=np.zeros_like(parts), where=wholes > 0)
