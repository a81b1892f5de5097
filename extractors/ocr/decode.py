"""From a lattice of character probabilities to text: pure, no engine, so that it can be tested exactly.

Two questions are asked of a lattice. `decode` asks "what is written here?" over all characters: running
text and labels. `decode_value` asks "which of the strings this cell may hold is it, and how likely is each?"
over a small character set; the probabilities stay those of the whole distribution, so that a crop which looks
like no number at all gives only improbable ones.

CTC (Graves et al. 2006): a path is one class per time step; runs of one class collapse, then blanks go.
The probability of a string is the sum over all paths that collapse to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
import numpy.typing as npt

from extractors.document import Reading
from extractors.ocr.engine import Lattice

BLANK = 0
# A blank this sure can only separate; skipping the step's other classes loses at most the rest.
SURE = 1.0 - 1e-5
NEGLIGIBLE = 1e-7  # class probabilities and prefixes below this never become a candidate worth showing
BEAM = 24

_HALF = "0123456789+-.,/%"
VALUE_CHARACTERS = frozenset(
    _HALF
    + "".join(chr(ord(c) + 0xFEE0) for c in _HALF)
    + "—–\u2212增加减少升降元万亿无空不适用件项个条次份宗起篇部家户人"
)
"""What a value cell may hold, in half and full width: the recogniser prints either, and both are kept raw."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text read from one lattice. `extents` has (x0, x1) per character, in pixels of the crop as given."""

    text: str
    confidence: float
    characters: tuple[float, ...]
    extents: tuple[tuple[float, float], ...]
    candidates: tuple[tuple[str, float], ...] = ()

    @property
    def reading(self) -> Reading:
        return Reading(self.text, self.confidence, self.characters, self.candidates)


def decode(lattice: Lattice) -> Decoded:
    """The text along the likeliest path, over all characters.

    `confidence` is the probability of the whole text, over all paths that give it; `characters` the highest
    probability each character reaches. A lattice of blanks gives "" and its probability.
    """
    best = lattice.ids[:, 0] if lattice.ids.size else np.zeros(0, dtype=np.int32)
    runs = _runs(best)
    text = "".join(lattice.alphabet[best[start]] for start, _ in runs)
    tops = lattice.probs[:, 0] if lattice.probs.size else np.zeros(0, dtype=np.float32)
    return Decoded(
        text=text,
        confidence=_probability(lattice, [int(best[start]) for start, _ in runs], tops),
        characters=tuple(float(tops[start:end].max()) for start, end in runs),
        extents=_extents(runs, lattice.step_px, len(best)),
    )


def alternatives(lattice: Lattice, least: float) -> tuple[tuple[str, float], ...]:
    """What `decode` gives with one character exchanged for another that is no less probable than `least` at that
    character's clearest step; best first, each with its probability along the likeliest path. No spaces.
    """
    if not lattice.ids.size:
        return ()
    best, tops = lattice.ids[:, 0], lattice.probs[:, 0]
    runs = _runs(best)
    characters = [lattice.alphabet[best[start]] for start, _ in runs]
    whole = float(np.prod(tops, dtype=np.float64))
    found = []
    for place, (start, end) in enumerate(runs):
        peak = start + int(np.argmax(tops[start:end]))
        for index, p in zip(lattice.ids[peak, 1:].tolist(), lattice.probs[peak, 1:].tolist(), strict=True):
            other = lattice.alphabet[index]
            if p >= least and other.strip() and other != characters[place]:
                text = "".join([*characters[:place], other, *characters[place + 1 :]])
                found.append((text, whole * p / float(tops[peak])))
    return tuple(sorted(found, key=lambda item: -item[1]))


def decode_value(lattice: Lattice, charset: frozenset[str], k: int = 5) -> tuple[tuple[str, float], ...]:
    """The `k` likeliest strings over `charset` (and the empty string), best first, each with its probability.

    Probabilities are under the unrestricted distribution and do not add up to 1. A prefix beam search
    (Hannun et al. 2014, without a language model); exact as long as no more than BEAM prefixes compete.
    """
    beam: dict[str, tuple[float, float]] = {
        "": (1.0, 0.0)
    }  # prefix -> (ends in blank, ends in its last character)
    for entries in _steps(lattice, charset):
        if not entries:
            beam = {prefix: (blank + last, 0.0) for prefix, (blank, last) in beam.items()}
            continue
        beam = _pruned(_advance(beam, entries))
    found = sorted(
        ((prefix, blank + last) for prefix, (blank, last) in beam.items()), key=lambda item: -item[1]
    )
    return tuple((prefix, min(1.0, probability)) for prefix, probability in found[:k])


