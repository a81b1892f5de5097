"""Where a line of the grid really runs beside each row or column: not always in one place.

A word processor that sets a header row with other cell margins, or a table glued together from several, draws one
column's ruling in pieces that stand a few pixels apart from row to row. It is one line of the grid all the same: a
column of a tenth of a character's width holds nothing. So the line keeps one position, and every unit edge of it has
a place of its own, where its ruling is looked for, taken out, and the cell's inside begins.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extractors.tables.lines import ALIGNED_IN, PITCH_IN, Floats, Piece, covered, place_of
from extractors.tables.rulings import Rulings

MOVED = 0.8  # share of a unit edge that rulings beside the line must run along, for the edge to lie there


def places_of_edges(pieces: Sequence[Piece], lines: Floats, crossing: Floats, rulings: Rulings) -> Floats:
    """Where each unit edge lies across the lines' direction, in pixels, shape (len(lines), len(crossing) - 1).

    `pieces` of ruling run along the `lines`. An edge lies on its line unless pieces that belong to no nearer line
    run along most of it elsewhere; of several such, as in a double ruling, the nearest counts.
    """
    places = np.repeat(lines[:, None], len(crossing) - 1, axis=1)
    pitch = rulings.px(PITCH_IN)
    for i, line in enumerate(lines):
        ours = [p for p in pieces if abs(p.at - line) < pitch and np.abs(lines - p.at).argmin() == i]
        for strand in _strands(ours, rulings):
            for j in range(len(crossing) - 1):
                place = _place_along(strand, float(crossing[j]), float(crossing[j + 1]))
                if place is not None and (
                    places[i, j] == line or abs(place - line) < abs(places[i, j] - line)
                ):
                    places[i, j] = place
    return places


def _strands(pieces: Sequence[Piece], rulings: Rulings) -> list[list[Piece]]:
    """Pieces put together that stand in one place across their direction."""
    near = max(3, rulings.px(ALIGNED_IN))
    strands: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: p.at):
        if strands and piece.at - strands[-1][-1].at < near:
            strands[-1].append(piece)
        else:
            strands.append([piece])
    return strands


def _place_along(strand: Sequence[Piece], start: float, stop: float) -> float | None:
    """Where the strand lies between `start` and `stop`; None where it does not run along most of that."""
    clipped = [Piece(p.at, max(p.start, start), min(p.stop, stop)) for p in strand]
    inside = [piece for piece in clipped if piece.length > 0]
    return place_of(inside) if covered(inside) >= MOVED * (stop - start) > 0 else None
