"""Pages are bound in order, scanned ones in place of printed ones, the same bytes each time."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image

from eval.generate.content.authored import read_sample
from eval.generate.paper import Printed
from eval.generate.samples import bind
from eval.generate.spec import Sample, Scan, Style
from eval.generate.typeset import chromium, libreoffice
from eval.generate.typeset.fonts import require_fonts
from eval.generate.typeset.places import NotFound, find_cells, key_colours
from eval.generate.work import MissingTool

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
BOX = (0.2, 0.2, 0.4, 0.3)


@pytest.fixture
def printed() -> Printed:
    """Three pages 300 by 400 points, one answer on each."""
    pages = [Image.new("RGB", (300, 400), "white") for _ in range(3)]
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=72)
    return Printed(out.getvalue(), {f"answer.{page}": (page, *BOX) for page in (1, 2, 3)})


def bare_sample() -> Sample:
    return replace(
        read_sample(SAMPLES / "hemiao-2024-digital" / "sample.toml"), seals=(), scan=None, scans={}
    )


def test_nothing_scanned_is_the_print_itself(printed: Printed) -> None:
    assert bind(bare_sample(), printed) == (printed.pdf, printed.boxes)


@pytest.mark.parametrize("one_bit", [False, True])
def test_one_page_scanned_and_turned(printed: Printed, one_bit: bool) -> None:
    scan = Scan(dpi=100, colour=False, one_bit=one_bit, rotate=90, noise=3)
    sample = replace(bare_sample(), scans={2: scan})
    pdf, boxes = bind(sample, printed)
    document = pdfium.PdfDocument(pdf)
    sizes = [tuple(round(side) for side in page.get_size()) for page in document]
    document.close()
    assert sizes == [(300, 400), (400, 300), (300, 400)]
    assert boxes["answer.1"] == printed.boxes["answer.1"]
    assert boxes["answer.2"] == pytest.approx((2, 0.7, 0.2, 0.8, 0.4), abs=0.005)
    assert bind(sample, printed)[0] == pdf


def test_a_cell_is_where_its_colour_is() -> None:
    key = key_colours(["a", "b"])
    document = pdfium.PdfDocument.new()
    page = document.new_page(300, 400)
    for path, (x0, y0, x1, y1) in {"a": (30, 40, 90, 60), "b": (90, 40, 150, 60)}.items():
        rect = pdfium.raw.FPDFPageObj_CreateNewRect(x0, 400 - y1, x1 - x0, y1 - y0)
        red, green, blue = (int(key[path][i : i + 2], 16) for i in (1, 3, 5))
        pdfium.raw.FPDFPageObj_SetFillColor(rect, red, green, blue, 255)
        pdfium.raw.FPDFPath_SetDrawMode(rect, pdfium.raw.FPDF_FILLMODE_WINDING, 0)
        pdfium.raw.FPDFPage_InsertObject(page, rect)
    page.gen_content()
    out = io.BytesIO()
    document.save(out)
    document.close()
    found = find_cells(out.getvalue(), key)
    assert found["a"] == pytest.approx((1, 0.1, 0.1, 0.3, 0.15), abs=0.002)
    assert found["b"] == pytest.approx((1, 0.3, 0.1, 0.5, 0.15), abs=0.002)
    with pytest.raises(NotFound, match="no place for 1 answers, the first: c"):
        find_cells(out.getvalue(), key_colours(["a", "b", "c"]))


def test_there_is_a_colour_for_every_cell_or_a_refusal() -> None:
    key = key_colours(str(number) for number in range(400))
    assert len(set(key.values())) == 400
    with pytest.raises(ValueError, match="only 400 colours"):
        key_colours(str(number) for number in range(401))


def test_the_hour_is_overwritten_at_the_same_length() -> None:
    raw = b"<</CreationDate (D:20261124042215+00'00')>>"
    assert chromium.undated(raw) == b"<</CreationDate (D:20240102030405+00'00')>>"
    raw = b"/CreationDate(D:20261125013552Z')>> /ID [ <0AF3>\n<0AF3> ]\n/DocChecksum /9BC0"
    blotted = libreoffice.undated(raw)
    assert len(blotted) == len(raw)
    assert b"2026" not in blotted
    assert b"AF" not in blotted
    assert b"9BC" not in blotted


@pytest.mark.parametrize(
    ("error", "call", "package"),
    [
        (MissingTool, lambda: chromium.print_html("<p>"), "chromium"),
        (MissingTool, lambda: libreoffice.print_docx([b""]), "libreoffice-writer"),
    ],
)
def test_a_missing_engine_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception], call: object, package: str
) -> None:
    monkeypatch.setenv("PATH", "")
    assert callable(call)
    with pytest.raises(error, match=f"apt-get install {package}"):
        call()


def test_a_missing_font_is_an_error() -> None:
    if shutil.which("fc-list") is None:
        pytest.skip("fontconfig lists the fonts")
    with pytest.raises(MissingTool, match="No Such Family"):
        require_fonts([Style(body_font="No Such Family")] * 2)
