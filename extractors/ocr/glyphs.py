"""From the text layer of a born-digital page to its lines: what is printed is known, OCR would add errors."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from extractors.document import Glyph, Line, Page, Reading
from extractors.geometry import Box

WORD_GAP = 2.0  # in font sizes, as between the lines of a scan: a wider gap parts two lines side by side
SPACE_GAP = 0.25  # between Latin words, a gap this wide is a space


def glyph_lines(page: Page, masked: Sequence[Box] = ()) -> tuple[Line, ...]:
    """The text lines of a born-digital page outside the `masked` boxes (work pixels), in reading order.

    Every confidence is 1: the text layer was found trustworthy when the page was opened.
    """
    free = [
        glyph
        for glyph in page.glyphs
        if glyph.text.strip() and not any(box.holds(*glyph.box.centre) for box in masked)
    ]
    lines = [_line(page.info.number, piece) for row in _rows(free) for piece in _pieces(row)]
    return tuple(line for line in lines if line.text)


def _rows(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Glyphs on one baseline, left to right; rows top to bottom."""
    rows: list[tuple[float, float, list[Glyph]]] = []  # top, bottom
    for glyph in sorted(glyphs, key=lambda one: (_middle(one), one.box.x0)):
        middle = _middle(glyph)
        if rows and rows[-1][0] <= middle < rows[-1][1]:
            rows[-1][2].append(glyph)
        else:
            half = _size(glyph) / 2
            rows.append((middle - half, middle + half, [glyph]))
    return [sorted(row, key=lambda one: one.box.x0) for _, _, row in rows]


def _middle(glyph: Glyph) -> float:
    """Where the middle of a full character would be. A stop is low and small, and on the line still."""
    if glyph.box.height >= 0.6 * _size(glyph):
        return glyph.box.centre[1]
    return glyph.box.y1 - 0.4 * _size(glyph) if _is_low(glyph) else glyph.box.centre[1]


def _is_low(glyph: Glyph) -> bool:
    return glyph.text in "，。、,._…"


def _size(glyph: Glyph) -> float:
    return glyph.size or glyph.box.height or 1.0


def _pieces(row: Sequence[Glyph]) -> list[list[Glyph]]:
    pieces = [[row[0]]]
    for left, right in pairwise(row):
        if right.box.x0 - left.box.x1 > WORD_GAP * max(_size(left), _size(right)):
            pieces.append([])
        pieces[-1].append(right)
    return pieces


def _line(page: int, glyphs: Sequence[Glyph]) -> Line:
    text, extents = "", []
    for index, glyph in enumerate(glyphs):
        if index and _parted(glyphs[index - 1], glyph):
            text += " "
            extents.append((glyphs[index - 1].box.x1, glyph.box.x0))
        text += glyph.text
        # A ligature or a surrogate pair is one glyph with several characters: they share its width.
        width = glyph.box.width / len(glyph.text)
        extents += [
            (glyph.box.x0 + i * width, glyph.box.x0 + (i + 1) * width) for i in range(len(glyph.text))
        ]
    return Line(
        page=page,
        box=Box.around(glyph.box for glyph in glyphs),
        reading=Reading(text, 1.0, (1.0,) * len(text)),
        extents=tuple(extents),
        size=median(_size(glyph) for glyph in glyphs),
        bold=2 * sum(glyph.bold for glyph in glyphs) > len(glyphs),
    )


def _parted(left: Glyph, right: Glyph) -> bool:
    words = (
        left.text[-1].isascii()
        and right.text[0].isascii()
        and left.text[-1].isalnum()
        and right.text[0].isalnum()
    )
    return words and right.box.x0 - left.box.x1 > SPACE_GAP * _size(right)
