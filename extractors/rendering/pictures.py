"""Image files as pages: TIFF (each frame a page), PNG, JPEG, upright as EXIF says."""

from __future__ import annotations

import struct
import warnings

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from extractors.errors import NotADocument, PictureBomb, TruncatedFile
from extractors.rendering.limits import Limits
from extractors.rendering.reader import A4_LONG_INCHES, Rendered, fitted_scale, sane_page

FORMATS = ("TIFF", "PNG", "JPEG", "MPO")
SANE_DPI = (60.0, 2500.0)
# What Pillow's decoders raise on data that ends too soon or makes no sense.
DAMAGED = (OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, struct.error)
GREY_MODES = ("1", "L", "LA", "I", "F", "I;16", "I;16B", "I;16L")


class PictureReader:
    """Implements reader.Reader. Opening decodes a file's only picture, so that a broken one is known at once."""

    def __init__(self, path: str, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        # Our own bound, told apart from a damaged file, stands in for Pillow's warning.
        Image.MAX_IMAGE_PIXELS = None
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        warnings.simplefilter("ignore")
        try:
            self._image = Image.open(path, formats=FORMATS)
            # The further frames of a telephone's picture are previews of the first.
            self._count = 1 if self._image.format == "MPO" else int(getattr(self._image, "n_frames", 1))
        except UnidentifiedImageError as error:
            raise NotADocument(path=path) from error
        except DAMAGED as error:
            raise TruncatedFile(path=path) from error
        self._first: Rendered | None = None
        if self._count == 1:
            self._first = self._read_whole(0)

    @property
    def page_count(self) -> int:
        return self._count

    def read(self, index: int, with_marks: bool) -> Rendered:
        if index == 0 and self._first is not None:
            first, self._first = self._first, None
            return first
        if self._count == 1:
            self._image = Image.open(self._path, formats=FORMATS)
        return self._read_whole(index)

    def close(self) -> None:
        self._image.close()

    def _read_whole(self, index: int) -> Rendered:
        try:
            self._image.seek(index)
            self._refuse_bomb()
            width, height = self._image.size
            dpi_x, dpi_y = self._stated_dpi()
            image = _upright(self._image)
        except DAMAGED as error:
            raise TruncatedFile(path=self._path, page=index + 1) from error
        if image.size != (width, height) and image.size == (height, width):
            dpi_x, dpi_y = dpi_y, dpi_x
        return self._fitted(image, dpi_x, dpi_y)

    def _refuse_bomb(self) -> None:
        width, height = self._image.size
        if width * height > self._limits.max_source_pixels:
            raise PictureBomb(path=self._path, pixels=width * height, limit=self._limits.max_source_pixels)

    def _stated_dpi(self) -> tuple[float, float]:
        """What the file says, where it makes a page somebody could print; else as if it were as long as A4."""
        width, height = self._image.size
        stated = self._image.info.get("dpi", (0.0, 0.0))
        x, y = (float(value) for value in stated) if len(stated) == 2 else (0.0, 0.0)
        low, high = SANE_DPI
        if low <= x <= high and low <= y <= high and sane_page(width / x, height / y):
            return x, y
        inferred = max(width, height) / A4_LONG_INCHES
        return inferred, inferred

    def _fitted(self, image: Image.Image, dpi_x: float, dpi_y: float) -> Rendered:
        """Resampled where pixels are not square (a fax) or too many."""
        inches = (image.width / dpi_x, image.height / dpi_y)
        wanted = min(max(dpi_x, dpi_y), self._limits.max_dpi)
        dpi = fitted_scale(*inches, wanted, self._limits.max_page_pixels)
        size = max(1, round(inches[0] * dpi)), max(1, round(inches[1] * dpi))
        if size != image.size:
            image = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
        if image.mode == "L":
            return Rendered(*image.size, 1, dpi, image.tobytes(), bilevel=self._image.mode == "1")
        return Rendered(*image.size, 3, dpi, image.tobytes("raw", "BGR"))


def _upright(image: Image.Image) -> Image.Image:
    """Decoded, turned as EXIF says, as mode L or RGB; what is transparent is white."""
    image.load()
    turned = ImageOps.exif_transpose(image)
    if turned.mode.startswith(("I", "F")):
        # 16-bit grey: Pillow clips instead of scaling when it converts.
        turned = turned.convert("F").point(lambda value: value * (1 / 257))
    if "A" in turned.getbands() or "transparency" in turned.info:
        rgba = turned.convert("RGBA")
        white = Image.new("RGBA", rgba.size, "white")
        turned = Image.alpha_composite(white, rgba)
    return turned.convert("L" if image.mode in GREY_MODES else "RGB")
