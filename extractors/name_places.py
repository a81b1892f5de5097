"""What a name is, from all the places that print it: the picture of one place may be worn where another's is clear.

A rare character in the name of a body is the one that a recogniser does not expect, and it is misread alike and
doubtfully wherever it stands. So each character of the name is weighed over its places, as if they were independent
pictures of one thing. Nothing is chosen that the picture at the name's own place does not leave open.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.contacts import Found
from extractors.wording import Stream, fold

SHORTEST = 5  # characters: a short form (竹笕乡人民政府) says as much about those it has
ASTRAY = 5  # one character in so many may be read otherwise at another place
UNSEEN = 0.01  # probability of a character that a place does not leave open


@dataclass(frozen=True, slots=True)
class _Place:
    """`stream[start:]` prints the name from its character `lacking` on."""

    stream: Stream
    start: int
    lacking: int


def agreed(name: Found, streams: Sequence[Stream]) -> str:
    """`name` with each character as its own place and those in other lines of `streams` together say."""
    own = {id(line) for line in name.stream.lines}
    others = [each for each in streams if not own & {id(line) for line in each.lines}]
    places = [_Place(name.stream, name.start, 0), *(p for each in others for p in _places(name.raw, each))]
    return "".join(_best(places, number) for number in range(name.end - name.start))


def _best(places: Sequence[_Place], number: int) -> str:
    seen = [
        place.stream.options(place.start + number - place.lacking)
        for place in places
        if place.lacking <= number
    ]
    return max(seen[0], key=lambda char: sum(math.log(max(UNSEEN, one.get(char, 0.0))) for one in seen))


def _places(name: str, stream: Stream) -> Iterator[_Place]:
    """Where the stream has the name, or its end, but for a character or two."""
    folded = fold(name)
    for end in range(SHORTEST, len(stream.folded) + 1):
        for lacking in range(len(folded) - SHORTEST + 1):
            start = end - len(folded) + lacking
            if start < 0:
                continue
            pairs = zip(folded[lacking:], stream.folded[start:end], strict=True)
            if sum(one != other for one, other in pairs) <= (end - start) // ASTRAY:
                yield _Place(stream, start, lacking)
                break
