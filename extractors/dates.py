"""Dates and periods as they are printed in Chinese: ASCII or Chinese numerals, with the small losses of
OCR.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from extractors.wording import plain_number, plain_year

_YEAR = r"(?:\d{4}|[〇○零一二三四五六七八九O]{4})"
_SMALL = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_DATE = re.compile(rf"({_YEAR})年({_SMALL})月({_SMALL})日|(\d{{4}})[-./](\d{{1,2}})[-./](\d{{1,2}})(?!\d)")

# 自2023年1月1日起至12月31日止, 从…到…止, …至12月31止; 年 or 日 may have been lost in print or in reading.
_PERIOD = re.compile(
    rf"({_YEAR})年?({_SMALL})月({_SMALL})日?起?(?:至|到|-+|~)"
    rf"(?:({_YEAR})年|当年|本年|同年)?({_SMALL})月({_SMALL})日?"
)
YEAR = _YEAR


@dataclass(frozen=True, slots=True)
class FoundDate:
    """`value` stands at [start, end) of the folded text it was found in."""

    value: datetime.date
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FoundPeriod:
    first: datetime.date
    last: datetime.date
    start: int
    end: int


def find_dates(folded: str) -> tuple[FoundDate, ...]:
    """All whole dates in a folded text; impossible ones (13月) are left out."""
    found = []
    for match in _DATE.finditer(folded):
        year, month, day = (match[1], match[2], match[3]) if match[1] else (match[4], match[5], match[6])
        value = _date(year, month, day)
        if value is not None:
            found.append(FoundDate(value, match.start(), match.end()))
    return tuple(found)


def find_periods(folded: str) -> tuple[FoundPeriod, ...]:
    """All spans of time in a folded text, the second year taken from the first where it is not printed."""
    found = []
    for match in _PERIOD.finditer(folded):
        first = _date(match[1], match[2], match[3])
        last = _date(match[4] or match[1], match[5], match[6])
        if first is not None and last is not None:
            found.append(FoundPeriod(first, last, match.start(), match.end()))
    return tuple(found)


def _date(year: str, month: str, day: str) -> datetime.date | None:
    numbers = plain_year(year), plain_number(month), plain_number(day)
    if numbers[0] is None or numbers[1] is None or numbers[2] is None:
        return None
    try:
        return datetime.date(numbers[0], numbers[1], numbers[2])
    except ValueError:
        return None  # 2月30日 is a misprint or a misreading: no date
