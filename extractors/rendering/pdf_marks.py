"""What stands on a PDF page besides its pixels: characters, straight rulings, and where images lie.

The text layer and the vector paths are exact where they can be trusted, and no rendering gives them back.
Whether they can be trusted is not decided here (pages.kinds does).
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
Stroke = tuple[Point, Point]

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
MAX_DEPTH = 8  # of forms within forms; real producers nest two or three
MAX_OBJECTS = 200_000
MAX_CHARS = 100_000  # a dense page has some 3,000
RULING_THICKNESS_PT = 3.0  # a filled box no thicker than this is drawn as a line, not as an area
RULING_LENGTH_PT = 1.5
RULING_TILT = math.tan(math.radians(2.0))
INVISIBLE_MODES = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)
STROKED_MODES = (pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE, pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE_CLIP)
BOLD_NAMES = ("bold", "heavy", "black", "simhei", "heiti", "fzhei", "黑体")
BOLD_WEIGHT = 600
FORCE_BOLD = 1 << 18  # font descriptor flag, ISO 32000-1 table 123


@dataclass(frozen=True, slots=True)
class Frame:
    """From PDF user space (points, y up) to display pixels (y down), after crop box and /Rotate."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int  # quarter turns clockwise
    width: int
    height: int

    @property
    def points(self) -> Point:
        """Width and height of the page as displayed, in user space units."""
        across, up = self.right - self.left, self.top - self.bottom
        return (up, across) if self.turn % 2 else (across, up)

    def place(self, x: float, y: float) -> Point:
        across, up = self.points
        east, north = x - self.left, y - self.bottom
        west, south = self.right - x, self.top - y
        u, v = ((east, south), (north, east), (west, north), (south, west))[self.turn % 4]
        return u * self.width / across, v * self.height / up

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        x0, y0 = self.place(left, bottom)
        x1, y1 = self.place(right, top)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    @property
    def pixels_per_point(self) -> float:
        return self.height / self.points[1]


@dataclass(frozen=True, slots=True)
class Placed:
    """A page object and the matrix that leads from its own space to the page's."""

    handle: Any
    kind: int
    matrix: Matrix


