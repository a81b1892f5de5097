"""All scores of the tables of a document: which answer is meant for which table of the truth, then each score.

Every table of the truth is scored, one without an answer with 0, and so is every table that the truth does not have:
a mean is over all tables of the truth and all inventions. `docs/metrics.md` says which score sees what.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from eval.metrics.adjacency import text_relations
from eval.metrics.cells import header_path_accuracy, span_matches
from eval.metrics.grid_table import GridTable
from eval.metrics.grits import grits_con, grits_top
from eval.metrics.matches import Matches
from eval.metrics.teds import teds
from extractors.geometry import Box


@dataclass(frozen=True, slots=True)
class PlacedTable:
    """A table and where it stands: page from 1, box in fractions of the page as displayed."""

    page: int
    box: Box
    table: GridTable


@dataclass(frozen=True, slots=True)
class TableScore:
    """The scores of one table, each in 0..1 or counts; `missed` without an answer, `invented` without a truth.

    `header_path` is None where gold marks no header cells.
    """

    teds: float = 0.0
    teds_s: float = 0.0
    grits_con: float = 0.0
    grits_top: float = 0.0
    spans: Matches = Matches()
    adjacency: Matches = Matches()
    header_path: float | None = None
    missed: bool = False
    invented: bool = False


@dataclass(frozen=True, slots=True)
class TableMeans:
    """Scores over `tables` of the truth and `invented` others: means per table, F1 over all cells and relations."""

    tables: int
    missed: int
    invented: int
    teds: float
    teds_s: float
    grits_con: float
    grits_top: float
    spans: Matches
    adjacency: Matches
    header_path: float | None


def score_table(got: GridTable | None, gold: GridTable | None) -> TableScore:
    """Score an answer; without one (`got` None) or without a truth (`gold` None) everything is 0.

    Texts are compared as `normalised`: NFKC, no white space, all dashes alike.
    """
    if gold is None:
        invented = got.normalised() if got else None
        nothing = Matches(0, 0, len(invented.cells) if invented else 0)
        adjacent = text_relations(None, invented) if invented else Matches()
        return TableScore(spans=nothing, adjacency=Matches(0, 0, adjacent.gold), invented=True)
    truth, answer = gold.normalised(), got.normalised() if got else None
    return TableScore(
        teds=teds(answer, truth),
        teds_s=teds(answer, truth, structure_only=True),
        grits_con=grits_con(answer, truth),
        grits_top=grits_top(answer, truth),
        spans=span_matches(answer, truth),
        adjacency=text_relations(answer, truth),
        header_path=header_path_accuracy(answer, truth) if any(c.header for c in truth.cells) else None,
        missed=answer is None,
    )


def pair_tables(
    got: Iterable[PlacedTable], gold: Iterable[PlacedTable]
) -> list[tuple[PlacedTable | None, PlacedTable | None]]:
    """Answer and truth that belong together: on the same page, those that overlap most (IoU) first.

    Each is used once; what is left over stands alone. Any overlap will do: a bad fit scores low by itself. The order
    of the tables changes nothing.
    """
    answers, truths = sorted(got, key=_reading_order), sorted(gold, key=_reading_order)
    overlaps = [
        (a.box.iou(t.box), -i, -j)
        for i, a in enumerate(answers)
        for j, t in enumerate(truths)
        if a.page == t.page
    ]
    partner: dict[int, int] = {}
    for iou, i, j in sorted(overlaps, reverse=True):
        if iou > 0 and -i not in partner.values() and -j not in partner:
            partner[-j] = -i
    pairs: list[tuple[PlacedTable | None, PlacedTable | None]] = [
        (answers[partner[j]] if j in partner else None, truth) for j, truth in enumerate(truths)
    ]
    used = set(partner.values())
    return pairs + [(answer, None) for i, answer in enumerate(answers) if i not in used]


def score_tables(got: Iterable[PlacedTable], gold: Iterable[PlacedTable]) -> tuple[TableScore, ...]:
    """The scores of a document's tables: one for each table of the truth, then one for each invention."""
    return tuple(
        score_table(answer.table if answer else None, truth.table if truth else None)
        for answer, truth in pair_tables(got, gold)
    )


def mean_scores(scores: Sequence[TableScore]) -> TableMeans:
    """Means over all tables of the truth and all inventions; 0 where there are neither."""
    count = max(1, len(scores))
    headed = [score.header_path for score in scores if score.header_path is not None]
    return TableMeans(
        tables=sum(not score.invented for score in scores),
        missed=sum(score.missed for score in scores),
        invented=sum(score.invented for score in scores),
        teds=sum(score.teds for score in scores) / count,
        teds_s=sum(score.teds_s for score in scores) / count,
        grits_con=sum(score.grits_con for score in scores) / count,
        grits_top=sum(score.grits_top for score in scores) / count,
        spans=sum((score.spans for score in scores), Matches()),
        adjacency=sum((score.adjacency for score in scores), Matches()),
        header_path=sum(headed) / len(headed) if headed else None,
    )


def in_fractions(table: GridTable, width: float, height: float) -> GridTable:
    """The table with its boxes as fractions of a page of this size."""
    cells = [
        cell if cell.box is None else replace(cell, box=scaled(cell.box, width, height))
        for cell in table.cells
    ]
    return replace(table, cells=tuple(cells))


def scaled(box: Box, width: float, height: float) -> Box:
    """A box as fractions of a page of this size."""
    return Box(box.x0 / width, box.y0 / height, box.x1 / width, box.y1 / height)


def _reading_order(placed: PlacedTable) -> tuple[float, ...]:
    return placed.page, placed.box.y0, placed.box.x0, placed.box.y1, placed.box.x1
