"""Answers with their confidence and whether they are right: what calibration is measured on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eval.cases import Gold
from eval.score import score_record


@dataclass(frozen=True, slots=True)
class Answer:
    """One field of the truth, or one invention.

    `confidence` (0..1) is None where the record has no reading to be sure of (not found, unreadable): no threshold
    lets it pass. A field that is absent from the record has confidence 1 and is wrong: nobody is ever asked.
    """

    path: str
    right: bool
    confidence: float | None


def answers_of(record: Mapping[str, Any] | None, gold: Gold) -> tuple[Answer, ...]:
    """One answer for every scored field of gold and every invented one, by path.

    Right is what `eval.score` says; where agency or year is wrong and not marked for review, no field is right.
    """
    score = score_record(record, gold)
    wrong = {miss.path: miss for miss in score.misses}
    astray = any(name in {"agency", "year"} and not review for name, _, _, review in score.wrong_front)
    fields: Mapping[str, Any] = (record or {}).get("fields", {})
    paths = sorted({*gold.scored_fields, *wrong})
    return tuple(
        Answer(path, path not in wrong and not astray, _confidence(fields.get(path))) for path in paths
    )


def _confidence(field: Mapping[str, Any] | None) -> float | None:
    if field is None:
        return 1.0
    confidence = field.get("confidence")
    return None if confidence is None else float(confidence)
