"""Score our table extraction on public table sets: `python -m eval.tables FOLDER`.

FOLDER holds sets by name (`ctdar`, `icdar2013-us`, `budgets`; those that are there are run). What is extracted is
kept in `--out` as JSON and not extracted again; `--fresh` forgets it. A page that fails has no tables, and costs all
of its truth. The figures of this command are in docs/metrics.md, with what each score sees.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from eval.cases import BadCase
from eval.metrics.adjacency import box_relations
from eval.metrics.grid_table import table_from_record
from eval.metrics.matches import Matches
from eval.metrics.tables import PlacedTable, TableScore, in_fractions, mean_scores, scaled, score_tables
from eval.readers.budgets import read_budget
from eval.readers.ctdar import read_ctdar
from eval.readers.icdar2013 import PageSizes, read_icdar2013
from eval.table_pages import save_tables
from extractors.document import Box

Json = Mapping[str, Any]
POINTS = 72.0  # per inch
_COLUMNS = ("TEDS", "TEDS-S", "GriTS-Con", "GriTS-Top", "cell-span F1", "adjacency F1")


@dataclass(frozen=True, slots=True)
class Scored:
    """What came of one document: per table, or for cTDaR the relations of its one page."""

    name: str
    tables: tuple[TableScore, ...] = ()
    relations: Matches = Matches()
    error: str | None = None


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0 if all was read, 1 if a document failed, 2 if the labels cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m eval.tables", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of the sets")
    parser.add_argument("--out", type=Path, default=Path("out/tables"), help="extracted tables go here")
    parser.add_argument("--only", default="", help="only documents whose name contains this")
    parser.add_argument("--fresh", action="store_true", help="extract again what --out already holds")
    parser.add_argument("--worst", type=int, default=8, help="name this many of the worst documents per set")
    options = parser.parse_args(argv)
    console = Console(width=None if sys.stdout.isatty() else 160)
    if options.fresh and options.out.is_dir():
        shutil.rmtree(options.out)
    try:
        failed = _run(options, console)
    except BadCase as error:
        console.print(str(error), style="red")
        return 2
    return int(failed > 0)


def _run(options: argparse.Namespace, console: Console) -> int:
    """Score and show every set that is there. Returns the number of documents that failed."""
    failed = sets = 0
    for name, (pattern, score, show) in SETS.items():
        sources = [
            path for path in sorted((options.folder / name).glob(pattern)) if options.only in path.name
        ]
        if not sources:
            continue
        scored = [_scored(path, options.out / name, score, console) for path in sources]
        show(name, scored, options.worst, console)
        for one in scored:
            if one.error is not None:
                console.print(f"{one.name}: {one.error}", style="red")
        sets += 1
        failed += sum(one.error is not None for one in scored)
    if not sets:
        raise BadCase(f"{options.folder}: holds none of {', '.join(SETS)}")
    return failed


def _scored(path: Path, out: Path, score: Callable[[Path, Json], Scored], console: Console) -> Scored:
    target = out / f"{path.stem}.json"
    if not target.is_file():
        console.print(path.name, style="dim")
        save_tables((path,), target)
    found: Json = json.loads(target.read_text(encoding="utf-8"))
    return replace(score(path, found), error=found["error"])


def score_icdar2013(path: Path, found: Json) -> Scored:
    """One PDF of ICDAR 2013, with the labels of its own name (`us-011b` labels `us-011a.pdf` otherwise: left out)."""
    labels = path.with_name(f"{path.stem}-str.xml")
    return Scored(path.stem, score_tables(placed_tables(found), read_icdar2013(labels, page_sizes(found))))


def score_budget(path: Path, found: Json) -> Scored:
    """One PDF of the budgets."""
    gold = read_budget(path.with_name(f"{path.stem}.gt.json"))
    return Scored(path.stem, score_tables(placed_tables(found), gold))


def score_ctdar(path: Path, found: Json) -> Scored:
    """One page of cTDaR."""
    gold = read_ctdar(path.with_suffix(".xml"))
    grids = [table_from_record(table) for table in found["tables"]]
    return Scored(path.stem, relations=box_relations(grids, gold))


def placed_tables(found: Json) -> list[PlacedTable]:
    """The extracted tables with their boxes as fractions of the page."""
    sizes = {page["page"]: (page["width"], page["height"]) for page in found["pages"]}
    return [
        PlacedTable(
            table["page"],
            scaled(Box(*table["box"]), *sizes[table["page"]]),
            in_fractions(table_from_record(table), *sizes[table["page"]]),
        )
        for table in found["tables"]
    ]


def page_sizes(found: Json) -> PageSizes:
    """The pages' sizes in points."""
    return {
        page["page"]: tuple(POINTS * page[side] / page["dpi"] for side in ("width", "height"))
        for page in found["pages"]
    }


def show_tables(name: str, scored: Sequence[Scored], worst: int, console: Console) -> None:
    """Means over all tables of a set, and its worst documents."""
    shown = Table(title=f"{name}: {len(scored)} documents", title_justify="left")
    for column in ("document", "tables", "missed", "invented", *_COLUMNS):
        shown.add_column(column, justify="left" if column == "document" else "right", no_wrap=True)
    shown.add_row("all", *_means([score for one in scored for score in one.tables]), style="bold")
    shown.add_section()
    for one in sorted(scored, key=lambda one: (mean_scores(one.tables).grits_con, one.name))[:worst]:
        shown.add_row(one.name, *_means(one.tables))
    console.print(shown)


def show_relations(name: str, scored: Sequence[Scored], worst: int, console: Console) -> None:
    """Relations over all pages of a set, and its worst pages."""
    shown = Table(title=f"{name}: {len(scored)} pages", title_justify="left")
    for column in ("page", "relations", "found", "right", "precision", "recall", "adjacency F1"):
        shown.add_column(column, justify="left" if column == "page" else "right", no_wrap=True)
    shown.add_row("all", *_rates(sum((one.relations for one in scored), Matches())), style="bold")
    shown.add_section()
    for one in sorted(scored, key=lambda one: (one.relations.f1, one.name))[:worst]:
        shown.add_row(one.name, *_rates(one.relations))
    console.print(shown)
    perfect = sum(one.relations.f1 == 1 for one in scored)
    console.print(f"{perfect} of {len(scored)} pages without an error")


SETS: dict[
    str, tuple[str, Callable[[Path, Json], Scored], Callable[[str, Sequence[Scored], int, Console], None]]
] = {
    "ctdar": ("*.jpg", score_ctdar, show_relations),
    "icdar2013-us": ("*.pdf", score_icdar2013, show_tables),
    "budgets": ("*.pdf", score_budget, show_tables),
}


def _means(scores: Sequence[TableScore]) -> tuple[str, ...]:
    means = mean_scores(scores)
    rates = (means.teds, means.teds_s, means.grits_con, means.grits_top, means.spans.f1, means.adjacency.f1)
    return (*map(str, (means.tables, means.missed, means.invented)), *(f"{rate:.4f}" for rate in rates))


def _rates(found: Matches) -> tuple[str, ...]:
    rates = (found.precision, found.recall, found.f1)
    return (*map(str, (found.gold, found.found, found.right)), *(f"{rate:.4f}" for rate in rates))


if __name__ == "__main__":
    sys.exit(main())
