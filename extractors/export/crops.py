"""Pictures of the doubtful values, cut from the page as displayed, so that a reader can decide by looking.

Pages are asked for one by one and each only once: drawing a page is the costly part.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Mapping

import cv2
import numpy as np

from extractors.document import ColourImage, Record
from extractors.errors import RenderError
from extractors.export.view import Field
from extractors.geometry import Box

Display = Callable[[int], ColourImage]
"""The untouched picture of a page (1-based), in display pixels. May raise RenderError."""

PNG_HEADER = 33  # bytes of the signature and the IHDR chunk, before any other chunk
MARGIN = 0.35  # of the box's height on every side: enough to see the rulings and the neighbours' edges
MAX_WIDTH = 720  # pixels; wider crops (a whole address) are scaled down
Crops = Mapping[str, tuple[bytes, ...]]  # path -> one PNG per part, top first


def crop_fields(record: Record, fields: Iterable[Field], display: Display) -> Crops:
    """PNG pictures of the fields' parts. A part whose page cannot be drawn has none."""
    wanted: dict[int, list[tuple[str, int, Box]]] = {}
    for field in fields:
        for index, part in enumerate(field.value.parts):
            wanted.setdefault(part.page, []).append((field.path, index, part.box))
    turns = {page.number: page.rotation // 90 for page in record.source.pages}
    cut: dict[tuple[str, int], bytes] = {}
    for page in sorted(wanted):
        try:
            picture = display(page)
        except RenderError:
            continue  # the record already tells of the page; the formats say "no picture"
        for path, index, box in wanted[page]:
            cut[path, index] = encode_png(_upright(crop(picture, box), turns.get(page, 0)))
    return {path: tuple(cut[key] for key in sorted(cut) if key[0] == path) for path, _ in cut}


def crop(picture: ColourImage, box: Box) -> ColourImage:
    """The part of `picture` around `box` with a margin, clipped to the picture; at least one pixel."""
    height, width = picture.shape[:2]
    margin = MARGIN * min(box.width, box.height)
    around = box.padded(max(2.0, margin))
    x0, y0 = (max(0, min(int(v), limit - 1)) for v, limit in ((around.x0, width), (around.y0, height)))
    x1, y1 = min(width, max(x0 + 1, round(around.x1))), min(height, max(y0 + 1, round(around.y1)))
    return picture[y0:y1, x0:x1]


def encode_png(picture: ColourImage, comment: str = "") -> bytes:
    """`picture` as a PNG file, with `comment` (ASCII) in a text chunk of it."""
    done, data = cv2.imencode(".png", picture)
    if not done:
        raise RenderError(detail="cv2.imencode")
    png: bytes = data.tobytes()
    return png[:PNG_HEADER] + _text_chunk(comment) + png[PNG_HEADER:] if comment else png


def _text_chunk(comment: str) -> bytes:
    """A tEXt chunk (PNG specification, 11.3.3.3): length, type, keyword and text, checksum."""
    body = b"tEXt" + b"Comment\0" + comment.encode("ascii")
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))


def _upright(picture: ColourImage, quarter_turns: int) -> ColourImage:
    """`picture` turned clockwise the way its page is, and no wider than MAX_WIDTH."""
    turned = np.ascontiguousarray(np.rot90(picture, -quarter_turns))
    width = turned.shape[1]
    if width <= MAX_WIDTH:
        return turned
    size = (MAX_WIDTH, max(1, round(turned.shape[0] * MAX_WIDTH / width)))
    return np.asarray(cv2.resize(turned, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
