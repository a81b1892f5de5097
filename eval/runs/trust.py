"""What a confidence is worth: reliability by bin, and silent errors against the share that passes unasked."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from eval.runs.rows import FieldRow

EDGES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 1.0)
CURVE_POINTS = 200


def trust_json(fields: Sequence[FieldRow]) -> dict[str, Any]:
    """Everything about confidences that the summary holds. Fields without a confidence take no part in bins."""
    sure = [row for row in fields if row.confidence is not None]
    wrong = sum(not row.right for row in sure)
    return {"fields": len(sure), "wrong": wrong, "bins": bins(sure), "curve": curve(fields)}


def bins(sure: Sequence[FieldRow]) -> list[dict[str, Any]]:
    """Populated bins of confidence (the last one closed): how sure on average, how often right, over how many."""
    found = []
    for low, high in pairwise(EDGES):
        inside = [
            row
            for row in sure
            if row.confidence is not None
            and (low <= row.confidence < high or row.confidence == high == EDGES[-1])
        ]
        if inside:
            found.append(
                {
                    "low": low,
                    "high": high,
                    "count": len(inside),
                    "wrong": sum(not row.right for row in inside),
                    "confidence": round(sum(row.confidence or 0.0 for row in inside) / len(inside), 6),
                    "right": round(sum(row.right for row in inside) / len(inside), 6),
                }
            )
    return found


def curve(fields: Sequence[FieldRow]) -> list[tuple[float, float]]:
    """(share passing unasked, share silently wrong) if confidence alone decided, from strict to lenient.

    Over all fields of gold and inventions. Fields without a confidence are never passed.
    """
    ordered = sorted((row for row in fields if row.confidence is not None), key=lambda row: -_sure(row))
    points, wrong = [(0.0, 0.0)], 0
    for count, row in enumerate(ordered, start=1):
        wrong += not row.right
        following = ordered[count] if count < len(ordered) else None
        if following is None or _sure(following) != _sure(row):
            points.append((round(count / len(fields), 6), round(wrong / len(fields), 6)))
    step = max(1, len(points) // CURVE_POINTS)
    return points if step == 1 else [*points[::step], points[-1]]


def _sure(row: FieldRow) -> float:
    return row.confidence or 0.0
