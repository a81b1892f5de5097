"""Upright boxes, and the maps that carry them from one pixel frame to the other.

Units and origin are those of `extractors.document`: pixels, top-left corner, y down, boxes half-open.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle, half-open. Raises ValueError if it is turned inside out."""

    x0: float
    y0: float
    x1: float
    y1: float

    def __post_init__(self) -> None:
        if self.x1 < self.x0 or self.y1 < self.y0:
            raise ValueError(f"box is turned inside out: {self}")

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        return self.width * self.height

    @property
    def centre(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def holds(self, x: float, y: float) -> bool:
        return self.x0 <= x < self.x1 and self.y0 <= y < self.y1

    def overlap(self, other: Box) -> float:
        """Area shared with `other`, in square pixels; 0 where they only touch."""
        width = min(self.x1, other.x1) - max(self.x0, other.x0)
        height = min(self.y1, other.y1) - max(self.y0, other.y0)
        return max(0.0, width) * max(0.0, height)

    def iou(self, other: Box) -> float:
        shared = self.overlap(other)
        total = self.area + other.area - shared
        return shared / total if total else 0.0

    def union(self, other: Box) -> Box:
        return Box(
            min(self.x0, other.x0),
            min(self.y0, other.y0),
            max(self.x1, other.x1),
            max(self.y1, other.y1),
        )

    def padded(self, margin: float) -> Box:
        return Box(self.x0 - margin, self.y0 - margin, self.x1 + margin, self.y1 + margin)

    @staticmethod
    def around(boxes: Iterable[Box]) -> Box:
        """The smallest box that holds all of `boxes`; ValueError if there are none."""
        found = list(boxes)
        if not found:
            raise ValueError("no boxes to go around")
        result = found[0]
        for box in found[1:]:
            result = result.union(box)
        return result


Affine = tuple[float, float, float, float, float, float]
"""(a, b, c, d, e, f): x' = a*x + b*y + c, y' = d*x + e*y + f."""

IDENTITY: Affine = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def map_box(affine: Affine, box: Box) -> Box:
    """The upright rectangle around `box` after `affine`."""
    a, b, c, d, e, f = affine
    corners = [(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
    xs = [a * x + b * y + c for x, y in corners]
    ys = [d * x + e * y + f for x, y in corners]
    return Box(min(xs), min(ys), max(xs), max(ys))
