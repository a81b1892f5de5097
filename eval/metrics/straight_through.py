"""How many answers may pass unasked while the share of wrong ones among them stays under a bound.

The bound is not the share of errors seen but the upper end of its one-sided exact interval (Clopper and Pearson,
Biometrika 1934): with no error among n answers the true share may still be about 3/n. So each target needs a number
of answers below which nothing can be claimed; the answer is then "not measurable", not a number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.metrics.answers import Answer

LEVEL = 0.95
_HALVINGS = 200  # more than enough for bisection to end at neighbouring floats


@dataclass(frozen=True, slots=True)
class StraightThrough:
    """What passes at `threshold`: `accepted` of `total` answers, `errors` of them wrong.

    `bound`: upper end of the interval of the share of errors among the accepted. `needed`: answers without an error
    that `target` asks for at least. `holds`: the bound is at or below the target.
    """

    threshold: float
    target: float
    accepted: int
    errors: int
    total: int
    bound: float
    needed: int

    @property
    def share(self) -> float:
        """accepted / all fields of the truth and all inventions. Range 0..1."""
        return self.accepted / self.total if self.total else 0.0

    @property
    def holds(self) -> bool:
        return self.bound <= self.target

    @property
    def measurable(self) -> bool:
        """Whether so many answers were accepted that the target could have been shown at all."""
        return self.accepted >= self.needed


def choose_threshold(answers: Sequence[Answer], target: float, level: float = LEVEL) -> float | None:
    """The lowest confidence at which the bound of all answers at least as confident is at or below `target`.

    None where there is none, as wherever fewer than `needed_answers` carry a confidence. To be chosen on a
    calibration split: on the answers that it was chosen on, the bound is too good, for it was looked for among many.
    """
    ranked = sorted((a.confidence, a.right) for a in answers if a.confidence is not None)[::-1]
    best, errors = None, 0
    for number, (confidence, right) in enumerate(ranked, start=1):
        errors += not right
        last_of_its_kind = number == len(ranked) or ranked[number][0] < confidence
        if last_of_its_kind and _at_most(errors, number, target, level):
            best = confidence
    return best


def straight_through(
    answers: Sequence[Answer], threshold: float | None, target: float, level: float = LEVEL
) -> StraightThrough:
    """What passes at `threshold` (None: nothing does), and what can be said of the errors in it.

    Denominator of the share: all answers, so all fields of the truth, missing ones too, and all inventions. An answer
    without confidence never passes; a field that the record lacks always does, as an error (see Answer).
    """
    limit = math.inf if threshold is None else threshold
    passed = [a for a in answers if a.confidence is not None and a.confidence >= limit]
    errors = sum(not answer.right for answer in passed)
    return StraightThrough(
        threshold=limit,
        target=target,
        accepted=len(passed),
        errors=errors,
        total=len(answers),
        bound=upper_bound(errors, len(passed), level),
        needed=needed_answers(target, level),
    )


def needed_answers(target: float, level: float = LEVEL) -> int:
    """The least number of answers, none wrong, whose bound is at or below `target`: 2,995 for 0.1 % at 95 %.

    Raises ValueError unless 0 < target < 1.
    """
    if not 0 < target < 1:
        raise ValueError(f"no share of errors between 0 and 1: {target}")
    return math.ceil(math.log1p(-level) / math.log1p(-target))


def upper_bound(errors: int, n: int, level: float = LEVEL) -> float:
    """The one-sided exact upper bound of a share of which `errors` among `n` were seen. Range 0..1; 1 for n = 0.

    The largest p under which `errors` or fewer still have probability 1 - level: the beta quantile of Clopper and
    Pearson, found by bisection on the binomial tail. Raises ValueError unless 0 <= errors <= n.
    """
    if not 0 <= errors <= n:
        raise ValueError(f"{errors} errors among {n}")
    if errors == n:
        return 1.0
    low, high = errors / n, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (low, middle) if binomial_tail(errors, n, middle) <= 1 - level else (middle, high)
    return high


def binomial_tail(k: int, n: int, p: float) -> float:
    """P(X <= k) of X ~ Binomial(n, p), 0 < p < 1, summed in logarithms so that nothing underflows."""
    steps = np.arange(k, dtype=np.float64)
    growth = np.log(n - steps) - np.log(steps + 1.0) + math.log(p) - math.log1p(-p)
    logs = n * math.log1p(-p) + np.concatenate([[0.0], np.cumsum(growth)])
    return min(1.0, float(np.exp(np.logaddexp.reduce(logs))))


def _at_most(errors: int, n: int, target: float, level: float) -> bool:
    """Whether the upper bound is at or below `target`, without looking for it."""
    return errors < n and errors <= target * n and binomial_tail(errors, n, target) <= 1 - level
