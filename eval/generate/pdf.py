"""The few things done to PDF files here: draw a page, bind pages, make files of pictures, and forget the hour."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
from PIL import Image as Pillow

from eval.generate.spec import Scan

Image = npt.NDArray[np.uint8]
POINTS_PER_INCH = 72
MM_PER_POINT = 25.4 / POINTS_PER_INCH
_SAVED_AT = re.compile(rb"(/CreationDate ?\(D:)\d{14}")
_FILE_ID = re.compile(rb"/ID ?\[ ?<[0-9A-Fa-f]*> ?<[0-9A-Fa-f]*> ?\]")


def page_picture(pdf: bytes, index: int, dpi: int) -> Image:
    """Page `index` (from 0) as BGR at `dpi`."""
    document = pdfium.PdfDocument(pdf)
    picture: Image = document[index].render(scale=dpi / POINTS_PER_INCH, rev_byteorder=False).to_numpy()
    document.close()
    return np.ascontiguousarray(picture[..., :3])


def page_count(pdf: bytes) -> int:
    document = pdfium.PdfDocument(pdf)
    count = len(document)
    document.close()
    return count


def page_sizes_mm(pdf: bytes) -> tuple[tuple[float, float], ...]:
    """Width and height of each page."""
    document = pdfium.PdfDocument(pdf)
    sizes = tuple(page.get_size() for page in document)
    document.close()
    return tuple((width * MM_PER_POINT, height * MM_PER_POINT) for width, height in sizes)


def bind_pdfs(parts: Sequence[bytes], pages: Sequence[Sequence[int] | None]) -> bytes:
    """One PDF of all parts in turn; `pages`: which pages of each, from 0, None for all. Same input, same bytes."""
    bound = pdfium.PdfDocument.new()
    for part, chosen in zip(parts, pages, strict=True):
        document = pdfium.PdfDocument(part)
        bound.import_pages(document, None if chosen is None else list(chosen))
        document.close()
    out = io.BytesIO()
    bound.save(out)
    bound.close()
    return _undated(out.getvalue())


def _undated(pdf: bytes) -> bytes:
    """`pdf` with the file id and hour that PDFium writes overwritten, length unchanged."""
    pdf = _FILE_ID.sub(lambda match: re.sub(rb"[0-9A-Fa-f]", b"0", match[0]), pdf)
    return _SAVED_AT.sub(lambda match: match[1] + b"20240102030405", pdf)


def picture_pdf(picture: Image, scan: Scan) -> bytes:
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
