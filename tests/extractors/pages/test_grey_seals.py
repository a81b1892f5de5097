"""Seals on grey scans go as far as their tone tells them, and nothing else on a page does."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from page_drawings import Image, in_colour, stamped, table

from extractors.pages import RawPage, grey_seals, open_source, paper, seals
from extractors.pages.work import clean

DPI = 200.0
CENTRE, RADIUS = (1000, 1600), 160
SAMPLES = Path(__file__).resolve().parents[3] / "data" / "samples"


def scanned(page: Image, seed: int = 3) -> Image:
    """As a grey scanner sees it: a little blurred and grainy."""
    soft = cv2.GaussianBlur(page, (0, 0), 0.6).astype(np.float64)
    return np.clip(soft + np.random.default_rng(seed).normal(0, 4, page.shape), 0, 255).astype(np.uint8)


def cleaned(page: Image) -> Image:
    return clean(RawPage(1, in_colour(page), DPI, "scan"))


def sealed(tone: int) -> Image:
    return scanned(stamped(in_colour(table()), CENTRE, RADIUS, (tone, tone, tone))[..., 0])


def disc(image: Image) -> Image:
    reach = RADIUS + 20
    return image[CENTRE[1] - reach : CENTRE[1] + reach, CENTRE[0] - reach : CENTRE[0] + reach]


@pytest.mark.parametrize("tone", [120, 150, 190])
def test_a_mid_grey_seal_goes_and_print_under_it_stays(tone: int) -> None:
    print_, seal = (
        disc(table()) < 60,
        disc(stamped(in_colour(np.full((2339, 1654), 255, np.uint8)), CENTRE, RADIUS, (0, 0, 0)))[..., 0]
        < 60,
    )
    far = ~cv2.dilate(print_.astype(np.uint8), np.ones((9, 9), np.uint8)).astype(bool)
    before, after = disc(scanned(table())), disc(cleaned(sealed(tone)))
    assert (after[seal & far] > 225).mean() > 0.97
    core = cv2.erode(print_.astype(np.uint8), np.ones((2, 2), np.uint8)).astype(bool)
    assert (before[core] < 128).mean() > 0.98
    assert (after[core] < 128).mean() > 0.97


def test_outside_a_seal_no_pixel_changes() -> None:
    flat = sealed(150)
    found = grey_seals.find(flat, DPI)
    assert len(found) == 1
    changed = grey_seals.without(flat, found) != flat
    rows, columns = np.nonzero(changed)
    assert np.hypot(columns - CENTRE[0], rows - CENTRE[1]).max() < RADIUS + 20


@pytest.mark.parametrize("tone", [20, 60])
def test_a_seal_as_dark_as_print_is_left_alone(tone: int) -> None:
    assert grey_seals.find(sealed(tone), DPI) == ()


def drawn(kind: str) -> Image:
    page = table()
    if kind == "shaded cells":
        page[1300:1600, 300:600] = np.minimum(page[1300:1600, 300:600], 170)
    elif kind == "grey disc":
        cv2.circle(page, CENTRE, RADIUS, (150,), -1)
    elif kind == "grey title":
        cv2.putText(page, "REPORT", (200, 180), cv2.FONT_HERSHEY_SIMPLEX, 6, (140,), 16, cv2.LINE_AA)
    elif kind == "grey frame":
        cv2.rectangle(page, (850, 1450), (1150, 1750), (150,), 10)
    elif kind == "faded page":
        page = np.maximum(page, 150)
    return scanned(page)


@pytest.mark.parametrize(
    "kind", ["plain", "shaded cells", "grey disc", "grey title", "grey frame", "faded page"]
)
def test_what_is_no_seal_is_no_seal(kind: str) -> None:
    assert grey_seals.find(drawn(kind), DPI) == ()


def taken_for_seals(folder: Path) -> list[str]:
    """Pages without a red seal on which, in grey, something is taken for one."""
    found = []
    for file in sorted(folder.glob("*/source.pdf")):
        with open_source(file) as source:
            raws = [source.raw_page(number) for number in range(1, source.page_count + 1)]
        for raw in raws:
            grey = np.asarray(cv2.cvtColor(raw.display, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
            flat = paper.stretched(paper.flattened(grey, paper.brightness(grey, raw.dpi)))
            if not seals.find(raw.display, raw.dpi) and grey_seals.find(flat, raw.dpi):
                found.append(f"{file.parent.name} {raw.number}")
    return found


def test_no_sample_has_print_that_is_taken_for_a_seal() -> None:
    assert taken_for_seals(SAMPLES) == []


@pytest.mark.shared
def test_no_real_case_has_print_that_is_taken_for_a_seal(shared_cases: Path) -> None:
    assert taken_for_seals(shared_cases / "reports") == []
