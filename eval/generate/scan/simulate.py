"""What a scanner, a fax or an old photocopier does to a printed page: seeded, so that a scan can be made again.

Pages are BGR uint8, shape (height, width, 3), in display pixels of the print; grey scans have one channel. Steps run
in the order in which the world applies them: ink, the paper's shape, light, optics, sensor, file; what lands on
the paper before (`marks.py`) is on the page already. `Warp` carries points of the print to the scan, so that labelled
boxes stay true. Blurs work in whole numbers (OpenCV's 16-bit filters): the floating-point ones differ by processor.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from eval.generate.scan.foreign import apply_foreign
from eval.generate.scan.marks import MM_PER_INCH, cloud, dirt
from eval.generate.scan.warp import Field, Image, Warp
from eval.generate.spec import Scan

INK_BELOW = 140  # grey level under which a pixel of the clean print counts as ink
_FINE = 128  # sixteen bits hold a grey level to a 128th


def scan_page(page: Image, scan: Scan, seed: int, back: Image | None = None) -> tuple[Image, Warp]:
    """The scan of `page` (drawn at `scan.dpi`). `back` is what is printed on its other side, for bleed.

    One-bit scans come back as (height, width) with only 0 and 255. Same arguments, same pixels.
    """
    rng = np.random.default_rng(seed)
    height, width = page.shape[:2]
    curl = scan.curl_mm / MM_PER_INCH * scan.dpi
    warp = Warp(width, height, math.radians(scan.skew_deg), curl, scan.rotate, scan.perspective)
    picture = page if scan.colour else _grey(page)
    picture = _fade(picture, scan, rng)
    if back is not None and scan.bleed:
        picture = _bleed(picture, back if scan.colour else _grey(back), scan.bleed)
    picture = warp.bend(_foreign(picture, scan, seed))
    picture = _sensed(_light(picture.astype(np.float32), scan, rng), scan, rng)
    if scan.specks or scan.streaks:
        picture = dirt(picture, scan.specks, scan.streaks, np.random.default_rng([seed, 2]))
    if scan.one_bit:
        picture = _one_bit(picture, scan, rng)
    return warp.turn(picture), warp


def _foreign(page: Image, scan: Scan, seed: int) -> Image:
    if not scan.foreign:
        return page
    if page.shape[2] == 3:
        return apply_foreign(page, scan.foreign, seed)
    return _grey(apply_foreign(cv2.cvtColor(page, cv2.COLOR_GRAY2BGR).astype(np.uint8), scan.foreign, seed))


def _grey(page: Image) -> Image:
    return cv2.cvtColor(page, cv2.COLOR_BGR2GRAY).astype(np.uint8)[..., None]


def _levels(page: Image) -> npt.NDArray[np.uint8]:
    """Grey levels, shape (height, width)."""
    grey: npt.NDArray[np.uint8] = (page if page.shape[2] == 1 else _grey(page))[..., 0]
    return grey


def _rulings(page: Image) -> npt.NDArray[np.bool_]:
    """Pixels of long straight strokes, which wear off first: thin, and printed with least ink."""
    ink = (_levels(page) < INK_BELOW).astype(np.uint8)
    reach = max(25, page.shape[1] // 24)
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, reach), np.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((reach, 1), np.uint8))
    return np.asarray((across > 0) | (down > 0))


def _fade(page: Image, scan: Scan, rng: np.random.Generator) -> Image:
    if not (scan.fade or scan.broken):
        return page
    shape = page.shape[0], page.shape[1]
    keep = 1 - scan.fade * (0.6 + 0.8 * cloud(shape, shape[1] / 5, rng))
    if scan.broken:
        patches = cloud(shape, scan.dpi / 14, rng)
        gone = _rulings(page) & (patches < np.quantile(patches, scan.broken))
        keep = np.where(gone, 0.08, keep)
    return np.clip(255 - (255 - page.astype(np.float32)) * keep[..., None], 0, 255).astype(np.uint8)


def _bleed(page: Image, back: Image, strength: float) -> Image:
    mirrored = cv2.resize(cv2.flip(back, 1), page.shape[1::-1]).reshape(page.shape).astype(np.float32)
    ghost = _blur(mirrored, 2.2)
    shown = page.astype(np.float32) * (1 - strength * (255 - ghost) / 255)
    return np.clip(shown, 0, 255).astype(np.uint8)


def _blur(page: Field, sigma: float) -> Field:
    """Gaussian of `sigma` pixels over grey levels 0..255."""
    whole = np.clip(page * _FINE, 0, 65535).astype(np.uint16)
    return (cv2.GaussianBlur(whole, (0, 0), sigma).reshape(page.shape) / np.float32(_FINE)).astype(np.float32)


def _light(page: Field, scan: Scan, rng: np.random.Generator) -> Field:
    """Paper colour, a lamp stronger on one side, the dark gutter a curled page has, and a shadow over a corner."""
    height, width, channels = page.shape
    paper = np.array(scan.paper, np.float32) / 255
    light: Field = np.broadcast_to(paper if channels == 3 else paper.mean(), page.shape)
    if scan.shade:
        slope = np.linspace(0, 1, width, dtype=np.float32)[None, :] * rng.choice([-1.0, 1.0])
        lamp = 1 - scan.shade * (0.5 + 0.35 * slope + 0.3 * (cloud((height, width), width / 2, rng) - 0.5))
        light = light * lamp.astype(np.float32)[..., None]
    if scan.curl_mm:
        gutter = np.round(np.exp(-np.linspace(0, 14, width)), 6).astype(np.float32)[None, :, None]
        light = light * (1 - 0.25 * gutter)
    if scan.shadow:
        light = light * _shadow((height, width), scan.shadow, rng)[..., None]
    return np.asarray(page * light, np.float32)


def _shadow(shape: tuple[int, int], strength: float, rng: np.random.Generator) -> Field:
    """A hand or a phone over one corner of the page: dark there, with a soft edge."""
    small = np.full((64, 64), 255, np.uint8)
    corner = np.array([(0, 0), (63, 0), (63, 63), (0, 63)][int(rng.integers(4))])
    reach = rng.integers(22, 50, 2)
    inward = np.where(corner == 0, 1, -1)
    points = np.array([corner, corner + inward * (reach[0], 0), corner + inward * (0, reach[1])], np.int32)
    cv2.fillConvexPoly(small, points, (round(255 * (1 - strength)),))
    soft = cv2.GaussianBlur(small, (0, 0), 4)
    return (cv2.resize(soft, shape[::-1], interpolation=cv2.INTER_LINEAR) / np.float32(255)).astype(
        np.float32
    )


def _sensed(light: Field, scan: Scan, rng: np.random.Generator) -> Image:
    """Out of focus, with grain."""
    if scan.blur:
        light = _blur(light, scan.blur)
    if scan.noise:
        grain = rng.normal(128, scan.noise, light.shape[:2]).astype(np.float32)
        light = light + ((_blur(grain, 0.6) - 128) * np.float32(1.4))[..., None]
    return np.clip(light, 0, 255).astype(np.uint8)


def _one_bit(page: Image, scan: Scan, rng: np.random.Generator) -> Image:
    bits = np.where(_levels(page) < scan.threshold, 0, 255).astype(np.uint8)
    if scan.speckle:
        flipped = rng.random(bits.shape) < scan.speckle
        bits = np.where(flipped, 255 - bits, bits).astype(np.uint8)
    return bits
