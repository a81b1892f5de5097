"""Contact sheets: for every answer of a case the crop of its place beside its label, to be checked by eye."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from eval.generate.work import MissingTool

FONT = "Noto Sans CJK SC"
ROWS, CROP, LABEL, HEIGHT = 42, 110, 112, 30  # cells down a column; widths and height of a cell in pixels
MARGIN = 0.002  # of the page, shown around each box
RED, BLACK, GREY = (200, 0, 0), (0, 0, 0), (120, 120, 120)


def contact_sheet(folder: Path, out: Path) -> int:
    """One PNG with all answers of the case in `folder`; returns how many. "∅" labels a blank cell, "?" an
    answer that is not scored. Raises MissingTool without the font that the labels are drawn in."""
    labels = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    reports = labels.get("reports", [labels])
    answers = [
        (path, printed, tuple(report["boxes"][path]))
        for report in reports
        for path, printed in report["fields"].items()
    ]
    pages, turned = _pages(folder / "source.pdf"), labels.get("turned", {})
    lost = {path for report in reports for path in report.get("unverified", ())}
    columns = max(1, -(-len(answers) // ROWS))
    sheet = Pillow.new("RGB", (columns * (CROP + LABEL), ROWS * HEIGHT + 16), "white")
    draw, large, middle, small = ImageDraw.Draw(sheet), _font(15), _font(11), _font(8)
    draw.text((4, 1), folder.name, GREY, small)
    for number, (path, printed, box) in enumerate(answers):
        x, y = number // ROWS * (CROP + LABEL), number % ROWS * HEIGHT + 16
        sheet.paste(_crop(pages[int(box[0]) - 1], box, turned.get(str(int(box[0])), 0)), (x, y))
        text = (printed or "∅") + (" ?" if path in lost else "")
        draw.text((x + CROP + 4, y), text, BLACK if printed else RED, large if len(text) < 8 else middle)
        draw.text((x + CROP + 4, y + 19), ".".join(path.split(".")[-2:])[-30:], GREY, small)
        draw.rectangle((x, y, x + CROP + LABEL - 1, y + HEIGHT - 1), outline=(215, 215, 215))
    out.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(out)
    return len(answers)


def _pages(source: Path) -> list[Pillow.Image]:
    document = pdfium.PdfDocument(source)
    pages = [page.render(scale=130 / 72).to_pil().convert("RGB") for page in document]
    document.close()
    return pages


def _crop(page: Pillow.Image, box: tuple[float, ...], turn: int) -> Pillow.Image:
    """The place of an answer, upright, with a little around it; of a very wide cell its middle."""
    part = page.crop(
        (
            int((box[1] - MARGIN) * page.width),
            int((box[2] - MARGIN) * page.height),
            int((box[3] + MARGIN) * page.width) + 1,
            int((box[4] + MARGIN) * page.height) + 1,
        )
    )
    part = part.rotate(turn, expand=True)
    spare = max(0, round((part.width - part.height * CROP / HEIGHT) / 2))
    part = part.crop((spare, 0, part.width - spare, part.height))
    part.thumbnail((CROP - 2, HEIGHT - 2))
    return part


def _font(size: int) -> ImageFont.FreeTypeFont:
    found = subprocess.run(
        ["fc-match", "-f", "%{file}|%{family}", FONT], capture_output=True, text=True, check=True
    )
    path, family = found.stdout.split("|", 1)
    if FONT not in family:
        raise MissingTool(detail=f"{FONT} (apt-get install fonts-noto-cjk)")
    return ImageFont.truetype(path, size, index=2)  # of the collection: SC
