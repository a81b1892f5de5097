"""Large splits drawn from fixed seeds: prints once, scans per severity, by several processes, taken up where left.

OUT/print/<name>-digital/   the born-digital reports        OUT/s<level>/<name>-s<level>/   their scans
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.generate.case_files import PRINT, write_print, write_scan
from eval.generate.content.bodies import Split
from eval.generate.content.invent import invent
from eval.generate.paper import placed_labels, report_paper
from eval.generate.pdf import page_count
from eval.generate.scan.ladder import LEVELS, draw_treatment, with_foreign
from eval.generate.typeset.press import print_papers
from eval.generate.typeset.seal import draw_seals
from eval.generate.work import run_all

CHUNK = 6  # reports a process typesets at a time: LibreOffice takes longer to start than to print


@dataclass(frozen=True, slots=True)
class LargeSplit:
    """Reports `first_seed`, `first_seed` + 1, … of bodies of `split`. Seeds of different splits never meet."""

    first_seed: int
    split: Split | None
    foreign: bool = False  # degraded by effects of augraphy where it has them


LARGE = {
    "train-large": LargeSplit(1_000_000, "train"),
    "calibration-large": LargeSplit(2_000_000, "calibration"),
    "test-large": LargeSplit(3_000_000, "test"),
}


@dataclass(frozen=True, slots=True)
class _Chunk:
    names: tuple[str, ...]
    turns: tuple[int, ...]
    split: LargeSplit
    levels: tuple[int, ...]
    out: Path


def generate(
    name: str, reports: int, levels: Sequence[int], out: Path, jobs: int = 1, split: LargeSplit | None = None
) -> Iterator[tuple[str, ...]]:
    """Make the first `reports` reports of the large split `name` at `levels`; yields the names as they are done.

    What lies in `out` already is kept: stop it and start it again with the same arguments. `split` gives seeds of
    one's own. KeyError for an unknown name, ValueError for a level that is none; MissingTool.
    """
    drawn = LARGE[name] if split is None else split
    if not set(levels) <= set(LEVELS):
        raise ValueError(
            f"severities are {LEVELS[0]} to {LEVELS[-1]}, not {sorted(set(levels) - set(LEVELS))}"
        )
    chunks = []
    for start in range(0, reports, CHUNK):
        turns = tuple(range(start, min(start + CHUNK, reports)))
        names = tuple(f"{name}-{turn:05d}" for turn in turns)
        chunks.append(_Chunk(names, turns, drawn, tuple(levels), out))
    return run_all(_make, chunks, jobs)


def _make(chunk: _Chunk) -> tuple[str, ...]:
    prints = chunk.out / "print"
    missing = [
        pair
        for pair in zip(chunk.names, chunk.turns, strict=True)
        if not (prints / (pair[0] + PRINT)).is_dir()
    ]
    if missing:
        _print(prints, missing, chunk.split)
    for name in chunk.names:
        for level in chunk.levels:
            scan = chunk.out / f"s{level}" / f"{name}-s{level}"
            if not scan.is_dir():
                write_scan(prints / (name + PRINT), f"s{level}", scan)
    return chunk.names


def _print(folder: Path, reports: Sequence[tuple[str, int]], split: LargeSplit) -> None:
    samples = [invent(split.first_seed + turn, split.split, turn=turn) for _, turn in reports]
    papers = [
        replace(report_paper(sample), name=name) for sample, (name, _) in zip(samples, reports, strict=True)
    ]
    seals = draw_seals([paper.agency for paper in papers])
    for paper, printed, seal in zip(papers, print_papers(papers), seals, strict=True):
        pages, places = page_count(printed.pdf), list(printed.boxes.values())
        drawn = [draw_treatment(paper.seed, level, pages, places) for level in LEVELS]
        scans = {f"s{scan.level}": with_foreign(scan) if split.foreign else scan for scan in drawn}
        labels = placed_labels(paper, printed)
        write_print(folder / (paper.name + PRINT), printed.pdf, labels, scans, seal)
