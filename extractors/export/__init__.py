"""How a record leaves the system: one module per format, all of them pure, and the list of formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from extractors.document import Record
from extractors.export.crops import Display, encode_png
from extractors.export.csv import record_to_csv
from extractors.export.html import record_to_html
from extractors.export.json import dumps, record_to_json
from extractors.export.markdown import record_to_markdown
from extractors.export.origin import origin_of
from extractors.export.overlay import draw_overlay
from extractors.export.xlsx import record_to_xlsx
from extractors.messages import Lang

Exporter = Callable[[Record, Lang, Display], bytes]

EXPORTERS: Mapping[str, Exporter] = {
    "json": lambda record, lang, _: dumps(record_to_json(record, lang)).encode("utf-8"),
    "xlsx": lambda record, lang, _: record_to_xlsx(record, lang),
    "csv": lambda record, lang, _: record_to_csv(record, lang),
    "html": lambda record, lang, display: record_to_html(record, lang, display).encode("utf-8"),
    "md": lambda record, lang, _: record_to_markdown(record, lang).encode("utf-8"),
}
"""Format name, which is also the file's suffix -> what writes it."""


def overlay_png(record: Record, page: int, display: Display) -> bytes:
    """The page as a PNG with everything drawn in. Raises RenderError where the page cannot be drawn."""
    return encode_png(draw_overlay(record, page, display(page)), origin_of(record).mark)
