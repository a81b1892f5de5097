"""Brings a raw page into the work frame: seals off, paper even, upright and level."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np

from extractors.document import Glyph, GrayImage, Page, PageInfo, Segment
from extractors.geometry import IDENTITY, Affine, Box, map_box
from extractors.pages import grey_seals, paper, seals, skew, specks, streaks, upright
from extractors.pages.raw import RawPage

# Measured on text pages at 200 dpi: read alike from either, and linear takes a third of the time. At 150 dpi
# characters are small enough for the sharper one to read a few more of them right.
CUBIC_BELOW_DPI = 180.0
MIN_SKEW_DEG = 0.05  # below this, resampling would cost more sharpness than it straightens


@dataclass(frozen=True, slots=True)
class Frame:
    """A work frame: its size, and the affine that leads from it to display pixels."""

    width: int
    height: int
    to_display: Affine


def prepare(raw: RawPage, rotation: int | None = None) -> Page:
    """The page upright and level, in its work frame.

    `rotation` is the clockwise turn in degrees (0, 90, 180, 270) that brings the display upright. None finds it
    for born-digital pages, and for scans whether text runs level (0) or not (90): a scan may still stand on
    its head, which only reading tells. Raises ValueError for another rotation.
    """
    if rotation not in (None, 0, 90, 180, 270):
        raise ValueError(f"a page is turned by quarter turns, not by {rotation} degrees")
    if raw.kind == "digital":
        return _digital(raw, (raw.turn or 0) if rotation is None else rotation)
    flat = clean(raw)
    if raw.kind == "blank":
        return _page(raw, flat, rotation or 0, 0.0)
    if rotation is None:
        rotation, tilt = _orientation(flat, raw.dpi)
    else:
        tilt = skew.find(turned(flat, rotation), raw.dpi)
    return _page(raw, flat, rotation, 0.0 if abs(tilt) < MIN_SKEW_DEG else tilt)


def clean(raw: RawPage) -> GrayImage:
    """The display in grey, paper at 255, seals, specks and streaks taken off; still in display pixels."""
    grey = np.asarray(cv2.cvtColor(raw.display, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    regions = seals.find(raw.display, raw.dpi)
    if not regions and (raw.bilevel or paper.is_bilevel(grey)):
        return streaks.without_streaks(specks.without_specks(grey, raw.dpi), raw.dpi)
    flat = paper.flattened(grey, paper.brightness(grey, raw.dpi))
    flat = paper.stretched(seals.without_seals(raw.display, flat, regions, raw.dpi))
    flat = streaks.without_streaks(flat, raw.dpi)
    # Tones are compared once print is as dark as it gets.
    return grey_seals.without(flat, grey_seals.find(flat, raw.dpi)) if seals.is_grey(raw.display) else flat


def _orientation(flat: GrayImage, dpi: float) -> tuple[int, float]:
    # Rulings tilt alike whichever way the text runs, but text gives its tilt only along its lines.
    tilt = skew.find(flat, dpi)
    if not upright.is_sideways(skew.rotated(flat, tilt) if abs(tilt) > 1 else flat, dpi):
        return 0, tilt
    return 90, skew.find(turned(flat, 90), dpi)


def turned(image: GrayImage, rotation: int) -> GrayImage:
    """`image` turned clockwise by quarter turns, without resampling."""
    return np.ascontiguousarray(np.rot90(image, -rotation // 90))


def frame(width: int, height: int, rotation: int, tilt: float) -> Frame:
    """The work frame of a display of this size, turned clockwise by `rotation` and then back by `tilt` degrees.

    It is large enough to hold the whole display. Coordinates are continuous: pixel (0, 0) spans 0 to 1.
    """
    if rotation == 90:
        quarter: Affine = (0.0, 1.0, 0.0, -1.0, 0.0, float(height))
    elif rotation == 180:
        quarter = (-1.0, 0.0, float(width), 0.0, -1.0, float(height))
    elif rotation == 270:
        quarter = (0.0, -1.0, float(width), 1.0, 0.0, 0.0)
    else:
        quarter = IDENTITY
    if rotation % 180:
        width, height = height, width
    if tilt == 0:
        return Frame(width, height, quarter)
    cos, sin = math.cos(math.radians(tilt)), math.sin(math.radians(tilt))
    # Rounded up only where the turned page really reaches into another pixel.
    wide = math.ceil(width * cos + height * abs(sin) - 1e-6)
    high = math.ceil(height * cos + width * abs(sin) - 1e-6)
    level: Affine = (
        cos,
        -sin,
        width / 2 - cos * wide / 2 + sin * high / 2,
        sin,
        cos,
        height / 2 - sin * wide / 2 - cos * high / 2,
    )
    return Frame(wide, high, composed(level, quarter))


def composed(first: Affine, then: Affine) -> Affine:
    """The affine that does `first`, then `then`."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (
        p * a + q * d,
        p * b + q * e,
        p * c + q * f + r,
        s * a + t * d,
        s * b + t * e,
        s * c + t * f + u,
    )


