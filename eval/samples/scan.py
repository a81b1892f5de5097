"""What a scanner, a fax or an old photocopier does to a printed page: seeded, so that a sample can be made again.

Pages are BGR uint8, shape (height, width, 3), in display pixels of the print. Steps run in the order in which
the world applies them: stamp and ink first, then the paper's shape, then light, optics, sensor and file format.
`Warp` carries points of the print to the scan, so that labelled boxes stay true.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from eval.samples.spec import Scan

Image = npt.NDArray[np.uint8]
Field = npt.NDArray[np.float32]
MM_PER_INCH = 25.4
INK_BELOW = 140  # grey level under which a pixel of the clean print counts as ink


@dataclass(frozen=True, slots=True)
class Warp:
    """Turn about the centre by `skew` radians clockwise, then a bow of `curl` px over the width, then `rotate`."""

    width: int
    height: int
    skew: float
    curl: float
    rotate: int

    def bow(self, x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Downward shift at column x: none at the left edge, most near the right third, as a bound page."""
        share = np.clip(x / self.width, 0, 1)
        return np.asarray(self.curl * np.sin(math.pi * share**1.5))

    def points(self, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> tuple[Field, Field]:
        """Where points of the print end up in the scan, pixels."""
        u, v = x - self.width / 2, y - self.height / 2
        turned_x = u * math.cos(self.skew) - v * math.sin(self.skew) + self.width / 2
        turned_y = u * math.sin(self.skew) + v * math.cos(self.skew) + self.height / 2
        bowed = turned_y + self.bow(turned_x)
        quarter = {
            0: (turned_x, bowed),
            90: (self.height - bowed, turned_x),
            180: (self.width - turned_x, self.height - bowed),
            270: (bowed, self.width - turned_x),
        }[self.rotate]
        return quarter[0].astype(np.float32), quarter[1].astype(np.float32)

    def box(self, box: tuple[float, ...]) -> tuple[float, ...]:
        """A box in fractions of the print -> the upright box around it in fractions of the scan."""
        x0, y0, x1, y1 = box
        xs = np.array([x0, x1, x1, x0, (x0 + x1) / 2, (x0 + x1) / 2]) * self.width
        ys = np.array([y0, y0, y1, y1, y0, y1]) * self.height
        out_x, out_y = self.points(xs, ys)
        turned = self.rotate in (90, 270)
        width, height = (self.height, self.width) if turned else (self.width, self.height)
        found = out_x.min() / width, out_y.min() / height, out_x.max() / width, out_y.max() / height
        return tuple(round(float(value), 5) for value in found)


def scan_page(page: Image, scan: Scan, seed: int, back: Image | None = None) -> tuple[Image, Warp]:
    """The scan of `page` (drawn at `scan.dpi`). `back` is what is printed on its other side, for bleed.

    One-bit scans come back grey with only 0 and 255. Same arguments, same pixels.
    """
    rng = np.random.default_rng(seed)
    height, width = page.shape[:2]
    warp = Warp(
        width, height, math.radians(scan.skew_deg), scan.curl_mm / MM_PER_INCH * scan.dpi, scan.rotate
    )
    picture = page if scan.colour else _grey(page)
    picture = _fade(picture, scan, rng)
    if back is not None and scan.bleed:
        picture = _bleed(picture, back, scan.bleed)
    picture = _bend(picture, warp)
    light = _light(picture.astype(np.float32), scan, rng)
    if scan.blur:
        light = cv2.GaussianBlur(light, (0, 0), scan.blur).astype(np.float32)
    if scan.noise:
        grain = rng.normal(0, scan.noise, light.shape[:2]).astype(np.float32)
        light += cv2.GaussianBlur(grain, (0, 0), 0.6)[..., None] * 1.4
    done = np.clip(light, 0, 255).astype(np.uint8)
    if scan.one_bit:
        done = _one_bit(done, scan, rng)
    return _turn(done, scan.rotate), warp


def stamp(
    page: Image, seal: Image, centre: tuple[float, float], angle: float, ink: float, seed: int
) -> Image:
    """`page` with `seal` (BGR on white, square) pressed on it: multiplied like ink, patchy like a hand stamp.

    `centre` in shares of width and height; `angle` degrees clockwise.
    """
    rng = np.random.default_rng(seed)
    size = seal.shape[0]
    turn = cv2.getRotationMatrix2D((size / 2, size / 2), -angle, 1)
    seal = cv2.warpAffine(seal, turn, (size, size), borderValue=(255, 255, 255)).astype(np.uint8)
    patches = 1 - 0.35 * _cloud((size, size), size / 6, rng)
    weight = (ink * patches)[..., None]
    pressed = 255 - (255 - seal.astype(np.float32)) * weight
    out = page.astype(np.float32)
    x0 = round(centre[0] * page.shape[1] - size / 2)
    y0 = round(centre[1] * page.shape[0] - size / 2)
    rows = slice(max(0, y0), min(page.shape[0], y0 + size))
    cols = slice(max(0, x0), min(page.shape[1], x0 + size))
    part = pressed[rows.start - y0 : rows.stop - y0, cols.start - x0 : cols.stop - x0]
    out[rows, cols] *= part / 255
    return np.clip(out, 0, 255).astype(np.uint8)


def _grey(page: Image) -> Image:
    return cv2.cvtColor(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR).astype(np.uint8)


def _cloud(shape: tuple[int, int], scale: float, rng: np.random.Generator) -> Field:
    """Smooth noise in 0..1 whose features are about `scale` pixels wide."""
    small = rng.random(
        (max(2, int(shape[0] / scale) + 2), max(2, int(shape[1] / scale) + 2)), dtype=np.float32
    )
    return np.clip(cv2.resize(small, shape[::-1], interpolation=cv2.INTER_CUBIC), 0, 1).astype(np.float32)


def _rulings(page: Image) -> npt.NDArray[np.bool_]:
    """Pixels of long straight strokes, which wear off first: thin, and printed with least ink."""
    ink = (cv2.cvtColor(page, cv2.COLOR_BGR2GRAY) < INK_BELOW).astype(np.uint8)
    reach = max(25, page.shape[1] // 24)
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, reach), np.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((reach, 1), np.uint8))
    return np.asarray((across > 0) | (down > 0))


