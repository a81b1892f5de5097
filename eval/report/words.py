"""Numbers as people read them. One place, so that no two tables round differently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Estimate = Mapping[str, Any]

SHORT_HASH = 12


def per_cent(value: float | None, digits: int = 1) -> str:
    """97.4 %; never "100.0 %" for less than all, nor "0.0 %" for more than nothing."""
    if value is None:
        return "–"
    if value in (0.0, 1.0):
        return f"{value:.0%}".replace("%", " %")
    while digits < 6 and round(100 * value, digits) in (0.0, 100.0):
        digits += 1
    return f"{100 * value:.{digits}f} %"


def count_of(estimate: Estimate | None) -> str:
    """384 / 390"""
    if not estimate:
        return "–"
    return f"{number(estimate['numerator'])} / {number(estimate['denominator'])}"


def interval(estimate: Estimate | None) -> str:
    """97.1–98.6 %, or why there is none: too few documents, or no difference between them to resample."""
    if not estimate:
        return ""
    if estimate["low"] is None:
        return f"no interval: {plural(estimate['documents'], 'document')}"
    if estimate["low"] == estimate["high"]:
        return f"alike in all {number(estimate['documents'])} documents"
    low, high = per_cent(estimate["low"], 2), per_cent(estimate["high"], 2)
    return f"{low.removesuffix(' %')}–{high}"


def number(count: float) -> str:
    """Grouped by thousands; a fraction (sums of scores) with two digits."""
    return f"{int(count):,}" if count == int(count) else f"{count:,.2f}"


def plural(count: int, noun: str) -> str:
    return f"{number(count)} {noun}{'' if count == 1 else 's'}"
