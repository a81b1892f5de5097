"""Where each answer stands on the pages, learned by printing the report a second time.

In the second print the cell of every answer has a ground of its own colour and nothing else is different. Its
pages are drawn and each colour's extent is the cell: the same way for both typesetters, for blank cells too,
whatever becomes of the rulings, and with no part of the extraction that is to be measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pypdfium2 as pdfium

Boxes = dict[str, tuple[float, ...]]
POINTS_PER_INCH = 72
DPI = 144  # two pixels to the point: cells come out exact to a quarter of a millimetre
_BLUE = 200
_STEPS = 20  # levels of red and of green, ten apart, so that mixed edges are no other cell's colour


class NotFound(ValueError):
    """A printed answer has no place on the pages, or stands on two: the print is not what was asked for."""


def key_colours(paths: Iterable[str]) -> dict[str, str]:
    """A ground colour, #rrggbb, for each path. ValueError for more paths than there are colours."""
    names = list(paths)
    if len(names) > _STEPS * _STEPS:
        raise ValueError(f"{len(names)} cells, but only {_STEPS * _STEPS} colours to tell them apart")
    return {path: "#{:02x}{:02x}{:02x}".format(*_colour(index)) for index, path in enumerate(names)}


def _colour(index: int) -> tuple[int, int, int]:
    return 40 + 10 * (index % _STEPS), 40 + 10 * (index // _STEPS), _BLUE


def find_cells(pdf: bytes, key: Mapping[str, str]) -> Boxes:
    """path -> (page from 1, x0, y0, x1, y1), fractions of the page, y down. Raises NotFound."""
    found: Boxes = {}
    paths = list(key)
    document = pdfium.PdfDocument(pdf)
    for index in range(len(document)):
        for number, box in _extents(document[index]).items():
            path = paths[number]
            if path in found:
                raise NotFound(f"{path} stands on pages {found[path][0]:.0f} and {index + 1}")
            found[path] = (index + 1, *box)
    document.close()
    missing = [path for path in paths if path not in found]
    if missing:
        raise NotFound(f"no place for {len(missing)} answers, the first: {missing[0]}")
    return found


def _extents(page: pdfium.PdfPage) -> dict[int, tuple[float, ...]]:
    scale = DPI / POINTS_PER_INCH
    bitmap = page.render(scale=scale, rev_byteorder=True, no_smoothpath=True, no_smoothtext=True)
    picture = bitmap.to_numpy()[..., :3].astype(np.int64)
    red, green = picture[..., 0] - 40, picture[..., 1] - 40
    ours = (picture[..., 2] == _BLUE) & (red % 10 == 0) & (green % 10 == 0) & (red >= 0) & (green >= 0)
    ours &= (red < 10 * _STEPS) & (green < 10 * _STEPS)
    numbers = np.where(ours, red // 10 + green // 10 * _STEPS, -1)
    height, width = numbers.shape
    boxes = {}
    for number in np.unique(numbers[numbers >= 0]):
        rows, cols = np.nonzero(numbers == number)
        x0, x1, y0, y1 = cols.min(), cols.max() + 1, rows.min(), rows.max() + 1
        boxes[int(number)] = tuple(
            round(float(v), 5) for v in (x0 / width, y0 / height, x1 / width, y1 / height)
        )
    return boxes
