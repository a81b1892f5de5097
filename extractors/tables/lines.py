"""Which pieces of ruling are lines of a grid, and which are strokes of text that only look like it.

Works on a straightened table, where every ruling lies on one row or column of pixels. Three things tell a ruling:
it runs through paper, it is long, or both its ends lie on other rulings; a stroke of text has strokes beside
it and ends anywhere. A worn ruling comes in pieces, so pieces are first put together to runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extractors.tables.rulings import GAP_IN as CLOSED_IN
from extractors.tables.rulings import THICK_IN, Mask, Rulings

Floats = npt.NDArray[np.float64]

PITCH_IN = 0.07  # lines nearer than this are one (double) ruling: no row of text fits between
BESIDE_IN = 0.015  # how far beside a ruling there is paper, where a stroke of text has other strokes
CLEAR_IN = 0.04  # within this distance a stroke of text has the next stroke
END_IN = 0.03  # half the thickness of a crossing ruling and a little
SURROUNDED = 0.65  # share of a piece's length with ink within CLEAR_IN on both sides above which it is text
STROKE_IN = 0.3  # a piece no longer than this may be one character's stroke, that of 22 pt being as long
CROWDED = 0.2  # share of a piece's length with ink on both sides above which it is text
LEAST_IN = 0.13  # shorter pieces are no evidence for a line
ENDS_IN = 0.015  # a run "ends on" a ruling when it reaches it but for this; text keeps a wider distance
STRONG = 0.25  # a line whose pieces cover this share of the longest line needs no further evidence
LONG_IN = 0.8  # if one of them is this long, or LONG of the longest line in a small table
LONG, LONG_LEAST_IN = 0.35, 0.3
ALIGNED_IN = 0.02  # pieces of one straightened ruling lie within this distance of its middle
GAP_IN = 0.4  # breaks of a worn ruling are bridged up to this
STANDING = 3  # so many uprights on one ruling, level at their other ends, are the columns of a lone row
LEVEL = 0.6  # if they are this share of the uprights that touch it
WHOLE = 0.5  # if at least this share of the bridged run is there


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of ruling: at `at` across its direction, from `start` to `stop` along it, in pixels."""

    at: float
    start: float
    stop: float

    @property
    def length(self) -> float:
        return self.stop - self.start


def turned(mask: Mask) -> Mask:
    """The mask with x and y exchanged, so that what runs down runs across."""
    return np.ascontiguousarray(mask.T)


def pieces_of_ruling(mask: Mask, ink: Mask, rulings: Rulings) -> tuple[list[Piece], Mask]:
    """Pieces of ruling that run along x of `mask`, and the mask without the strokes of text."""
    count, labels, stats, middles = cv2.connectedComponentsWithStats(mask, connectivity=8)
    pieces = []
    keep = np.zeros(count, dtype=np.uint8)
    for index in range(1, count):
        x, y, width, height, _area = (int(v) for v in stats[index])
        box = (x, y, width, height)
        if (
            width >= rulings.px(LEAST_IN)
            and not _is_text(ink, box, rulings)
            and not _is_stroke(ink, box, rulings)
        ):
            pieces.append(Piece(float(middles[index][1]), float(x), float(x + width)))
            keep[index] = 255
    return pieces, np.asarray(keep[labels], dtype=np.uint8)


