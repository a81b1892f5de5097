"""How well reports that are bound together are parted: `python -m eval.bound_pairs CASES`.

Every two labelled cases are bound, each case once before each, and parted again; then once more with marks taken
away, as bad scans and bookbinders do. Pages are read once per case, so all pairs cost no more than the cases.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from pathlib import Path

from rich.console import Console
from rich.table import Table as RichTable

from eval.cases import Case, read_cases
from extractors.document import Fragment, PageReading, Part
from extractors.ocr.engine import OcrEngine
from extractors.ocr.paddle import load_engine
from extractors.pages import open_source
from extractors.pipeline import official_forms, read_pages
from extractors.volume import REVIEW_BELOW, cut, second_start
from extractors.volume_pages import PageFacts, page_facts

Facts = Sequence[PageFacts]
Change = Callable[[Facts, int], Facts]  # facts of two bound cases, index of the second's first page
OUTCOMES = ("right", "right, in doubt", "wrong, in doubt", "wrong, in silence")


def bind(*documents: Sequence[PageReading]) -> tuple[PageReading, ...]:
    """The pages of `documents` in order, numbered anew; what is printed on them stays."""
    pages = [page for document in documents for page in document]
    return tuple(_renumbered(page, number) for number, page in enumerate(pages, start=1))


def _renumbered(page: PageReading, number: int) -> PageReading:
    return replace(
        page,
        info=replace(page.info, number=number),
        lines=tuple(replace(line, page=number) for line in page.lines),
        fragments=tuple(_moved(fragment, number) for fragment in page.fragments),
        issues=tuple(replace(issue, page=number) for issue in page.issues),
    )


def _moved(fragment: Fragment, number: int) -> Fragment:
    cells = tuple(
        replace(cell, parts=tuple(Part(number, part.box) for part in cell.parts))
        for cell in fragment.table.cells
    )
    return replace(fragment, page=number, table=replace(fragment.table, cells=cells))


def without(facts: Facts, second: int, *, all_pages: Sequence[str] = (), title: bool = True) -> Facts:
    """The facts with marks taken away: `all_pages` names those of every page, `title` False the second's title."""
    bare: Mapping[str, object] = {name: getattr(PageFacts(), name) for name in all_pages}
    found = [replace(fact, **bare) for fact in facts]  # type: ignore[arg-type]
    if not title:
        found[second] = replace(found[second], title=None)
    return found


def numbered_through(facts: Facts, second: int) -> Facts:
    return [replace(fact, number=number) for number, fact in enumerate(facts, start=1)]


CHANGES: Mapping[str, Change] = {
    "nothing": without,
    "page numbers": partial(without, all_pages=("number",)),
    "page numbers; one count instead": numbered_through,
    "headings": partial(without, all_pages=("places",)),
    "tables": partial(without, all_pages=("tables",)),
    "tables, page numbers, signatures": partial(without, all_pages=("tables", "number", "closed")),
    "the title": partial(without, title=False),
    "the title, page numbers": partial(without, title=False, all_pages=("number",)),
    "the title, page numbers, signatures": partial(without, title=False, all_pages=("number", "closed")),
    "the title, tables": partial(without, title=False, all_pages=("tables",)),
    "headings, tables": partial(without, all_pages=("places", "tables")),
}


def outcome(facts: Facts, second: int) -> str:
    """One of OUTCOMES for two reports bound, of which the second begins at index `second`."""
    starts, chances = cut(facts)
    unsure = any(1.0 - REVIEW_BELOW < chance < REVIEW_BELOW for chance in chances.values())
    unsure |= any(
        second_start(facts[first:end]) is not None
        for first, end in zip(starts, (*starts[1:], len(facts)), strict=True)
    )
    if starts == (0, second):
        return OUTCOMES[1 if unsure else 0]
    return OUTCOMES[2 if unsure else 3]


@dataclass(frozen=True, slots=True)
class Pair:
    facts: Facts
    second: int


def pairs(documents: Sequence[Sequence[PageReading]]) -> Iterator[Pair]:
    for first, second in product(documents, documents):
        yield Pair(page_facts(bind(first, second), official_forms()), len(first))


def read(case: Case, engine: OcrEngine) -> tuple[PageReading, ...]:
    with open_source(case.source) as source:
        return tuple(page.reading for page in read_pages(source, engine))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.bound_pairs", description=__doc__)
    parser.add_argument("cases", type=Path, nargs="+", help="folders of labelled cases, one report each")
    options = parser.parse_args(arguments)
    engine, console = load_engine(), Console(width=110)
    documents = [read(case, engine) for folder in options.cases for case in read_cases(folder)]
    alone = [cut(page_facts(document, official_forms()))[0] for document in documents]
    console.print(f"{sum(starts != (0,) for starts in alone)} of {len(alone)} single reports were cut")
    bound = list(pairs(documents))
    table = RichTable("taken away", *OUTCOMES, title=f"{len(bound)} pairs", title_justify="left")
    for name, change in CHANGES.items():
        found = Counter(outcome(change(pair.facts, pair.second), pair.second) for pair in bound)
        table.add_row(name, *(str(found[each]) for each in OUTCOMES))
    console.print(table)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
