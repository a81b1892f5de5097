"""From a page to its lines of running text, in reading order: everything outside tables.

Headings, front matter and section texts are found in these lines, so a line must be whole: one printed line
is one `Line` though detection often cuts it at a wide space, and its first numeral and last stop are in it.
Table text stays out: the caller masks tables, whose cells are read one by one elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from extractors.document import GrayImage, Line, Page, Quad
from extractors.geometry import Box
from extractors.ocr.decode import Decoded
from extractors.ocr.ends import REACH, adds, beyond
from extractors.ocr.engine import OcrEngine
from extractors.ocr.glyphs import glyph_lines
from extractors.ocr.level import level
from extractors.ocr.reading import read_texts

__all__ = ["glyph_lines", "read_lines"]

SAME_LINE = 0.6  # share of the lower height that two pieces of one line have in common
WORD_GAP = 2.0  # in character heights: a wider gap parts two lines that stand side by side
SIDE_PADDING = 0.25  # in heights: detection stops short at thin first and last characters (一, 。)
UPRIGHT = 1.5  # height over width from which a crop is turned, as PaddleOCR does
TILT_PX = 1.0  # a quad whose edge rises less than this is cut out without resampling
BORDER_IN = 0.02  # half of a ruling of two points, and a pixel: a table's box runs along its border's middle
BOLD_RATIO = 1.3  # strokes this much thicker, for their size, than the page's usual ones


@dataclass(frozen=True, slots=True)
class Strip:
    """A quad around one printed line and the upright box around that."""

    quad: Quad
    box: Box


def read_lines(page: Page, engine: OcrEngine, masked: Sequence[Box] = ()) -> tuple[Line, ...]:
    """The text lines of `page` outside the `masked` tables (work pixels), top to bottom, left to right.

    A table goes with the outer half of its border: what stays of it would be a frame around nothing, in which
    detection overlooks a page number, and which keeps `trim` from leaving the empty middle out. Boxes, extents
    and sizes are in work pixels. Lines in which nothing was recognised are left out.
    Raises what the engine raises (EngineError).
    """
    rim = BORDER_IN * page.info.dpi
    flat = level(without(page.work, [_wider(box, rim) for box in masked]), page.info.dpi)
    strips = in_reading_order(
        merge_pieces([_strip(quad) for quad in engine.detect(flat.image)]), lambda strip: strip.box
    )
    lines, strokes = [], []
    for strip, crop, decoded in _with_their_ends(flat.image, strips, engine):
        if decoded.text.strip():
            line = _line(page.info.number, strip, crop, decoded)
            # Levelling moves nothing sideways, so that the extents stay.
            lines.append(replace(line, box=flat.to_work(line.box)))
            strokes.append(stroke_ratio(crop.image, line.size))
    return _with_bold(lines, strokes)


def _with_their_ends(
    image: GrayImage, strips: Sequence[Strip], engine: OcrEngine
) -> list[tuple[Strip, Crop, Decoded]]:
    """Each strip with its picture and what it says; longer than detected where ink at its ends reads well."""
    crops = [cut(image, strip.quad) for strip in strips]
    read = list(zip(strips, crops, read_texts([crop.image for crop in crops], engine), strict=True))
    longer = {i: _longer(image, strip, strips) for i, strip in enumerate(strips)}
    tried = {i: _strip(quad) for i, quad in longer.items() if quad is not None}
    crops = [cut(image, strip.quad) for strip in tried.values()]
    known = [decoded.text for _, _, decoded in read]
    again = read_texts([crop.image for crop in crops], engine, known) if crops else ()
    for (i, strip), crop, decoded in zip(tried.items(), crops, again, strict=True):
        if adds(decoded, read[i][2]):
            read[i] = (strip, crop, decoded)
    return read


def _longer(image: GrayImage, strip: Strip, strips: Sequence[Strip]) -> Quad | None:
    """The strip's quad with the ink that follows on its ends, up to the next strip; None where none does."""
    height = _height(strip.quad)
    if _is_upright(strip.quad) or height < 1.0:
        return None
    beside = [other.box for other in strips if other is not strip and _beside(strip.box, other.box)]
    left = min([REACH * height, *(strip.box.x0 - box.x1 for box in beside if box.x1 <= strip.box.x0)])
    right = min([REACH * height, *(box.x0 - strip.box.x1 for box in beside if box.x0 >= strip.box.x1)])
    wide = _levelled(image, _lengthened(strip.quad, left, right))
    start = (strip.quad[0] - np.array(wide.origin)) @ np.array(wide.axis)
    stop = start + _width(strip.quad)
    first, last = beyond(_ink(wide.image), float(start), float(stop))
    if (first, last) == (start, stop):
        return None
    return _lengthened(strip.quad, float(start) - first, last - float(stop))


