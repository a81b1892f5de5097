"""Whether values were found where they stand on the page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from eval.metrics.matches import Matches
from eval.metrics.tables import scaled
from extractors.geometry import Box

ENOUGH = 0.5  # IoU from which a box is found, as in PASCAL VOC and ExtractBench
Places = Mapping[str, tuple[int, Box]]  # field path -> page from 1, box in fractions of the page as displayed


def grounding(got: Places, gold: Places, unscored: Collection[str] = ()) -> Matches:
    """Boxes of values that lie on gold's page and overlap gold's box with IoU >= 0.5.

    Denominator: all boxes of the truth and all of the answer; F1 in 0..1. `unscored`: fields that gold has but not
    the place of, whose boxes count nowhere.
    """
    found = {path: place for path, place in got.items() if path in gold or path not in unscored}
    right = sum(path in found and _agree(found[path], place) for path, place in gold.items())
    return Matches(right, len(gold), len(found))


def gold_places(boxes: Mapping[str, tuple[float, ...]]) -> dict[str, tuple[int, Box]]:
    """The `boxes` of a gold.json: (page, x0, y0, x1, y1)."""
    return {path: (int(page), Box(*box)) for path, (page, *box) in boxes.items()}


def record_places(record: Mapping[str, Any]) -> dict[str, tuple[int, Box]]:
    """Where a record's fields stand. A value in several parts stands at its first; one without a box nowhere."""
    sizes = {page["page"]: (page["width"], page["height"]) for page in record["source"]["pages"]}
    return {
        path: (value["page"], scaled(Box(*map(float, value["box"])), *sizes[value["page"]]))
        for path, value in record.get("fields", {}).items()
        if value.get("box") is not None
    }


def _agree(got: tuple[int, Box], gold: tuple[int, Box]) -> bool:
    return got[0] == gold[0] and got[1].iou(gold[1]) >= ENOUGH
