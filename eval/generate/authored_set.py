"""The set of data/eval: which reports, other papers and volumes it holds, and the making of their prints.

Bodies are split, not reports. Reports go through forms, engines, splits, break rows and severities in turn, so that
none of these hangs on another. Each print has two scans, a clean and a degraded one, made on first use (`scans.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eval.generate.case_files import PRINT, write_print
from eval.generate.content.bodies import SPLITS, Split
from eval.generate.content.invent import invent
from eval.generate.content.others import invent_earlier, invent_non_report
from eval.generate.paper import Paper, Printed, placed_labels, report_paper
from eval.generate.pdf import bind_pdfs, page_count
from eval.generate.scan.ladder import Treatment, draw_treatment
from eval.generate.spec import Engine
from eval.generate.typeset.press import print_papers
from eval.generate.typeset.seal import draw_seals

REPORTS, NON_REPORTS, EARLIER = 66, 9, 6
SEEDS = {"report": 70_000, "paper": 71_000, "earlier": 72_000, "volume": 73_000}
# Each volume: its parts in order. A volume is of one split, and of one body's neighbours at most by chance.
VOLUMES: tuple[tuple[str, ...], ...] = (
    ("report", "report"),
    ("report", "report", "report"),
    ("letter", "report", "report"),
    ("earlier", "report"),
)
_ENGINES: tuple[Engine, Engine] = ("chromium", "libreoffice")
CHUNK = 12


@dataclass(frozen=True, slots=True)
class Bound:
    """One case: a paper, or several bound into one PDF. `degraded` is the severity of its second scan."""

    name: str
    parts: tuple[Paper, ...]
    split: Split
    degraded: int
    clean: int = 1

    @property
    def is_volume(self) -> bool:
        return len(self.parts) > 1


def plan() -> tuple[Bound, ...]:
    """Every case of the set, drawn but not yet printed."""
    return (*_reports(), *_others(), *_volumes())


def _reports() -> Iterator[Bound]:
    for turn in range(REPORTS):
        split = SPLITS[turn % 3]
        sample = invent(SEEDS["report"] + turn, split, turn=turn)
        paper = replace(report_paper(sample), name=f"report-{turn:02d}")
        # 2..5 in an order of its own beside form and engine, which have the turn's last two bits
        yield Bound(paper.name, (paper,), split, 2 + (turn + turn // 4) % 4, clean=min(1, turn % 4))


def _others() -> Iterator[Bound]:
    for number in range(NON_REPORTS):
        split = SPLITS[number % 3]
        paper = invent_non_report(SEEDS["paper"] + number, split, _ENGINES[number % 2])
        name = f"{paper.name.rsplit('-', 1)[0]}-{number:02d}"
        yield Bound(name, (replace(paper, name=name),), split, 2 + number % 4)
    for number in range(EARLIER):
        split = SPLITS[number % 3]
        paper = invent_earlier(SEEDS["earlier"] + number, split, _ENGINES[number % 2])
        yield Bound(f"earlier-{number:02d}", (paper,), split, 2 + number % 4)


def _volumes() -> Iterator[Bound]:
    for number, parts in enumerate(VOLUMES):
        split = SPLITS[(number + 1) % 3]
        papers = tuple(
            _part(kind, SEEDS["volume"] + 10 * number + place, split, _ENGINES[(number + place) % 2])
            for place, kind in enumerate(parts)
        )
        yield Bound(f"volume-{number:02d}", papers, split, 2 + number % 3)


def _part(kind: str, seed: int, split: Split, engine: Engine) -> Paper:
    if kind == "report":
        return report_paper(invent(seed, split, engine))
    if kind == "earlier":
        return invent_earlier(seed, split, engine)
    letter = 2  # its place in the list of non-reports: seeds go through them in turn
    return invent_non_report(seed - seed % 8 + letter, split, engine)


def make_set(out: Path, only: str = "") -> Iterator[str]:
    """Print every case whose name contains `only` that is not in `out` yet; yields names as they are done."""
    missing = [case for case in plan() if only in case.name and not (out / (case.name + PRINT)).is_dir()]
    for start in range(0, len(missing), CHUNK):
        chunk = missing[start : start + CHUNK]
        papers = [paper for case in chunk for paper in case.parts]
        printed = iter(print_papers(papers))
        seals = draw_seals([case.parts[0].agency for case in chunk])
        for case, seal in zip(chunk, seals, strict=True):
            parts = [next(printed) for _ in case.parts]
            pdf = (
                bind_pdfs([part.pdf for part in parts], [None] * len(parts))
                if case.is_volume
                else parts[0].pdf
            )
            write_print(
                out / (case.name + PRINT), pdf, bound_labels(case, parts), _scans(case, pdf, parts), seal
            )
            yield case.name + PRINT


def bound_labels(case: Bound, parts: Sequence[Printed]) -> dict[str, Any]:
    """The gold of a case: one paper's, or a volume's `reports` with the pages of each; a letter between is none."""
    if not case.is_volume:
        return placed_labels(case.parts[0], parts[0])
    reports, before = [], 0
    for paper, part in zip(case.parts, parts, strict=True):
        pages = page_count(part.pdf)
        if paper.labels["kind"] != "not_a_report":
            reports.append({"pages": [before + 1, before + pages], **placed_labels(paper, part, before)})
        before += pages
    return {"split": case.split, "reports": reports, "traits": ["volume"], "label_source": "authored"}


def _scans(case: Bound, pdf: bytes, parts: Sequence[Printed]) -> dict[str, Treatment]:
    seed, pages = case.parts[0].seed, page_count(pdf)
    places = list(parts[0].boxes.values())
    return {f"s{level}": draw_treatment(seed, level, pages, places) for level in (case.clean, case.degraded)}
