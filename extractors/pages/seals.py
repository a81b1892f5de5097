"""Takes seals off the page before it is read, and leaves the print under them.

A seal is red and large; its ring and star cross rulings and digits. In the red channel its ink is nearly as
bright as paper while black print stays black, so within a seal that channel is read instead, made up for what
little the seal does darken it. Only within a seal: a red title or a red figure in a table is text, and is
told from a seal by its shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extractors.document import ColourImage, GrayImage
from extractors.pages.paper import brightness, flattened
from extractors.pages.raster import factor_for, shrunk

SEARCH_DPI = 40.0
FAINT_RED = 18  # by which red must exceed the other channels, on averaged pixels, to be taken for red ink
SEAL_MIN_MM = 16.0  # the smallest official seals are 20 mm and more; a blurred rim may be lost
SEAL_MAX_MM = 75.0
JOIN_MM = 2.5  # gaps within a faded ring
RIM_MM = 1.5  # around a seal, where its ink has bled or has been blurred
MAX_ASPECT = 2.2  # oval seals are 45 x 30 mm; lines of text are longer
EDGE_MM = 2.0
LETTER_LIKE = 0.2  # letters stand in a row: as high as each other, on one line


@dataclass(frozen=True, slots=True)
class Region:
    """Where a seal is: `mask` (1 inside) at the page's own pixels, its corner at x, y."""

    x: int
    y: int
    mask: npt.NDArray[np.uint8]


def find(display: ColourImage, dpi: float) -> tuple[Region, ...]:
    """The seals on the page. `display` is BGR, at `dpi`."""
    if is_grey(display):
        return ()
    factor = factor_for(dpi, SEARCH_DPI)
    red = _redness(shrunk(display, factor)) > FAINT_RED
    if red.mean() < 1e-4:
        return ()
    mm = dpi / factor / 25.4
    marks = clusters(red, JOIN_MM * mm)
    boxes = [box for box in marks if is_seal(box, red.shape, mm) and not in_a_row(box, marks)]
    return tuple(region(red, box, factor, RIM_MM * mm, display.shape) for box in boxes)


def is_grey(display: ColourImage) -> bool:
    """Whether there is no colour at all, judged by every seventh pixel: any seal has thousands."""
    sample = display[::7, ::7]
    return bool((sample[..., 0] == sample[..., 1]).all() and (sample[..., 1] == sample[..., 2]).all())


def _redness(image: ColourImage) -> npt.NDArray[np.int16]:
    """By how much red exceeds both other channels, on paper made colourless first."""
    channels = [channel.astype(np.float32) for channel in cv2.split(image)]
    white = [max(1.0, float(np.percentile(channel[::3], 80))) for channel in channels]
    blue, green, red = (channel * (255.0 / level) for channel, level in zip(channels, white, strict=True))
    return np.asarray(red - np.maximum(blue, green), dtype=np.int16)


Rect = tuple[int, int, int, int]  # x, y, width, height


