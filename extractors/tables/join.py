"""Tables over a page break: which fragments are one table, and what of them belongs together.

Joined only on evidence: nothing printed between the two, column lines that agree (or are a subset, where the
second part has only wide cells, or are those of most rows, where the form's next row follows), and either the
form's next row or the open border that a page break leaves.
A join is kept beside its fragments (`JoinedTable.fragments`), so `split` can undo it, and each cell keeps page
and box of all its parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.document import Cell, Fragment, JoinedTable, Line, PageReading, Part, Reading, Table
from extractors.forms.labels import is_wordy, locate_row, normalise, similarity
from extractors.forms.model import Form
from extractors.geometry import Box
from extractors.layout import Body, read_body
from extractors.tables.common_columns import shares
from extractors.tables.merge import merge_fragments, on_common_lines

SIDE_IN = 0.6  # how far a table may be shifted sideways between two scanned pages
WIDTH = 0.04  # and by what share its width may differ (scale of two scans, curl)
LINE = 0.015  # column lines agree within this share of the table's width
ROW_MATCH = 0.6  # a row label this much like one of the form's tells where in the form it stands
SAME_LABEL = 0.05  # rows of the form that fit nearly as well as the best are not told apart
REPEATED = 0.8  # header texts this alike are one header printed again
BAND = 0.8  # text this much like one of the form's bands is that band
MAIN = 0.5  # a column line that this share of the rows has is no stroke of text
MAIN_LINES = 4  # and so many of them tell one table from another, if the labels go on
STRAY = 4  # no heading and no sentence between two tables has fewer characters: what a seal left
COLUMN_IN = 0.25  # no column is narrower
UNRULED = 0.9  # that a column shown by the other pages alone is there
HEADER_ROWS = 4  # no form's header is higher

# Probability that two fragments are one table, by what speaks for it (columns agree in every case, all of them or,
# where the form's next row follows, the main ones).
NEXT_ROW_AND_OPEN, NEXT_ROW, REPEATED_HEADER, OPEN_BORDER = 0.999, 0.995, 0.99, 0.9


@dataclass(frozen=True, slots=True)
class Link:
    """Why a fragment goes on another: the probability that it does, and header rows it prints again."""

    confidence: float
    repeated: int = 0


def join_tables(readings: Sequence[PageReading], forms: Sequence[Form]) -> tuple[JoinedTable, ...]:
    """The tables of a document in reading order, each put together from its fragments."""
    body = read_body(readings)
    chains: list[list[Fragment]] = []
    links: list[list[Link]] = []
    for reading in readings:
        for original in reading.fragments:
            fragment, link = original, None
            if chains and _is_adjacent(chains[-1][-1], fragment, body, forms):
                fragment = _with_first_column(fragment, chains[-1][-1], readings)
                link = link_between(chains[-1], fragment, readings, forms)
            if link is None:
                chains.append([original])
                links.append([])
            else:
                chains[-1].append(fragment)
                links[-1].append(link)
    return tuple(_joined(chain, chain_links, forms) for chain, chain_links in zip(chains, links, strict=True))


def split(table: JoinedTable) -> tuple[JoinedTable, ...]:
    """Undo a join: each fragment as a table of its own."""
    return tuple(JoinedTable(fragment.table, (fragment,)) for fragment in table.fragments)


def _joined(chain: Sequence[Fragment], links: Sequence[Link], forms: Sequence[Form]) -> JoinedTable:
    if len(chain) == 1:
        return JoinedTable(chain[0].table, (chain[0],))
    confidence = 1.0
    for link in links:
        confidence *= link.confidence
    table = merge_fragments(chain, [0, *(link.repeated for link in links)], forms)
    return JoinedTable(table, tuple(chain), confidence)


def _is_adjacent(upper: Fragment, lower: Fragment, body: Body, forms: Sequence[Form]) -> bool:
    """Whether nothing but page furniture, empty pages and bands of the form stands between two neighbours.

    On one page a band must stand there: printed without side borders, it has no ruling that ties it to other rows.
    """
    between = _kept_between(upper, lower, body)
    bands = [line for line in between if _is_band(line.text, forms)]
    if upper.page == lower.page and (not bands or upper.box.y1 > lower.box.y0):
        return False
    return len(bands) == len(between)


def _kept_between(upper: Fragment, lower: Fragment, body: Body) -> list[Line]:
    """The lines of the body between two fragments, page furniture left out."""
    first, last = (upper.page, upper.box.y1), (lower.page, lower.box.y0)
    lines = [body.lines[index] for index in body.kept() if len(normalise(body.lines[index].text)) >= STRAY]
    return [line for line in lines if first < (line.page, line.box.centre[1]) < last]


def _is_band(text: str, forms: Sequence[Form]) -> bool:
    guesses = locate_row([text], forms, BAND)
    rows = {form.id: form for form in forms}
    return any(rows[g.form].table(g.table_key).layout.rows[g.row].kind == "band" for g in guesses)


def _with_first_column(lower: Fragment, upper: Fragment, readings: Sequence[PageReading]) -> Fragment:
    """`lower` with the column that `upper` has before its first; as it is where it has all of them.

    Without side borders, a merged cell that runs from one page break to the next leaves no ruling at all.
    """
    dpi = {reading.info.number: reading.info.dpi for reading in readings}
    left = lower.xs[-1] - (upper.xs[-1] - upper.xs[0]) / dpi[upper.page] * dpi[lower.page]
    missing = (lower.xs[0] - left) / dpi[lower.page]
    if not missing >= COLUMN_IN or _columns_agree(upper, lower, dpi):
        return lower
    box = Box(left, lower.box.y0, lower.box.x1, lower.box.y1)
    part = Part(lower.page, Box(left, lower.box.y0, lower.xs[0], lower.box.y1))
    first = Cell(0, lower.table.n_rows, 0, 1, Reading("", 1.0), (part,), UNRULED, blank=True)
    cells = [first, *(replace(cell, col0=cell.col0 + 1, col1=cell.col1 + 1) for cell in lower.table.cells)]
    table = Table(
        lower.table.n_rows, lower.table.n_cols + 1, tuple(sorted(cells, key=lambda c: (c.row0, c.col0)))
    )
    edges = [(0.0, *edges) if edges else () for edges in (lower.top_edges, lower.bottom_edges)]
    wide = replace(
        lower, box=box, table=table, xs=(left, *lower.xs), top_edges=edges[0], bottom_edges=edges[1]
    )
    return wide if _columns_agree(upper, wide, dpi) else lower


def link_between(
    chain: Sequence[Fragment], lower: Fragment, readings: Sequence[PageReading], forms: Sequence[Form]
) -> Link | None:
    """The evidence that `lower` continues `chain`, or None where it is not enough."""
    upper = chain[-1]
    dpi = {reading.info.number: reading.info.dpi for reading in readings}
    alike = _columns_agree(upper, lower, dpi)
    if not alike and not _main_columns_agree(upper, lower, dpi):
        return None
    repeated = _repeated_header(chain[0], lower)
    follows = _follows(upper, lower, repeated, forms)
    is_open = upper.open_bottom or lower.open_top
    if follows is False or not (alike or follows):
        return None
    if repeated:
        return Link(NEXT_ROW if follows else REPEATED_HEADER, repeated)
    if follows:
        return Link(NEXT_ROW_AND_OPEN if is_open else NEXT_ROW)
    if is_open and len(upper.xs) > 2:
        return Link(OPEN_BORDER)
    return None


def _columns_agree(upper: Fragment, lower: Fragment, dpi: dict[int, float]) -> bool:
    """Same place and width on the page, and the column lines of one are all among those of the other."""
    if not _same_place(upper, lower, dpi):
        return False
    fewer, more = sorted((shares(upper), shares(lower)), key=len)
    return _among(fewer, more)


def _main_columns_agree(upper: Fragment, lower: Fragment, dpi: dict[int, float]) -> bool:
    """Same place and width, and the column lines that the rows of one have in common are among the other's.

    Strokes of text leave lines that only one row has.
    """
    if not _same_place(upper, lower, dpi):
        return False
    sides = sorted(((_main_lines(f), shares(f)) for f in (upper, lower)), key=lambda side: len(side[0]))
    return len(sides[0][0]) >= MAIN_LINES and _among(sides[0][0], sides[1][1])


def _same_place(upper: Fragment, lower: Fragment, dpi: dict[int, float]) -> bool:
    left = [f.xs[0] / dpi[f.page] for f in (upper, lower)]
    width = [(f.xs[-1] - f.xs[0]) / dpi[f.page] for f in (upper, lower)]
    return abs(left[0] - left[1]) <= SIDE_IN and abs(width[0] - width[1]) <= WIDTH * max(width)


def _among(lines: Sequence[float], others: Sequence[float]) -> bool:
    return all(min(abs(x - other) for other in others) <= LINE for x in lines)


def _main_lines(fragment: Fragment) -> tuple[float, ...]:
    """The column lines, as shares of the width, at which a cell begins or ends in MAIN of the rows."""
    rows: list[set[int]] = [set() for _ in range(fragment.table.n_rows)]
    for cell in fragment.table.cells:
        for row in range(cell.row0, cell.row1):
            rows[row] |= {cell.col0, cell.col1}
    return tuple(
        share
        for index, share in enumerate(shares(fragment))
        if sum(index in row for row in rows) >= MAIN * len(rows)
    )


def _repeated_header(first: Fragment, lower: Fragment) -> int:
    """How many rows at the top of `lower` print the table's header again.

    Compared on the columns of both: under the same header, a part with wide cells only has fewer columns.
    """
    first_cells, lower_cells = on_common_lines((first, lower))
    best = 0
    for count in range(1, min(HEADER_ROWS, first.table.n_rows, lower.table.n_rows - 1) + 1):
        ours = [cell for cell in lower_cells if cell.row0 < count]
        theirs = {(c.row0, c.row1, c.col0, c.col1): c for c in first_cells if c.row0 < count}
        same = [theirs.get((c.row0, c.row1, c.col0, c.col1)) for c in ours]
        if any(c.row1 > count for c in ours) or len(ours) != len(theirs):
            continue
        alike = [
            mate is not None and (mate.blank == cell.blank) and _alike(cell.text, mate.text)
            for cell, mate in zip(ours, same, strict=True)
        ]
        if all(alike) and any(is_wordy(cell.text) for cell in ours):
            best = count
    return best


def _alike(text: str, other: str) -> bool:
    return normalise(text) == normalise(other) or similarity(text, other) >= REPEATED


def _follows(upper: Fragment, lower: Fragment, repeated: int, forms: Sequence[Form]) -> bool | None:
    """Whether the first new row of `lower` comes later in the same form table than the last row of `upper`.

    None where the labels do not tell.
    """
    last = _last_places(upper, forms)
    first = _places(lower, repeated, forms)
    if last and not first and _awaits_values(last, lower, repeated, forms):
        return True
    if not last or not first:
        return None
    return any(up <= low for table, ups in last.items() for up in ups for low in first.get(table, ()))


def _awaits_values(
    last: dict[tuple[str, str], list[int]], lower: Fragment, row: int, forms: Sequence[Form]
) -> bool:
    """Whether the rows of the form that may be the last above are followed by a row without labels, as `row` is."""
    if any(is_wordy(c.text) for c in lower.table.cells if c.row0 <= row < c.row1):
        return False
    tables = {(form.id, table.key): table.layout.rows for form in forms for table in form.tables}
    return any(
        up + 1 < len(tables[table]) and not tables[table][up + 1].labels
        for table, ups in last.items()
        for up in ups
    )


def _last_places(fragment: Fragment, forms: Sequence[Form]) -> dict[tuple[str, str], list[int]]:
    """`_places` of the last row that tells, where only rows of labels, as of a header, come after it."""
    for row in reversed(range(fragment.table.n_rows)):
        places = _places(fragment, row, forms)
        cells = [c for c in fragment.table.cells if c.row0 <= row < c.row1]
        if places or not all(c.blank or is_wordy(c.text) for c in cells):
            return places
    return {}


def _places(fragment: Fragment, row: int, forms: Sequence[Form]) -> dict[tuple[str, str], list[int]]:
    """(form, table) -> the form's rows that a printed row looks most like: several where labels repeat."""
    cells = [c for c in fragment.table.cells if c.row0 <= row < c.row1 and is_wordy(c.text)]
    labels = [c.text for c in sorted(cells, key=lambda c: c.col0)]
    guesses = locate_row(labels, forms, ROW_MATCH)
    places: dict[tuple[str, str], list[int]] = {}
    for guess in guesses:
        if guess.score >= guesses[0].score - SAME_LABEL:
            places.setdefault((guess.form, guess.table_key), []).append(guess.row)
    return places
