"""Binds documents that were read by themselves into one, as a bookbinder and a scanner would."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from text_pages import HEIGHT, WIDTH

from extractors.document import Cell, Fragment, PageInfo, PageReading, Part

BLANK = (PageReading(PageInfo(1, "blank", WIDTH, HEIGHT, 200)),)


def bind(*documents: Sequence[PageReading]) -> tuple[PageReading, ...]:
    """The pages of `documents` in order, numbered anew; what is printed on them stays."""
    pages = [page for document in documents for page in document]
    return tuple(renumbered(page, number) for number, page in enumerate(pages, start=1))


def renumbered(page: PageReading, number: int) -> PageReading:
    return replace(
        page,
        info=replace(page.info, number=number),
        lines=tuple(replace(line, page=number) for line in page.lines),
        fragments=tuple(_fragment(fragment, number) for fragment in page.fragments),
        issues=tuple(replace(issue, page=number) for issue in page.issues),
    )


def _fragment(fragment: Fragment, number: int) -> Fragment:
    cells = tuple(_cells(fragment.table.cells, number))
    return replace(fragment, page=number, table=replace(fragment.table, cells=cells))


def _cells(cells: Sequence[Cell], number: int) -> Iterator[Cell]:
    for cell in cells:
        yield replace(cell, parts=tuple(Part(number, part.box) for part in cell.parts))
