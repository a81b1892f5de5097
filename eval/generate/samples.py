"""The samples of data/samples: read from sample.toml, typeset, the pages that are scans scanned, and labelled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from eval.generate.paper import Printed, placed_labels, report_paper
from eval.generate.pdf import bind_pdfs, page_count, picture_pdf
from eval.generate.scan.treat import moved_boxes, scan_printed
from eval.generate.spec import Sample
from eval.generate.typeset.places import Boxes
from eval.generate.typeset.press import print_papers
from eval.generate.typeset.seal import draw_seals


def build(sample: Sample, folder: Path) -> None:
    """Write `folder/source.pdf` and `folder/gold.json`. Raises MissingTool, NotFound."""
    (printed,) = print_papers([report_paper(sample)])
    pdf, boxes = bind(sample, printed)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "source.pdf").write_bytes(pdf)
    text = json.dumps(gold(sample, boxes), ensure_ascii=False, indent=1)
    (folder / "gold.json").write_text(text + "\n", encoding="utf-8")


def gold(sample: Sample, boxes: Boxes) -> dict[str, Any]:
    """The labels: what was written, and where it came to stand."""
    return placed_labels(report_paper(sample), Printed(b"", boxes))


def bind(sample: Sample, printed: Printed) -> tuple[bytes, Boxes]:
    """The finished PDF, scanned pages in place of printed ones, and the boxes carried along.

    Where every page stays as printed, the PDF is the typesetter's own.
    """
    treatments = [sample.scans.get(page + 1, sample.scan) for page in range(page_count(printed.pdf))]
    boxes = dict(printed.boxes)
    if not any(treatments):
        return printed.pdf, boxes
    parts: list[bytes] = []
    for index, scan in enumerate(treatments):
        if scan is None:
            parts.append(bind_pdfs([printed.pdf], [[index]]))
            continue
        marks = [mark for mark in sample.seals if mark.page == index + 1]
        seals = [(mark, draw_seals([sample.agency], mark.diameter_mm, scan.dpi)[0]) for mark in marks]
        picture, warp = scan_printed(printed.pdf, index, scan, sample.seed * 100 + index, seals)
        parts.append(picture_pdf(picture, scan))
        boxes.update(moved_boxes(printed.boxes, index + 1, warp))
    return bind_pdfs(parts, [None] * len(parts)), boxes