def without(image: npt.NDArray[np.uint8], masked: Sequence[Box]) -> npt.NDArray[np.uint8]:
    """A copy of `image` (grey or BGR) with the boxes painted in the colour of the paper around each."""
    if not masked:
        return image
    height, width = image.shape[:2]
    result = image.copy()
    for box in masked:
        x0, y0 = max(0, int(box.x0)), max(0, int(box.y0))
        x1, y1 = min(width, int(np.ceil(box.x1))), min(height, int(np.ceil(box.y1)))
        if x1 <= x0 or y1 <= y0:
            continue
        around = image[max(0, y0 - 8) : y1 + 8, max(0, x0 - 8) : x1 + 8]
        result[y0:y1, x0:x1] = np.percentile(around[::2, ::2], 75, axis=(0, 1))
    return result


def _wider(box: Box, rim: float) -> Box:
    return Box(box.x0 - rim, box.y0 - rim, box.x1 + rim, box.y1 + rim)


def _strip(quad: Quad) -> Strip:
    x0, y0 = quad.min(axis=0)
    x1, y1 = quad.max(axis=0)
    return Strip(quad, Box(float(x0), float(y0), float(x1), float(y1)))


def merge_pieces(strips: Sequence[Strip]) -> list[Strip]:
    """Puts the pieces of one printed line together: one baseline, one size, and no more than a word's gap."""
    left_first = sorted(strips, key=lambda strip: strip.box.x0)
    merged: list[Strip] = []
    for strip in left_first:
        for index, earlier in enumerate(merged):
            if _continues(earlier, strip):
                merged[index] = _strip(_around(earlier.quad, strip.quad))
                break
        else:
            merged.append(strip)
    return merged


def _continues(left: Strip, right: Strip) -> bool:
    left_height, right_height = _height(left.quad), _height(right.quad)
    low, high = sorted((left_height, right_height))
    if low < 0.6 * high or _is_upright(left.quad) or _is_upright(right.quad):
        return False
    gap = right.box.x0 - left.box.x1
    if not -low < gap < WORD_GAP * high:
        return False
    # Compared where they meet: a tilted line has its pieces at different heights.
    left_edge, right_edge = left.quad[[1, 2], 1], right.quad[[0, 3], 1]
    shared = min(left_edge[1], right_edge[1]) - max(left_edge[0], right_edge[0])
    return bool(shared >= SAME_LINE * low)


def _height(quad: Quad) -> float:
    return float(np.linalg.norm(quad[3] - quad[0]) + np.linalg.norm(quad[2] - quad[1])) / 2


def _width(quad: Quad) -> float:
    return float(np.linalg.norm(quad[1] - quad[0]) + np.linalg.norm(quad[2] - quad[3])) / 2


def _is_upright(quad: Quad) -> bool:
    return _height(quad) >= UPRIGHT * _width(quad)


def _around(left: Quad, right: Quad) -> Quad:
    """The smallest turned rectangle around both, its corners in the order of `Quad`."""
    corners = cv2.boxPoints(cv2.minAreaRect(np.concatenate([left, right])))
    by_x = corners[np.argsort(corners[:, 0])]
    tops_left = by_x[:2][np.argsort(by_x[:2, 1])]
    tops_right = by_x[2:][np.argsort(by_x[2:, 1])]
    return np.array([tops_left[0], tops_right[0], tops_right[1], tops_left[1]], dtype=np.float32)


Placed = TypeVar("Placed")


def in_reading_order(pieces: Sequence[Placed], box_of: Callable[[Placed], Box]) -> list[Placed]:
    """Top to bottom; those on one baseline left to right."""
    rows: list[list[Placed]] = []
    for piece in sorted(pieces, key=lambda one: box_of(one).centre[1]):
        if rows and _beside(box_of(rows[-1][-1]), box_of(piece)):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [piece for row in rows for piece in sorted(row, key=lambda one: box_of(one).x0)]


def _beside(one: Box, other: Box) -> bool:
    shared = min(one.y1, other.y1) - max(one.y0, other.y0)
    apart = one.x1 <= other.x0 or other.x1 <= one.x0
    return apart and shared >= 0.5 * min(one.height, other.height)


@dataclass(frozen=True, eq=False, slots=True)
class Crop:
    """A line cut out and levelled. `origin` and `axis` lead to the page: origin + x * axis."""

    image: GrayImage
    origin: tuple[float, float]
    axis: tuple[float, float]  # unit vector along the line, in work pixels


def cut(image: GrayImage, quad: Quad) -> Crop:
    """The line under `quad`, padded at both ends, level; turned where it stands upright."""
    margin = SIDE_PADDING * min(_height(quad), _width(quad))
    if _is_upright(quad):
        crop = _warped(image, np.roll(_lengthened(np.roll(quad, 1, axis=0), margin, margin), -1, axis=0))
        return Crop(np.rot90(crop.image).copy(), crop.origin, (0.0, 0.0))
    return _levelled(image, _lengthened(quad, margin, margin))


def _levelled(image: GrayImage, quad: Quad) -> Crop:
    if max(abs(quad[0, 1] - quad[1, 1]), abs(quad[3, 1] - quad[2, 1])) <= TILT_PX:
        return _sliced(image, quad)
    return _warped(image, quad)


