"""PDF pages as people see them, rendered at the resolution of what is on them.

A page is always rendered, its pictures never pulled out: a scanned page may be several strips, or a mask over
a background, turned, cropped, or half covered by typed text, and only the renderer puts that together.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from typing import Any

import pypdfium2.raw as pdfium

from extractors.errors import EncryptedFile, NotADocument, PictureBomb, RenderError, TruncatedFile
from extractors.rendering import pdf_marks
from extractors.rendering.limits import Limits
from extractors.rendering.pdf_marks import Frame, PlacedImage
from extractors.rendering.reader import A4_LONG_INCHES, Rendered, fitted_scale, sane_page

TAIL_BYTES = 8192
SCAN_COVER = 0.10  # images that cover less of the page than this do not set its resolution
PICTURE_COVER = 0.01  # images that cover less hold no text: a line of ten characters covers more
SMALL_DPI = 75.0  # of `pictures_only`: ink is weighed, not read


class PdfReader:
    """Implements reader.Reader. Raises EncryptedFile, TruncatedFile or NotADocument when opened."""

    def __init__(self, path: str, limits: Limits) -> None:
        self._limits = limits
        pdfium.FPDF_InitLibrary()
        self._document = pdfium.FPDF_LoadDocument(os.fsencode(path), None)
        if not self._document:
            raise _open_error(path)
        if not _has_end(path):
            pdfium.FPDF_CloseDocument(self._document)
            raise TruncatedFile(path=path)

    @property
    def page_count(self) -> int:
        return int(pdfium.FPDF_GetPageCount(self._document))

    def read(self, index: int, with_marks: bool) -> Rendered:
        page = pdfium.FPDF_LoadPage(self._document, index)
        if not page:
            raise RenderError(reason="damaged", detail=f"pdfium error {pdfium.FPDF_GetLastError()}")
        try:
            return self._read(page, with_marks)
        finally:
            pdfium.FPDF_ClosePage(page)

    def close(self) -> None:
        pdfium.FPDF_CloseDocument(self._document)

    def _read(self, page: Any, with_marks: bool) -> Rendered:
        found = list(pdf_marks.objects(page))
        pictures = pdf_marks.images(page, found)
        self._refuse_bombs(pictures)
        frame, dpi = self._frame(page, pictures)
        pixels = _render(page, frame.width, frame.height, pdfium.FPDFBitmap_BGR)
        if not with_marks:
            return Rendered(frame.width, frame.height, 3, dpi, pixels)
        chars = pdf_marks.chars(page, frame)
        painted = any(char[8] for char in chars)
        return Rendered(
            frame.width,
            frame.height,
            3,
            dpi,
            pixels,
            chars=tuple(chars),
            segments=tuple(pdf_marks.rulings(found, frame)),
            images=tuple(frame.box(image.left, image.bottom, image.right, image.top) for image in pictures),
            bilevel=bool(pictures) and all(image.bits == 1 for image in pictures),
            pictures_only=self._pictures_only(found, page, frame, pictures) if painted else None,
        )

    def _refuse_bombs(self, pictures: Sequence[PlacedImage]) -> None:
        for image in pictures:
            if image.width * image.height > self._limits.max_source_pixels:
                raise PictureBomb(pixels=image.width * image.height, limit=self._limits.max_source_pixels)

    def _frame(self, page: Any, pictures: Sequence[PlacedImage]) -> tuple[Frame, float]:
        """Size of the page in pixels, and the resolution it is believed to have on paper.

        Pages whose stated size nobody prints (one point per pixel is common in scans made by telephones)
        keep the pixels of their images and are believed to be as long as A4.
        """
        rect = pdfium.FS_RECTF()
        if (
            not pdfium.FPDF_GetPageBoundingBox(page, rect)
            or rect.right <= rect.left
            or rect.top <= rect.bottom
        ):
            raise RenderError(reason="damaged", detail="page without an area")
        turn = pdfium.FPDFPage_GetRotation(page) % 4
        empty = Frame(rect.left, rect.bottom, rect.right, rect.top, turn, 0, 0)
        inches = (empty.points[0] / 72, empty.points[1] / 72)
        long = max(inches)
        paper = long if sane_page(*inches) else A4_LONG_INCHES
        finest = self._scan_dpi(pictures, empty)
        wanted = self._limits.digital_dpi if finest is None else finest * long / paper
        wanted = min(max(wanted, self._limits.min_dpi), self._limits.max_dpi) * paper / long
        scale = fitted_scale(*inches, wanted, self._limits.max_page_pixels)
        width, height = max(1, round(inches[0] * scale)), max(1, round(inches[1] * scale))
        return Frame(rect.left, rect.bottom, rect.right, rect.top, turn, width, height), scale * long / paper

    def _scan_dpi(self, pictures: Sequence[PlacedImage], frame: Frame) -> float | None:
        """The finest resolution that images of some extent have, in pixels per 72 units; None without any."""
        area = (frame.right - frame.left) * (frame.top - frame.bottom)
        covered = 0.0
        for image in sorted(pictures, key=lambda image: -image.dpi):
            covered += _shared_area(image, frame)
            if covered >= SCAN_COVER * area:
                return image.dpi
        return None

    def _pictures_only(
        self, found: Sequence[pdf_marks.Placed], page: Any, frame: Frame, pictures: Sequence[PlacedImage]
    ) -> tuple[int, int, bytes] | None:
        area = (frame.right - frame.left) * (frame.top - frame.bottom)
        if sum(_shared_area(image, frame) for image in pictures) < PICTURE_COVER * area:
            return None
        others = [placed.handle for placed in found if placed.kind != pdfium.FPDF_PAGEOBJ_IMAGE]
        for handle in others:
            pdfium.FPDFPageObj_SetIsActive(handle, False)
        scale = min(1.0, SMALL_DPI * A4_LONG_INCHES / max(frame.width, frame.height))
        width, height = max(1, round(frame.width * scale)), max(1, round(frame.height * scale))
        return width, height, _render(page, width, height, pdfium.FPDFBitmap_Gray)


def _shared_area(image: PlacedImage, frame: Frame) -> float:
    width = min(image.right, frame.right) - max(image.left, frame.left)
    height = min(image.top, frame.top) - max(image.bottom, frame.bottom)
    return max(0.0, width) * max(0.0, height)


def _render(page: Any, width: int, height: int, bitmap_format: int) -> bytes:
    """The whole page, annotations (stamps) included, on white; rows without padding."""
    channels = 1 if bitmap_format == pdfium.FPDFBitmap_Gray else 3
    stride = width * channels
    buffer = (ctypes.c_ubyte * (stride * height))()
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, bitmap_format, buffer, stride)
    if not bitmap:
        raise MemoryError
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
        flags = pdfium.FPDF_ANNOT | (pdfium.FPDF_GRAYSCALE if channels == 1 else 0)
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    return bytes(buffer)


def _open_error(path: str) -> EncryptedFile | TruncatedFile | NotADocument:
    if pdfium.FPDF_GetLastError() in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
        return EncryptedFile(path=path)
    return NotADocument(path=path) if _has_end(path) else TruncatedFile(path=path)


def _has_end(path: str) -> bool:
    """Whether the end of the file is there. pdfium opens cut files too, with pages or pictures missing in
    silence; a report with a page missing in silence must not be read."""
    with open(path, "rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - TAIL_BYTES))
        tail = file.read()
    return b"%%EOF" in tail or b"startxref" in tail
