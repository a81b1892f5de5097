"""Puts a picture of a part of a printed PDF page in place of that part, as people do who paste a scan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
from PIL import Image

Picture = npt.NDArray[np.uint8]
Box = tuple[float, float, float, float]  # points, y up: left, bottom, right, top


def paste(
    source: Path,
    target: Path,
    page: int,
    box: Box,
    change: Callable[[Picture], Picture] = lambda picture: picture,
    dpi: int = 200,
) -> Path:
    """`source` with all of 0-based page `page` inside `box` rendered in grey, changed, and put back as an image."""
    document = pdfium.PdfDocument(source)
    sheet = document[page]
    scale = dpi / 72
    whole = np.asarray(sheet.render(scale=scale, grayscale=True).to_pil().convert("L"))
    left, bottom, right, top = box
    height = sheet.get_height()
    rows = slice(round((height - top) * scale), round((height - bottom) * scale))
    picture = change(np.ascontiguousarray(whole[rows, round(left * scale) : round(right * scale)]))
    for drawn in list(sheet.get_objects(max_depth=1)):
        x0, y0, x1, y1 = drawn.get_bounds()
        if left <= (x0 + x1) / 2 <= right and bottom <= (y0 + y1) / 2 <= top:
            sheet.remove_obj(drawn)
    image = pdfium.PdfImage.new(document)
    image.set_bitmap(pdfium.PdfBitmap.from_pil(Image.fromarray(picture)))
    image.set_matrix(pdfium.PdfMatrix().scale(right - left, top - bottom).translate(left, bottom))
    sheet.insert_obj(image)
    sheet.gen_content()
    document.save(target)
    return target
