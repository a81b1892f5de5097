"""Pages drawn in code, so that the right answer is known without a label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from extractors.document import GrayImage, Page, PageInfo

Spans = Sequence[tuple[int, int, int, int]]  # row0, row1, col0, col1, half-open


@dataclass(frozen=True, eq=False, slots=True)
class DrawnTable:
    """A picture of a ruled table. `xs`, `ys`: its grid lines in pixels."""

    image: GrayImage
    xs: tuple[int, ...]
    ys: tuple[int, ...]
    spans: tuple[tuple[int, int, int, int], ...]


def draw_table(
    spans: Spans,
    widths: Sequence[int],
    heights: Sequence[int],
    texts: Mapping[tuple[int, int], str] | None = None,
    *,
    margin: int = 60,
    thickness: int = 2,
    scale: float = 0.6,
) -> DrawnTable:
    """Black on white, cells tiling the grid of `widths` x `heights` pixels; `texts` by (row0, col0)."""
    xs = (margin + np.concatenate([[0], np.cumsum(widths)])).astype(int)
    ys = (margin + np.concatenate([[0], np.cumsum(heights)])).astype(int)
    image = np.full((int(ys[-1]) + margin, int(xs[-1]) + margin), 255, dtype=np.uint8)
    for row0, row1, col0, col1 in spans:
        cv2.rectangle(image, (xs[col0], ys[row0]), (xs[col1], ys[row1]), 0, thickness)
        text = (texts or {}).get((row0, col0), "")
        if text:
            write_centred(image, text, (xs[col0] + xs[col1]) // 2, (ys[row0] + ys[row1]) // 2, scale)
    return DrawnTable(image, tuple(map(int, xs)), tuple(map(int, ys)), tuple(spans))


def write_centred(image: GrayImage, text: str, x: int, y: int, scale: float) -> None:
    (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, 2)
    place = (x - width // 2, y + height // 2)
    cv2.putText(image, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, 0, 2, cv2.LINE_AA)


def full_grid(n_rows: int, n_cols: int) -> list[tuple[int, int, int, int]]:
    return [(r, r + 1, c, c + 1) for r in range(n_rows) for c in range(n_cols)]


def curled(image: GrayImage, amplitude: float) -> GrayImage:
    """The page with its lines bent to one wave of `amplitude` pixels over its width and half of it down."""
    height, width = image.shape
    xs, ys = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    bend_y = amplitude * np.sin(np.pi * xs / width)
    bend_x = amplitude / 2 * np.sin(np.pi * ys / height)
    bent = cv2.remap(
        image,
        (xs + bend_x).astype(np.float32),
        (ys + bend_y).astype(np.float32),
        cv2.INTER_LINEAR,
        borderValue=255.0,
    )
    return np.asarray(bent, dtype=np.uint8)


def turned(image: GrayImage, degrees: float) -> GrayImage:
    """The page turned about its middle, on paper large enough."""
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    out = cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=255.0)
    return np.asarray(out, dtype=np.uint8)


def noisy(image: GrayImage, sigma: float, seed: int = 0) -> GrayImage:
    grain = np.random.default_rng(seed).normal(0.0, sigma, image.shape)
    return np.clip(image.astype(np.float64) * 0.75 + 50 + grain, 0, 255).astype(np.uint8)


def as_page(image: GrayImage, dpi: float = 200.0, number: int = 1) -> Page:
    """A scanned page whose work and display frames are the same."""
    height, width = image.shape
    info = PageInfo(number, "scan", width, height, dpi, work_width=width, work_height=height)
    return Page(info, cv2.cvtColor(image, cv2.COLOR_GRAY2BGR), image)
