"""The page with all that was found drawn on it, so that a person sees at a glance what was read where.

Labels are ASCII, because OpenCV draws nothing else and a font for Chinese need not be installed: values as
read, sections and front matter by their keys. A legend stands below the page, so that page pixels keep their
places.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from extractors.document import ColourImage, Part, Record, Value, ValueKind
from extractors.geometry import Box

Colour = tuple[int, int, int]  # BGR

SURE: Colour = (60, 140, 20)
FAIR: Colour = (0, 150, 190)
DOUBT: Colour = (30, 30, 220)
SECTION: Colour = (200, 80, 0)
FRONT: Colour = (170, 30, 150)
GRID: Colour = (170, 170, 170)
LEGEND = (
    (SURE, "sure"),
    (FAIR, "confidence < 0.99"),
    (DOUBT, "to review"),
    (SECTION, "section heading"),
    (FRONT, "front matter"),
    (GRID, "other cell"),
)
NAMES: dict[ValueKind, str] = {"blank": "_", "not_applicable": "n/a", "not_found": "x", "unreadable": "x"}
FAIR_BELOW = 0.99
LETTER_MM = 1.9  # height of a label's letters on paper: legible at 100 %, small beside 5 mm digits
FONT = cv2.FONT_HERSHEY_SIMPLEX
FONT_HEIGHT = 22  # pixels of a capital of FONT at scale 1


@dataclass(frozen=True, slots=True)
class Mark:
    """A box to draw on a page, and what to write: inside it (cells have room) or above it (lines have not)."""

    part: Part
    colour: Colour
    label: str
    filled: bool = False
    above: bool = False


def draw_overlay(record: Record, page: int, picture: ColourImage) -> ColourImage:
    """A copy of `picture` (page `page` as displayed) with cells, values, headings, front matter drawn in."""
    info = next(info for info in record.source.pages if info.number == page)
    letter = max(9, round(info.dpi * LETTER_MM / 25.4))
    canvas = picture.copy()
    marks = [mark for mark in _marks(record) if mark.part.page == page]
    for mark in marks:
        _draw_box(canvas, mark, max(1, letter // 8))
    for mark in marks:
        _draw_label(canvas, mark, letter)
    return np.vstack([canvas, _legend(canvas.shape[1], letter)])


def _marks(record: Record) -> Iterator[Mark]:
    """What is drawn, in order: later marks lie over earlier ones."""
    for table in record.tables:
        for cell in table.table.cells:
            yield from (Mark(part, GRID, "") for part in cell.parts)
    for section in record.sections:
        label = section.key + (" ?" if section.review else "")
        colour = DOUBT if section.review else SECTION
        yield from (Mark(part, colour, label, above=True) for part in section.parts)
    for key, value in record.front.items():
        colour = DOUBT if value.review else FRONT
        yield from (Mark(part, colour, key, value.review, above=True) for part in value.parts)
    for value in record.fields.values():
        colour = _colour(value)
        yield from (Mark(part, colour, _label(value), value.review) for part in value.parts)


def _colour(value: Value) -> Colour:
    if value.review:
        return DOUBT
    return FAIR if value.confidence is not None and value.confidence < FAIR_BELOW else SURE


def _label(value: Value) -> str:
    """The value in ASCII: what it means rather than what is printed, "x" where nothing was read."""
    if value.kind == "number":
        return str(value.value)
    if value.kind == "text":
        return value.raw if value.raw and value.raw.isascii() else "text"
    return NAMES[value.kind]


def _draw_box(canvas: ColourImage, mark: Mark, width: int) -> None:
    x0, y0, x1, y1 = _edges(mark.part.box)
    if mark.filled:
        inside = canvas[max(0, y0) : max(0, y1), max(0, x0) : max(0, x1)]
        tint = np.array(mark.colour, dtype=np.float32)
        inside[:] = (0.85 * inside + 0.15 * tint).astype(np.uint8)
    # Drawn inside the box, so that the colours of neighbours stand side by side.
    inset = width if mark.label else 0
    cv2.rectangle(canvas, (x0 + inset, y0 + inset), (x1 - 1 - inset, y1 - 1 - inset), mark.colour, width)


def _draw_label(canvas: ColourImage, mark: Mark, letter: int) -> None:
    """The label at the right end of its box, on a plate of its own; nothing where it is empty."""
    if not mark.label:
        return
    (width, height), below = _size(mark.label, letter)
    x0, y0, x1, y1 = _edges(mark.part.box)
    bottom = y0 if mark.above else y1
    x = max(0, min(max(x0 + 2, x1 - width - 3), canvas.shape[1] - width))
    y = max(height, min(bottom - below, canvas.shape[0] - below))
    plate = canvas[max(0, y - height - 1) : y + below - 1, x : x + width]
    plate[:] = (0.25 * plate + 0.75 * 255).astype(np.uint8)
    _write(canvas, mark.label, (x, y), mark.colour, letter)


def _legend(width: int, letter: int) -> ColourImage:
    line = 2 * letter
    spots: list[tuple[int, int]] = []
    x, row = letter, 0
    for _, label in LEGEND:
        needed = 2 * letter + _size(label, letter)[0][0] + 2 * letter
        if x + needed > width and x > letter:
            x, row = letter, row + 1
        spots.append((x, row))
        x += needed
    strip = np.full((line * (row + 1) + letter, width, 3), 255, dtype=np.uint8)
    for (colour, label), (left, number) in zip(LEGEND, spots, strict=True):
        top = letter // 2 + number * line
        cv2.rectangle(strip, (left, top), (left + letter, top + letter), colour, -1)
        _write(strip, label, (left + 2 * letter, top + letter), colour, letter)
    return strip


def _size(label: str, letter: int) -> tuple[tuple[int, int], int]:
    """((width, height), depth below the baseline) of the label in pixels."""
    (width, height), below = cv2.getTextSize(label, FONT, letter / FONT_HEIGHT, max(1, letter // 9))
    return (width, height), below


def _write(canvas: ColourImage, label: str, place: tuple[int, int], colour: Colour, letter: int) -> None:
    cv2.putText(canvas, label, place, FONT, letter / FONT_HEIGHT, colour, max(1, letter // 9), cv2.LINE_AA)


def _edges(box: Box) -> tuple[int, int, int, int]:
    return round(box.x0), round(box.y0), round(box.x1), round(box.y1)