def _steps(lattice: Lattice, charset: frozenset[str]) -> list[list[tuple[str, float]]]:
    """Per time step the classes of `charset`, and the blank as "", that count. [] is a sure blank."""
    alphabet = lattice.alphabet
    result: list[list[tuple[str, float]]] = []
    for ids, probs in zip(lattice.ids.tolist(), lattice.probs.tolist(), strict=True):
        if ids and ids[0] == BLANK and probs[0] >= SURE:
            result.append([])
            continue
        entries = [
            (alphabet[i], p)
            for i, p in zip(ids, probs, strict=True)
            if p > NEGLIGIBLE and (i == BLANK or alphabet[i] in charset)
        ]
        result.append(
            entries or [("", 0.0)]
        )  # only foreign characters: every string of the charset dies here
    return result


def _advance(
    beam: dict[str, tuple[float, float]], entries: Sequence[tuple[str, float]]
) -> dict[str, tuple[float, float]]:
    ahead: dict[str, tuple[float, float]] = {}
    for prefix, (blank, last) in beam.items():
        for character, p in entries:
            if not character:
                was = ahead.get(prefix, (0.0, 0.0))
                ahead[prefix] = (was[0] + p * (blank + last), was[1])
                continue
            source = blank + last
            if prefix.endswith(character):
                was = ahead.get(prefix, (0.0, 0.0))
                ahead[prefix] = (was[0], was[1] + p * last)  # the same character goes on
                source = blank  # a second one needs a blank between
            if source > 0.0:
                longer = prefix + character
                was = ahead.get(longer, (0.0, 0.0))
                ahead[longer] = (was[0], was[1] + p * source)
    return ahead


def _pruned(beam: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    if len(beam) <= BEAM:
        return beam
    kept = sorted(beam.items(), key=lambda item: -(item[1][0] + item[1][1]))[:BEAM]
    return dict(kept)


def _runs(best: npt.NDArray[np.int32]) -> list[tuple[int, int]]:
    """Half-open step ranges of the characters on the path `best`, blanks left out."""
    runs = []
    at = 0
    for symbol, steps in groupby(best.tolist()):
        end = at + sum(1 for _ in steps)
        if symbol != BLANK:
            runs.append((at, end))
        at = end
    return runs


def _extents(runs: Sequence[tuple[int, int]], step_px: float, steps: int) -> tuple[tuple[float, float], ...]:
    """Characters meet halfway between their peaks; the outer ones reach as far out as they do in."""
    if not runs:
        return ()
    centres = [(start + end) / 2 * step_px for start, end in runs]
    middles = [(left + right) / 2 for left, right in pairwise(centres)]
    if not middles:
        return ((runs[0][0] * step_px, runs[0][1] * step_px),)
    first = max(0.0, 2 * centres[0] - middles[0])
    final = min(steps * step_px, 2 * centres[-1] - middles[-1])
    return tuple(zip([first, *middles], [*middles, final], strict=True))


def _probability(lattice: Lattice, labels: Sequence[int], tops: npt.NDArray[np.float32]) -> float:
    """The sum over all paths that collapse to `labels`: CTC's forward variables.

    Where every step of the best path is all but sure, the other paths cannot add anything that shows.
    """
    along_best = float(np.prod(tops, dtype=np.float64))
    if along_best > 0.9999:
        return min(1.0, along_best)
    states = np.full(2 * len(labels) + 1, BLANK, dtype=np.int32)
    states[1::2] = labels
    emissions = _emissions(lattice, states)
    skips = np.zeros(len(states), dtype=bool)  # over a blank, between two different characters
    skips[3::2] = states[3::2] != states[1:-2:2]
    forward = np.zeros(len(states))
    forward[0] = 1.0
    for step, emission in enumerate(emissions):
        ahead = forward.copy()
        ahead[1:] += forward[:-1]
        ahead[2:] += np.where(skips[2:], forward[:-2], 0.0)
        if step == 0:
            ahead[2:] = 0.0
        forward = ahead * emission
    return float(min(1.0, forward[-2:].sum()))


def _emissions(lattice: Lattice, states: npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
    """(time, states): the probability of each state's class at each step; 0 where it was not kept."""
    result = np.zeros((len(lattice.ids), len(states)))
    for rank in range(lattice.ids.shape[1] if lattice.ids.ndim == 2 else 0):
        same = lattice.ids[:, rank, None] == states[None, :]
        result += same * lattice.probs[:, rank, None]
    return result
