"""One sample -> one case folder: typeset, scan the pages that are scans, bind, and write the labels beside it."""

from __future__ import annotations

import base64
import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from PIL import Image as Pillow

from eval.samples.chromium import Printed, print_html
from eval.samples.html import SEAL_MM, sample_html, seal_svg
from eval.samples.scan import MM_PER_INCH, Image, scan_page, stamp
from eval.samples.spec import Sample, Scan
from extractors.forms import Form, load

POINTS_PER_INCH = 72
SEAL_DPI = 150
SEAL_RED = (208, 2, 27)
_SAVED_AT = re.compile(rb"(/CreationDate ?\(D:)\d{14}")
_FILE_ID = re.compile(rb"/ID ?\[ ?<[0-9A-Fa-f]*> ?<[0-9A-Fa-f]*> ?\]")


def build(sample: Sample, folder: Path) -> None:
    """Write `folder/source.pdf` and `folder/gold.json`. Raises NoChromium where samples cannot be typeset."""
    seal = _seal_address(sample.agency) if sample.stamp_signature else ""
    printed = print_html(sample_html(sample, form_of(sample), seal))
    pdf, boxes = bind(sample, printed)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "source.pdf").write_bytes(pdf)
    text = json.dumps(gold(sample, boxes), ensure_ascii=False, indent=1)
    (folder / "gold.json").write_text(text + "\n", encoding="utf-8")


def form_of(sample: Sample) -> Form:
    return next(form for form in load() if form.id == sample.form)


def gold(sample: Sample, boxes: dict[str, tuple[float, ...]]) -> dict[str, Any]:
    """The labels: what was written, and where it came to stand."""
    return {
        "form": sample.form,
        "kind": "report",
        "agency": sample.agency,
        "year": sample.year,
        "sections": {part.key: re.sub(r"\s", "", part.title) for part in sample.sections if part.title},
        "fields": dict(sample.values),
        "front_matter": dict(sample.facts),
        "boxes": {path: list(boxes[path]) for path in sample.values},
        "label_source": "authored",
    }


def bind(sample: Sample, printed: Printed) -> tuple[bytes, dict[str, tuple[float, ...]]]:
    """The finished PDF, scanned pages in place of printed ones, and the boxes carried along.

    Where every page stays as printed, the PDF is the typesetter's own.
    """
    document = pdfium.PdfDocument(printed.pdf)
    treatments = [sample.scans.get(page + 1, sample.scan) for page in range(len(document))]
    boxes = dict(printed.boxes)
    if not any(treatments):
        return printed.pdf, boxes
    bound = pdfium.PdfDocument.new()
    for index, treatment in enumerate(treatments):
        if treatment is None:
            bound.import_pages(document, [index])
            continue
        pdf, moved = _scanned(sample, document, index, treatment, boxes)
        boxes.update(moved)
        bound.import_pages(pdfium.PdfDocument(pdf))
    out = io.BytesIO()
    bound.save(out)
    return _undated(out.getvalue()), boxes


def _undated(pdf: bytes) -> bytes:
    """`pdf` with the file id and hour that PDFium writes overwritten, length unchanged."""
    pdf = _FILE_ID.sub(lambda match: re.sub(rb"[0-9A-Fa-f]", b"0", match[0]), pdf)
    return _SAVED_AT.sub(lambda match: match[1] + b"20240102030405", pdf)


def render(document: pdfium.PdfDocument, index: int, dpi: int) -> Image:
    """Page `index` (from 0) as BGR at `dpi`."""
    picture: Image = document[index].render(scale=dpi / POINTS_PER_INCH, rev_byteorder=False).to_numpy()
    return np.ascontiguousarray(picture[..., :3])


def _scanned(
    sample: Sample,
    document: pdfium.PdfDocument,
    index: int,
    scan: Scan,
    boxes: dict[str, tuple[float, ...]],
) -> tuple[bytes, dict[str, tuple[float, ...]]]:
    page = render(document, index, scan.dpi)
    seed = sample.seed * 100 + index
    for number, seal in enumerate(sample.seals):
        if seal.page == index + 1:
            mark = seal_mark(sample.agency, seal.diameter_mm, scan.dpi)
            page = stamp(page, mark, (seal.x, seal.y), seal.angle, seal.ink, seed + 50 + number)
    back = render(document, index + 1, scan.dpi) if scan.bleed and index + 1 < len(document) else None
    picture, warp = scan_page(page, scan, seed, back)
    moved = {name: (box[0], *warp.box(box[1:])) for name, box in boxes.items() if box[0] == index + 1}
    return _picture_pdf(picture, scan), moved


def seal_mark(agency: str, diameter_mm: float, dpi: int) -> Image:
    """A round red seal on white, BGR, square. Raises NoChromium where it cannot be drawn."""
    size = f"{diameter_mm}mm"
    style = f"@page {{ size: {size} {size}; margin: 0; }} body {{ margin: 0; }} svg {{ display: block; }}"
    html = f"<style>{style}</style>{seal_svg(agency, diameter_mm)}"
    document = pdfium.PdfDocument(print_html(html).pdf)
    mark = render(document, 0, dpi)
    side = round(diameter_mm / MM_PER_INCH * dpi)
    return mark[:side, :side]


def _seal_address(agency: str) -> str:
    """A data: address of the seal as a picture, as signing programs set it; white is transparent."""
    mark = seal_mark(agency, SEAL_MM, SEAL_DPI)
    ink = 255 - mark.min(axis=2)
    colours = np.dstack([np.full_like(ink, level) for level in SEAL_RED] + [(ink * 0.85).astype(np.uint8)])
    out = io.BytesIO()
    Pillow.fromarray(colours).save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode("ascii")


def _picture_pdf(picture: Image, scan: Scan) -> bytes:
    """A PDF of one picture: CCITT for one-bit, else JPEG, grey where nothing is coloured."""
    if scan.one_bit:
        image = Pillow.fromarray(picture).convert("1")
    elif scan.colour:
        image = Pillow.fromarray(np.ascontiguousarray(picture[..., ::-1]))
    else:
        image = Pillow.fromarray(picture[..., 0])
    out = io.BytesIO()
    options = {} if scan.one_bit else {"quality": scan.jpeg}
    image.save(out, "PDF", resolution=scan.dpi, creationDate=None, modDate=None, **options)
    return out.getvalue()
