"""What is printed and what is true about it, for every kind of paper the set holds: reports and all that is none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from eval.generate.content.bodies import split_of
from eval.generate.content.values import broken_checks
from eval.generate.spec import Engine, Sample, Seal, Style
from eval.generate.typeset.blocks import Block, Grid
from eval.generate.typeset.compose import compose, form_of
from eval.generate.typeset.places import Boxes
from eval.generate.typeset.tables import table_html, whole_grids


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF and where its answers stand: path -> (page from 1, x0, y0, x1, y1), fractions of the page, y down."""

    pdf: bytes
    boxes: Boxes


@dataclass(frozen=True, slots=True)
class Paper:
    """`labels` is the gold without places; `paths` are the fields whose places are to be found."""

    name: str
    agency: str
    blocks: tuple[Block, ...]
    style: Style
    engine: Engine
    labels: Mapping[str, Any]
    seed: int
    paths: tuple[str, ...] = ()
    stamped: bool = False  # an electronic seal is part of the print
    seals: tuple[Seal, ...] = field(default=())


def report_paper(sample: Sample) -> Paper:
    return Paper(
        name=sample.name,
        agency=sample.agency,
        blocks=compose(sample),
        style=sample.style,
        engine=sample.engine,
        labels=report_labels(sample),
        seed=sample.seed,
        paths=tuple(sample.values),
        stamped=sample.stamp_signature,
        seals=sample.seals,
    )


def report_labels(sample: Sample) -> dict[str, Any]:
    """The labels of a report: what was written. Places come with the print."""
    form = form_of(sample)
    grids = {part.table: whole_grids(sample, form, part.table) for part in sample.sections if part.table}
    return {
        "form": sample.form,
        "kind": "report",
        "agency": sample.agency,
        "year": sample.year,
        "split": split_of(sample.agency),
        "sections": {part.key: _squeezed(part.title) for part in sample.sections if part.title},
        "fields": dict(sample.values),
        "front_matter": dict(sample.facts),
        "broken_checks": list(broken_checks(form, sample.values)),
        "tables": {key: table_html(pieces) for key, pieces in grids.items()},
        "section_texts": {part.key: "\n".join((*part.intro, *part.paragraphs)) for part in sample.sections},
        "tags": {},
        "traits": list(sample.tags),
        "label_source": "authored",
    }


def placed_labels(paper: Paper, printed: Printed, pages_before: int = 0) -> dict[str, Any]:
    """The paper's labels with the places of its answers, `pages_before` pages in, and what tags each place earns.

    Tags: "page_break", its table stands on several pages; "merged", its cell spans columns.
    """
    boxes = {path: [int(box[0]) + pages_before, *box[1:]] for path, box in printed.boxes.items()}
    pages: dict[str, set[float]] = {}
    for path, box in boxes.items():
        pages.setdefault(path.split(".")[0], set()).add(box[0])
    grids = (block for block in paper.blocks if isinstance(block, Grid))
    merged = {cell.path for grid in grids for cell in grid.cells if cell.path and cell.colspan > 1}
    tags: dict[str, list[str]] = {}
    for path in boxes:
        marks = {"page_break": len(pages[path.split(".")[0]]) > 1, "merged": path in merged}
        found = [name for name, on in marks.items() if on]
        if found:
            tags[path] = found
    return {**paper.labels, "tags": tags, "boxes": boxes}


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)
