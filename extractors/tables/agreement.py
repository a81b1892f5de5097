"""How sure the text of a born-digital cell is, by comparing two readers of the same text layer.

The renderer says where each character lies, camelot puts characters into lines and lines into cells. Where they
agree nothing is left to doubt. Where they differ, it is mostly camelot that runs two texts on either side of a
border together; such a pair of cells can be told from a real difference, because both readers see the same
characters in it, and because our characters keep clear of the border.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence, Set

from extractors.document import Glyph
from extractors.geometry import Box
from extractors.ocr.decode import VALUE_CHARACTERS
from extractors.tables.grid import Span

AGREED = 0.999  # both readers give the same text
MOVED = 0.99  # the same characters, divided or ordered otherwise, and ours keep clear of the borders
UNCHECKED = 0.99  # there is only one reader
DISPUTED = 0.5  # they differ, or the layer holds a character that its font cannot name
CLEAR = 0.3  # in font sizes: characters of two cells that are nearer than this may be one text run over


def agreement(
    mine: Mapping[Span, str], theirs: Mapping[Span, str] | None, clear: Callable[[Span], bool]
) -> dict[Span, float]:
    """Per cell the probability that our text is right. Both have the same cells; `theirs` may be missing.

    `clear`: whether a cell's characters keep clear of its borders (`keeps_clear`), asked only where in doubt.
    """
    named = {span: not _is_unnamed(text) for span, text in mine.items()}
    if theirs is None:
        return {span: UNCHECKED if named[span] else DISPUTED for span in mine}
    ours, other = ({span: plain(texts[span]) for span in mine} for texts in (mine, theirs))
    differing = {span for span in mine if ours[span] != other[span]}
    sure = dict.fromkeys(mine, AGREED) | dict.fromkeys(differing, DISPUTED)
    for group in _neighbours(differing):
        together = "".join(ours[span] for span in group), "".join(other[span] for span in group)
        if sorted(together[0]) == sorted(together[1]):
            found = [other[span] for span in group]
            sure |= {span: MOVED for span in group if clear(span) and _is_kept(ours[span], found)}
    return {span: sure[span] if named[span] else DISPUTED for span in mine}


def plain(text: str) -> str:
    """NFKC without whitespace: what two readers can be asked to agree on."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _is_unnamed(text: str) -> bool:
    return any(character == "\ufffd" or unicodedata.category(character) == "Co" for character in text)


def _is_kept(text: str, found: Sequence[str]) -> bool:
    """Whether the other reader has the text in one piece. Of a label the characters are enough."""
    return not frozenset(text) <= VALUE_CHARACTERS or any(text in other for other in found)


def _neighbours(cells: Set[Span]) -> list[list[Span]]:
    """Cells grouped so that those that touch, at a side or a corner, are in one group."""
    left, groups = set(cells), []
    while left:
        group, todo = [], [left.pop()]
        while todo:
            cell = todo.pop()
            group.append(cell)
            touching = {other for other in left if _touch(cell, other)}
            left -= touching
            todo += touching
        groups.append(sorted(group))
    return groups


def _touch(one: Span, other: Span) -> bool:
    rows = one.row0 <= other.row1 and other.row0 <= one.row1
    return rows and one.col0 <= other.col1 and other.col0 <= one.col1


def keeps_clear(glyphs: Sequence[Glyph], box: Box, others: Sequence[Glyph]) -> bool:
    """Whether the glyphs of a cell lie within its `box`, and no glyph of `others` beside them runs on from them."""
    for glyph in glyphs:
        if glyph.box.overlap(box) < 0.99 * glyph.box.area:
            return False
        reach = Box(
            glyph.box.x0 - CLEAR * glyph.size,
            glyph.box.y0,
            glyph.box.x1 + CLEAR * glyph.size,
            glyph.box.y1,
        )
        if any(other.box.overlap(reach) > 0 and not box.holds(*other.box.centre) for other in others):
            return False
    return True
