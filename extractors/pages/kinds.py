"""Is a page born-digital, a scan, or blank: that is, may its text layer be believed?

A text layer is the best source there is where it is what the page shows, and the worst where it is the output of
some other recogniser under a scan, or the debris of a font without a map. So it has to prove itself against
the picture: what cannot be believed is read as a scan, which costs time and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extractors.document import ColourImage, Glyph, GrayImage, Issue, PageKind, Segment
from extractors.geometry import Box
from extractors.pages import pictures
from extractors.pages.ink import BLANK_INK, stroke_ink
from extractors.pages.raster import factor_for, shrunk
from extractors.pages.raw import Mark, Picture

WEIGHING_DPI = 100.0
EDGE_CONTRAST = 30
BAND_MM = (2.5, 10.0)  # height and width from which an area is a shaded row of a table, and no stroke
OWN_PIXELS = 3  # at 100 dpi: less is the rim of what an image shows
DARK = 96
BLANK_DARK = 0.002
MAX_UNMAPPED = 0.10
MIN_ON_INK = 0.80
MIN_EXPLAINED = 0.50  # share of the ink that the text layer must account for
NEARLY_ALL = 0.90
SCAN_COVER = 0.70  # images that cover less of a page are pictures on it, whatever share of its ink is theirs
MIN_JUDGED = 20  # characters; fewer do not show whether a text is gibberish
COMMON_CJK = (
    0.70  # of Chinese text at least 97 % is in GB 2312 or Big5's first level; of random ideographs a third
)
BIG5_COMMON_LAST = b"\xc6\x7e"  # the end of that level; beyond are 7,652 characters in rare use
FULL_WIDTH = 0.85  # of the font size: no Latin letter but W and M is that wide


@dataclass(frozen=True, slots=True)
class Verdict:
    """`glyphs` and `pictures` only if the kind is "digital"; `turn` as in RawPage."""

    kind: PageKind
    glyphs: tuple[Glyph, ...] = ()
    turn: int | None = None
    issues: tuple[Issue, ...] = ()
    pictures: tuple[Picture, ...] = ()


def judge(
    number: int,
    display: ColourImage,
    dpi: float,
    marks: Sequence[Mark],
    segments: Sequence[Segment],
    images: Sequence[Box],
    images_alone: GrayImage | None,
) -> Verdict:
    """The verdict on page `number`. `images_alone` is a small grey rendering of nothing but its `images`, or None."""
    factor = factor_for(dpi, WEIGHING_DPI)
    scale = 1 / factor
    grey = shrunk(np.asarray(cv2.cvtColor(display, cv2.COLOR_BGR2GRAY), dtype=np.uint8), factor)
    ink = stroke_ink(grey, dpi * scale)
    seen = [mark for mark in marks if mark.painted and _inside(mark.glyph.box, display)]
    if ink.mean() < BLANK_INK and not _has_dark_area(grey):
        return Verdict("blank")
    if not seen:
        return Verdict("scan")
    inset = pictures.weigh(images, images_alone, ink, scale, dpi * scale)
    shown = _on_ink(seen, grey, scale)
    strokes = _without_bands(ink & ~inset.near, dpi * scale)
    explained = _explained(shown, segments, strokes, scale)
    doubt = _doubt(seen) or _misplaced(len(shown) / len(seen), explained)
    if doubt:
        return Verdict("scan", issues=(Issue("text_layer_untrusted", "info", number, {"reason": doubt}),))
    if (inset.cover >= SCAN_COVER and inset.share(ink) >= 0.5) or explained < MIN_EXPLAINED:
        return Verdict("scan")
    found = pictures.find(inset, ink, scale, dpi * scale)
    typed = _uncovered(shown, found, ink & ~inset.near, scale)
    if not typed:
        return Verdict("scan")
    return Verdict("digital", tuple(mark.glyph for mark in typed), _turn(typed), pictures=found)


def _inside(box: Box, display: ColourImage) -> bool:
    height, width = display.shape[:2]
    x, y = box.centre
    return bool(0 <= x < width and 0 <= y < height)


def _without_bands(ink: npt.NDArray[np.bool_], dpi: float) -> npt.NDArray[np.bool_]:
    """`ink` without the shaded rows of tables, lower than the areas that `stroke_ink` leaves out by itself."""
    height, width = (max(2, round(mm / 25.4 * dpi)) for mm in BAND_MM)
    bands = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_OPEN, np.ones((height, width), np.uint8))
    return np.asarray(ink & (bands == 0), dtype=bool)


def _has_dark_area(grey: GrayImage) -> bool:
    """Whether something large and dark, no stroke, is on the page; the shadow at its edges does not count."""
    height, width = grey.shape
    inner = grey[height // 20 : height - height // 20, width // 20 : width - width // 20]
    return bool(inner.size and (inner < DARK).mean() > BLANK_DARK)


def _doubt(marks: Sequence[Mark]) -> str | None:
    """Why the characters cannot be what is printed; None if they may be."""
    texts = [mark.glyph.text for mark in marks]
    unmapped = sum(not mark.mapped or _is_private(mark.glyph.text) for mark in marks)
    if unmapped > MAX_UNMAPPED * len(marks):
        return "unmapped"
    ideographs = [text for text in texts if "\u3400" <= text <= "\u9fff"]
    if len(ideographs) >= MIN_JUDGED and _common_share(ideographs) < COMMON_CJK:
        return "gibberish"
    return "widths" if _wide_latin(marks) else None


def _is_private(text: str) -> bool:
    return any("\ue000" <= char <= "\uf8ff" or char in "\ufffd\ufffe" or ord(char) < 32 for char in text)


def _common_share(ideographs: Sequence[str]) -> float:
    """The share of characters in daily use, simplified or traditional, whichever is larger."""
    return max(
        sum(is_common(text) for text in ideographs) / len(ideographs)
        for is_common in (_is_common_simplified, _is_common_traditional)
    )


def _is_common_simplified(text: str) -> bool:
    return bool(text.encode("gb2312", "ignore"))


def _is_common_traditional(text: str) -> bool:
    return b"" < text.encode("big5", "ignore") <= BIG5_COMMON_LAST


def _wide_latin(marks: Sequence[Mark]) -> bool:
    """Latin letters as wide as ideographs: an ideographic font whose codes were taken for letters."""
    latin = [mark for mark in marks if mark.glyph.text.isalpha() and ord(mark.glyph.text[0]) < 0x250]
    if len(latin) < MIN_JUDGED:
        return False
    wide = sum(
        min(mark.glyph.box.width, mark.glyph.box.height) > FULL_WIDTH * mark.glyph.size
        and mark.glyph.text not in "WMwm"
        for mark in latin
    )
    return wide > len(latin) / 2


def _on_ink(marks: Sequence[Mark], grey: GrayImage, scale: float) -> list[Mark]:
    """The characters that something is drawn at; the others are clipped away, or white on white."""
    edges = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > EDGE_CONTRAST
    sums = _sums(edges, [mark.glyph.box for mark in marks], scale)
    return [mark for mark, found in zip(marks, sums, strict=True) if found > 0]


def _misplaced(on_ink: float, explained: float) -> str | None:
    """A layer with much text beside the ink is misplaced, unless the rest of it accounts for all the ink: some
    producers write the text of the whole document on each page, and clip what is not to be seen."""
    return "off_ink" if on_ink < MIN_ON_INK and explained < NEARLY_ALL else None


def _sums(mask: npt.NDArray[np.bool_], boxes: Sequence[Box], scale: float) -> npt.NDArray[np.int64]:
    """How many set pixels of `mask` lie in each box, grown by one pixel; boxes are in display pixels."""
    integral = cv2.integral(mask.astype(np.uint8)).astype(np.int64)
    corners = np.array([(box.x0, box.y0, box.x1, box.y1) for box in boxes]) * scale
    x0, y0 = np.floor(corners[:, 0]) - 1, np.floor(corners[:, 1]) - 1
    x1, y1 = np.ceil(corners[:, 2]) + 1, np.ceil(corners[:, 3]) + 1
    height, width = mask.shape
    left, right = (np.clip(x, 0, width).astype(int) for x in (x0, x1))
    top, bottom = (np.clip(y, 0, height).astype(int) for y in (y0, y1))
    found = integral[bottom, right] - integral[top, right] - integral[bottom, left] + integral[top, left]
    return np.asarray(found, dtype=np.int64)


def _uncovered(
    marks: Sequence[Mark], found: Sequence[Picture], own: npt.NDArray[np.bool_], scale: float
) -> list[Mark]:
    """`marks` without those under pictures: some producers paint a text and cover it by its scan.

    `own` is the ink that no image shows. Whoever types on a picture, or stamps a picture on text, leaves most of
    the characters there with ink of their own; so it is told for all characters in a picture at once.
    """
    sums = _sums(own, [mark.glyph.box for mark in marks], scale)
    covered: set[int] = set()
    for picture in found:
        inside = [i for i, mark in enumerate(marks) if picture.box.holds(*mark.glyph.box.centre)]
        if 2 * sum(sums[i] >= OWN_PIXELS for i in inside) < len(inside):
            covered.update(inside)
    return [mark for i, mark in enumerate(marks) if i not in covered]


def _explained(
    marks: Sequence[Mark], segments: Sequence[Segment], ink: npt.NDArray[np.bool_], scale: float
) -> float:
    """The share of the ink, rulings left out, that lies in the boxes of the text layer."""
    rest = ink.astype(np.uint8)
    for line in segments:
        ends = [(round(x * scale), round(y * scale)) for x, y in ((line.x0, line.y0), (line.x1, line.y1))]
        cv2.line(rest, ends[0], ends[1], (0,), max(3, round(line.width * scale) + 2))
    total = int(rest.sum())
    return float(_sums(rest.astype(bool), [mark.glyph.box for mark in marks], scale).sum()) / max(1, total)


def _turn(marks: Sequence[Mark]) -> int:
    votes = Counter(round(mark.turn / 90) % 4 for mark in marks)
    return (-90 * votes.most_common(1)[0][0]) % 360
