"""What a file is, by its first bytes: names lie, and what we cannot read must be called by its name."""

from __future__ import annotations

from pathlib import Path

from extractors.errors import EmptyFile, MissingFile, NotADocument, UnsupportedType

HEAD_BYTES = 4096
PDF_HEADER_WITHIN = 1024  # readers accept a PDF header that far into the file (ISO 32000-1, annex H)

IMAGE_SUFFIXES = frozenset((".png", ".jpg", ".jpeg", ".jpe", ".tif", ".tiff"))
SUFFIXES = IMAGE_SUFFIXES | {".pdf"}

_KNOWN = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
)
_FOREIGN = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc"),
    (b"{\\rtf", "rtf"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"AT&TFORM", "djvu"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x00\x00\x00\x0cjP  ", "jp2"),
    (b"CAJ", "caj"),
    (b"%!PS", "ps"),
)
# Members by which packages give themselves away; they stand in the first local file headers.
_ZIPPED = (
    (b"OFD.xml", "ofd"),
    (b"word/", "docx"),
    (b"xl/", "xlsx"),
    (b"ppt/", "pptx"),
    (b"content.xml", "odt"),
)
_OLE_SUFFIXES = {".wps": "wps", ".xls": "xls", ".et": "et", ".ppt": "ppt"}


def kind_of(path: Path) -> str:
    """ "pdf", "tiff", "png" or "jpeg".

    Raises MissingFile, EmptyFile, UnsupportedType (a type we know but do not read: `found` says which) or
    NotADocument (nothing we know).
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise MissingFile(path=str(path)) from error
    except OSError as error:
        raise MissingFile(path=str(path), detail=error.strerror or str(error)) from error
    if not head.strip(b"\x00\t\r\n "):
        raise EmptyFile(path=str(path))
    if b"%PDF-" in head[:PDF_HEADER_WITHIN]:
        return "pdf"
    for magic, kind in _KNOWN:
        if head.startswith(magic):
            return kind
    foreign = _foreign(head, path.suffix.lower())
    if foreign:
        raise UnsupportedType(path=str(path), found=foreign)
    raise NotADocument(path=str(path))


def _foreign(head: bytes, suffix: str) -> str | None:
    for magic, kind in _FOREIGN:
        if head.startswith(magic):
            return _OLE_SUFFIXES.get(suffix, kind) if kind == "doc" else kind
    if head[4:8] == b"ftyp":
        return "heic"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith(b"PK\x03\x04"):
        return next((kind for mark, kind in _ZIPPED if mark in head), suffix.lstrip(".") or "zip")
    lowered = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if lowered.startswith((b"<!doctype html", b"<html", b"<head", b"<script")):
        return "html"
    return "xml" if lowered.startswith(b"<?xml") else None
