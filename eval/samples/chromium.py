"""HTML to PDF with Debian's Chromium, made repeatable.

Chromium writes the hour of printing into a PDF; it is overwritten here. The place of every answer is learned by
letting each cell be a link: Chromium notes a link's rectangle and page. The links are then blotted out, byte
for byte, so that the finished PDF shows no trace of them.
"""

from __future__ import annotations

import ctypes
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

LINK = "http://field/"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-pdf-tagging",
    "--no-pdf-header-footer",
    "--virtual-time-budget=2000",
)
_DATES = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}\+00'00'\)")
_LINK_LISTS = re.compile(rb"/Annots \[[^\]]*\]")
_LINKS = re.compile(rb"<</Type /Annot\s.*?/URI \(http://field/[^)]*\)>>.*?>>", re.S)
PRINT_SECONDS = 120


class NoChromium(RuntimeError):
    """Samples are typeset by Chromium and it is not installed: `apt-get install chromium`."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF and where its links stood: name -> (page from 1, x0, y0, x1, y1), fractions of the page, y down."""

    pdf: bytes
    boxes: dict[str, tuple[float, ...]]


def print_html(html: str) -> Printed:
    """Typeset `html`. Raises NoChromium where there is none, CalledProcessError where it fails."""
    program = shutil.which("chromium")
    if program is None:
        raise NoChromium("chromium is not installed: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder:
        page, pdf = Path(folder) / "page.html", Path(folder) / "page.pdf"
        page.write_text(html, encoding="utf-8")
        command = [
            program,
            *FLAGS,
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={pdf}",
            page.as_uri(),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=PRINT_SECONDS)
        raw = pdf.read_bytes()
    return Printed(_blot(raw), _links(raw))


def _blot(pdf: bytes) -> bytes:
    """Same length throughout, so that the offsets of the cross-reference table stay true."""
    pdf = _DATES.sub(lambda match: b"/" + match[1] + b" (D:20240102030405+00'00')", pdf)
    for pattern in (_LINKS, _LINK_LISTS):
        pdf = pattern.sub(lambda match: re.sub(rb"[^\s]", b" ", match[0]), pdf)
    return pdf


def _links(pdf: bytes) -> dict[str, tuple[float, ...]]:
    boxes: dict[str, tuple[float, ...]] = {}
    document = pdfium.PdfDocument(pdf)
    for index in range(len(document)):
        page = document[index]
        width, height = page.get_size()
        for number in range(pdfium_c.FPDFPage_GetAnnotCount(page)):
            annotation = pdfium_c.FPDFPage_GetAnnot(page, number)
            link = pdfium_c.FPDFAnnot_GetLink(annotation)
            action = pdfium_c.FPDFLink_GetAction(link)
            size = pdfium_c.FPDFAction_GetURIPath(document, action, None, 0)
            buffer = bytearray(size)
            pdfium_c.FPDFAction_GetURIPath(document, action, _pointer(buffer), size)
            name = bytes(buffer).rstrip(b"\0").decode("ascii").removeprefix(LINK)
            rect = pdfium_c.FS_RECTF()
            pdfium_c.FPDFAnnot_GetRect(annotation, rect)
            box = (rect.left / width, 1 - rect.top / height, rect.right / width, 1 - rect.bottom / height)
            boxes[name] = (index + 1, *(round(value, 5) for value in box))
            pdfium_c.FPDFPage_CloseAnnot(annotation)
        page.close()
    document.close()
    return boxes


def _pointer(buffer: bytearray) -> ctypes.Array[ctypes.c_char]:
    return (ctypes.c_char * len(buffer)).from_buffer(buffer)
