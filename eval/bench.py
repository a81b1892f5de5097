"""Speed and memory beside the peers: the same pages, the same weights, one thread, one run.

`python -m eval.bench [--cases DIR] [--repeat N] [--memory-pages N] [--markdown FILE]`. Machines are
shared and noisy, so ours and the peers take turns page by page, CPU seconds are compared rather than wall seconds,
and the median counts. The work is done in fresh processes, since numeric libraries take their number of threads once.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table as RichTable

from eval.memory import memory, memory_told
from eval.processes import alone, own_engine, two_against_one
from extractors.document import Page
from extractors.ocr.engine import OcrEngine
from extractors.ocr.lines import glyph_lines, read_lines
from extractors.pages import open_source, prepare
from extractors.pipeline import extract_document
from extractors.tables.raster import Outlined, outline_tables, read_tables
from extractors.wording import squeeze

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "samples"
LONG_TABLE = 15  # rows: table 3 of the form, or most of it
Reader = Callable[[Page, Sequence[Outlined]], str]


@dataclass(frozen=True, slots=True)
class Measured:
    """CPU seconds and bag error of one reader on one page."""

    kind: str
    reader: str
    seconds: float
    error: float | None


def bag_error(read: str, truth: str) -> float:
    """Share of the truth's characters missing or, if larger, of characters too many; order does not count.

    Denominator: all characters of the truth, whitespace left out. 0 for the truth itself, 1 for nothing read.
    """
    found, expected = Counter(squeeze(read)), Counter(squeeze(truth))
    missing, extra = (expected - found).total(), (found - expected).total()
    return max(missing, extra) / max(1, expected.total())


def kind_of(tables: Sequence[Outlined]) -> str:
    """One of "table 3", "other table", "text"."""
    rows = max((outlined.grid.shape[0] for outlined in tables), default=0)
    return "table 3" if rows >= LONG_TABLE else "other table" if rows else "text"


def ours(engine: OcrEngine) -> Reader:
    """What read_page's clock calls ocr: cells from their crops, lines outside tables."""

    def read(page: Page, tables: Sequence[Outlined]) -> str:
        fragments = read_tables(tables, page, engine)
        lines = read_lines(page, engine, [fragment.box for fragment in fragments])
        cells = [cell.text for fragment in fragments for cell in fragment.table.cells]
        return "".join(cells + [line.text for line in lines])

    return read


def peers() -> dict[str, Reader]:
    from eval.bench_peers import paddle_pipeline, rapid

    paddle, rapidocr = paddle_pipeline(), rapid()
    return {
        "PaddleOCR": lambda page, tables: paddle(page.work),
        "RapidOCR": lambda page, tables: rapidocr(page.work),
    }


def scans(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*/source.pdf") if not path.parent.name.endswith("-digital"))


def twin_text(scan: Path, number: int) -> str | None:
    """The text layer of the same page in the born-digital twin of a scan, where the cases have one."""
    twin = scan.parent.with_name(scan.parent.name.rsplit("-", 1)[0] + "-digital") / scan.name
    if not twin.is_file():
        return None
    with open_source(twin) as source:
        if number > source.page_count:
            return None
        return "".join(line.text for line in glyph_lines(prepare(source.raw_page(number))))


def measure(files: Iterable[Path], readers: dict[str, Reader], repeat: int) -> list[Measured]:
    """Every scanned page by every reader in turn, `repeat` times."""
    results: list[Measured] = []
    for file in files:
        with open_source(file) as source:
            for number in range(1, source.page_count + 1):
                page = prepare(source.raw_page(number))
                if page.info.kind == "scan":
                    results += _measure_page(page, twin_text(file, number), readers, repeat)
    return results


def _measure_page(page: Page, truth: str | None, readers: dict[str, Reader], repeat: int) -> list[Measured]:
    tables = outline_tables(page)
    seconds: dict[str, list[float]] = {name: [] for name in readers}
    texts: dict[str, str] = {}
    for _ in range(repeat):
        for name, read in readers.items():
            start = time.process_time()
            texts[name] = read(page, tables)
            seconds[name].append(time.process_time() - start)
    kind = kind_of(tables)
    return [
        Measured(kind, name, median(spent), None if truth is None else bag_error(texts[name], truth))
        for name, spent in seconds.items()
    ]


def compared(files: Sequence[Path], repeat: int) -> list[Measured]:
    """Every scanned page by us and by the peers."""
    return measure(files, {"nianbao": ours(own_engine()), **peers()}, repeat)


def summary(results: Sequence[Measured]) -> list[tuple[str, ...]]:
    """Rows (kind, reader, pages, CPU seconds per page, times ours, character error) for people."""
    rows: list[tuple[str, ...]] = []
    for kind in sorted({r.kind for r in results}):
        mine = [r.seconds for r in results if (r.kind, r.reader) == (kind, "nianbao")]
        for reader in dict.fromkeys(r.reader for r in results):
            same = [r for r in results if (r.kind, r.reader) == (kind, reader)]
            seconds = sum(r.seconds for r in same)
            errors = [r.error for r in same if r.error is not None]
            error = f"{100 * sum(errors) / len(errors):.2f} %" if errors else "–"
            times = f"{seconds / sum(mine):.2f}" if mine else "–"
            rows.append((kind, reader, str(len(same)), f"{seconds / len(same):.2f}", times, error))
    return rows


def stage_shares(files: Sequence[Path]) -> dict[str, float]:
    """Share of wall time per stage over whole documents, 0..1."""
    engine = own_engine()
    spent: Counter[str] = Counter()
    for file in files:
        for extraction in extract_document([file], engine):
            spent.update(dict(extraction.record.timing_s))
    total = spent.pop("total")
    return {stage: seconds / total for stage, seconds in sorted(spent.items(), key=lambda item: -item[1])}


HEADER = ("pages with", "reader", "pages", "CPU s / page", "times ours", "characters wrong")


def markdown(rows: Sequence[Sequence[str]], notes: Sequence[str]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in (HEADER, ["---"] * len(HEADER), *rows)]
    return "\n".join([*lines, "", *(f"- {note}" for note in notes), ""])


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.bench", description=__doc__)
    parser.add_argument("--cases", type=Path, default=SAMPLES, help="a folder of labelled cases")
    parser.add_argument("--only", default="", help="cases whose name holds this text")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--memory-pages", type=int, default=200)
    parser.add_argument("--markdown", type=Path, help="also write the result there")
    options = parser.parse_args(arguments)
    console = Console()
    files = [file for file in scans(options.cases) if options.only in file.parent.name]
    rows = summary(alone(compared, files, options.repeat))
    table = RichTable(*HEADER)
    for row in rows:
        table.add_row(*row)
    console.print(table)
    notes = _notes(files, options.memory_pages)
    for note in notes:
        console.print(note)
    if options.markdown:
        options.markdown.write_text(markdown(rows, notes), encoding="utf-8")
    return 0


def _notes(files: Sequence[Path], memory_pages: int) -> list[str]:
    shares = alone(stage_shares, files)
    other = sum(share for stage, share in shares.items() if stage != "ocr")
    told = ", ".join(f"{stage} {100 * share:.1f} %" for stage, share in shares.items())
    return [
        f"Where a document's time goes: {told}; all but ocr {100 * other:.1f} %.",
        f"Two processes against one: {two_against_one(files):.2f} times as fast.",
        f"Memory: {memory_told(memory(files[0], memory_pages))}.",
    ]


if __name__ == "__main__":
    raise SystemExit(main())
