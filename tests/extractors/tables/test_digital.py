"""Born-digital tables: what is drawn comes out cell by cell, whatever the page's box and turn, or whoever fails."""

import json
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import ruled_pdf
from ruled_pdf import Sheet, Span

from extractors.document import Fragment, Page
from extractors.geometry import Box
from extractors.pages import open_source, prepare
from extractors.tables import digital
from extractors.tables.camelot_grids import CamelotFailed, camelot_grids
from extractors.tables.digital import digital_fragments, digital_tables

SPANS: list[Span] = [
    (0, 2, 0, 1),
    (0, 1, 1, 4),
    (1, 2, 1, 2),
    (1, 2, 2, 3),
    (1, 4, 3, 4),
    (2, 3, 0, 1),
    (2, 4, 1, 3),
    (3, 4, 0, 1),
]
TEXTS = ["ab", "wide", "21", "-11", "s|t|a|c|k", "row", "251000", ""]


def plain(sheet: Sheet) -> None:
    ruled_pdf.draw(sheet, SPANS, TEXTS)


def bars(sheet: Sheet) -> None:
    ruled_pdf.draw(sheet, SPANS, TEXTS, bars=True)


def sideways(sheet: Sheet) -> None:
    """Text that runs upwards on the sheet, and a /Rotate that brings it upright."""
    sheet.entries = "/Rotate 90"
    sheet.size = (ruled_pdf.PAGE[1], ruled_pdf.PAGE[0])
    sheet.operators.append("q 0 1 -1 0 300 0 cm")
    plain(sheet)
    sheet.prose()
    sheet.operators.append("Q")


def cropped(sheet: Sheet) -> None:
    """The origin is off zero and the crop box cuts margins of different widths."""
    sheet.origin = (-7.0, 11.0)
    sheet.size = (400.0, 300.0)
    sheet.entries = "/CropBox [13 20 380 290]"
    plain(sheet)


def slivered(sheet: Sheet) -> None:
    """Lines that miss each other by a point, as dragged column borders do."""
    plain(sheet)
    x = ruled_pdf.column(1) + 1.2
    sheet.stroke(x, ruled_pdf.row(4), x, ruled_pdf.row(2))


def thick(sheet: Sheet) -> None:
    """One inner line drawn as a box of 2.25 points, which is too thick a line for camelot."""
    spans = [(r, r + 1, c, c + 1) for r in range(4) for c in range(2)]
    draw_half(sheet, spans, (2,))
    sheet.bar(ruled_pdf.column(0), ruled_pdf.row(2), ruled_pdf.column(2), ruled_pdf.row(2), width=2.25)


def draw_half(sheet: Sheet, spans: list[Span], without: tuple[int, ...]) -> None:
    """Texts of the spans, and all lines but the horizontal ones named."""
    for number in range(5):
        if number not in without:
            sheet.stroke(
                ruled_pdf.column(0), ruled_pdf.row(number), ruled_pdf.column(2), ruled_pdf.row(number)
            )
    for col in range(3):
        sheet.stroke(ruled_pdf.column(col), ruled_pdf.row(4), ruled_pdf.column(col), ruled_pdf.row(0))
    for row0, row1, col0, col1 in spans:
        x, y = (
            (ruled_pdf.column(col0) + ruled_pdf.column(col1)) / 2,
            (ruled_pdf.row(row0) + ruled_pdf.row(row1)) / 2,
        )
        ruled_pdf.write_in(sheet, x, y, f"{row0}{col0}")


def opened(sheet: Sheet) -> None:
    """The bottom border is missing, as where the page ends in the middle of a table."""
    draw_half(sheet, [(r, r + 1, c, c + 1) for r in range(4) for c in range(2)], (4,))


def underlined(sheet: Sheet) -> None:
    """No table: a frame around the page, underlined words, a box around one line of text."""
    sheet.operators.append("10 10 380 280 re S")
    for number in range(4):
        sheet.write(40, 250 - 40 * number, "underlined words")
        sheet.stroke(40, 248 - 40 * number, 130, 248 - 40 * number)
    sheet.operators.append("200 200 100 30 re S")
    sheet.write(210, 210, "boxed")


