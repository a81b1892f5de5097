"""camelot behind one function: the ruled grids of one PDF page and camelot's own reading of their cells.

All that is particular to camelot stays here: its call, its coordinates (points, y up, media box, turned its own
way), its chatter and what it raises. Its vector engine is used, which takes lines from the page's drawing
operators: on born-digital pages the raster engine finds the same lines, later and less exactly.
"""

from __future__ import annotations

import logging
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from extractors.document import PageInfo
from extractors.geometry import Affine
from extractors.rendering.pdf_marks import Frame

# A malformed file makes camelot, and playa below it, stumble wherever the damage happens to be; they let
# through what Python raises there. A file that cannot be opened at all was refused long before.
STUMBLES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
TURNS = {"": 0, "clockwise": -90, "anticlockwise": 90}  # as camelot turns a page whose text runs sideways
PLACED_PT = 1.5  # two ends of one grid line that land further apart were not placed by a quarter turn

_log = logging.getLogger(__name__)


class CamelotFailed(Exception):
    """camelot could not read the page; its cause is chained. The page's picture is as good as ever."""


@dataclass(frozen=True, slots=True)
class CamelotGrid:
    """Grid lines in work pixels, increasing, and camelot's text of each unit cell, shape (rows, columns)."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    texts: tuple[tuple[str, ...], ...]


Place = Callable[[float, float], tuple[float, float]]


def camelot_grids(pdf: Path, number: int, info: PageInfo) -> tuple[CamelotGrid, ...]:
    """The ruled grids of page `number` (1-based) of `pdf`, in the work pixels of `info`.

    Raises CamelotFailed where camelot cannot read the page, as when the file forbids extraction.
    """
    # Late: camelot brings pandas, which takes seconds and which scans never need.
    from camelot.io import read_pdf
    from playa.document import Document
    from playa.exceptions import PDFException

    try:
        # Opened here and first: playa leaves a file open that it cannot make sense of.
        with _quiet(), pdf.open("rb") as file, Document(file, space="page") as document:
            tables = read_pdf(pdf, pages=str(number), flavor="lattice", engine="vector", suppress_stdout=True)
            page = document.pages[number - 1]
            return tuple(_grid(table, _place(page, table.rotation, info)) for table in tables)
    except (PDFException, *STUMBLES) as error:
        _log.info("camelot stumbled on page %d: %r", number, error)
        raise CamelotFailed(f"page {number}: {error!r}") from error


@contextmanager
def _quiet() -> Iterator[None]:
    """No warnings and no log lines of camelot's world: they say nothing that a user could act on."""
    loggers = [logging.getLogger(name) for name in ("camelot", "playa")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _place(page: Any, turned: str, info: PageInfo) -> Place:
    """From camelot's points on this page to work pixels."""
    rotate = int(page.rotate)
    a, b, c, d, e, f = page.set_initial_ctm("page", rotate + TURNS[turned])
    to_user = np.linalg.inv(np.array([[a, c, e], [b, d, f], [0, 0, 1]], dtype=np.float64))
    left, bottom, right, top = _visible(page.cropbox, page.mediabox)
    frame = Frame(left, bottom, right, top, rotate // 90 % 4, info.width, info.height)
    to_work = _inverse(info.to_display)

    def place(x: float, y: float) -> tuple[float, float]:
        user_x, user_y, _ = to_user @ (x, y, 1.0)
        work_x, work_y, _ = to_work @ (*frame.place(float(user_x), float(user_y)), 1.0)
        return float(work_x), float(work_y)

    return place


def _visible(crop: tuple[float, ...], media: tuple[float, ...]) -> tuple[float, float, float, float]:
    """The part of the crop box that is on the page, as renderers show it."""
    left, bottom = max(crop[0], media[0]), max(crop[1], media[1])
    right, top = min(crop[2], media[2]), min(crop[3], media[3])
    if right <= left or top <= bottom:
        return float(media[0]), float(media[1]), float(media[2]), float(media[3])
    return float(left), float(bottom), float(right), float(top)


def _inverse(affine: Affine) -> npt.NDArray[np.float64]:
    a, b, c, d, e, f = affine
    return np.asarray(np.linalg.inv(np.array([[a, b, c], [d, e, f], [0, 0, 1]], dtype=np.float64)))


def _grid(table: Any, place: Place) -> CamelotGrid:
    """The table's lines brought to work pixels, its texts in the order that they have there.

    Raises ValueError where the page is turned so that camelot's rows are not rows of the work frame.
    """
    columns = [table.cols[0][0], *(right for _, right in table.cols)]
    rows = [table.rows[0][0], *(bottom for _, bottom in table.rows)]
    tops, ends = [place(x, rows[0]) for x in columns], [place(x, rows[-1]) for x in columns]
    if any(abs(top[0] - end[0]) > PLACED_PT for top, end in zip(tops, ends, strict=True)):
        raise ValueError("camelot reads the page in another direction than its glyphs run")
    xs, ys = [x for x, _ in tops], [place(columns[0], y)[1] for y in rows]
    texts = [[str(cell.text) for cell in row] for row in table.cells]
    if xs[0] > xs[-1]:
        xs, texts = xs[::-1], [row[::-1] for row in texts]
    if ys[0] > ys[-1]:
        ys, texts = ys[::-1], texts[::-1]
    return CamelotGrid(tuple(xs), tuple(ys), tuple(tuple(row) for row in texts))
