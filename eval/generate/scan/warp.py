"""Where a scan puts the points of a print: turn, bow of a bound page, keystone of a camera, quarter turns."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
Field = npt.NDArray[np.float32]
Points = npt.NDArray[np.float64]


def steady(value: float) -> float:
    """`value` without its last bits, which the sine and power of different processors do not agree on."""
    return round(value, 9)


@dataclass(frozen=True, slots=True)
class Warp:
    """Turn about the centre by `skew` radians clockwise, then a bow of `curl` px over the width, then a keystone
    (the lower edge wider by the share `keystone`, the upper one narrower), then `rotate`. Sizes are the print's.
    """

    width: int
    height: int
    skew: float
    curl: float
    rotate: int
    keystone: float = 0.0

    def bow(self, x: Points) -> Points:
        """Downward shift at column x: none at the left edge, most near the right third, as a bound page."""
        share = np.clip(x / self.width, 0, 1)
        return np.round(self.curl * np.sin(math.pi * share**1.5), 6)

    def points(self, x: Points, y: Points) -> tuple[Points, Points]:
        """Where points of the print end up in the scan, pixels."""
        cos, sin = steady(math.cos(self.skew)), steady(math.sin(self.skew))
        u, v = x - self.width / 2, y - self.height / 2
        turned_x = u * cos - v * sin + self.width / 2
        turned_y = u * sin + v * cos + self.height / 2
        bowed = turned_y + self.bow(turned_x)
        wide = self.width / 2 + (turned_x - self.width / 2) * self._stretch(bowed)
        if self.rotate == 90:
            return self.height - bowed, wide
        if self.rotate == 180:
            return self.width - wide, self.height - bowed
        if self.rotate == 270:
            return bowed, self.width - wide
        return wide, bowed

    def box(self, box: tuple[float, ...]) -> tuple[float, ...]:
        """A box in fractions of the print -> the upright box around it in fractions of the scan."""
        x0, y0, x1, y1 = box
        xs = np.array([x0, x1, x1, x0, (x0 + x1) / 2, (x0 + x1) / 2]) * self.width
        ys = np.array([y0, y0, y1, y1, y0, y1]) * self.height
        out_x, out_y = self.points(xs, ys)
        turned = self.rotate in (90, 270)
        width, height = (self.height, self.width) if turned else (self.width, self.height)
        found = out_x.min() / width, out_y.min() / height, out_x.max() / width, out_y.max() / height
        return tuple(round(min(1.0, max(0.0, float(value))), 5) for value in found)

    def bend(self, page: Image) -> Image:
        """`page` (height, width, channels) resampled, without the quarter turns. White comes in from outside."""
        if not (self.skew or self.curl or self.keystone):
            return page
        cos, sin = steady(math.cos(self.skew)), steady(math.sin(self.skew))
        y = np.arange(self.height, dtype=np.float64)[:, None]
        x = self.width / 2 + (
            np.arange(self.width, dtype=np.float64)[None, :] - self.width / 2
        ) / self._stretch(y)
        columns = self.bow(np.arange(self.width + 1, dtype=np.float64))
        flat = y - columns[np.clip(np.round(x), 0, self.width).astype(np.int64)]
        u, v = x - self.width / 2, flat - self.height / 2
        bent = cv2.remap(
            page,
            (u * cos + v * sin + self.width / 2).astype(np.float32),
            (v * cos - u * sin + self.height / 2).astype(np.float32),
            cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=(255, 255, 255),
        )
        return bent.reshape(page.shape).astype(np.uint8)

    def turn(self, page: Image) -> Image:
        codes = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
        if self.rotate == 0:
            return page
        turned = cv2.rotate(page, codes[self.rotate]).astype(np.uint8)
        return turned if page.ndim == 2 else turned.reshape(*turned.shape[:2], page.shape[2])

    def _stretch(self, y: Points) -> Points:
        return 1 + self.keystone * (y / self.height - 0.5)