def struck(sheet: Sheet) -> None:
    """A cell without text but with a stroke through it."""
    plain(sheet)
    x, y = ruled_pdf.column(0), ruled_pdf.row(4)
    sheet.operators.append(f"1 w {x + 5} {y + 5} m {x + 55} {y + 25} l S")


def white(sheet: Sheet) -> None:
    """Boxes that nobody sees lay out the words."""
    sheet.operators.append("1 1 1 RG")
    plain(sheet)
    sheet.operators.append("0 0 0 RG")


DRAWINGS: tuple[Callable[[Sheet], None], ...] = (
    plain,
    bars,
    sideways,
    cropped,
    slivered,
    thick,
    opened,
    underlined,
    struck,
    white,
)


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sheets = []
    for drawing in DRAWINGS:
        sheet = Sheet()
        drawing(sheet)
        if drawing is not sideways:
            sheet.prose()
        sheets.append(sheet)
    return ruled_pdf.save(tmp_path_factory.mktemp("digital") / "ruled.pdf", sheets)


@pytest.fixture(scope="module")
def pages(pdf: Path) -> dict[Callable[[Sheet], None], Page]:
    with open_source(pdf) as source:
        return {drawing: prepare(source.raw_page(number)) for number, drawing in enumerate(DRAWINGS, start=1)}


Pages = dict[Callable[[Sheet], None], Page]


def cells(fragment: Fragment) -> dict[Span, str]:
    return {(c.row0, c.row1, c.col0, c.col1): c.text for c in fragment.table.cells}


def expected() -> dict[Span, str]:
    return {span: text.replace("|", "") for span, text in zip(SPANS, TEXTS, strict=True)}


@pytest.mark.parametrize("drawing", [plain, bars, sideways, cropped, slivered])
def test_what_is_drawn_comes_out(drawing: Callable[[Sheet], None], pages: Pages, pdf: Path) -> None:
    page = pages[drawing]
    assert page.info.kind == "digital"
    (fragment,) = digital_fragments(page, pdf)
    assert cells(fragment) == expected()
    assert all(cell.structure > 0.99 for cell in fragment.table.cells)
    assert not fragment.open_top
    assert not fragment.open_bottom


def test_cells_lie_where_their_glyphs_are(pages: Pages, pdf: Path) -> None:
    for drawing in (plain, sideways, cropped):
        page = pages[drawing]
        (fragment,) = digital_fragments(page, pdf)
        (wide,) = (cell for cell in fragment.table.cells if cell.text == "wide")
        box = wide.parts[0].box
        inside = "".join(glyph.text for glyph in page.glyphs if box.holds(*glyph.box.centre))
        assert inside == "wide"
        scale = page.info.dpi / 72
        assert box.width == pytest.approx(3 * ruled_pdf.COL * scale, abs=1.5)
        assert box.height == pytest.approx(ruled_pdf.ROW * scale, abs=1.5)
        assert wide.parts[0].page == page.info.number


def test_values_have_a_candidate_and_agreeing_readers_are_believed(pages: Pages, pdf: Path) -> None:
    (fragment,) = digital_fragments(pages[plain], pdf)
    by_text = {cell.text: cell for cell in fragment.table.cells}
    assert by_text["-11"].reading.candidates == (("-11", by_text["-11"].reading.confidence),)
    assert by_text["wide"].reading.candidates == ()
    assert all(cell.reading.confidence > 0.99 for cell in fragment.table.cells)
    assert [cell.text for cell in fragment.table.cells if cell.blank] == [""]


def test_a_line_that_camelot_loses_is_found_in_the_rulings(pages: Pages, pdf: Path) -> None:
    page = pages[thick]
    (seen,) = camelot_grids(pdf, page.info.number, page.info)
    assert len(seen.ys) == 4, "camelot has learnt it: the test has lost its purpose"
    (fragment,) = digital_fragments(page, pdf)
    assert (fragment.table.n_rows, fragment.table.n_cols) == (4, 2)
    assert cells(fragment)[2, 3, 1, 2] == "21"


def test_a_missing_border_leaves_the_table_open(pages: Pages, pdf: Path) -> None:
    (fragment,) = digital_fragments(pages[opened], pdf)
    assert (fragment.table.n_rows, fragment.table.n_cols) == (4, 2)
    assert (fragment.open_top, fragment.open_bottom) == (False, True)
    assert fragment.bottom_edges == (0.0, 0.0)


