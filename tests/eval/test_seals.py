"""The stamped scan is the case's own pages, grey, with seals where they were asked for."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from eval.cases import read_cases
from eval.seals import OFFICE, stamped_scan
from extractors.pages import grey_seals, open_source, paper
from extractors.pages.work import clean

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"


def ring(size: int) -> np.ndarray:
    mark = np.full((size, size, 3), 255, np.uint8)
    cv2.circle(mark, (size // 2, size // 2), size // 2 - 8, (27, 2, 208), 10, cv2.LINE_AA)
    return mark


def test_seals_are_pressed_where_they_were_asked_for(tmp_path: Path) -> None:
    case = next(case for case in read_cases(SAMPLES) if case.name == "hemiao-2024-digital")
    stamped_scan(case, ring(330), [(2, 0.5, 0.5)], 0.7, tmp_path / "scan.pdf")
    with open_source(case.source) as printed, open_source(tmp_path / "scan.pdf") as scan:
        assert scan.page_count == printed.page_count
        raw = scan.raw_page(2)
    assert raw.kind == "scan"
    assert round(raw.dpi) == OFFICE.dpi
    grey = np.asarray(cv2.cvtColor(raw.display, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    flat = paper.stretched(paper.flattened(grey, paper.brightness(grey, raw.dpi)))
    (seal,) = grey_seals.find(flat, raw.dpi)
    height, width = seal.region.mask.shape
    middle = (seal.region.x + width / 2) / grey.shape[1], (seal.region.y + height / 2) / grey.shape[0]
    assert np.allclose(middle, (0.5, 0.5), atol=0.02)
    # Cleaning the page takes the ring off.
    inside = np.s_[seal.region.y : seal.region.y + height, seal.region.x : seal.region.x + width]
    inked = seal.cover > 0.9
    assert (clean(raw)[inside][inked] > 200).mean() > 0.9
    assert (grey[inside][inked] > 200).mean() < 0.1
