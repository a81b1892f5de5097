"""What seals on a grey scan cost: `python -m eval.seals CASE --agency NAME --seal PAGE X Y ... --ink INK ...`.

The pages of a born-digital case are stamped, scanned in grey by the simulator, and extracted; the record is scored
against the case's labels. `X Y` are the seal's centre as shares of the page. Drawing a seal needs Chromium.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from eval.cases import Case, read_cases
from eval.generate.scan.marks import stamp
from eval.generate.scan.simulate import scan_page
from eval.generate.scan.warp import Image
from eval.generate.spec import Scan
from eval.generate.typeset.seal import draw_seals
from eval.score import Counts, score_record
from extractors.export.json import record_to_json
from extractors.ocr.engine import OcrEngine
from extractors.ocr.paddle import load_engine
from extractors.pages import open_source
from extractors.pipeline import extract_document

OFFICE = Scan(dpi=200, colour=False, skew_deg=0.4, blur=0.6, noise=4, shade=0.1)
SEAL_MM = 42
Place = tuple[int, float, float]  # page (1-based), centre as shares of width and height


def stamped_scan(case: Case, mark: Image, places: Sequence[Place], ink: float, target: Path) -> None:
    """Write the case as a PDF of grey pictures with seals of strength `ink` (0..1) pressed on its pages."""
    pages = []
    with open_source(case.source) as source:
        for number in range(1, source.page_count + 1):
            page = np.ascontiguousarray(source.display(number))
            here = [(x, y) for at, x, y in places if at == number]
            for index, centre in enumerate(here):
                page = stamp(page, mark, centre, 9 * index - 7, ink, 10 * number + index)
            picture, _ = scan_page(page, OFFICE, number)
            pages.append(Pillow.fromarray(picture[..., 0]))
    pages[0].save(target, save_all=True, append_images=pages[1:], resolution=OFFICE.dpi, quality=OFFICE.jpeg)


def score(case: Case, scan: Path, engine: OcrEngine) -> Counts:
    record = record_to_json(extract_document([scan], engine)[0].record, "en")
    plain = json.loads(json.dumps(record, default=float), parse_float=Decimal)
    return score_record(plain, case.gold).counts


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.seals", description=__doc__)
    parser.add_argument("case", type=Path, help="folder of one born-digital case")
    parser.add_argument("--agency", required=True, help="what the seal says")
    parser.add_argument(
        "--seal", nargs=3, type=float, action="append", required=True, metavar=("PAGE", "X", "Y")
    )
    parser.add_argument("--ink", nargs="+", type=float, default=[0.3, 0.5, 0.7, 0.85, 1.0])
    chosen = parser.parse_args(arguments)
    case = next(one for one in read_cases(chosen.case.parent) if one.name == chosen.case.name)
    places = [(int(page), x, y) for page, x, y in chosen.seal]
    engine, (mark,) = load_engine("paddle"), draw_seals([chosen.agency], SEAL_MM, OFFICE.dpi)
    print("| ink | fields right | silent errors | pass unasked |\n| --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        for ink in chosen.ink:
            scan = Path(folder) / f"{ink}.pdf"
            stamped_scan(case, mark, places, ink, scan)
            counts = score(case, scan, engine)
            print(
                f"| {ink} | {counts.right} / {counts.fields} | {counts.silent} | {counts.straight} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
