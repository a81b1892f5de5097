"""Straightening one table: curl, keystone and left-over skew, measured on its own rulings.

A ruling is known to be straight and level, so its trace *is* the distortion. One smooth displacement field per
table is fitted to all traces at once, and the table is resampled into a frame where every ruling is a row or a
column of pixels. All later work (grid, ink, crops) is done there with plain rectangles; `Straight.to_work`
leads back. Fitting the field, not each line, lets the long clean rulings carry the short broken ones.
"""

from __future__ import annotations

import numpy as np

from extractors.bend import Field, Straight, Trace, fit, normal, resampled, traces_along
from extractors.document import GrayImage
from extractors.geometry import Box
from extractors.tables.rulings import Mask, Rulings

MARGIN_IN = 0.12  # kept around the rulings' box, so that lines at the rim keep their surroundings
TRACE_IN = 0.35  # shorter pieces of ruling are too often strokes of text to be trusted as traces
STEP_IN = 0.05  # spacing of the points taken from a trace
SAME_LINE_IN = 0.03  # pieces that come to lie this near to each other are pieces of one ruling
STILL_PX = 0.6  # displacements below this are not worth resampling for


def straighten(work: GrayImage, rulings: Rulings, box: Box) -> Straight:
    """Resample the table in `box` (work pixels) so that its rulings become straight and level."""
    height, width = work.shape
    margin = rulings.px(MARGIN_IN)
    x0, y0 = max(0, int(box.x0) - margin), max(0, int(box.y0) - margin)
    x1, y1 = min(width, int(box.x1) + margin), min(height, int(box.y1) + margin)
    return resampled(work, (x0, y0, x1, y1), fit_field(rulings, Box(x0, y0, x1, y1)))


def fit_field(rulings: Rulings, box: Box) -> Field | None:
    """The displacement field of the table in `box`, or None where it would move nothing noticeably."""
    centre = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
    half = (max(1.0, box.width / 2), max(1.0, box.height / 2))
    rows = _traces(rulings.horizontal, rulings, box, across=True)
    columns = _traces(rulings.vertical, rulings, box, across=False)
    near = rulings.px(SAME_LINE_IN)
    across = fit([normal(t, centre, half, False) for t in rows], near)
    down = fit([normal(t, centre, half, True) for t in columns], near)
    field = Field(centre, half, across, down)
    xs, ys = np.meshgrid(np.linspace(box.x0, box.x1, 9), np.linspace(box.y0, box.y1, 9))
    dx, dy = field.displacement(xs, ys)
    if max(np.abs(dx).max(), np.abs(dy).max()) < STILL_PX:
        return None
    return field


def _traces(mask: Mask, rulings: Rulings, box: Box, *, across: bool) -> list[Trace]:
    """Points along the middle of each long piece of ruling in `box`, in work pixels."""
    x0, y0 = int(box.x0), int(box.y0)
    part = mask[y0 : int(box.y1), x0 : int(box.x1)]
    if across:
        return traces_along(part, (x0, y0), rulings.px(TRACE_IN), rulings.px(STEP_IN))
    return traces_along(np.ascontiguousarray(part.T), (y0, x0), rulings.px(TRACE_IN), rulings.px(STEP_IN))
