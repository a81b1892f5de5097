"""One printed report -> its scan as a PDF, with the labelled places carried along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from eval.generate.pdf import bind_pdfs, page_count, page_picture, picture_pdf
from eval.generate.scan.ladder import Treatment
from eval.generate.scan.marks import MM_PER_INCH, handwriting, punch, stamp
from eval.generate.scan.obscured import obscured
from eval.generate.scan.simulate import scan_page
from eval.generate.scan.warp import Image, Warp
from eval.generate.spec import Scan, Seal

Boxes = Mapping[str, Sequence[float]]
Place = tuple[float, ...]
Seals = Sequence[tuple[Seal, Image | None]]
_SEAL_SEEDS = 50  # a page's seals draw their patches from these numbers on


@dataclass(frozen=True, slots=True)
class Scanned:
    """The scan, its places (path -> page from 1, x0, y0, x1, y1), and the paths that pen or seal made unreadable."""

    pdf: bytes
    boxes: dict[str, Place]
    unreadable: frozenset[str]


def scan_report(pdf: bytes, treatment: Treatment, boxes: Boxes, seal: Image | None = None) -> Scanned:
    """All pages of `pdf` scanned, and `boxes` as they lie afterwards.

    `seal`: the body's seal, BGR on white, any resolution; ValueError if the treatment stamps and there is none.
    """
    parts, moved, lost = [], {}, set()
    for index in range(page_count(pdf)):
        scan, seed = treatment.of_page(index + 1), treatment.seed * 100 + index
        own = {name: tuple(box[1:]) for name, box in boxes.items() if int(box[0]) == index + 1}
        page = page_picture(pdf, index, scan.dpi)
        marked = mark_page(
            page, scan, seed, [(mark, seal) for mark in treatment.seals if mark.page == index + 1]
        )
        lost |= {name for name, box in own.items() if obscured(page, marked, box, scan.colour)}
        picture, warp = scan_page(marked, scan, seed, _back(pdf, index, scan))
        parts.append(picture_pdf(picture, scan))
        moved.update({name: (index + 1, *warp.box(box)) for name, box in own.items()})
    bound = bind_pdfs(parts, [None] * len(parts))
    return Scanned(bound, {name: moved[name] for name in boxes}, frozenset(lost))


def scan_printed(pdf: bytes, index: int, scan: Scan, seed: int, seals: Seals = ()) -> tuple[Image, Warp]:
    """Page `index` (from 0) of `pdf` stamped and scanned."""
    page = mark_page(page_picture(pdf, index, scan.dpi), scan, seed, seals)
    return scan_page(page, scan, seed, _back(pdf, index, scan))


def mark_page(page: Image, scan: Scan, seed: int, seals: Seals) -> Image:
    """`page` with its seals, pen marks and holes."""
    for number, (mark, seal) in enumerate(seals):
        if seal is None:
            raise ValueError("a seal is to be stamped, but the report has no picture of one")
        sized = _sized(seal, mark.diameter_mm, scan.dpi)
        page = stamp(page, sized, (mark.x, mark.y), mark.angle, mark.ink, seed + _SEAL_SEEDS + number)
    if scan.handwriting:
        page = handwriting(page, scan.handwriting, scan.dpi, np.random.default_rng([seed, 1]))
    return punch(page, scan.holes, scan.dpi) if scan.holes else page


def moved_boxes(boxes: Boxes, page: int, warp: Warp) -> dict[str, Place]:
    """The boxes on page `page`, moved as the warp moves it."""
    return {name: (page, *warp.box(tuple(box[1:]))) for name, box in boxes.items() if int(box[0]) == page}


def _back(pdf: bytes, index: int, scan: Scan) -> Image | None:
    """What shines through: the next page, printed on this one's back."""
    behind = scan.bleed and index + 1 < page_count(pdf)
    return page_picture(pdf, index + 1, scan.dpi) if behind else None


def _sized(seal: Image, diameter_mm: float, dpi: int) -> Image:
    side = round(diameter_mm / MM_PER_INCH * dpi)
    if side == seal.shape[0]:
        return seal
    return np.asarray(cv2.resize(seal, (side, side), interpolation=cv2.INTER_AREA), np.uint8)