def _fade(page: Image, scan: Scan, rng: np.random.Generator) -> Image:
    if not (scan.fade or scan.broken):
        return page
    shape = page.shape[:2]
    keep = 1 - scan.fade * (0.6 + 0.8 * _cloud(shape, shape[1] / 5, rng))
    if scan.broken:
        patches = _cloud(shape, scan.dpi / 14, rng)
        gone = _rulings(page) & (patches < np.quantile(patches, scan.broken))
        keep = np.where(gone, 0.08, keep)
    return np.clip(255 - (255 - page.astype(np.float32)) * keep[..., None], 0, 255).astype(np.uint8)


def _bleed(page: Image, back: Image, strength: float) -> Image:
    mirrored = cv2.resize(cv2.flip(back, 1), page.shape[1::-1])
    ghost = cv2.GaussianBlur(mirrored, (0, 0), 2.2).astype(np.float32)
    shown = page.astype(np.float32) * (1 - strength * (255 - ghost) / 255)
    return np.clip(shown, 0, 255).astype(np.uint8)


def _bend(page: Image, warp: Warp) -> Image:
    """Resample by the inverse of `warp` without its quarter turns."""
    if not (warp.skew or warp.curl):
        return page
    y, x = np.mgrid[0 : warp.height, 0 : warp.width].astype(np.float32)
    flat = y - warp.bow(x.astype(np.float64)).astype(np.float32)
    u, v = x - warp.width / 2, flat - warp.height / 2
    source_x = u * math.cos(warp.skew) + v * math.sin(warp.skew) + warp.width / 2
    source_y = -u * math.sin(warp.skew) + v * math.cos(warp.skew) + warp.height / 2
    bent = cv2.remap(
        page,
        source_x.astype(np.float32),
        source_y.astype(np.float32),
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(255, 255, 255),
    )
    return bent.astype(np.uint8)


def _light(page: Field, scan: Scan, rng: np.random.Generator) -> Field:
    """Paper colour, a lamp stronger on one side, and the dark gutter a curled page has."""
    height, width = page.shape[:2]
    light = np.broadcast_to(np.array(scan.paper, np.float32) / 255, (height, width, 3))
    if scan.shade:
        slope = np.linspace(0, 1, width, dtype=np.float32)[None, :] * rng.choice([-1.0, 1.0])
        lamp = 1 - scan.shade * (0.5 + 0.35 * slope + 0.3 * (_cloud((height, width), width / 2, rng) - 0.5))
        light = light * lamp.astype(np.float32)[..., None]
    if scan.curl_mm:
        gutter = np.exp(-np.linspace(0, 14, width, dtype=np.float32))[None, :, None]
        light = light * (1 - 0.25 * gutter)
    return np.asarray(page * light, np.float32)


def _one_bit(page: Image, scan: Scan, rng: np.random.Generator) -> Image:
    bits = np.where(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY) < scan.threshold, 0, 255).astype(np.uint8)
    if scan.speckle:
        flipped = rng.random(bits.shape) < scan.speckle
        bits = np.where(flipped, 255 - bits, bits).astype(np.uint8)
    return bits


def _turn(page: Image, rotate: int) -> Image:
    codes = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
    return page if rotate == 0 else cv2.rotate(page, codes[rotate]).astype(np.uint8)
