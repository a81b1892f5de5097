"""Pages are bound in order, scanned ones in place of printed ones, the same bytes each time."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image

from eval.samples import chromium
from eval.samples.authored import read_sample
from eval.samples.build import bind
from eval.samples.chromium import NoChromium, Printed, print_html
from eval.samples.spec import Sample, Scan

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


def test_the_hour_is_overwritten_and_links_leave_no_trace() -> None:
    raw = (
        b"<</CreationDate (D:20261124042215+00'00')>> /Annots [6 0 R]\n"
        b"<</Type /Annot\n/A <</S /URI\n/URI (http://field/a.b_c)>>\n/Rect [1 2 3 4]>>\nendobj"
    )
    blotted = chromium._blot(raw)
    assert len(blotted) == len(raw)
    assert b"2026" not in blotted
    assert b"field" not in blotted
    assert b"Annot" not in blotted
    assert blotted.endswith(b"endobj")


def test_no_chromium_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NoChromium, match="apt-get install chromium"):
        print_html("<p>")
