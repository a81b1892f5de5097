"""img2table 2 with RapidOCR: paths of page pictures in, a line each; tables out as JSON, a line each.

Settings: those that its README documents for bordered tables; implicit rows and borderless tables would add rows
that the form does not print.
"""

from __future__ import annotations

import json
import sys
from typing import Any


def main() -> None:
    from img2table.document import Image
    from img2table.ocr import RapidOCR

    ocr = RapidOCR()
    for line in sys.stdin:
        tables = Image(line.strip()).extract_tables(ocr=ocr)
        print(json.dumps([_cells(table) for table in tables]), flush=True)


def _cells(table: Any) -> list[dict[str, Any]]:
    """Each cell once: img2table repeats a merged cell at every place that it covers."""
    cells = {}
    for row in table.content.values():
        for cell in row:
            box = (cell.bbox.x1, cell.bbox.y1, cell.bbox.x2, cell.bbox.y2)
            cells[box] = {"box": [float(edge) for edge in box], "text": cell.value or ""}
    return list(cells.values())


if __name__ == "__main__":
    main()
