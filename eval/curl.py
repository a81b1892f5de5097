"""How much text outside tables is lost to page curl: `python -m eval.curl CASES [--curl MM ...] [--skew DEG ...]`.

The pages of born-digital cases are bent by the scan simulator, read as scans, and their lines compared with the
text layer, in reading order: a line that is cut off, read twice or put in the wrong place all count.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from rapidfuzz.distance import Levenshtein

from eval.generate.scan.simulate import scan_page
from eval.generate.spec import Scan
from extractors.document import Line
from extractors.ocr.engine import OcrEngine
from extractors.ocr.paddle import load_engine
from extractors.pages import RawPage, open_source
from extractors.read_page import StageClock, read_page
from extractors.wording import squeeze

PLAIN = Scan(dpi=200, colour=False, blur=0.6, noise=4.0)
SEED = 20


@dataclass(frozen=True, slots=True)
class Printed:
    """A born-digital page: its picture and its lines outside tables, top to bottom."""

    raw: RawPage
    text: str


def printed_pages(file: Path, engine: OcrEngine) -> Iterator[Printed]:
    with open_source(file) as source:
        for number in range(1, source.page_count + 1):
            raw = source.raw_page(number)
            if raw.kind == "digital":
                yield Printed(raw, text_of(read_page(raw, engine, StageClock(), file).lines))


def text_of(lines: Sequence[Line]) -> str:
    return squeeze("".join(line.text for line in lines))


def errors(page: Printed, scan: Scan, engine: OcrEngine) -> int:
    """Edits from the printed lines to those read on the page bent as `scan` says."""
    bent, _ = scan_page(np.ascontiguousarray(page.raw.display), scan, SEED)
    _, packed = cv2.imencode(".jpg", bent, [cv2.IMWRITE_JPEG_QUALITY, scan.jpeg])
    display = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), dtype=np.uint8)
    raw = RawPage(page.raw.number, display, page.raw.dpi, "scan")
    return int(Levenshtein.distance(text_of(read_page(raw, engine, StageClock()).lines), page.text))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.curl", description=__doc__)
    parser.add_argument(
        "cases", type=Path, help="folder of cases; those whose pages are born digital are used"
    )
    parser.add_argument("--curl", type=float, nargs="+", default=[0, 1, 2, 3, 4, 6], help="mm at mid-page")
    parser.add_argument("--skew", type=float, nargs="+", default=[0, 1], help="degrees clockwise")
    chosen = parser.parse_args(arguments)
    engine = load_engine("paddle")
    pages = [p for file in sorted(chosen.cases.glob("*/source.pdf")) for p in printed_pages(file, engine)]
    total = sum(len(page.text) for page in pages)
    print(f"{len(pages)} pages, {total} characters outside tables")
    print("| skew | curl | characters wrong |\n| --- | --- | --- |")
    for skew in chosen.skew:
        for curl in chosen.curl:
            scan = Scan(PLAIN.dpi, PLAIN.colour, skew, curl, blur=PLAIN.blur, noise=PLAIN.noise)
            wrong = sum(errors(page, scan, engine) for page in pages)
            print(f"| {skew:g} degrees | {curl:g} mm | {wrong} = {wrong / max(1, total):.2%} |", flush=True)


if __name__ == "__main__":
    main()