def clusters(red: npt.NDArray[np.bool_], join: float) -> list[Rect]:
    """Boxes around red marks that belong together: within `join` of each other, or one inside the other's box."""
    reach = max(1, round(join)) | 1
    joined = cv2.dilate(red.astype(np.uint8), np.ones((reach, reach), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    boxes: list[Rect] = []
    shrink = reach // 2
    for x, y, width, height, _ in sorted(stats[1:].tolist(), key=lambda row: -row[2] * row[3]):
        box = (x + shrink, y + shrink, max(1, width - 2 * shrink), max(1, height - 2 * shrink))
        if not any(_contains(other, box) for other in boxes):
            boxes.append(box)
    return boxes


def _contains(outer: Rect, inner: Rect) -> bool:
    x, y = inner[0] + inner[2] / 2, inner[1] + inner[3] / 2
    return outer[0] <= x < outer[0] + outer[2] and outer[1] <= y < outer[1] + outer[3]


def is_seal(box: Rect, shape: tuple[int, ...], mm: float) -> bool:
    """Whether marks in `box` are as large and as round as a seal, on a page of `shape` with `mm` pixels to the mm."""
    x, _, width, height = box
    short, long = sorted((width / mm, height / mm))
    if long > SEAL_MAX_MM or long < SEAL_MIN_MM:
        return False
    if short >= SEAL_MIN_MM and long <= MAX_ASPECT * short:
        return True
    # Half a seal, stamped across the edges of several sheets: tall and narrow, at the side of the page.
    at_side = x <= EDGE_MM * mm or x + width >= shape[1] - EDGE_MM * mm
    return at_side and height > width


def in_a_row(box: Rect, marks: Sequence[Rect]) -> bool:
    """Whether it stands on one line with marks as high as itself: letters of a title, not seals.

    Two seals may stand side by side; so it takes two such marks, or one that is itself as long as a word.
    """
    _, y, _, height = box
    alike = [
        other
        for other in marks
        if other != box
        and abs(other[1] - y) <= LETTER_LIKE * height
        and abs(other[3] - height) <= LETTER_LIKE * height
    ]
    return len(alike) >= 2 or any(other[2] > MAX_ASPECT * other[3] for other in alike)


def region(red: npt.NDArray[np.bool_], box: Rect, factor: int, rim: float, page: tuple[int, ...]) -> Region:
    """The convex hull around the red marks in `box`, with a rim, at full size."""
    margin = round(rim) + 1
    x0, y0 = max(0, box[0] - margin), max(0, box[1] - margin)
    x1, y1 = min(red.shape[1], box[0] + box[2] + margin), min(red.shape[0], box[1] + box[3] + margin)
    points = np.argwhere(red[y0:y1, x0:x1])[:, ::-1].astype(np.int32)
    hull = np.zeros((y1 - y0, x1 - x0), np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull(points), (1,))
    hull = cv2.dilate(hull, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * margin + 1, 2 * margin + 1)))
    size = ((x1 - x0) * factor, (y1 - y0) * factor)
    mask = cv2.resize(hull, size, interpolation=cv2.INTER_NEAREST)
    # What shrinking dropped at the far edges of the page belongs to the block before it.
    right = page[1] - x1 * factor if x1 == red.shape[1] else 0
    below = page[0] - y1 * factor if y1 == red.shape[0] else 0
    whole = cv2.copyMakeBorder(mask, 0, below, 0, right, cv2.BORDER_REPLICATE)
    return Region(x0 * factor, y0 * factor, np.asarray(whole, dtype=np.uint8))


def without_seals(display: ColourImage, flat: GrayImage, regions: Sequence[Region], dpi: float) -> GrayImage:
    """`flat` (the page in grey, paper at 255) with the red of `regions` taken off."""
    if not regions:
        return flat
    result = flat.copy()
    for place in regions:
        height, width = place.mask.shape
        rows, columns = slice(place.y, place.y + height), slice(place.x, place.x + width)
        clear = _cleared(display[rows, columns], place.mask, dpi)
        np.copyto(result[rows, columns], clear, where=place.mask.astype(bool))
    return result


def _cleared(patch: ColourImage, mask: npt.NDArray[np.uint8], dpi: float) -> GrayImage:
    """The red channel of `patch`, paper at 255, brightened in proportion to how red each pixel is."""
    channels = [np.ascontiguousarray(patch[..., index]) for index in range(3)]
    blue, green, red = (flattened(channel, brightness(channel, dpi)) for channel in channels)
    redness = cv2.subtract(red, cv2.max(blue, green)).astype(np.float32)
    inked = (redness > FAINT_RED) & mask.astype(bool)
    if not inked.any():
        return red
    full = float(np.percentile(redness[inked], 75))
    pure = inked & (redness >= full)
    missing = 255.0 - float(np.percentile(red[pure], 25))
    lift = missing * np.minimum(redness / max(1.0, full), 1.0)
    return np.asarray(np.minimum(red.astype(np.float32) + lift, 255.0), dtype=np.uint8)
