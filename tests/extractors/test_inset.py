"""A picture on a typed page is read as the scan it is, and what was read stands among the typed lines."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import cv2
import numpy as np
import pytest
from drawing import draw_table, full_grid, turned
from fakes import EmptyEngine, GarbledEngine
from page_drawings import PdfPage, pdf_file, text_lines
from pasting import Box as Points
from pasting import Picture as Pixels
from pasting import paste

from eval.cases import read_cases
from eval.score import score_record
from extractors.document import Cell, Fragment, Line, PageInfo, PageReading, Part, Reading, Table
from extractors.export.json import record_to_json
from extractors.geometry import Box, map_box
from extractors.inset import cut_out, put_in_place, seen_from
from extractors.ocr.paddle import load_engine
from extractors.pages import Picture, RawPage, open_source, prepare
from extractors.pages.work import composed, frame, inverse
from extractors.pipeline import extract_document
from extractors.read_page import StageClock, read_page

WORDS = ("Government", "disclosure", "application", "department")  # figures do not tell which way is up
TEXTS = {(r, c): str(1234 * (r + 1) + 7 * c) if c else WORDS[r] for r in range(4) for c in range(5)}
TABLE = draw_table(full_grid(4, 5), [200] + [120] * 4, [50] * 4, TEXTS, scale=0.7).image
ABOVE, BELOW = text_lines(8), " " + text_lines(3).replace("770", "200").replace("2023", "2024")


def page_with(folder: Path, image: Pixels, content: str = ABOVE + BELOW) -> Path:
    """Eight typed lines, the image 72 points in and 300 up, three typed lines."""
    high = 400 * image.shape[0] / image.shape[1]
    path = folder / "page.pdf"
    draw = f"q 400 0 0 {high:.2f} 72 300 cm /I0 Do Q "
    path.write_bytes(pdf_file([PdfPage(draw + content, images=[image])]))
    return path


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("tilt", [0.0, 1.5])
def test_an_affine_and_its_inverse_do_nothing(rotation: int, tilt: float) -> None:
    there = frame(800, 600, rotation, tilt).to_display
    assert composed(there, inverse(there)) == pytest.approx((1, 0, 0, 0, 1, 0), abs=1e-9)


def test_what_was_read_is_put_where_it_stands_on_the_page() -> None:
    picture = Picture(Box(100.2, 300.4, 500, 700), 0.3, True)
    page = PageInfo(
        4, "digital", 1000, 1400, 200.0, 90, 0.0, 1400, 1000, frame(1000, 1400, 90, 0.0).to_display
    )
    alone = frame(400, 400, 180, 0.0)
    info = PageInfo(4, "scan", 400, 400, 200.0, 180, 0.0, 400, 400, alone.to_display)
    seen = Box(10, 20, 50, 40)  # in display pixels of the cut-out
    box = map_box(inverse(alone.to_display), seen)
    extents = ((box.x0, box.x0 + 20), (box.x0 + 20, box.x1))
    line = Line(4, box, Reading("ab", 1.0, (1.0, 1.0)), extents)
    cell = Cell(0, 1, 0, 1, Reading("7", 1.0), (Part(4, box),))
    fragment = Fragment(4, box, Table(1, 1, (cell,)), (box.x0, box.x1), (box.y0, box.y1))
    placed = put_in_place(PageReading(info, (line,), (fragment,)), picture, page)
    on_page = Box(seen.x0 + 100, seen.y0 + 300, seen.x1 + 100, seen.y1 + 300)
    for found in (
        placed.lines[0].box,
        placed.fragments[0].box,
        placed.fragments[0].table.cells[0].parts[0].box,
    ):
        assert map_box(page.to_display, found) == on_page
    assert placed.info is page
    (moved,) = placed.fragments
    assert (moved.xs[1] - moved.xs[0], moved.ys[1] - moved.ys[0]) == (
        40,
        20,
    )  # its own frame, 40 wide, 20 high
    assert sum(moved.xs) / 2 == pytest.approx(moved.box.centre[0])


def test_the_cut_out_is_the_picture_without_what_was_read() -> None:
    display = np.full((600, 800, 3), 250, np.uint8)
    display[200:300, 300:500] = 0
    raw = RawPage(2, display, 150.0, "digital", bilevel=True)
    picture = Picture(Box(290, 190, 510, 310), 0.5, True)
    whole = cut_out(raw, picture, ())
    assert whole.display.shape == (120, 220, 3)
    assert (whole.kind, whole.dpi, whole.bilevel, whole.number) == ("scan", 150.0, True, 2)
    assert whole.display[10:110, 10:210].max() == 0
    painted = cut_out(raw, picture, [Box(295, 195, 505, 305), Box(0, 0, 10, 10)])
    assert painted.display.min() == 250
    assert display[250, 400].max() == 0  # the page is left alone
    assert seen_from(picture, [Box(300, 200, 310, 210), Box(0, 0, 10, 10)]) == (Box(10, 10, 20, 20),)


@pytest.mark.parametrize("engine", [EmptyEngine(), GarbledEngine()])
def test_a_picture_in_which_nothing_can_be_read_is_told_of(engine: EmptyEngine, tmp_path: Path) -> None:
    scrawl = np.full((400, 600), 255, np.uint8)
    for index in range(40):
        cv2.ellipse(scrawl, (300, 200), (20 + 6 * index, 10 + 4 * index), index * 9.0, 0, 200, 0, 2)
    path = page_with(tmp_path, scrawl)
    with open_source(path) as source:
        reading = read_page(source.raw_page(1), engine, StageClock(), path)
    assert len(reading.lines) == 11
    expected = ["page_mixed"] if isinstance(engine, GarbledEngine) else []
    assert [issue.code for issue in reading.issues] == expected


@pytest.mark.engine
@pytest.mark.parametrize("change", ["plain", "tilted", "sideways", "on its head"])
def test_a_table_in_a_picture_is_read_between_typed_lines(change: str, tmp_path: Path) -> None:
    image = {
        "plain": TABLE,
        "tilted": turned(TABLE, 1.2),
        "sideways": np.ascontiguousarray(np.rot90(TABLE)),
        "on its head": np.ascontiguousarray(np.rot90(TABLE, 2)),
    }[change]
    if change == "sideways":
        image = np.pad(image, ((0, 0), (450, 450)), constant_values=255)
    hidden = " BT 3 Tr /F1 9 Tf 100 330 Td (hidden 1234) Tj 0 15 Td (hidden 5678) Tj ET"
    path = page_with(tmp_path, image, ABOVE + BELOW + hidden)
    with open_source(path) as source:
        reading = read_page(source.raw_page(1), load_engine(), StageClock(), path)
    (fragment,) = reading.fragments
    assert {(c.row0, c.col0): c.text for c in fragment.table.cells} == TEXTS
    assert [issue.code for issue in reading.issues] == ["picture_read"]
    years = [line.text[19:23] for line in reading.lines]
    assert years == ["2023"] * 8 + ["2024"] * 3
    assert reading.lines[7].box.y1 < fragment.box.y0 < fragment.box.y1 < reading.lines[8].box.y0


@pytest.mark.engine
def test_lines_in_a_picture_stand_where_they_are_printed(tmp_path: Path) -> None:
    image = np.full((300, 900), 255, np.uint8)
    for number, words in enumerate(("Government of the county", "Office of disclosure")):
        place = (60, 100 + 100 * number)
        cv2.putText(image, words, place, cv2.FONT_HERSHEY_SIMPLEX, 1.4, 0, 3, cv2.LINE_AA)
    path = page_with(tmp_path, image)
    with open_source(path) as source:
        reading = read_page(source.raw_page(1), load_engine(), StageClock(), path)
    texts = [line.text.replace(" ", "") for line in reading.lines]
    assert texts[8:10] == ["Governmentofthecounty", "Officeofdisclosure"]
    assert len(texts) == 13
    scale = reading.info.dpi / 72
    assert reading.lines[8].box.x0 == pytest.approx((72 + 60 * 400 / 900) * scale, abs=8)


@pytest.mark.engine
def test_figures_typed_on_the_picture_of_a_form_are_the_layers(tmp_path: Path) -> None:
    blank = draw_table(full_grid(4, 5), [120] * 5, [50] * 4, {(r, 0): f"{r}{r}" for r in range(4)}).image
    high = 400 * blank.shape[0] / blank.shape[1]
    x, y = 72 + 400 * (60 + 120 * 2.3) / blank.shape[1], 300 + high * (1 - (60 + 50 * 2.7) / blank.shape[0])
    path = page_with(tmp_path, blank, ABOVE + BELOW + f" BT /F1 12 Tf {x:.1f} {y:.1f} Td (4119) Tj ET")
    with open_source(path) as source:
        reading = read_page(source.raw_page(1), load_engine(), StageClock(), path)
    (fragment,) = reading.fragments
    texts = {(c.row0, c.col0): c.text for c in fragment.table.cells if not c.blank}
    assert texts == {(0, 0): "00", (1, 0): "11", (2, 0): "22", (3, 0): "33", (2, 2): "4119"}
    assert fragment.table.at(2, 2).reading.confidence == 1.0
    assert len(reading.lines) == 11


def copied(picture: Pixels) -> Pixels:
    """As an office copier would: askew, grey, grainy."""
    grain = np.random.default_rng(1).normal(0, 5, picture.shape)
    return np.clip(turned(picture, 0.7)[: picture.shape[0], : picture.shape[1]] * 0.9 + grain, 0, 255).astype(
        np.uint8
    )


# Table 2 up to the page's end; table 3 up to the page's end, most of the page's ink; table 4. In points, y up.
PLACES: list[tuple[int, Points]] = [
    (1, (69, 59, 524, 387)),
    (2, (69, 59, 524, 484)),
    (3, (69, 365, 524, 519)),
]


@pytest.mark.engine
@pytest.mark.shared
@pytest.mark.parametrize(("index", "box"), PLACES)
def test_a_real_report_loses_no_field_to_a_pasted_picture(
    index: int, box: Points, shared_cases: Path, tmp_path: Path
) -> None:
    case = next(c for c in read_cases(shared_cases / "reports") if c.name == "hongze-2023-digital")
    path = paste(case.source, tmp_path / "source.pdf", index, box, copied)
    with open_source(path) as source:
        page = prepare(source.raw_page(index + 1))
    record = record_to_json(extract_document([path], load_engine())[0].record, "en")
    counts = score_record(
        json.loads(json.dumps(record, default=float), parse_float=Decimal), case.gold
    ).counts
    assert page.info.kind == "digital"
    assert [issue["code"] for issue in record["issues"] if issue["page"] == index + 1][:1] == ["picture_read"]
    assert counts.right == counts.fields
    assert counts.silent == 0
    assert counts.sections_right == 6