def _is_text(ink: Mask, box: tuple[int, int, int, int], rulings: Rulings) -> bool:
    """Whether a piece has ink close by on both sides (a shaded band or a digit is on one side at most).

    Just beside it, where a ruling has paper all along; or, for strokes that leave that gap, anywhere within
    the next line of strokes. Its ends do not count, where a ruling may end on others.
    """
    x, y, width, height = box
    end = min(rulings.px(END_IN), width // 5)
    x, width = x + end, width - 2 * end
    beside, clear = max(2, rulings.px(BESIDE_IN)), rulings.px(CLEAR_IN)
    sides = (range(y - clear, y - beside + 1), range(y + height - 1 + beside, y + height + clear))
    close = min(ink_share(ink, row, x, x + width) for row in (sides[0][-1], sides[1][0]))
    return close >= CROWDED or min(_zone_share(ink, rows, x, x + width) for rows in sides) >= SURROUNDED


def _is_stroke(ink: Mask, box: tuple[int, int, int, int], rulings: Rulings) -> bool:
    """Whether a short piece is the stroke of a character that stands so near to a ruling that small breaks being
    closed made it reach it: in the ink itself there is paper between. A ruling goes on into the one it ends on.
    """
    x, y, width, height = box
    if width > rulings.px(STROKE_IN):
        return False
    inked = np.flatnonzero(ink[y : y + height, x : x + width].any(axis=0))
    if len(inked) == 0:
        return True
    reach = rulings.px(THICK_IN)  # of the ruling crossed, whose thickness is part of the piece
    behind_gap = inked[1:][np.diff(inked) > 1]
    from_start, from_stop = behind_gap - inked[0], inked[-1] - behind_gap
    return bool((from_start <= reach + rulings.px(CLOSED_IN)).any() or (from_stop <= reach).any())


def _zone_share(ink: Mask, rows: range, start: int, stop: int) -> float:
    """Share of columns that have ink in any of `rows`."""
    zone = ink[max(0, rows.start) : max(0, rows.stop), start:stop]
    return float(zone.any(axis=0).mean()) if zone.size else 0.0


def ink_share(ink: Mask, row: int, start: int, stop: int) -> float:
    """Share of ink in a row of pixels; 0 outside the picture."""
    if not 0 <= row < ink.shape[0] or stop <= start:
        return 0.0
    return float(np.count_nonzero(ink[row, start:stop])) / (stop - start)


def accept(rows: list[Piece], columns: list[Piece], rulings: Rulings) -> tuple[Floats, Floats]:
    """Positions (ys, xs) of the lines: the strong ones first, then what ends on lines already accepted."""
    good_rows, good_columns = _strong(rows, rulings), _strong(columns, rulings)
    row_runs, column_runs = _all_runs(rows, rulings), _all_runs(columns, rulings)
    while True:
        on_columns, on_rows = _with_wholes(good_columns, rulings), _with_wholes(good_rows, rulings)
        more_rows = [r for r in row_runs if r not in good_rows and _ends_on(r, on_columns, rulings)]
        more_columns = [c for c in column_runs if c not in good_columns and _ends_on(c, on_rows, rulings)]
        if not more_rows and not more_columns:
            break
        good_rows += more_rows
        good_columns += more_columns
    ys = positions(good_rows, rulings)
    if len(ys) == 1:
        good_columns = _standing_on(column_runs, good_rows, rulings)
    return ys, positions(good_columns, rulings)


def _standing_on(columns: Sequence[Piece], rows: Sequence[Piece], rulings: Rulings) -> list[Piece]:
    """Columns of a lone row that a page break left open: one end on a common row, the others level.

    Too short to be strong, and without a second row to end on. Two strokes of text may do so by chance; three
    that touch a ruling do not.
    """
    near, over = max(3, rulings.px(ENDS_IN)), rulings.px(THICK_IN)
    for row in rows:
        for ends_here, free in ((_stop, _start), (_start, _stop)):
            touching = [c for c in columns if row.start - near <= c.at <= row.stop + near]
            touching = [c for c in touching if abs(ends_here(c) - row.at) <= over]
            level = float(np.median([free(c) for c in touching])) if touching else 0.0
            standing = [c for c in touching if abs(free(c) - level) <= near]
            if len(standing) >= max(STANDING, LEVEL * len(touching)):
                return standing
    return []


def _start(piece: Piece) -> float:
    return piece.start


def _stop(piece: Piece) -> float:
    return piece.stop


def _strong(pieces: list[Piece], rulings: Rulings) -> list[Piece]:
    """The pieces of lines that cover a good share of what the longest line covers."""
    if not pieces:
        return []
    # Pieces of one ruling lie on one row of pixels; strokes of a line of text scatter.
    near = max(3, rulings.px(ALIGNED_IN))
    lines = [[p for p in line if abs(p.at - place_of(line)) <= near] for line in lines_of(pieces, rulings)]
    lengths = [covered(line) for line in lines]
    long = min(float(rulings.px(LONG_IN)), max(float(rulings.px(LONG_LEAST_IN)), LONG * max(lengths)))
    whole = [
        length if max((p.length for p in line), default=0.0) >= long else 0.0
        for line, length in zip(lines, lengths, strict=True)
    ]
    least = max(STRONG * max(whole), 1.0)
    return [p for line, length in zip(lines, whole, strict=True) if length >= least for p in line]


def lines_of(pieces: Sequence[Piece], rulings: Rulings) -> list[list[Piece]]:
    """Pieces put together that lie on one line, longest first: a stroke beside a ruling must not draw it aside."""
    lines: list[list[Piece]] = []
    places: list[float] = []
    pitch = rulings.px(PITCH_IN)
    for piece in sorted(pieces, key=lambda p: -p.length):
        nearest = min(range(len(lines)), key=lambda i: abs(places[i] - piece.at), default=None)
        if nearest is not None and abs(places[nearest] - piece.at) < pitch:
            lines[nearest].append(piece)
            places[nearest] = place_of(lines[nearest])
        else:
            lines.append([piece])
            places.append(piece.at)
    return sorted(lines, key=place_of)


def place_of(line: Sequence[Piece]) -> float:
    """Where a line lies. Weighted by the square of the length: place is what long pieces know best."""
    return sum(p.at * p.length**2 for p in line) / sum(p.length**2 for p in line)


def covered(line: Sequence[Piece]) -> float:
    """Length covered by the pieces, overlaps counted once."""
    length, reach = 0.0, -np.inf
    for piece in sorted(line, key=lambda p: p.start):
        length += max(0.0, piece.stop - max(piece.start, reach))
        reach = max(reach, piece.stop)
    return length


def _all_runs(pieces: Sequence[Piece], rulings: Rulings) -> list[Piece]:
    """Runs of worn rulings: pieces of one line with the breaks between them bridged."""
    return [run for line in lines_of(pieces, rulings) for run in _runs(line, rulings)] if pieces else []


def bridged_runs(pieces: Sequence[Piece], rulings: Rulings) -> list[Piece]:
    """The rulings as if unworn: pieces of one line with breaks of up to GAP_IN bridged."""
    lines = lines_of(pieces, rulings) if pieces else []
    return [_bridged(group) for line in lines for group in _groups(line, rulings)]


def _runs(line: Sequence[Piece], rulings: Rulings) -> list[Piece]:
    groups = _groups(line, rulings)
    whole = [run for group in groups if covered(group) >= WHOLE * (run := _bridged(group)).length]
    return whole + [piece for group in groups if len(group) > 1 for piece in group]


def _groups(line: Sequence[Piece], rulings: Rulings) -> list[list[Piece]]:
    groups: list[list[Piece]] = []
    for piece in sorted(line, key=lambda p: p.start):
        if groups and piece.start - max(p.stop for p in groups[-1]) <= rulings.px(GAP_IN):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def _bridged(group: Sequence[Piece]) -> Piece:
    return Piece(place_of(group), group[0].start, max(p.stop for p in group))


def _with_wholes(pieces: Sequence[Piece], rulings: Rulings) -> list[tuple[Piece, Piece]]:
    """Each piece beside the whole line that it is a part of."""
    wholes = [(line, _bridged(sorted(line, key=_start))) for line in lines_of(pieces, rulings)]
    return [(piece, whole) for line, whole in wholes for piece in line]


def _ends_on(run: Piece, crossing: Sequence[tuple[Piece, Piece]], rulings: Rulings) -> bool:
    """Whether both ends lie on rulings that cross: short by ENDS_IN, or over by a ruling's thickness.

    A crossing ruling may have a break there, but it does not go on beyond its ends, where lines of text are.
    """
    short, over = max(3, rulings.px(ENDS_IN)), rulings.px(THICK_IN)
    reach, beyond = rulings.px(GAP_IN), rulings.px(PITCH_IN)
    here = [
        piece.at
        for piece, whole in crossing
        if piece.start - reach <= run.at <= piece.stop + reach
        and whole.start - beyond <= run.at <= whole.stop + beyond
    ]
    return any(-over <= run.start - at <= short for at in here) and any(
        -over <= at - run.stop <= short for at in here
    )


def positions(pieces: Sequence[Piece], rulings: Rulings) -> Floats:
    """Where the lines lie that the pieces make up, increasing."""
    return np.array([place_of(line) for line in lines_of(pieces, rulings)])
