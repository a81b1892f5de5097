"""What a printed answer means, for gold labels.

The product has a parser of its own. The scorer does not borrow it: a fault shared by both would agree with
itself and never show. Both read the rules of the record's contract (kinds, signs, units), and a test holds
them together on the answers seen in real reports.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

GoldKind = Literal["number", "blank", "not_applicable", "text"]

_DASHES = re.compile(r"^[-‐‑‒–—―−─]+(?=\d|$)")  # noqa: RUF001  every dash that is typed
_NOT_APPLICABLE = frozenset({"/", "空", "不适用"})
_NUMBER = re.compile(
    r"^(?P<sign>[-+]|增加|减少|增|减)?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<fraction>\.\d+)?"
    r"(?P<unit>万元|亿元|元|万|亿|件次|人次|[件项个条次份宗起篇部家户人])?$"
)
_MINUS = frozenset({"-", "减", "减少"})
_UNITS = {"万": "万元", "亿": "亿元"}  # 2601.953875万: the currency is understood
_FORM_UNITS = {"amount_wan_yuan": "万元"}  # the form prints one unit only, and names the field after it


@dataclass(frozen=True, slots=True)
class GoldValue:
    """An answer as printed (`raw`, normalised) and what it means. `number` is set for kind "number" only."""

    kind: GoldKind
    raw: str
    number: Decimal | None = None
    unit: str | None = None


def normalise(text: str) -> str:
    """NFKC without white space; a dash of any make or length, alone or as the sign of a number, becomes "-".

    Alone all dashes are one answer; before a digit all are a minus, and a cell does not show which was typed.
    """
    return _DASHES.sub("-", "".join(unicodedata.normalize("NFKC", text).split()))


def gold_value(path: str, printed: str) -> GoldValue:
    """What `printed` means as the answer of field `path`. Its unit is the cell's, else the form's."""
    raw = normalise(printed)
    if not raw:
        return GoldValue("blank", raw)
    if raw == "-" or raw in _NOT_APPLICABLE:
        return GoldValue("not_applicable", raw)
    found = _NUMBER.match(raw)
    if found is None:
        return GoldValue("text", raw)
    number = Decimal(found["digits"].replace(",", "") + (found["fraction"] or ""))
    if found["sign"] in _MINUS:
        number = -number
    unit = found["unit"] or _FORM_UNITS.get(path.rsplit(".", 1)[-1])
    return GoldValue("number", raw, number, _UNITS.get(unit, unit) if unit else None)