def _lengthened(quad: Quad, before: float, behind: float) -> Quad:
    """Longer by `before` and `behind` at the ends of the line."""
    along = (quad[1] - quad[0]) + (quad[2] - quad[3])
    along = along / max(1e-6, float(np.linalg.norm(along)))
    left, right = along * before, along * behind
    return np.array([quad[0] - left, quad[1] + right, quad[2] + right, quad[3] - left], dtype=np.float32)


def _sliced(image: GrayImage, quad: Quad) -> Crop:
    height, width = image.shape
    x0, x1 = max(0, int(quad[:, 0].min())), min(width, int(np.ceil(quad[:, 0].max())))
    y0, y1 = max(0, int(quad[:, 1].min())), min(height, int(np.ceil(quad[:, 1].max())))
    x0, y0 = min(x0, width - 1), min(y0, height - 1)
    piece = image[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)]
    return Crop(piece, (float(x0), float(y0)), (1.0, 0.0))


def _warped(image: GrayImage, quad: Quad) -> Crop:
    width, height = max(1, round(_width(quad))), max(1, round(_height(quad)))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    transform = cv2.getPerspectiveTransform(np.ascontiguousarray(quad), target)
    level = cv2.warpPerspective(
        image, transform, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    along = (quad[1] - quad[0]) / width
    return Crop(
        np.asarray(level, dtype=np.uint8),
        (float(quad[0, 0]), float(quad[0, 1])),
        (float(along[0]), float(along[1])),
    )


def _line(page: int, strip: Strip, crop: Crop, decoded: Decoded) -> Line:
    size = ink_height(crop.image)
    stripped = _trimmed(decoded)
    return Line(
        page=page,
        box=strip.box,
        reading=stripped.reading,
        extents=tuple(_on_page(extent, crop, size, strip.box) for extent in stripped.extents),
        size=size,
    )


def _trimmed(decoded: Decoded) -> Decoded:
    """Without spaces at either end: they are padding, not print."""
    text = decoded.text
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    part = slice(start, end)
    return replace(
        decoded,
        text=text[part],
        characters=decoded.characters[part],
        extents=decoded.extents[part],
        candidates=tuple((other[part], p) for other, p in decoded.candidates),
    )


def _on_page(extent: tuple[float, float], crop: Crop, size: float, box: Box) -> tuple[float, float]:
    """No character is wider than it is high; where the line stands upright, all of them share its width."""
    if crop.axis == (0.0, 0.0):
        return box.x0, box.x1
    centre, half = sum(extent) / 2, min((extent[1] - extent[0]) / 2, 0.6 * size)
    left = crop.origin[0] + (centre - half) * crop.axis[0]
    right = crop.origin[0] + (centre + half) * crop.axis[0]
    return max(box.x0, left), min(box.x1, max(left, right))


def _ink(crop: GrayImage) -> npt.NDArray[np.float32]:
    """Darkness in 0..1 between the crop's own paper and its own ink, so that faded print counts alike."""
    paper, ink = np.percentile(crop, (90, 2))
    if paper - ink < 24:  # nothing stands out of the paper
        return np.zeros(crop.shape, dtype=np.float32)
    darkness = (paper - crop.astype(np.float32)) / (paper - ink)
    return np.asarray(np.clip(darkness * 1.5 - 0.25, 0.0, 1.0), dtype=np.float32)


def ink_height(crop: GrayImage) -> float:
    """The height of the characters in a level crop, in its pixels; the crop's own where it has no ink."""
    rows = _ink(crop).sum(axis=1)
    if rows.max(initial=0.0) <= 0.0:
        return float(crop.shape[0])
    inked = np.flatnonzero(rows > 0.08 * rows.max())
    # A line of nothing but dashes is not a line of tiny characters.
    return float(max(inked[-1] - inked[0] + 1, 0.4 * crop.shape[0]))


def stroke_ratio(crop: GrayImage, size: float) -> float:
    """Stroke width over character height. Twice area over outline is the width of a long stroke; both are
    measured on grey values, so that the answer is finer than a pixel and survives blur."""
    ink = _ink(crop)
    outline = float(np.abs(np.diff(ink, axis=0)).sum() + np.abs(np.diff(ink, axis=1)).sum())
    if outline <= 0.0 or size <= 0.0:
        return 0.0
    return 2.0 * float(ink.sum()) / outline / size


def _with_bold(lines: Sequence[Line], strokes: Sequence[float]) -> tuple[Line, ...]:
    """Bold is what stands out from the page's usual stroke; two lines have nothing to stand out from."""
    if len(lines) < 3:
        return tuple(lines)
    usual = float(np.median(np.repeat(strokes, [len(line.text) for line in lines])))
    return tuple(
        replace(line, bold=bool(usual > 0.0 and stroke > BOLD_RATIO * usual))
        for line, stroke in zip(lines, strokes, strict=True)
    )
