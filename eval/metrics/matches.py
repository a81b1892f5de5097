"""The counts behind every F1: what is true, what was answered, and what of it agrees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Matches:
    """`right` of `gold` true things were found among `found` answers. Adds up over documents (micro average).

    Rates are in 0..1, and 0 where there is nothing to divide by: no answer is no merit. Only where there is neither
    truth nor answer is there nothing to measure, and F1 is 0 too; such documents add nothing to a sum.
    """

    right: int = 0
    gold: int = 0
    found: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.right <= min(self.gold, self.found):
            raise ValueError(f"more is right than there is: {self}")

    def __add__(self, other: Matches) -> Matches:
        return Matches(self.right + other.right, self.gold + other.gold, self.found + other.found)

    @property
    def precision(self) -> float:
        """right / all that was answered."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """right / all of the truth."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """2 * right / (all of the truth + all that was answered): the harmonic mean of precision and recall."""
        return 2 * self.right / (self.gold + self.found) if self.gold + self.found else 0.0


def match_all(got: Iterable[Hashable], gold: Iterable[Hashable]) -> Matches:
    """Two bags of things compared: what stands twice in gold has to be found twice."""
    found, truth = Counter(got), Counter(gold)
    return Matches((found & truth).total(), truth.total(), found.total())
