"""What lands on a page before it is scanned: seals, handwriting, punch holes; and dirt on the glass while it is.

All seeded and drawn in whole pixels. A page is BGR uint8, shape (height, width, 3).
"""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from eval.generate.scan.warp import Field, Image, steady

MM_PER_INCH = 25.4
HOLE_MM, HOLE_FROM_EDGE_MM, HOLE_APART_MM = 6.0, 12.0, 80.0  # ISO 838
INKS = ((40, 30, 30), (150, 60, 30), (60, 50, 170))  # BGR: black, blue, red
_FINE = 4  # cv2's fixed-point bits for the corners of strokes


def cloud(shape: tuple[int, int], scale: float, rng: np.random.Generator) -> Field:
    """Smooth noise in 0..1 whose features are about `scale` pixels wide."""
    size = max(2, int(shape[0] / scale) + 2), max(2, int(shape[1] / scale) + 2)
    small = rng.random(size, dtype=np.float32)
    return np.clip(cv2.resize(small, shape[::-1], interpolation=cv2.INTER_CUBIC), 0, 1).astype(np.float32)


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
    patches = 1 - 0.35 * cloud((size, size), size / 6, rng)
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


def handwriting(page: Image, marks: int, dpi: int, rng: np.random.Generator) -> Image:
    """`marks` marks of a pen: a scribbled name, a tick, a line under something, a ring. It may cross figures."""
    out = page.copy()
    for _ in range(marks):
        ink = INKS[int(rng.integers(len(INKS)))]
        height, width = page.shape[:2]
        at = (
            rng.integers(int(width * 0.05), int(width * 0.85)),
            rng.integers(int(height * 0.05), int(height * 0.92)),
        )
        size = float(rng.integers(8, 26)) / MM_PER_INCH * dpi
        strokes = (_scribble, _tick, _underline, _ring)[int(rng.integers(4))](size, rng)
        thick = max(1, round(0.45 / MM_PER_INCH * dpi))
        for stroke in strokes:
            corners = np.round((stroke + np.array(at)) * (1 << _FINE)).astype(np.int32)
            cv2.polylines(out, [corners], False, ink, thick, cv2.LINE_AA, _FINE)
    return out


def punch(page: Image, holes: int, dpi: int) -> Image:
    """`holes` holes down the left edge, 80 mm apart, dark as the lid behind them."""
    out = page.copy()
    step, middle = HOLE_APART_MM / MM_PER_INCH * dpi, page.shape[0] / 2
    for number in range(holes):
        y = round(middle + (number - (holes - 1) / 2) * step)
        x = round(HOLE_FROM_EDGE_MM / MM_PER_INCH * dpi)
        cv2.circle(out, (x, y), round(HOLE_MM / 2 / MM_PER_INCH * dpi), (52, 50, 48), -1, cv2.LINE_AA)
    return out


def dirt(page: Image, specks: int, streaks: int, rng: np.random.Generator) -> Image:
    """Dust on the glass: dark and light specks, and streaks that a speck on the moving sensor draws down the page."""
    out = page.copy()
    height, width = page.shape[:2]
    for _ in range(specks):
        at = int(rng.integers(width)), int(rng.integers(height))
        cv2.circle(out, at, int(rng.integers(1, 3)), _level(int(rng.integers(40, 150)), page), -1)
    for _ in range(streaks):
        x, level = int(rng.integers(width)), int(rng.choice((90, 140, 255)))
        top, bottom = sorted(int(y) for y in rng.integers(0, height, 2))
        cv2.line(out, (x, top), (x, max(bottom, top + height // 3)), _level(level, page), 1)
    return out


def _level(level: int, page: Image) -> tuple[int, ...]:
    return (level,) * int(page.shape[2])


Stroke = npt.NDArray[np.float64]


def _scribble(size: float, rng: np.random.Generator) -> list[Stroke]:
    """Two or three joined-up characters: a wandering line with loops."""
    steps = 60
    drift = np.linspace(0, 2.4 * size, steps)
    wave = np.cumsum(rng.normal(0, 1, (steps, 2)), axis=0)
    wave -= np.linspace(wave[0], wave[-1], steps)
    wave *= 0.5 * size / max(1.0, float(np.abs(wave).max()))
    line: Stroke = np.column_stack([drift + wave[:, 0], wave[:, 1]])
    return [np.round(line, 3)]


def _tick(size: float, rng: np.random.Generator) -> list[Stroke]:
    return [np.array([[0, 0], [0.25 * size, 0.35 * size], [0.8 * size, -0.5 * size]])]


def _underline(size: float, rng: np.random.Generator) -> list[Stroke]:
    sag = rng.uniform(-0.04, 0.04, 9) * size
    return [np.column_stack([np.linspace(0, 2 * size, 9), np.round(sag, 3)])]


def _ring(size: float, rng: np.random.Generator) -> list[Stroke]:
    turn = [2 * math.pi * step / 40 for step in range(43)]
    return [np.array([[steady(0.8 * size * math.cos(a)), steady(0.45 * size * math.sin(a))] for a in turn])]
