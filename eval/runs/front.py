"""Front matter beyond body and year: the period, the contact data and the date of a report against its labels."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from eval.cases import Gold
from eval.runs.rows import FrontRow, Place

NAMES = ("period", "address", "postcode", "phone", "fax", "email", "website", "issued_on")
_DASH = re.compile("[-‐‑‒–—―−─]+")  # noqa: RUF001  every dash that is typed


def front_rows(place: Place, gold: Gold, record: Mapping[str, Any]) -> tuple[FrontRow, ...]:
    """A row for every item of front matter that gold has or the record claims.

    None where gold has no front matter at all: nobody labelled it, so nothing in it is an invention.
    """
    if not gold.front_matter:
        return ()
    rows = []
    for name in NAMES:
        truth, item = gold.front_matter.get(name), record.get(name) or {}
        read = _read(item)
        if truth is None and read is None:
            continue
        said = {_plain(text) for text in (read, item.get("raw")) if text}
        right = truth is not None and _plain(truth) in said
        rows.append(FrontRow(place, name, truth, read, right, bool(item.get("review"))))
    return tuple(rows)


def _read(item: Mapping[str, Any]) -> str | None:
    """What the record says: dates as ISO 8601, an interval with a slash, all else as printed."""
    value = item.get("value")
    if value is None:
        return None
    return "/".join(map(str, value)) if isinstance(value, list) else str(value)


def _plain(text: str) -> str:
    return _DASH.sub("-", "".join(unicodedata.normalize("NFKC", text).split()))
