"""What a confidence is worth: calibration, silent errors against the share that passes unasked, and what can be
claimed of those that pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import Any

from eval.metrics.answers import Answer
from eval.metrics.calibration import calibration
from eval.metrics.straight_through import choose_threshold, needed_answers, straight_through, upper_bound
from eval.runs.rows import FieldRow

EDGES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 1.0)  # finer where nearly all fields are
CURVE_POINTS = 200
TARGETS = (0.001, 0.0001)  # shares of silent errors that are asked for

Json = dict[str, Any]


def trust_json(fields: Sequence[FieldRow]) -> Json:
    """Everything about confidences that the summary holds. Fields without a confidence take no part in bins."""
    found = asdict(calibration([answer(row) for row in fields]))
    for bins_of in ("width_bins", "mass_bins"):
        found[f"{bins_of}_populated"] = len(found.pop(bins_of))
    return {
        "calibration": {
            name: round(value, 6) if isinstance(value, float) else value for name, value in found.items()
        },
        "bins": bins([row for row in fields if row.confidence is not None]),
        "curve": curve(fields),
        "passing": passing(fields),
        "thresholds": [threshold_json(fields, target) for target in TARGETS],
    }


def answer(row: FieldRow) -> Answer:
    """A field that the record lacks passes for certain and is wrong; one under a wrong body or year is wrong."""
    confidence = 1.0 if row.kind is None else row.confidence
    return Answer(row.path, row.right and not row.silent, confidence)


def passing(fields: Sequence[FieldRow]) -> Json:
    """What passes with nobody asked, as the records decide: how many, how many silently wrong, and the one-sided 95 %
    bound of that share if fields are taken as independent. `needed`: how many have to pass without an error before a
    share of silent errors can be claimed.
    """
    passed = [row for row in fields if not row.review]
    errors = sum(row.silent for row in passed)
    return {
        "accepted": len(passed),
        "errors": errors,
        "bound": round(upper_bound(errors, len(passed)), 8),
        "needed": {str(target): needed_answers(target) for target in TARGETS},
    }


def threshold_json(fields: Sequence[FieldRow], target: float) -> Json:
    """The share that a threshold on confidence alone passes under `target` silent errors.

    The threshold for one half of the documents is chosen on the other, since on its own half it would look too good.
    """
    halves = _halves(fields)
    accepted = errors = total = 0
    for own, other in ((0, 1), (1, 0)):
        chosen = choose_threshold(halves[other], target)
        found = straight_through(halves[own], chosen, target)
        accepted, errors, total = accepted + found.accepted, errors + found.errors, total + found.total
    needed = needed_answers(target)
    return {
        "target": target,
        "needed": needed,
        "measurable": min(map(len, halves)) >= needed,
        "accepted": accepted,
        "errors": errors,
        "total": total,
        "bound": round(upper_bound(errors, accepted), 8),
    }


def _halves(fields: Sequence[FieldRow]) -> tuple[list[Answer], list[Answer]]:
    """The answers of every other document."""
    number = {name: n for n, name in enumerate(sorted({row.place.document for row in fields}))}
    halves: tuple[list[Answer], list[Answer]] = ([], [])
    for row in fields:
        halves[number[row.place.document] % 2].append(answer(row))
    return halves


def bins(sure: Sequence[FieldRow]) -> list[Json]:
    """Populated bins of confidence (the last one closed): how sure on average, how often right, over how many."""
    found = []
    for low, high in pairwise(EDGES):
        inside = [
            row for row in sure if low <= _sure(row) < high or (_sure(row) == high and high == EDGES[-1])
        ]
        if inside:
            found.append(
                {
                    "low": low,
                    "high": high,
                    "count": len(inside),
                    "wrong": sum(not row.right for row in inside),
                    "confidence": round(sum(map(_sure, inside)) / len(inside), 6),
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
