"""Papers to PDFs by the engine each names, with the place of every answer."""

from __future__ import annotations

from collections.abc import Sequence

from eval.generate.paper import Paper, Printed
from eval.generate.typeset.chromium import print_html
from eval.generate.typeset.docx import blocks_docx
from eval.generate.typeset.fonts import require_fonts
from eval.generate.typeset.html import blocks_html
from eval.generate.typeset.libreoffice import print_docx
from eval.generate.typeset.places import find_cells, key_colours
from eval.generate.typeset.seal import data_address, draw_seals, seal_png


def print_papers(papers: Sequence[Paper]) -> tuple[Printed, ...]:
    """All papers in turn, those for LibreOffice in one run. Raises MissingTool, NotFound."""
    require_fonts(paper.style for paper in papers)
    stamped = [number for number, paper in enumerate(papers) if paper.stamped]
    marks = draw_seals([papers[number].agency for number in stamped])
    seals = {number: seal_png(mark) for number, mark in zip(stamped, marks, strict=True)}
    words = [number for number, paper in enumerate(papers) if paper.engine == "libreoffice"]
    by_word = _by_libreoffice([(papers[number], seals.get(number)) for number in words])
    printed = dict(zip(words, by_word, strict=True))
    for number, paper in enumerate(papers):
        if number not in printed:
            printed[number] = _by_chromium(paper, seals.get(number))
    return tuple(printed[number] for number in range(len(papers)))


def _by_chromium(paper: Paper, seal: bytes | None) -> Printed:
    address = data_address(seal) if seal else ""
    pdf = print_html(blocks_html(paper.blocks, paper.style, address))
    if not paper.paths:
        return Printed(pdf, {})
    key = key_colours(paper.paths)
    return Printed(pdf, find_cells(print_html(blocks_html(paper.blocks, paper.style, address, key)), key))


def _by_libreoffice(papers: Sequence[tuple[Paper, bytes | None]]) -> tuple[Printed, ...]:
    files, keys = [], []
    for paper, seal in papers:
        keys.append(key_colours(paper.paths))
        files.append(blocks_docx(paper.blocks, paper.style, seal))
        files.append(blocks_docx(paper.blocks, paper.style, seal, keys[-1]))
    if not files:
        return ()
    pdfs = print_docx(files)
    return tuple(Printed(pdfs[2 * i], find_cells(pdfs[2 * i + 1], key)) for i, key in enumerate(keys))