def inverse(affine: Affine) -> Affine:
    """The affine that undoes `affine`. Raises ZeroDivisionError for one that squeezes the plane flat."""
    a, b, c, d, e, f = affine
    area = a * e - b * d
    return (
        e / area,
        -b / area,
        (b * f - e * c) / area,
        -d / area,
        a / area,
        (d * c - a * f) / area,
    )


def _page(raw: RawPage, flat: GrayImage, rotation: int, tilt: float) -> Page:
    height, width = flat.shape
    target = frame(width, height, rotation, tilt)
    flags = cv2.INTER_CUBIC if raw.dpi < CUBIC_BELOW_DPI else cv2.INTER_LINEAR
    work = turned(flat, rotation) if tilt == 0 else _resampled(flat, target, flags)
    return Page(_info(raw, target, rotation, tilt), raw.display, work)


def _resampled(flat: GrayImage, target: Frame, interpolation: int) -> GrayImage:
    a, b, c, d, e, f = target.to_display
    # OpenCV counts from the centres of pixels, we from their corners.
    matrix = np.array([[a, b, c + (a + b - 1) / 2], [d, e, f + (d + e - 1) / 2]])
    work = cv2.warpAffine(
        flat,
        matrix,
        (target.width, target.height),
        flags=interpolation | cv2.WARP_INVERSE_MAP,
        borderValue=(255,),
    )
    return np.asarray(work, dtype=np.uint8)


def _info(raw: RawPage, target: Frame, rotation: int, tilt: float) -> PageInfo:
    height, width = raw.display.shape[:2]
    return PageInfo(
        raw.number,
        raw.kind,
        width,
        height,
        raw.dpi,
        rotation,
        tilt,
        target.width,
        target.height,
        target.to_display,
    )


def _digital(raw: RawPage, rotation: int) -> Page:
    """Exact as it is: only turned, its glyphs and segments with it."""
    height, width = raw.display.shape[:2]
    target = frame(width, height, rotation, 0.0)
    grey = np.asarray(cv2.cvtColor(raw.display, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    # An electronic seal would keep the blank cells under it from being blank.
    grey = seals.without_seals(raw.display, grey, seals.find(raw.display, raw.dpi), raw.dpi)
    back = inverse(target.to_display)
    return Page(
        _info(raw, target, rotation, 0.0),
        raw.display,
        turned(grey, rotation),
        tuple(_moved(glyph, back) for glyph in raw.glyphs),
        tuple(_moved_segment(segment, back) for segment in raw.segments),
    )


def _moved(glyph: Glyph, affine: Affine) -> Glyph:
    return glyph if affine == IDENTITY else replace(glyph, box=map_box(affine, glyph.box))


def _moved_segment(segment: Segment, affine: Affine) -> Segment:
    if affine == IDENTITY:
        return segment
    # Of a line, the rectangle from its smaller to its larger ends says all, as long as it is upright.
    x0, x1 = sorted((segment.x0, segment.x1))
    y0, y1 = sorted((segment.y0, segment.y1))
    box = map_box(affine, Box(x0, y0, x1, y1))
    return Segment(box.x0, box.y0, box.x1, box.y1, segment.width)
