"""What a value cell says: its text as printed, its meaning, and how sure the recogniser was.

0, blank, "/", "—" and 无 are different answers of the form and stay different. Nothing is guessed: a text
that is no number of a known shape stays text, and a character the form does not allow there is never silently
replaced by a likelier one; the replacement carries its own low probability.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from extractors.document import Cell

ParsedKind = Literal["number", "blank", "not_applicable", "text"]

_DIGITS = "0123456789" + "".join(chr(0xFF10 + digit) for digit in range(10))  # half-width, full-width
_DASHES = "-－—–―─\u2010\u2011\u2012\u2212"
_SLASHES = ("/", "／")
_ONES = ("1", "\uff11")
_WORDS = "无空不适用"
_COUNTERS = "件项个条次份宗起篇部家户人"
_COUNT = frozenset(_DIGITS + _DASHES + "".join(_SLASHES) + _WORDS + _COUNTERS + ",，")
_SIGNED = _COUNT | frozenset("+＋增减加少")
_AMOUNT = _COUNT | frozenset(".\uff0e元万亿")

VALUE_CHARSET: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "count": _COUNT,
        "signed_count": _SIGNED,
        "amount": _AMOUNT,
        "amount_unit_unspecified": _AMOUNT,
    }
)
"""Characters a value of each type may hold, full-width and half-width: for decoding value crops."""
_COUNTS = frozenset({"count", "signed_count"})

_ANY_DASH = re.compile(f"[{_DASHES}]")
_NOT_APPLICABLE = re.compile(r"[-/\\]+|空|不适用")
_NUMBER = re.compile(
    r"(?P<sign>增加|减少|增|减|[-+])?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<fraction>\.\d+)?"
    rf"(?P<unit>亿元|万元|元|亿|万|件次|人次|[{_COUNTERS}])?"
)
_UNIT = {"万": "万元", "亿": "亿元"}
_NEGATIVE = frozenset({"-", "减", "减少"})

WORDS_ENOUGH = 0.5
"""Probability from which an unrestricted reading without a digit counts as words, not as a number misread.
Words are sent to review either way, so this only decides which text the reviewer sees first."""
SLASH_HINT = 0.01
"""A lone 1 with "/" among its candidates at this probability is shown as a slash, and always to a person.
PP-OCRv6 small read all of 109 slashes as 1 (0.80 to 0.95), "/" second at 0.02 to 0.19, and gave none of 183 ones
a "/" above 0.003. Thin evidence: the slashes are of two typeset documents, and none was held back to test it."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """`value` is None for blank and not applicable, the text itself for text, exact for numbers."""

    kind: ParsedKind
    value: int | Decimal | str | None
    unit: str | None


def as_printed(text: str) -> str:
    """`text` without whitespace and line breaks: the `raw` of a field."""
    return "".join(text.split())


def is_dash(raw: str) -> bool:
    """Whether `raw` is one or more dashes of any length and nothing else."""
    return bool(raw) and all(char in _DASHES for char in raw)


def is_slash(raw: str) -> bool:
    """Whether `raw` is one or more slashes and nothing else."""
    return bool(raw) and all(char in _SLASHES for char in raw)


def is_counter(unit: str) -> bool:
    """Whether `unit` counts things (件, 人次) and is no money."""
    return bool(unit) and frozenset(unit) <= frozenset(_COUNTERS)


def parse_value(raw: str, value_type: str, form_unit: str | None = None) -> Parsed:
    """The meaning of `raw`. A unit printed in the cell wins over the form's; an unknown one is never guessed.

    `value_type` only widens what a sign may be: a leading dash of any length is a minus in a signed count.
    """
    text = unicodedata.normalize("NFKC", as_printed(raw))
    if not text:
        return Parsed("blank", None, None)
    text = _ANY_DASH.sub("-", text)
    if _NOT_APPLICABLE.fullmatch(text):
        return Parsed("not_applicable", None, None)
    if value_type == "signed_count":
        text = re.sub(r"^-+", "-", text)
    found = _NUMBER.fullmatch(text)
    if found is None:
        return Parsed("text", as_printed(raw), None)
    unit = found["unit"]
    return Parsed("number", _number(found), _UNIT.get(unit, unit) if unit else form_unit)


def _number(found: re.Match[str]) -> int | Decimal:
    digits = found["digits"].replace(",", "")
    negative = found["sign"] in _NEGATIVE
    if found["fraction"]:
        amount = Decimal(digits + found["fraction"])
        return -amount if negative else amount
    count = int(digits)
    return -count if negative else count


LEADING_NOUGHT = re.compile(r"[^\d]*[0０]\d")


def fits_type(parsed: Parsed, value_type: str, raw: str = "") -> bool:
    """False for a number the form cannot mean there: a negative or broken count, a negative or counted amount.

    Nor are counts printed with leading noughts: "00" is a 0 and the rim of a seal.
    """
    if LEADING_NOUGHT.match(raw):
        return False
    if parsed.kind != "number" or isinstance(parsed.value, str) or parsed.value is None:
        return True
    if value_type in _COUNTS and isinstance(parsed.value, Decimal):
        return False
    if value_type not in _COUNTS and parsed.unit is not None and is_counter(parsed.unit):
        return False
    return value_type == "signed_count" or parsed.value >= 0


_STRAY = re.compile(
    r"^[.\uff0e,，](?=\d)(?!\d{3}(?:[,，]|\D*$))"  # before a number, unless it may be the rest of 1,900
    r"|(?<=\d)[.\uff0e]+$"
    r"|(?<=^0)[,，]+$"  # "1," may have lost its 900; behind "0," no number goes on
)


def without_strays(raw: str, value_type: str) -> str:
    """`raw` without a point or comma at either end of a count: a speck of dirt, since counts have no fraction.

    Inside a number it stays, and in an amount everywhere: "5." there may be 5.3 half faded. So does a comma
    beside which a thousand may have been lost.
    """
    return _STRAY.sub("", raw) if value_type in _COUNTS else raw


@dataclass(frozen=True, slots=True)
class Choice:
    """The reading chosen for a value cell. `off_charset`: the recogniser itself read something else."""

    raw: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()
    off_charset: bool = False


def choose_reading(cell: Cell, value_type: str) -> Choice:
    """The text of a value cell, from the unrestricted reading and the candidates under the value charset.

    Where the recogniser read characters the form does not allow there ("O", "l", "一" for 0, 1, —), the best
    candidate is taken with the probability the recogniser itself gave it, which is low: a person will look.
    A blank or unread cell gives raw "" with confidence 0; `cell.blank` tells the two apart.
    """
    reading = cell.reading
    printed = as_printed(reading.text)
    # A text layer has no dirt: what is typed there is printed.
    dirty = value_type if cell.ink is not None else ""
    text = without_strays(printed, dirty)
    candidates = _folded(reading.candidates, dirty)
    slash = max((p for raw, p in candidates if raw in _SLASHES), default=0.0)
    if text in _ONES and slash > SLASH_HINT:
        return Choice("/", slash, _with("/", candidates))
    if text and _is_allowed(text, value_type):
        # What the candidates gain by leaving specks out, the reading gains too.
        alone = dict((as_printed(raw), p) for raw, p in reading.candidates).get(printed, 0.0)
        gain = max(0.0, dict(candidates).get(text, 0.0) - alone)
        own = _own_probability(text, min(1.0, reading.confidence + gain), candidates)
        return Choice(text, own, _with(text, candidates))
    numeric = any(char in _DIGITS for char in text)
    words = len(text) >= 2 and not numeric and reading.confidence >= WORDS_ENOUGH
    if text and (words or not candidates):
        return Choice(text, reading.confidence, _with(text, candidates), off_charset=True)
    if candidates:
        # A stain behind a number is like no unit, and like 人 sooner than like nothing: it takes one that was read.
        seen = [entry for entry in candidates if _counters(entry[0]) <= _counters(text)]
        raw, probability = (seen or candidates)[0]
        return Choice(raw, probability, _with(raw, candidates), off_charset=True)
    return Choice("", 0.0)


def _counters(text: str) -> frozenset[str]:
    return frozenset(text) & frozenset(_COUNTERS)


def _is_allowed(text: str, value_type: str) -> bool:
    """Whether a value may read so. What counts things stands behind a number; alone it is a stroke misread."""
    if not frozenset(text) <= VALUE_CHARSET[value_type]:
        return False
    return not _counters(text) or parse_value(text, value_type).kind == "number"


def _folded(candidates: tuple[tuple[str, float], ...], value_type: str) -> tuple[tuple[str, float], ...]:
    """Candidates, likeliest first; those that differ by specks alone are one, and their probabilities add up."""
    chances: dict[str, float] = {}
    for raw, p in candidates:
        text = without_strays(as_printed(raw), value_type)
        if text:
            chances[text] = min(1.0, chances.get(text, 0.0) + p)
    return tuple(sorted(chances.items(), key=lambda entry: -entry[1]))


def _own_probability(text: str, confidence: float, candidates: tuple[tuple[str, float], ...]) -> float:
    """The reading's probability, lowered to that of the same string among the candidates if that is less."""
    own = dict(candidates).get(text)
    if own is None:
        # A string that is allowed and yet no candidate: the two ways to decode disagree.
        return min(confidence, 1.0 - candidates[0][1]) if candidates else confidence
    return min(confidence, own)


def _with(text: str, candidates: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
    """`candidates` with the chosen `text` first where it is one of them."""
    return tuple(sorted(candidates, key=lambda entry: entry[0] != text))
