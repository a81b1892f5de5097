"""Files that no report can be read from, made byte by byte, one for each fault that the command line must name."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from collections.abc import Iterable
from pathlib import Path

import pypdfium2
from PIL import Image

A4 = (595, 842)  # points
BOMB_SIDE = 60_000  # pixels
ID = bytes(range(16))
# The 32 bytes that complete a short password (ISO 32000-1, 7.6.3.3).
PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")


def pdf(objects: Iterable[bytes], trailer: bytes = b"") -> bytes:
    """A whole PDF of numbered objects, of which the first is the catalogue."""
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1)
    data += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    data += b"trailer\n<< /Size %d /Root 1 0 R %b >>\n" % (len(offsets) + 1, trailer)
    return data + b"startxref\n%d\n%%%%EOF\n" % start


def stream(entries: bytes, content: bytes) -> bytes:
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (entries, len(content), content)


def one_page(content: bytes, resources: bytes, *more: bytes, trailer: bytes = b"") -> bytes:
    """A PDF of one page; `more` are objects 5 and on."""
    entries = b"/MediaBox [0 0 595 842] /Contents 4 0 R /Resources << %b >>" % resources
    page = b"<< /Type /Page /Parent 2 0 R %b >>" % entries
    tree = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    head = (b"<< /Type /Catalog /Pages 2 0 R >>", tree, page, stream(b"", content))
    return pdf((*head, *more), trailer)


def blank_pages(count: int) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(count):
        document.new_page(*A4)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def rc4(key: bytes, data: bytes) -> bytes:
    box, j = list(range(256)), 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


def encrypted_pdf(password: bytes) -> bytes:
    """One page of text under the standard security handler, revision 2 (ISO 32000-1, algorithms 1 to 4).

    With an empty `password` every viewer opens it: only what may be done with it is restricted.
    """
    owner = (b"owner" + PADDING)[:32]
    user = (password + PADDING)[:32]
    owner_entry = rc4(hashlib.md5(owner).digest()[:5], user)
    permissions = -4
    key = hashlib.md5(user + owner_entry + struct.pack("<i", permissions) + ID).digest()[:5]
    content_object, generation = struct.pack("<I", 4)[:3], b"\0\0"
    object_key = hashlib.md5(key + content_object + generation).digest()[:10]
    text = b"BT /F1 14 Tf 72 770 Td (Annual report of the year 2023) Tj ET"
    trailer = (
        f"/ID [<{ID.hex()}> <{ID.hex()}>] /Encrypt << /Filter /Standard /V 1 /R 2 /P {permissions} "
        f"/O <{owner_entry.hex()}> /U <{rc4(key, PADDING).hex()}> >>"
    ).encode()
    font = b"/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    return one_page(rc4(object_key, text), font, trailer=trailer)


def bomb_pdf(side: int = BOMB_SIDE) -> bytes:
    """A page that is one black-and-white picture of `side` x `side` pixels, deflated to next to nothing."""
    image = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray" % (side, side)
    row = bytes(-(-side // 8))
    packer = zlib.compressobj()
    pixels = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    picture = stream(image + b" /BitsPerComponent 1 /Filter /FlateDecode", pixels)
    return one_page(b"q 595 0 0 842 0 0 cm /I0 Do Q", b"/XObject << /I0 5 0 R >>", picture)


def bomb_png(side: int = BOMB_SIDE) -> bytes:
    """A small PNG whose header claims `side` x `side` pixels."""
    buffer = io.BytesIO()
    Image.new("L", (40, 40), 255).save(buffer, "PNG")
    small = buffer.getvalue()
    header = b"IHDR" + struct.pack(">II", side, side) + small[24:29]
    return small[:12] + header + struct.pack(">I", zlib.crc32(header)) + small[33:]


def bomb_tiff(side: int = BOMB_SIDE) -> bytes:
    """A TIFF of one uncompressed strip that is not there, of `side` x `side` pixels."""
    longs = (
        (256, side),
        (257, side),
        (258, 8),
        (259, 1),
        (262, 1),
        (273, 8),
        (278, side),
        (279, side * side),
    )
    entries = [struct.pack("<HHII", tag, 4, 1, value) for tag, value in longs]  # TIFF 6.0, section 8
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + b"".join(entries) + bytes(4)


def write_all(folder: Path) -> dict[str, str]:
    """Every bad file into `folder`; file name -> code of the error that names its fault."""
    whole = blank_pages(3)
    pageless = pdf((b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"))
    files: dict[str, tuple[bytes, str]] = {
        "空文件.pdf": (b"", "empty_file"),
        "不是文档.pdf": ("只是文字，不是 PDF".encode(), "not_a_document"),
        "网页.pdf": (b"<!DOCTYPE html><html>404</html>", "unsupported_type"),
        "加密.pdf": (encrypted_pdf(b"secret"), "encrypted_file"),
        "截断.pdf": (whole[: len(whole) // 2], "truncated_file"),
        "无页.pdf": (pageless, "no_pages"),
        "炸弹.png": (bomb_png(), "picture_bomb"),
        "炸弹图.tif": (bomb_tiff(), "picture_bomb"),
        "三千页.pdf": (blank_pages(3000), "too_many_pages"),
    }  # fmt: skip
    for name, (content, _) in files.items():
        (folder / name).write_bytes(content)
    return {name: code for name, (_, code) in files.items()}
