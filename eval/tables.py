"""Score our table extraction on public table sets: `python -m eval.tables FOLDER`.

FOLDER holds sets by name (`ctdar`, `icdar2013-us`, `budgets`; those that are there are run). Those of PDFs are read
twice: from their vectors and text, and as pictures of the pages that hold tables. `--peer` puts another reader in the
place of ours, for pictures only. What is extracted is kept in `--out` as JSON and not extracted again without
`--fresh`. A page that fails has no tables, and costs all of its truth. The figures of
this command are in docs/metrics.md, with what each score sees.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from eval.cases import BadCase
from eval.metrics.adjacency import box_relations
from eval.metrics.bootstrap import Interval, Share, f1_share, interval
from eval.metrics.grid_table import table_from_record
from eval.metrics.matches import Matches
from eval.metrics.tables import PlacedTable, TableScore, in_fractions, mean_scores, scaled, score_tables
from eval.readers.budgets import read_budget
from eval.readers.ctdar import read_ctdar
from eval.readers.icdar2013 import PageSizes, read_icdar2013
from eval.table_pages import save_tables
from extractors.errors import NianbaoError
from extractors.geometry import Box
from extractors.stages import OURS, Stages, load_stages

Json = Mapping[str, Any]
POINTS = 72.0  # per inch
_RATES = ("teds", "teds_s", "grits_con", "grits_top")  # of a TableScore
_COLUMNS = ("TEDS", "TEDS-S", "GriTS-Con", "GriTS-Top", "cell-span F1", "adjacency F1")


@dataclass(frozen=True, slots=True)
class Scored:
    """What came of one document: per table, or for cTDaR the relations of its one page."""

    name: str
    tables: tuple[TableScore, ...] = ()
    relations: Matches = Matches()
    texts: int = 0  # of cTDaR's truth
    covered: int = 0  # those of them that stand in a cell of ours
    error: str | None = None


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0 if all was read, 1 if a document failed, 2 if the labels cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m eval.tables", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of the sets")
    parser.add_argument("--out", type=Path, default=Path("out/tables"), help="extracted tables go here")
    parser.add_argument("--set", choices=sorted(SETS), help="only this set")
    parser.add_argument("--only", default="", help="only documents whose name contains this")
    parser.add_argument("--every", type=int, default=1, help="only every n-th document of a set, by name")
    parser.add_argument(
        "--peer", help="a reader of eval.peers.readers in the place of ours: sets of pictures only"
    )
    parser.add_argument("--fresh", action="store_true", help="extract again what --out already holds")
    parser.add_argument("--worst", type=int, default=8, help="name this many of the worst documents per set")
    options = parser.parse_args(argv)
    console = Console(width=None if sys.stdout.isatty() else 160)
    try:
        failed = _run(options, console)
    except (BadCase, NianbaoError) as error:
        console.print(str(error), style="red")
        return 2
    return int(failed > 0)


def _run(options: argparse.Namespace, console: Console) -> int:
    """Score and show every set that is there. Returns the number of documents that failed."""
    chosen = {name: table_set for name, table_set in SETS.items() if options.set in {None, name}}
    stages = OURS
    if options.peer:
        chosen = {name: one for name, one in chosen.items() if one.of_pictures}
        stages = load_stages(f"eval.peers.readers:{options.peer}", None)
    out = options.out / options.peer if options.peer else options.out
    failed = scored_sets = 0
    for name, table_set in chosen.items():
        paths = sorted((options.folder / table_set.folder).glob(table_set.pattern))
        sources = [path for path in paths if options.only in path.name][:: options.every]
        if not sources:
            continue
        read = Reading(out / name, stages, options.fresh)
        scored = [_scored(path, table_set, read, console) for path in sources]
        table_set.show(name, scored, options.worst, console)
        for one in scored:
            if one.error is not None:
                console.print(f"{one.name}: {one.error}", style="red")
        scored_sets += 1
        failed += sum(one.error is not None for one in scored)
    if not scored_sets:
        raise BadCase(f"{options.folder}: holds none of {', '.join(chosen)}")
    return failed


@dataclass(frozen=True, slots=True)
class Reading:
    """Where what is read is kept, who reads it, and whether what is kept is read again."""

    out: Path
    stages: Stages
    fresh: bool


def _scored(path: Path, table_set: TableSet, read: Reading, console: Console) -> Scored:
    target = read.out / f"{path.stem}.json"
    if read.fresh or not target.is_file():
        console.print(path.name, style="dim")
        save_tables(path, target, table_set.pictured(path) if table_set.pictured else None, read.stages)
    found: Json = json.loads(target.read_text(encoding="utf-8"))
    return replace(table_set.score(path, found), error=found["error"])


def score_icdar2013(path: Path, found: Json) -> Scored:
    """One PDF of ICDAR 2013 with the labels of its name. Second opinions (`us-011b` of `us-011a`) are left out."""
    labels = path.with_name(f"{path.stem}-str.xml")
    return Scored(path.stem, score_tables(placed_tables(found), read_icdar2013(labels, page_sizes(found))))


def icdar2013_pages(path: Path) -> list[int]:
    """The pages of the PDF that hold tables."""
    labels = path.with_name(f"{path.stem}-str.xml")
    anywhere: PageSizes = defaultdict(lambda: (1.0, 1.0))  # which page it is does not depend on its size
    return sorted({placed.page for placed in read_icdar2013(labels, anywhere)})


def score_budget(path: Path, found: Json) -> Scored:
    """One PDF of the budgets."""
    return Scored(path.stem, score_tables(placed_tables(found), budget_labels(path)))


def budget_labels(path: Path) -> tuple[PlacedTable, ...]:
    """The tables of the budget whose PDF is `path`."""
    return read_budget(path.with_name(f"{path.stem}.gt.json"))


def budget_pages(path: Path) -> list[int]:
    """The pages of the budget that hold tables."""
    return sorted({placed.page for placed in budget_labels(path)})


def score_ctdar(path: Path, found: Json) -> Scored:
    """One page of cTDaR."""
    gold = read_ctdar(path.with_suffix(".xml"))
    grids = [table_from_record(table) for table in found["tables"]]
    places = [box.centre for table in gold for box in table.texts.values()]
    cells = [cell.box for grid in grids for cell in grid.cells if cell.box is not None]
    covered = sum(any(cell.holds(*place) for cell in cells) for place in places)
    return Scored(path.stem, relations=box_relations(grids, gold), texts=len(places), covered=covered)


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
    """The pages' sizes in points. Of a document that could not be read any will do: nothing has a place there."""
    if found["error"] is not None:
        return defaultdict(lambda: (1.0, 1.0))
    return {
        page["page"]: (POINTS * page["width"] / page["dpi"], POINTS * page["height"] / page["dpi"])
        for page in found["pages"]
    }


