"""Round red seals of bodies that do not exist: ring, star, and the name along the upper arc."""

from __future__ import annotations

import base64
import io
import itertools
import math
from collections.abc import Sequence

import numpy as np
from PIL import Image as Pillow

from eval.generate.pdf import Image, page_picture
from eval.generate.spec import SEAL_MM
from eval.generate.typeset.chromium import print_html

MM_PER_INCH = 25.4
SEAL_DPI = 150
SEAL_RED = (208, 2, 27)


def seal_svg(agency: str, size_mm: float = SEAL_MM) -> str:
    letters = []
    step = min(24.0, 240 / max(1, len(agency) - 1))
    for index, letter in enumerate(agency):
        angle = (index - (len(agency) - 1) / 2) * step
        letters.append(
            f"<text transform='rotate({angle:.2f}) translate(0 -36)' text-anchor='middle' dy='4' "
            f"font-size='{min(12, 0.9 * step):.1f}' font-family='Noto Serif CJK SC' font-weight='700'>{letter}</text>"
        )
    points = " ".join(
        f"{r * math.sin(i * math.pi / 5):.2f},{-r * math.cos(i * math.pi / 5):.2f}"
        for i, r in zip(range(10), itertools.cycle((15.0, 5.8)), strict=False)
    )
    return (
        f"<svg width='{size_mm}mm' height='{size_mm}mm' viewBox='-52 -52 104 104' fill='#d0021b'>"
        f"<circle r='49' fill='none' stroke='#d0021b' stroke-width='3'/><polygon points='{points}'/>"
        f"{''.join(letters)}</svg>"
    )


def draw_seals(
    agencies: Sequence[str], diameter_mm: float = SEAL_MM, dpi: int = SEAL_DPI
) -> tuple[Image, ...]:
    """The seals on white, BGR, square, all drawn in one run of Chromium. Raises MissingTool where there is none."""
    if not agencies:
        return ()
    size = f"{diameter_mm}mm"
    style = f"@page {{ size: {size} {size}; margin: 0; }} body {{ margin: 0; }} svg {{ display: block; }}"
    pages = "".join(seal_svg(agency, diameter_mm) for agency in agencies)
    pdf = print_html(f"<style>{style} svg + svg {{ break-before: page; }}</style>{pages}")
    side = round(diameter_mm / MM_PER_INCH * dpi)
    return tuple(page_picture(pdf, index, dpi)[:side, :side] for index in range(len(agencies)))


def seal_png(mark: Image) -> bytes:
    """A seal as signing programs set it: white is transparent."""
    ink = 255 - mark.min(axis=2)
    colours = np.dstack([np.full_like(ink, level) for level in SEAL_RED] + [(ink * 0.85).astype(np.uint8)])
    out = io.BytesIO()
    Pillow.fromarray(colours).save(out, "PNG")
    return out.getvalue()


def data_address(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")
