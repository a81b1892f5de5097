"""The answerer that reads nothing and says 0 everywhere: what any score has to be compared with.

Most fields of real reports are 0, so it gets most of them right. It stands in every table of peers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from eval.gold_values import gold_value


def all_zero_record(paths: Iterable[str], form: str | None) -> dict[str, Any]:
    """A record in the product's JSON that answers "0" at every path of `form`, sure of each.

    It is given the right form, and the unit that the form prints. It knows neither agency nor year, and says so
    (`review`), so its fields are not charged for standing under the wrong body. It finds no sections and no tables.
    """
    unknown = {"value": None, "raw": None, "kind": "not_found", "confidence": None, "review": True}
    return {
        "kind": "report",
        "form": form,
        "agency": dict(unknown),
        "year": dict(unknown),
        "sections": [],
        "tables": [],
        "fields": {path: _zero(path) for path in paths},
        "checks": [],
        "source": {"pages": []},
    }


def _zero(path: str) -> dict[str, Any]:
    return {
        "value": 0,
        "raw": "0",
        "kind": "number",
        "unit": gold_value(path, "0").unit,
        "page": None,
        "box": None,
        "parts": [],
        "confidence": 1.0,
        "alternatives": [],
        "review": False,
        "reasons": [],
    }
