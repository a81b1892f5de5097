"""Text as readers of these reports compare it: folded for matching, whole for quoting, and traceable to
the page.

Everything that looks for words (headings, title, contacts) works on a `Stream`: the characters of several
lines in one string without white space, each of which still knows its line and place. So a pattern may
run over a line break, and what it finds can be shown as boxes with the probabilities of its very
characters.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractors.document import Line, Part
from extractors.geometry import Box
from extractors.script import TO_SIMPLIFIED

_SCRIPT = str.maketrans(dict(TO_SIMPLIFIED))
_DIGITS = {"〇": 0, "○": 0, "零": 0, "O": 0, "o": 0}
_DIGITS.update({digit: value for value, digit in enumerate("一二三四五六七八九", start=1)})


def squeeze(text: str) -> str:
    """`text` without any white space: the form in which titles and raw values are kept."""
    return re.sub(r"\s+", "", text)


def tidy(text: str) -> str:
    """White space only where both neighbours are Latin letters or digits, as Chinese print uses it."""
    pieces = re.split(r"\s+", text.strip())
    return join_pieces(pieces)


def join_pieces(pieces: Iterable[str]) -> str:
    """Pieces of running text put together: nothing between Chinese characters, a space between Latin
    words.
    """
    joined = ""
    for piece in pieces:
        if piece:
            joined += (" " if _needs_space(joined, piece) else "") + piece
    return joined


def _needs_space(before: str, after: str) -> bool:
    if not before or not (before[-1].isascii() and after[0].isascii()):
        return False
    if not (before[-1].isalpha() and after[0].isalpha()):
        return False
    token = re.split(r"[^\x21-\x7e]", before)[-1]
    # An address of the web or of a mailbox cut by a line end goes on without a space.
    return not re.search(r"[@/]|www\.|\.\w*$", token)


def fold(text: str) -> str:
    """`text` for comparison, one character for one: width, dashes, brackets and traditional forms evened out.

    The length never changes, so that an index into the folded text is one into the original.
    """
    folded = []
    for char in text:
        plain = unicodedata.normalize("NFKC", char)
        folded.append(plain if len(plain) == 1 else char)
    return "".join(folded).translate(_SCRIPT).translate(_PUNCTUATION)


_PUNCTUATION = str.maketrans("—–―\u2212\u2010\u2011﹣\ufe58\uff5e\u3014\u3015【】", "--------~()[]")


def plain_number(text: str) -> int | None:
    """The whole number written in ASCII or Chinese digits ("12", "十二", "三十一"); None if it is neither."""
    folded = fold(text)
    if folded.isascii() and folded.isdigit():
        return int(folded)
    match = re.fullmatch(r"([一二三四五六七八九])?(十)?([一二三四五六七八九])?", folded)
    if not folded or match is None:
        return None
    tens, ten, ones = match.groups()
    if ten is None:
        return _DIGITS[folded] if len(folded) == 1 else None
    return 10 * _DIGITS.get(tens or "一", 1) + (_DIGITS[ones] if ones else 0)


def plain_year(text: str) -> int | None:
    """The year written in four ASCII or Chinese digits ("2023", "二〇二三"), within 1990..2099; else None."""
    digits = [int(c) if c.isascii() and c.isdigit() else _DIGITS.get(c) for c in fold(text)]
    if len(digits) != 4 or None in digits:
        return None
    year = int("".join(str(digit) for digit in digits))
    return year if 1990 <= year <= 2099 else None


@dataclass(frozen=True, slots=True)
class Stream:
    """Characters of `lines`, white space left out. `at[i]` is (index into `lines`, index into that
    line's text).
    """

    lines: tuple[Line, ...]
    text: str  # as read
    folded: str  # as compared; same length
    at: tuple[tuple[int, int], ...]

    def parts(self, start: int, end: int) -> tuple[Part, ...]:
        """Boxes of the characters [start, end), one per line they stand on; work pixels."""
        spans: dict[int, list[int]] = {}
        for number, place in self.at[start:end]:
            spans.setdefault(number, []).append(place)
        return tuple(
            Part(self.lines[number].page, span_box(self.lines[number], min(places), max(places) + 1))
            for number, places in spans.items()
        )

    def confidence(self, start: int, end: int) -> float:
        """Probability that all characters [start, end) are read right, taking them as independent."""
        return math.prod(self.character(index) for index in range(start, end))

    def character(self, index: int) -> float:
        """Probability of the character at `index`."""
        number, place = self.at[index]
        return character_probability(self.lines[number], place)

    def options(self, index: int) -> dict[str, float]:
        """The characters that the picture supports at `index`, each with its probability; the one read is first."""
        number, place = self.at[index]
        line = self.lines[number]
        read = character_probability(line, place)
        found = {line.text[place]: read}
        for text, p in line.reading.candidates:
            if len(text) == len(line.text) and text[place] != line.text[place]:
                found[text[place]] = min(1.0 - read, read * p / max(line.reading.confidence, 1e-12))
        return found


def stream(lines: Sequence[Line]) -> Stream:
    """The characters of `lines`, in order, as one `Stream`."""
    at = [
        (number, place)
        for number, line in enumerate(lines)
        for place, char in enumerate(line.text)
        if not char.isspace()
    ]
    text = "".join(lines[number].text[place] for number, place in at)
    return Stream(tuple(lines), text, fold(text), tuple(at))


def character_probability(line: Line, place: int) -> float:
    """Probability of one character of a line; the line's own confidence where none is kept per character."""
    characters = line.reading.characters
    return characters[place] if len(characters) == len(line.text) else line.reading.confidence


def span_box(line: Line, start: int, end: int) -> Box:
    """The box around characters [start, end) of `line`, work pixels; evenly divided where no extents
    are kept.
    """
    if len(line.extents) == len(line.text) and line.extents:
        x0 = min(extent[0] for extent in line.extents[start:end])
        x1 = max(extent[1] for extent in line.extents[start:end])
    else:
        step = line.box.width / max(len(line.text), 1)
        x0, x1 = line.box.x0 + step * start, line.box.x0 + step * end
    return Box(x0, line.box.y0, max(x0, x1), line.box.y1)


def text_weight(text: str) -> float:
    """Width of `text` in full-width characters: a Latin letter or digit takes half of one."""
    return sum(0.5 if char.isascii() else 1.0 for char in text)
