"""What the child needs of a file type: how many pages, and one page rendered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from extractors.errors import NotADocument
from extractors.rendering.limits import Limits


@dataclass(frozen=True, slots=True)
class Rendered:
    """One page as pixels and, for PDF, its marks. All coordinates are display pixels.

    `pixels`: `height * width * channels` bytes, rows top down; 1 channel is grey, 3 are BGR.
    `chars`: [text, x0, y0, x1, y1, size, bold, clockwise turn of the writing in degrees, painted,
    well mapped] each. `segments`: [x0, y0, x1, y1, width] each. `images`: [x0, y0, x1, y1] each.
    `bilevel`: its images hold only black and white, as a fax does.
    `pictures_only`: a grey, small rendering of nothing but the page's images, where a text layer stands
    together with images and it must be found out which of them is seen; (width, height, bytes).
    """

    width: int
    height: int
    channels: int
    dpi: float
    pixels: bytes | memoryview
    chars: tuple[tuple[Any, ...], ...] = ()
    segments: tuple[tuple[float, ...], ...] = ()
    images: tuple[tuple[float, ...], ...] = ()
    bilevel: bool = False
    pictures_only: tuple[int, int, bytes] | None = None


class Reader(Protocol):
    """One open file. Errors of extractors.errors are told to the parent as they are."""

    @property
    def page_count(self) -> int: ...

    def read(self, index: int, with_marks: bool) -> Rendered:
        """The page with this 0-based index; chars, segments and so on only `with_marks`."""
        ...

    def close(self) -> None: ...


class Opener(Protocol):
    """What the child is started with, named as `module:function`."""

    def __call__(self, path: str, kind: str, limits: Limits) -> Reader: ...


def open_reader(path: str, kind: str, limits: Limits) -> Reader:
    """The reader for a file that pages.sniff found to be of `kind`. Raises NotADocument for another kind."""
    if kind == "pdf":
        from extractors.rendering.pdf import PdfReader

        return PdfReader(path, limits)
    if kind in ("tiff", "png", "jpeg"):
        from extractors.rendering.pictures import PictureReader

        return PictureReader(path, limits)
    raise NotADocument(path=path)


def fitted_scale(width: float, height: float, scale: float, max_pixels: int) -> float:
    """The largest scale up to `scale` at which width x height has no more than `max_pixels`."""
    pixels = width * height * scale * scale
    return scale if pixels <= max_pixels else scale * (max_pixels / pixels) ** 0.5


A4_LONG_INCHES = 11.69


def sane_page(width_inches: float, height_inches: float) -> bool:
    """Whether somebody could have printed this: from a postcard (A6) to A2. Else the stated size is no size."""
    short, long = sorted((width_inches, height_inches))
    return short >= 3.5 and long <= 24.0
