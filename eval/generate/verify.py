"""Whether a print and its labels agree: every label is looked up in the text layer that the typesetter wrote.

The labels come from what was to be printed; this asks the page. It knows nothing of how the page was made.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium

from eval.gold_values import normalise

_SPELLED = ("agency", "address", "postcode", "phone", "fax", "email", "website")


def disagreements(folder: Path) -> tuple[str, ...]:
    """What the born-digital case in `folder` prints otherwise than its labels say; empty when all is well."""
    labels = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    document = pdfium.PdfDocument(folder / "source.pdf")
    pages = [_Page(page.get_width(), page.get_height(), page.get_textpage()) for page in document]
    found = [
        f"{folder.name}: {fault}"
        for report in labels.get("reports", [labels])
        for fault in (*_fields(report, pages), *_texts(report, pages))
    ]
    for page in pages:
        page.text.close()
    document.close()
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Page:
    """Size in points, and the text layer."""

    width: float
    height: float
    text: pdfium.PdfTextPage

    def within(self, box: Sequence[float]) -> str:
        x0, y0, x1, y1 = box
        edges = x0 * self.width, (1 - y1) * self.height, x1 * self.width, (1 - y0) * self.height
        return str(self.text.get_text_bounded(*edges))


def _fields(labels: Mapping[str, Any], pages: Sequence[_Page]) -> Iterator[str]:
    boxes = labels.get("boxes", {})
    for path, printed in labels["fields"].items():
        if path not in boxes:
            yield f"{path} has no place"
            continue
        page, *box = boxes[path]
        text = pages[int(page) - 1].within(box)
        if normalise(text) != normalise(printed):
            yield f"{path} prints {text!r}, labelled {printed!r}"


def _texts(labels: Mapping[str, Any], pages: Sequence[_Page]) -> Iterator[str]:
    first, last = labels.get("pages", (1, len(pages)))
    text = squeezed("".join(page.text.get_text_range() for page in pages[first - 1 : last]))
    facts = labels.get("front_matter", {})
    wanted = {"agency": labels.get("agency"), **{name: facts.get(name) for name in _SPELLED[1:]}}
    wanted |= {f"heading of {key}": title for key, title in labels["sections"].items()}
    wanted |= {f"heading {number}": title for number, title in enumerate(labels.get("headings", ()))}
    for name, words in wanted.items():
        if words and squeezed(words) not in text:
            yield f"{name} {words!r} is not on the pages"
    if str(labels.get("year", "")) not in text:
        yield f"the year {labels['year']} is not on the pages"


def squeezed(text: str) -> str:
    """NFKC without white space; page numbers at a page's end may still lie between two halves of a text."""
    return re.sub(r"\s|\ufffe", "", unicodedata.normalize("NFKC", text))
