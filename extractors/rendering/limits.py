"""How much an untrusted file may cost. Stated once, obeyed by the child and checked by its parent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one document. All are per process or per page; none grows with the document.

    `max_source_pixels` bounds a picture *before* it is decoded (A3 at 600 dpi has 70 million), while
    `max_page_pixels` bounds what is rendered from it (A3 at 300 dpi has 17 million). `max_dpi`: text of
    10.5 points is 44 pixels high at 300 dpi, as high as recognisers take their lines: finer is only slower.
    """

    max_pages: int = 2000
    max_source_pixels: int = 120_000_000
    max_page_pixels: int = 20_000_000
    min_dpi: float = 100.0
    max_dpi: float = 300.0
    digital_dpi: float = 200.0
    memory_mb: int = 1500
    page_seconds: float = 30.0
