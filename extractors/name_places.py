"""What a name is, from all the places that print it: the picture of one place may be worn where another's is clear.

A rare character in the name of a body is the one that a recogniser does not expect, and it is misread alike and
doubtfully wherever it stands. So each character of the name is weighed over its places. Which one it is, the places
say as if they were independent pictures of one thing (`agreed`); how sure it is, they do not (`confirmed`). Nothing
is chosen that the picture at the name's own place does not leave open.
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
CONFIRMED = 0.2  # share of the doubt about a character that is left where another place bears it out
CLEAR = 0.95  # probability from which a character is clear; nearly all misread digits lie below (DESIGN.md section 7)


@dataclass(frozen=True, slots=True)
class _Place:
    """`stream[start:]` prints the name from its character `lacking` on."""

    stream: Stream
    start: int
    lacking: int


def agreed(name: Found, streams: Sequence[Stream]) -> str:
    """`name` with each character as its own place and those in other lines of `streams` together say."""
    return "".join(map(_best, _options(name, streams)))


def confirmed(name: Found, streams: Sequence[Stream]) -> float:
    """Probability that `name` is read right, its own place being borne out by others in `streams`.

    Of the doubt about a character that is clear somewhere, CONFIRMED is left. One that is clear nowhere is only as
    sure as at its clearest place: what looks like another character to a recogniser does so wherever it stands.
    """
    chances = []
    for char, seen in zip(name.raw, _options(name, streams), strict=True):
        own, clearest = seen[0].get(char, 0.0), max(one.get(char, 0.0) for one in seen)
        chances.append(1.0 - CONFIRMED * (1.0 - own) if clearest >= CLEAR else clearest)
    return math.prod(chances)


def _options(name: Found, streams: Sequence[Stream]) -> list[list[dict[str, float]]]:
    """Per character of `name` what each place leaves open for it (`Stream.options`), its own place first."""
    own = {id(line) for line in name.stream.lines}
    others = [each for each in streams if not own & {id(line) for line in each.lines}]
    places = [_Place(name.stream, name.start, 0), *(p for each in others for p in _places(name.raw, each))]
    return [
        [
            place.stream.options(place.start + number - place.lacking)
            for place in places
            if place.lacking <= number
        ]
        for number in range(name.end - name.start)
    ]


def _best(seen: Sequence[dict[str, float]]) -> str:
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
