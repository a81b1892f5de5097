"""A page as it came from the file: pixels, and the marks of a PDF, before anything is decided about its frame."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from extractors.document import ColourImage, Glyph, GrayImage, Issue, PageKind, Segment
from extractors.geometry import Box

MAX_COORDINATE = 1e6


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture on a born-digital page: the box around its ink in display pixels, and its share of the page's ink.

    `legible`: it looks like a sheet with writing, not like a photo.
    """

    box: Box
    share: float
    legible: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """One character of a text layer before it is trusted, in display pixels.

    `turn`: degrees clockwise by which its writing is turned from upright, in 0..360. `painted`: it leaves
    ink. `mapped`: its font says which character it is.
    """

    glyph: Glyph
    turn: float
    painted: bool
    mapped: bool


@dataclass(frozen=True, eq=False, slots=True)
class RawPage:
    """One page of a document. `glyphs` and `segments` are in *display* pixels, empty unless "digital".

    `display` is BGR, `dpi` what its pixels are on paper as far as can be told. `turn` is the rotation that
    the glyphs ask for (clockwise degrees that bring the page upright); None where there are none. `bilevel`:
    the file holds black and white only, though rendering may have put grey at the edges. `pictures` are those
    of a "digital" page, top to bottom.
    """

    number: int
    display: ColourImage
    dpi: float
    kind: PageKind
    glyphs: tuple[Glyph, ...] = ()
    segments: tuple[Segment, ...] = ()
    turn: int | None = None
    issues: tuple[Issue, ...] = ()
    bilevel: bool = False
    pictures: tuple[Picture, ...] = ()


def picture(header: dict[str, Any], payload: bytearray) -> ColourImage:
    """The payload as a BGR image. Raises ValueError if it has not the size that the header says."""
    width, height, channels = int(header["width"]), int(header["height"]), int(header["channels"])
    if min(width, height) < 1:
        raise ValueError(f"a picture of {width} x {height}")
    pixels = np.frombuffer(payload, dtype=np.uint8)
    if channels == 1:
        return np.asarray(cv2.cvtColor(pixels.reshape(height, width), cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    return pixels.reshape(height, width, 3)


def small_picture(header: dict[str, Any], payloads: Sequence[bytearray]) -> GrayImage | None:
    """The page's images rendered alone, where the child found cause to send them."""
    if "pictures_only" not in header or len(payloads) < 2:
        return None
    width, height = header["pictures_only"]
    return np.frombuffer(payloads[1], dtype=np.uint8).reshape(int(height), int(width))


def marks(header: dict[str, Any]) -> tuple[Mark, ...]:
    return tuple(_mark(char) for char in header["chars"])


def segments(header: dict[str, Any]) -> tuple[Segment, ...]:
    return tuple(Segment(*_finite(segment)) for segment in header["segments"])


def images(header: dict[str, Any]) -> tuple[Box, ...]:
    """Where the page's images lie, in display pixels."""
    return tuple(Box(*_finite(image)) for image in header["images"])


def dpi(header: dict[str, Any]) -> float:
    """Raises ValueError for a resolution that no picture has."""
    (found,) = _finite([header["dpi"]])
    if not 1 <= found <= 10_000:
        raise ValueError(f"a resolution of {found} dpi")
    return found


def _finite(values: Sequence[Any]) -> list[float]:
    found = [float(value) for value in values]
    if not all(math.isfinite(value) and abs(value) < MAX_COORDINATE for value in found):
        raise ValueError(f"coordinates out of bounds: {found}")
    return found


def _mark(char: Sequence[Any]) -> Mark:
    text, *numbers, bold, turn, painted, mapped = char
    x0, y0, x1, y1, size, degrees = _finite([*numbers, turn])
    glyph = Glyph(plain(str(text)), Box(x0, y0, x1, y1), size, bool(bold))
    return Mark(glyph, degrees, bool(painted), bool(mapped))


def plain(text: str) -> str:
    """`text` with CJK radicals and compatibility ideographs as the ordinary characters they stand for.

    Many PDF producers map glyphs to them (⼀ U+2F00 for 一, ⻚ U+2EDA for 页). Full-width punctuation and
    digits stay as printed.
    """
    if text.isascii() or "\u4e00" <= text <= "\u9fff":
        return text
    return "".join(_plain_character(character) for character in text)


def _plain_character(character: str) -> str:
    if "\u2e80" <= character <= "\u2eff":
        return _RADICALS.get(character, character)
    if "\u2f00" <= character <= "\u2fdf" or "\uf900" <= character <= "\ufaff":
        return unicodedata.normalize("NFKC", character)
    return character


# CJK Radicals Supplement has no compatibility mappings, except two. Source: Unicode Character Database,
# EquivalentUnifiedIdeograph.txt, the rows whose right side is written as a character of its own.
_RADICALS = dict(
    zip(
        "⺁⺄⺇⺈⺊⺋⺌⺎⺐⺒⺓⺜⺝⺟⺠⺧⺩⺪⺫⺬⺮⺶⺻⺼⺽⻁⻄⻅⻆⻉⻋⻑⻒⻓⻔⻕⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳⺛⺞⺡⺘⺅⺖⺭⻂⻈⻌⻏⻖⻐⺾",
        "厂乙几刀卜㔾小兀尢巳幺日月母民牛王疋目示竹羊聿月臼虎西见角贝车長镸长门阜雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟旡歺氵扌亻忄礻衤讠辶阝阝钅艹",
        strict=True,
    )
)
