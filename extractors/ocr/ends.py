"""What detection overlooked at the ends of a line: "一、" before a heading, 无 before a stop.

A flat stroke and a comma are thin in the shrunken page that detection looks at, and in worn print they fall out of
it. In the picture they are plain to see: ink on the line's own band, no farther from it than a character's gap. So a
line with such ink beside it is read once more with the ink, and keeps what is gained only where the second reading
says all of the first again. Specks and pen marks say nothing, or something else.
"""

from __future__ import annotations

import re

import cv2
import numpy as np
import numpy.typing as npt

from extractors.ocr.decode import Decoded

GAP = 1.0  # in line heights: from the line to ink that belongs to it; a comma stands 0.7 before the next character
REACH = 3.0  # no farther than a numeral and its mark
BAND = 0.1  # of the height, at its top and bottom: where the neighbouring lines may reach in
STROKE = 0.25  # of the height: the least length of a stroke; specks are smaller
LEAST = 0.3  # of the height: the least that a line is longer with its ink than without
GAINED = 0.8  # probability of each character that the longer reading adds
DARK = 0.5

_PRINTED = re.compile(r"[\w、，。,.:：；;（）()]+")


def beyond(strokes: npt.NDArray[np.float32], start: float, stop: float) -> tuple[float, float]:
    """Where the ink of a line ends that is known from `start` to `stop`, all in pixels of its picture.

    `strokes`: darkness 0..1 of a level picture of the line's height, wider than the line by REACH at most. Gives
    `start` and `stop` where no ink follows on them.
    """
    height = strokes.shape[0]
    rim = round(BAND * height)
    band = (strokes[rim : height - rim] > DARK).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(band, connectivity=8)
    long = [
        (x, x + w)
        for x, _, w, h, _ in stats[1:].tolist()
        if STROKE * height <= max(w, h) and w < REACH * height
    ]
    first, last = start, stop
    for x0, x1 in sorted(long, key=lambda extent: -extent[1]):
        if x0 < first and first - x1 <= GAP * height:
            first = float(x0)
    for x0, x1 in sorted(long):
        if x1 > last and x0 - last <= GAP * height:
            last = float(x1)
    least = LEAST * height
    return (first if start - first >= least else start), (last if last - stop >= least else stop)


def adds(longer: Decoded, line: Decoded) -> bool:
    """Whether `longer` reads all that `line` reads, and surely something printed before or behind it."""
    whole, part = longer.text.strip(), line.text.strip()
    at = whole.find(part)
    if not part or at < 0 or len(whole) == len(part):
        return False
    lead = len(longer.text) - len(longer.text.lstrip())
    sure = longer.characters[lead : lead + at] + longer.characters[lead + at + len(part) : lead + len(whole)]
    gained = whole[:at] + whole[at + len(part) :]
    return bool(_PRINTED.fullmatch(gained.replace(" ", ""))) and min(sure) >= GAINED
