"""Pages drawn for the tests: PDF files byte by byte, tables and seals pixel by pixel."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
A4_200 = (2339, 1654)


@dataclass(frozen=True)
class PdfPage:
    """Content stream and page entries; `images` are grey pictures named /I0, /I1, ..."""

    content: str
    media: tuple[float, float, float, float] = (0, 0, 595, 842)
    entries: str = ""
    images: Sequence[Image] = ()
    to_unicode: str = ""  # a CMap for font /F1 (Helvetica)


def pdf_file(pages: Sequence[PdfPage], trailer: str = "", forms: Sequence[str] = ()) -> bytes:
    """A whole PDF. `forms` are content streams of form objects /X0, /X1, ..., usable on every page."""
    objects: list[bytes] = [b"", b""]  # catalogue and page tree come first, written last

    def add(body: bytes) -> int:
        objects.append(body)
        return len(objects)

    def stream(data: bytes, entries: str) -> int:
        head = f"<< {entries} /Length {len(data)} >>\nstream\n".encode()
        return add(head + data + b"\nendstream")

    form_ids = [
        stream(form.encode(), "/Type /XObject /Subtype /Form /BBox [0 0 2000 2000]") for form in forms
    ]
    form_names = " ".join(f"/X{index} {number} 0 R" for index, number in enumerate(form_ids))
    kids = []
    for page in pages:
        names = form_names
        for index, image in enumerate(page.images):
            number = stream(
                zlib.compress(image.tobytes()),
                f"/Type /XObject /Subtype /Image /Width {image.shape[1]} /Height {image.shape[0]} "
                "/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode",
            )
            names += f" /I{index} {number} 0 R"
        unicode_entry = f"/ToUnicode {stream(page.to_unicode.encode(), '')} 0 R" if page.to_unicode else ""
        font = add(f"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica {unicode_entry} >>".encode())
        bold = add(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>")
        content = stream(page.content.encode(), "")
        media = " ".join(str(value) for value in page.media)
        kids.append(
            add(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [{media}] /Contents {content} 0 R {page.entries} "
                f"/Resources << /Font << /F1 {font} 0 R /F2 {bold} 0 R >> /XObject << {names} >> >> >>".encode()
            )
        )
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    refs = " ".join(f"{kid} 0 R" for kid in kids)
    objects[1] = f"<< /Type /Pages /Kids [{refs}] /Count {len(kids)} >>".encode()
    return _assembled(objects, trailer)


def _assembled(objects: Sequence[bytes], trailer: str) -> bytes:
    data = b"%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(data)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    data += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    data += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\n".encode()
    return data + f"startxref\n{start}\n%%EOF\n".encode()


def text_lines(lines: int = 20, mode: int = 0, font: str = "/F1", size: float = 14) -> str:
    """A content stream of `lines` lines of words from the top left, in text rendering mode `mode`."""
    body = "".join("(Report of the year 2023 with 4119 items) Tj 0 -28 Td " for _ in range(lines))
    return f"BT {font} {size} Tf {mode} Tr 72 770 Td {body} ET"


def table(shape: tuple[int, int] = A4_200, rulings: bool = True, thickness: int = 3) -> Image:
    """A page with running text above a ruled table of figures."""
    page = np.full(shape, 255, np.uint8)
    height, width = shape
    left, right = width // 8, width * 7 // 8
    for line in range(14):
        words = "annual report of open government"
        cv2.putText(
            page, words, (left, height // 10 + line * 46), cv2.FONT_HERSHEY_SIMPLEX, 1.7, (0,), 3, cv2.LINE_AA
        )
    top, bottom = height // 2, height * 9 // 10
    rows, columns = np.linspace(top, bottom, 11).astype(int), np.linspace(left, right, 7).astype(int)
    for y in rows[:-1]:
        for x in columns[:-1]:
            cv2.putText(
                page, "21", (int(x) + 60, int(y) + 60), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (0,), 3, cv2.LINE_AA
            )
    if rulings:
        for y in rows:
            cv2.line(page, (left, int(y)), (right, int(y)), (0,), thickness)
        for x in columns:
            cv2.line(page, (int(x), top), (int(x), bottom), (0,), thickness)
    return page


def tilted(page: Image, degrees: float) -> Image:
    """`page` turned clockwise about its centre, same size."""
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -degrees, 1.0)
    turned = cv2.warpAffine(page, matrix, (width, height), borderValue=(255, 255, 255))
    return np.asarray(turned, dtype=np.uint8)


def in_colour(page: Image) -> Image:
    return np.asarray(cv2.cvtColor(page, cv2.COLOR_GRAY2BGR), dtype=np.uint8)


def stamped(page: Image, centre: tuple[int, int], radius: int, colour: tuple[int, int, int]) -> Image:
    """`page` (BGR) with a ring and a star pressed on it, as ink does: what is dark stays dark."""
    seal = np.full_like(page, 255)
    cv2.circle(seal, centre, radius, colour, max(6, radius // 12), cv2.LINE_AA)
    star = [
        (
            int(centre[0] + radius * 0.4 * (1.0 if index % 2 == 0 else 0.4) * np.sin(index * np.pi / 5)),
            int(centre[1] - radius * 0.4 * (1.0 if index % 2 == 0 else 0.4) * np.cos(index * np.pi / 5)),
        )
        for index in range(10)
    ]
    cv2.fillPoly(seal, [np.array(star, np.int32)], colour, cv2.LINE_AA)
    return np.asarray(page.astype(np.uint16) * seal // 255, dtype=np.uint8)
