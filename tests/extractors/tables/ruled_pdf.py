"""Small PDFs with ruled tables whose cells are known, written operator by operator."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Span = tuple[int, int, int, int]

PAGE = (400.0, 300.0)  # width and height in points
LEFT, TOP = 40.0, 260.0
COL, ROW = 60.0, 30.0
FONT = 12.0


@dataclass
class Sheet:
    """One page: PDF operators in points, y up, and what its dictionary says beside them."""

    operators: list[str] = field(default_factory=list)
    entries: str = ""
    size: tuple[float, float] = PAGE
    origin: tuple[float, float] = (0.0, 0.0)

    def stroke(self, x0: float, y0: float, x1: float, y1: float, width: float = 0.5) -> None:
        self.operators.append(f"{width} w {x0} {y0} m {x1} {y1} l S")

    def bar(self, x0: float, y0: float, x1: float, y1: float, width: float = 0.5) -> None:
        """The line as a filled box, as word processors draw it."""
        half = width / 2
        across = x1 - x0 >= y1 - y0
        box = (x0, y0 - half, x1 - x0, width) if across else (x0 - half, y0, width, y1 - y0)
        self.operators.append("{} {} {} {} re f".format(*box))

    def write(self, x: float, y: float, text: str, size: float = FONT) -> None:
        self.operators.append(f"BT /F0 {size} Tf {x} {y} Td ({text}) Tj ET")

    def prose(self) -> None:
        """Enough running text for the text layer to be trusted, below the table."""
        for line in range(3):
            self.write(LEFT, 30.0 - 10 * line, "a report is written here for those who read it", 8.0)


def column(col: int) -> float:
    return LEFT + COL * col


def row(number: int) -> float:
    return TOP - ROW * number


def draw(sheet: Sheet, spans: Iterable[Span], texts: Sequence[str], bars: bool = False) -> None:
    """Every cell with its own four borders and its text in the middle; lines of a text are parted by |."""
    line = sheet.bar if bars else sheet.stroke
    for (row0, row1, col0, col1), text in zip(spans, texts, strict=True):
        x0, x1, y0, y1 = column(col0), column(col1), row(row1), row(row0)
        line(x0, y0, x1, y0)
        line(x0, y1, x1, y1)
        line(x0, y0, x0, y1)
        line(x1, y0, x1, y1)
        write_in(sheet, (x0 + x1) / 2, (y0 + y1) / 2, text)


def write_in(sheet: Sheet, x: float, y: float, text: str) -> None:
    lines = text.split("|")
    for index, line in enumerate(lines):
        offset = (len(lines) - 1) / 2 - index
        sheet.write(x - 0.25 * FONT * len(line), y - 0.35 * FONT + offset * FONT, line)


def save(path: Path, sheets: Sequence[Sheet]) -> Path:
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(sheets)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(sheets)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for index, sheet in enumerate(sheets):
        content = "\n".join(sheet.operators)
        left, bottom = sheet.origin
        box = f"[{left} {bottom} {left + sheet.size[0]} {bottom + sheet.size[1]}]"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox {box} {sheet.entries} "
            f"/Resources << /Font << /F0 3 0 R >> >> /Contents {5 + 2 * index} 0 R >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    out, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    count = len(objects) + 1
    out += f"xref\n0 {count}\n0000000000 65535 f \n{table}"
    out += f"trailer << /Size {count} /Root 1 0 R >>\nstartxref\n{out.index('xref')}\n%%EOF\n"
    path.write_bytes(out.encode("latin-1"))
    return path