def show_tables(name: str, scored: Sequence[Scored], worst: int, console: Console) -> None:
    """Means over all tables of a set, and its worst documents."""
    shown = Table(title=f"{name}: {len(scored)} documents", title_justify="left")
    for column in ("document", "tables", "missed", "invented", *_COLUMNS):
        shown.add_column(column, justify="left" if column == "document" else "right", no_wrap=True)
    shown.add_row("all", *_means([score for one in scored for score in one.tables]), style="bold")
    for edge in ("low", "high"):
        shown.add_row(f"95 %, {edge}", "", "", "", *(f"{getattr(i, edge):.4f}" for i in _intervals(scored)))
    shown.add_section()
    for one in sorted(scored, key=lambda one: (mean_scores(one.tables).grits_con, one.name))[:worst]:
        shown.add_row(one.name, *_means(one.tables))
    console.print(shown)


def show_relations(name: str, scored: Sequence[Scored], worst: int, console: Console) -> None:
    """Relations over all pages of a set, and its worst pages."""
    shown = Table(title=f"{name}: {len(scored)} pages", title_justify="left")
    for column in ("page", "texts", "in cells", "relations", "found", "right", "precision", "recall", "F1"):
        shown.add_column(column, justify="left" if column == "page" else "right", no_wrap=True)
    texts = str(sum(one.texts for one in scored)), str(sum(one.covered for one in scored))
    shown.add_row("all", *texts, *_rates(sum((one.relations for one in scored), Matches())), style="bold")
    found = interval([f1_share(one.relations) for one in scored])
    shown.add_row("95 %, low", *[""] * 7, f"{found.low:.4f}")
    shown.add_row("95 %, high", *[""] * 7, f"{found.high:.4f}")
    shown.add_section()
    for one in sorted(scored, key=lambda one: (one.relations.f1, one.name))[:worst]:
        shown.add_row(one.name, str(one.texts), str(one.covered), *_rates(one.relations))
    console.print(shown)
    perfect = sum(one.relations.f1 == 1 for one in scored)
    console.print(f"{perfect} of {len(scored)} pages without an error")


@dataclass(frozen=True, slots=True)
class TableSet:
    """Where a set lies and how it is scored. `pictured`: pages to be read as pictures, None: as they are.

    `of_pictures`: all that is read is pictures, so that another reader of pictures can be put in the place of ours.
    """

    folder: str
    pattern: str
    score: Callable[[Path, Json], Scored]
    show: Callable[[str, Sequence[Scored], int, Console], None]
    pictured: Callable[[Path], list[int]] | None = None

    @property
    def of_pictures(self) -> bool:
        return self.pictured is not None or self.pattern.endswith(".jpg")


SETS = {
    "ctdar": TableSet("ctdar", "*.jpg", score_ctdar, show_relations),
    "icdar2013-us": TableSet("icdar2013-us", "*.pdf", score_icdar2013, show_tables),
    "icdar2013-us-pictured": TableSet("icdar2013-us", "*.pdf", score_icdar2013, show_tables, icdar2013_pages),
    "budgets": TableSet("budgets", "*.pdf", score_budget, show_tables),
    "budgets-pictured": TableSet("budgets", "*.pdf", score_budget, show_tables, budget_pages),
}


def _means(scores: Sequence[TableScore]) -> tuple[str, ...]:
    means = mean_scores(scores)
    rates = (means.teds, means.teds_s, means.grits_con, means.grits_top, means.spans.f1, means.adjacency.f1)
    return (*map(str, (means.tables, means.missed, means.invented)), *(f"{rate:.4f}" for rate in rates))


def _intervals(scored: Sequence[Scored]) -> list[Interval]:
    """The interval of each rate that `_means` shows, whole documents drawn."""
    shares = [
        [Share(sum(getattr(score, rate) for score in one.tables), len(one.tables)) for one in scored]
        for rate in _RATES
    ]
    for pick in ("spans", "adjacency"):
        totals = [sum((getattr(score, pick) for score in one.tables), Matches()) for one in scored]
        shares.append([f1_share(total) for total in totals])
    return [interval(documents) for documents in shares]


def _rates(found: Matches) -> tuple[str, ...]:
    rates = (found.precision, found.recall, found.f1)
    return (*map(str, (found.gold, found.found, found.right)), *(f"{rate:.4f}" for rate in rates))


if __name__ == "__main__":
    sys.exit(main())