def compose(inner: Matrix, outer: Matrix) -> Matrix:
    """First `inner`, then `outer` (PDF order of a, b, c, d, e, f)."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def apply(matrix: Matrix, x: float, y: float) -> Point:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def objects(page: Any) -> Iterator[Placed]:
    """All objects of the page, those within forms included, in painting order."""
    handles = (pdfium.FPDFPage_GetObject(page, index) for index in range(pdfium.FPDFPage_CountObjects(page)))
    for count, placed in enumerate(_descend(handles, IDENTITY, 0)):
        if count >= MAX_OBJECTS:
            return
        yield placed


def _descend(handles: Iterator[Any], outer: Matrix, depth: int) -> Iterator[Placed]:
    for handle in handles:
        kind = pdfium.FPDFPageObj_GetType(handle)
        matrix = compose(_matrix(handle), outer)
        if kind != pdfium.FPDF_PAGEOBJ_FORM:
            yield Placed(handle, kind, matrix)
        elif depth < MAX_DEPTH:
            count = pdfium.FPDFFormObj_CountObjects(handle)
            inside = (pdfium.FPDFFormObj_GetObject(handle, index) for index in range(count))
            yield from _descend(inside, matrix, depth + 1)


def _matrix(handle: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(handle, found):
        return IDENTITY
    return found.a, found.b, found.c, found.d, found.e, found.f


@dataclass(frozen=True, slots=True)
class PlacedImage:
    """An image on the page: its upright rectangle in user space, its own pixels, its finest resolution.

    `bits` per pixel: 1 for black and white; 0 where pdfium cannot tell.
    """

    handle: Any
    left: float
    bottom: float
    right: float
    top: float
    width: int
    height: int
    dpi: float
    bits: int


def images(page: Any, found: Sequence[Placed]) -> list[PlacedImage]:
    return [image for placed in found if (image := _image(page, placed)) is not None]


def _image(page: Any, placed: Placed) -> PlacedImage | None:
    if placed.kind != pdfium.FPDF_PAGEOBJ_IMAGE:
        return None
    wide, high = ctypes.c_uint(), ctypes.c_uint()
    if not pdfium.FPDFImageObj_GetImagePixelSize(placed.handle, wide, high):
        return None
    a, b, c, d, _, _ = placed.matrix
    across, up = math.hypot(a, b), math.hypot(c, d)
    if min(across, up) <= 0 or min(wide.value, high.value) == 0:
        return None
    corners = [apply(placed.matrix, x, y) for x in (0, 1) for y in (0, 1)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    dpi = 72 * max(wide.value / across, high.value / up)
    facts = pdfium.FPDF_IMAGEOBJ_METADATA()
    known = pdfium.FPDFImageObj_GetImageMetadata(placed.handle, page, facts)
    bits = int(facts.bits_per_pixel) if known else 0
    return PlacedImage(placed.handle, min(xs), min(ys), max(xs), max(ys), wide.value, high.value, dpi, bits)


def rulings(found: Sequence[Placed], frame: Frame) -> Iterator[tuple[float, ...]]:
    """[x0, y0, x1, y1, width] in display pixels of every straight, upright line that is seen."""
    for placed in found:
        if placed.kind == pdfium.FPDF_PAGEOBJ_PATH:
            yield from _path_rulings(placed, frame)


def _path_rulings(placed: Placed, frame: Frame) -> Iterator[tuple[float, ...]]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(placed.handle, fill, stroke):
        return
    subpaths = list(_subpaths(placed))
    if stroke.value and _is_seen(placed.handle, pdfium.FPDFPageObj_GetStrokeColor):
        yield from _stroked(placed, subpaths, frame)
    elif fill.value and _is_seen(placed.handle, pdfium.FPDFPageObj_GetFillColor):
        yield from _filled(subpaths, frame)


def _is_seen(handle: Any, colour_of: Any) -> bool:
    """Neither transparent nor white, as the frames of invisible boxes are."""
    red, green, blue, alpha = (ctypes.c_uint(0), ctypes.c_uint(0), ctypes.c_uint(0), ctypes.c_uint(255))
    if not colour_of(handle, red, green, blue, alpha):
        return True
    return alpha.value > 16 and min(red.value, green.value, blue.value) < 245


def _stroked(
    placed: Placed, subpaths: Sequence[list[Stroke | None]], frame: Frame
) -> Iterator[tuple[float, ...]]:
    width = ctypes.c_float(0)
    pdfium.FPDFPageObj_GetStrokeWidth(placed.handle, width)
    a, b, c, d, _, _ = placed.matrix
    thickness = width.value * math.sqrt(abs(a * d - b * c)) * frame.pixels_per_point
    for subpath in subpaths:
        for stroke in subpath:
            if stroke is not None and _is_upright(stroke):
                (x0, y0), (x1, y1) = (frame.place(*end) for end in stroke)
                yield x0, y0, x1, y1, max(1.0, thickness)


def _is_upright(stroke: Stroke) -> bool:
    (x0, y0), (x1, y1) = stroke
    across, up = sorted((abs(x1 - x0), abs(y1 - y0)))
    return up >= RULING_LENGTH_PT and across <= up * RULING_TILT


def _filled(subpaths: Sequence[list[Stroke | None]], frame: Frame) -> Iterator[tuple[float, ...]]:
    """The middle line of every thin filled box: that is how word processors draw most table borders."""
    for subpath in subpaths:
        strokes = [stroke for stroke in subpath if stroke is not None]
        if len(strokes) < 3 or len(strokes) != len(subpath):
            continue
        xs, ys = (
            [end[0] for stroke in strokes for end in stroke],
            [end[1] for stroke in strokes for end in stroke],
        )
        thin, long = sorted((max(xs) - min(xs), max(ys) - min(ys)))
        if thin <= RULING_THICKNESS_PT and long >= max(RULING_LENGTH_PT, 2 * thin):
            x0, y0, x1, y1 = frame.box(min(xs), min(ys), max(xs), max(ys))
            yield _middle(x0, y0, x1, y1)


def _middle(x0: float, y0: float, x1: float, y1: float) -> tuple[float, ...]:
    if x1 - x0 >= y1 - y0:
        return x0, (y0 + y1) / 2, x1, (y0 + y1) / 2, max(1.0, y1 - y0)
    return (x0 + x1) / 2, y0, (x0 + x1) / 2, y1, max(1.0, x1 - x0)


def _subpaths(placed: Placed) -> Iterator[list[Stroke | None]]:
    """The path cut at its moves, as strokes in user space; None stands for a curve."""
    current: list[Stroke | None] = []
    start: Point = (0.0, 0.0)
    here: Point = (0.0, 0.0)
    for index in range(pdfium.FPDFPath_CountSegments(placed.handle)):
        segment = pdfium.FPDFPath_GetPathSegment(placed.handle, index)
        x, y = ctypes.c_float(), ctypes.c_float()
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        there = apply(placed.matrix, x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if current:
                yield current
            current, start = [], there
        else:
            current.append((here, there) if kind == pdfium.FPDF_SEGMENT_LINETO else None)
        here = there
        if pdfium.FPDFPathSegment_GetClose(segment) and there != start:
            current.append((there, start))
            here = start
    if current:
        yield current


def chars(page: Any, frame: Frame) -> list[tuple[Any, ...]]:
    """The visible characters of the text layer (no spaces), as `Rendered.chars` has them."""
    text = pdfium.FPDFText_LoadPage(page)
    if not text:
        return []
    try:
        count = min(pdfium.FPDFText_CountChars(text), MAX_CHARS)
        return [char for index in range(count) if (char := _char(text, index, frame)) is not None]
    finally:
        pdfium.FPDFText_ClosePage(text)


def _char(text: Any, index: int, frame: Frame) -> tuple[Any, ...] | None:
    code = pdfium.FPDFText_GetUnicode(text, index)
    character = "\ufffd" if code == 0 or 0xD800 <= code < 0xE000 else chr(code)
    if pdfium.FPDFText_IsGenerated(text, index) == 1 or character.isspace():
        return None
    box = _char_box(text, index, frame)
    if box is None:
        return None
    turn = (math.degrees(pdfium.FPDFText_GetCharAngle(text, index)) + 90 * frame.turn) % 360
    size = pdfium.FPDFText_GetFontSize(text, index) * _enlargement(text, index) * frame.pixels_per_point
    handle = pdfium.FPDFText_GetTextObject(text, index)
    mode = pdfium.FPDFTextObj_GetTextRenderMode(handle) if handle else 0
    painted = mode not in INVISIBLE_MODES and _alpha(text, index) > 16
    mapped = pdfium.FPDFText_HasUnicodeMapError(text, index) != 1 and character != "\ufffd"
    return (character, *box, size, mode in STROKED_MODES or _is_bold(text, index), turn, painted, mapped)


def _char_box(text: Any, index: int, frame: Frame) -> tuple[float, float, float, float] | None:
    """Around the ink of the character; where the font does not say, around its advance."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    tight = pdfium.FPDFText_GetCharBox(text, index, left, right, bottom, top)
    if tight and right.value > left.value and top.value > bottom.value:
        return frame.box(left.value, bottom.value, right.value, top.value)
    loose = pdfium.FS_RECTF()
    if pdfium.FPDFText_GetLooseCharBox(text, index, loose) and loose.right > loose.left:
        return frame.box(loose.left, loose.bottom, loose.right, loose.top)
    return None


def _enlargement(text: Any, index: int) -> float:
    """By how much the text matrix enlarges the font size: many producers write size 1 and scale."""
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetMatrix(text, index, found):
        return 1.0
    return math.hypot(found.c, found.d)


def _alpha(text: Any, index: int) -> int:
    red, green, blue, alpha = (ctypes.c_uint(0), ctypes.c_uint(0), ctypes.c_uint(0), ctypes.c_uint(255))
    return alpha.value if pdfium.FPDFText_GetFillColor(text, index, red, green, blue, alpha) else 255


def _is_bold(text: Any, index: int) -> bool:
    if pdfium.FPDFText_GetFontWeight(text, index) >= BOLD_WEIGHT:
        return True
    flags = ctypes.c_int(0)
    name = ctypes.create_string_buffer(256)
    length = pdfium.FPDFText_GetFontInfo(text, index, name, len(name), flags)
    if not 0 < length <= len(name):
        return False
    lowered = name.value.decode("utf-8", "replace").lower()
    return bool(flags.value & FORCE_BOLD) or any(word in lowered for word in BOLD_NAMES)
