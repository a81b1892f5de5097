"""The few pixel operations that the stages of this package share, chosen for speed on one core."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from extractors.document import GrayImage


def factor_for(dpi: float, wanted: float) -> int:
    """By which whole number a picture at `dpi` is to be shrunk so that it keeps at least `wanted` dpi, nearly."""
    return max(1, int(dpi / wanted + 0.1))


def shrunk(image: npt.NDArray[np.uint8], factor: int) -> npt.NDArray[np.uint8]:
    """`image` (grey or colour) with blocks of factor x factor pixels averaged; what is left over at the right
    and at the bottom is dropped. Whole blocks are several times faster than any other ratio."""
    if factor == 1:
        return image
    height, width = image.shape[0] // factor, image.shape[1] // factor
    if min(height, width) == 0:
        return image[:1, :1]
    whole = image[: height * factor, : width * factor]
    return np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def eroded(ink: GrayImage, width: int, height: int = 1) -> GrayImage:
    """Erosion of a 0/1 image by a rectangle, by running sums: its cost does not grow with the rectangle."""
    sums = cv2.boxFilter(ink, cv2.CV_16U, (width, height), normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(sums == width * height, dtype=bool).view(np.uint8)


def dilated(ink: GrayImage, width: int, height: int = 1) -> GrayImage:
    """Dilation of a 0/1 image by a rectangle, in the same way."""
    sums = cv2.boxFilter(ink, cv2.CV_16U, (width, height), normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(sums > 0).view(np.uint8)


def opened(ink: GrayImage, width: int, height: int = 1) -> GrayImage:
    """Opening of a 0/1 image by a rectangle; both sides are made odd, so that nothing moves."""
    width, height = width | 1, height | 1
    return dilated(eroded(ink, width, height), width, height)


def closed(ink: GrayImage, width: int, height: int = 1) -> GrayImage:
    """Closing of a 0/1 image by a rectangle; what is within its reach of the border counts as closed off."""
    width, height = width | 1, height | 1
    return np.asarray(ink | eroded(dilated(ink, width, height), width, height), dtype=np.uint8)