@pytest.mark.parametrize("drawing", [underlined, white])
def test_frames_underlines_and_invisible_boxes_are_no_tables(
    drawing: Callable[[Sheet], None], pages: Pages, pdf: Path
) -> None:
    assert digital_tables(pages[drawing], pdf).fragments == ()


def test_a_cell_with_a_stroke_and_no_text_is_not_blank(pages: Pages, pdf: Path) -> None:
    (fragment,) = digital_fragments(pages[struck], pdf)
    (cell,) = (cell for cell in fragment.table.cells if not cell.text)
    assert not cell.blank


@pytest.mark.parametrize("drawing", [plain, opened])
def test_where_camelot_fails_the_picture_gives_the_grid_and_the_layer_the_text(
    drawing: Callable[[Sheet], None], pages: Pages, pdf: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.4\nnothing of use\n%%EOF\n")
    with pytest.raises(CamelotFailed):
        camelot_grids(broken, 1, pages[drawing].info)
    (fragment,) = digital_fragments(pages[drawing], broken)
    (usual,) = digital_fragments(pages[drawing], pdf)
    assert cells(fragment) == cells(usual)
    assert all(0.95 < cell.reading.confidence < 0.999 for cell in fragment.table.cells)


def test_a_page_that_the_file_has_not_is_camelots_failure(pages: Pages, pdf: Path) -> None:
    with pytest.raises(CamelotFailed):
        camelot_grids(pdf, len(DRAWINGS) + 5, pages[plain].info)


def test_the_number_in_the_file_may_differ_from_that_in_the_document(pages: Pages, pdf: Path) -> None:
    page = pages[plain]
    later = replace(page, info=replace(page.info, number=41))
    (fragment,) = digital_fragments(later, pdf, number=1)
    assert cells(fragment) == expected()
    assert fragment.page == 41


def test_a_text_on_which_the_readers_differ_is_doubted(
    pages: Pages, pdf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def misread(*args: object) -> object:
        grids = camelot_grids(*args)  # type: ignore[arg-type]
        return tuple(
            replace(grid, texts=tuple(tuple(t.replace("-11", "-77") for t in row) for row in grid.texts))
            for grid in grids
        )

    monkeypatch.setattr(digital, "camelot_grids", misread)
    (fragment,) = digital_fragments(pages[plain], pdf)
    assert [cell.text for cell in fragment.table.cells if cell.reading.confidence < 0.95] == ["-11"]


def test_a_table_that_is_a_picture_is_left_for_the_engine(pages: Pages, pdf: Path) -> None:
    page = pages[underlined]
    work = np.full_like(page.work, 255)
    for y in range(200, 501, 60):
        cv2.line(work, (200, y), (800, y), 0, 2)
    for x in range(200, 801, 120):
        cv2.line(work, (x, 200), (x, 500), 0, 2)
    far = tuple(glyph for glyph in page.glyphs if not Box(150, 150, 850, 550).holds(*glyph.box.centre))
    found = digital_tables(replace(page, work=work, glyphs=far, segments=()), pdf)
    assert found.fragments == ()
    (pictured,) = found.pictured
    assert pictured.grid.shape == (5, 5)


def test_nothing_is_said_on_the_way(pages: Pages, pdf: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for page in pages.values():
            digital_fragments(page, pdf)
    assert capfd.readouterr() == ("", "")


@pytest.mark.shared
@pytest.mark.parametrize("body", ["hongze-2023", "pingfang-2020"])
def test_real_reports_give_every_value_as_printed(body: str, shared_cases: Path) -> None:
    case = shared_cases / "reports" / f"{body}-digital"
    gold = json.loads((case / "gold.json").read_text("utf-8"))
    with open_source(case / "source.pdf") as source:
        numbers = range(1, source.page_count + 1)
        found = [digital_fragments(prepare(source.raw_page(n)), case / "source.pdf") for n in numbers]
    read = [cell for fragments in found for fragment in fragments for cell in fragment.table.cells]
    assert len(read) > 250
    texts = Counter(cell.text for cell in read)
    assert not Counter(gold["fields"].values()) - texts
    assert all(cell.structure > 0.999 and cell.reading.confidence > 0.98 for cell in read)
