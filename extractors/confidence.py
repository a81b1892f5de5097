"""How sure a field is, and whether a person must look: the one place where all evidence comes together.

First version, set by reasoning and not yet calibrated; `Assess` is the seam where a calibrated one goes in.
The probability that a value is right is taken as the product of four things that fail for different reasons:

* reading: the recogniser's probability of the text, raised by sum rules that hold with it. A rule holds over
  a misread operand only if another operand is wrong by just as much, so the doubt shrinks to the chance of
  that (`supported`). Sum rules say nothing about *where* a value stands: two swapped rows add up as well, so
  they support the reading alone;
* structure: that the cell's borders are where we say;
* label: that the cell's row and column are the field's;
* join: that the pieces of its table belong together. A wrong join mostly shows in the labels too, so only the
  share that would not is held against the value.

Beside the product some findings send a value to review whatever its probability: see `FORCED`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

REVIEW_BELOW = 0.90
"""A product below this goes to a person. The factors of a clean page are 0.99 and more; one factor in real
doubt, or three in slight doubt, bring it down here."""
READING_LEAST = 0.95
"""... and a reading below this, after the sum rules had their say. DESIGN.md section 7: of value cells cut out at
their true places at four scan levels, every misreading but two lay below it, and those two read "à" for 0, which
is `off_charset`."""
STRUCTURE_LEAST = 0.80
LABEL_LEAST = 0.80
"""A row that only its neighbours place has 0.6: it must not pass. A misprinted label in its place has 1."""
JOIN_LEAST = 0.70
JOIN_UNSEEN = 0.2
"""Share of wrong joins that the row labels do not betray, as pieces of two copies of one table."""

COMPENSATING = 0.1
"""Chance that a second wrong operand is wrong by the very amount that hides the first."""
ALIKE = 0.3
"""... and where both read the same text, the chance that both are the same misreading: the one 7 of a row and
its total are printed alike and fail alike."""
LEAST_DOUBT = 0.01
"""What share of the doubt about a reading is left however many rules hold with it."""
BLANK_READING = 0.995
"""That a cell in which no ink was found is blank. Faint print is the rest."""

FORCED = frozenset(
    {
        "blank_in_doubt",
        "dash_in_doubt",
        "form_in_doubt",
        "found_twice",
        "kind_in_doubt",
        "merged_row",
        "odd_for_type",
        "off_charset",
        "shared_cell",
        "slash_in_doubt",
        "split_cell",
        "unit_in_doubt",
    }
)
"""Notes that make a value go to a person whatever its probability, since they say it may be wholly other:

blank_in_doubt  a blank where something was read, or one of few blanks among values: print may have faded
dash_in_doubt   one of few dashes among values: may be what is left of a ruling
form_in_doubt   another form fits the document nearly as well
found_twice     two cells of the document claim the field
kind_in_doubt   the document may be no report at all: a notice, say, that annexes the form
merged_row      the row's label holds two labels: a ruling between two rows was not seen
odd_for_type    a number the form cannot mean there, as a negative count
off_charset     the recogniser read characters that no value has
shared_cell     the cell serves two fields
slash_in_doubt  one of few slashes among values: may be a pen's stroke, or what is left of a number
split_cell      the field's place holds two cells
unit_in_doubt   one of few counts with a unit (3件) among counts without, or the other way round: dirt, or lost
"""


class Operand(NamedTuple):
    """Another value of a sum rule that holds: its reading probability, and whether it reads the same text."""

    reading: float
    alike: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known about one value. Probabilities 0..1.

    `reading` is that of the text alone; `holding` has, per sum rule that holds with this value, the other
    operands. `broken` are the ids of broken rules it takes part in, `suspect`
    whether they accuse it. `notes` are codes of `FORCED`.
    """

    reading: float
    structure: float = 1.0
    label: float = 1.0
    join: float = 1.0
    holding: tuple[tuple[Operand, ...], ...] = ()
    broken: tuple[str, ...] = ()
    suspect: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """`confidence`: probability that the value is right. `reasons`: machine codes, worded by messages.py."""

    confidence: float
    review: bool
    reasons: tuple[str, ...]


Assess = Callable[[Evidence], Assessment]


def assess(evidence: Evidence) -> Assessment:
    """The first version of an `Assess`, as the module says."""
    reading = supported(evidence.reading, evidence.holding)
    join = 1.0 - JOIN_UNSEEN * (1.0 - evidence.join)
    confidence = reading * evidence.structure * evidence.label * join
    doubts = (
        ("low_confidence", reading, reading < READING_LEAST),
        ("low_structure", evidence.structure, evidence.structure < STRUCTURE_LEAST),
        ("label_in_doubt", evidence.label, evidence.label < LABEL_LEAST),
        ("join_in_doubt", join, evidence.join < JOIN_LEAST),
    )
    weighty = [code for code, _, is_so in doubts if is_so]
    if not weighty and confidence < REVIEW_BELOW:
        weighty = [min(doubts, key=lambda doubt: doubt[1])[0]]
    notes = [note for note in dict.fromkeys(evidence.notes) if note in FORCED]
    broken = [f"check_broken:{rule}" for rule in evidence.broken]
    review = bool(weighty or notes or evidence.suspect)
    return Assessment(_halved(confidence, evidence.suspect), review, (*weighty, *notes, *broken))


def supported(reading: float, holding: Sequence[Sequence[Operand]]) -> float:
    """The reading's probability once sum rules hold with it; `holding` as in `Evidence`."""
    doubt = 1.0 - reading
    if doubt <= 0.0:
        return reading
    hidden = [sum(_hides(operand, doubt) for operand in others) for others in holding]
    return 1.0 - doubt * max(LEAST_DOUBT, min([1.0, *hidden]))


def _hides(operand: Operand, doubt: float) -> float:
    """Chance that this operand is wrong too and hides the error, given that there is one."""
    other = 1.0 - operand.reading
    return max(COMPENSATING * other, ALIKE * min(1.0, other / doubt) if operand.alike else 0.0)


def _halved(confidence: float, suspect: bool) -> float:
    """A suspect's probability. Of a broken rule either the print is wrong or our reading: even odds."""
    return confidence / 2 if suspect else confidence
