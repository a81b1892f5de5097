"""Section headings on labelled lines of real reports, by text alone: `python -m eval.headings LINES`.

LINES is JSON lines of {"doc", "label", "text"}, those of a document in their order. Labels are the six keys, or say
what only looks like a heading (`sub`, `row`, `prose`, `title`, `old`). The lines of a document are set one below the
other on a page, all alike: no size, weight or indent tells them apart. Our decoder then chooses among them as it does
in a report.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from eval.metrics.matches import Matches
from eval.metrics.text import confusion
from extractors.document import SECTION_KEYS, Line, PageInfo, PageReading, Reading
from extractors.errors import InputError
from extractors.geometry import Box
from extractors.heading_candidates import HeadingClassifier
from extractors.headings import find_headings
from extractors.stages import load_stages
from extractors.wording import text_weight

REST = "no heading"
INDENT, PITCH, LEADING, WIDTH, DPI = 332.0, 41.0, 72.0, 1654, 200.0  # pixels: an A4 page in type of 15 pt


@dataclass(frozen=True, slots=True)
class Labelled:
    """A line of document `doc`: one of the six keys, or what else it is."""

    doc: int
    label: str
    text: str

    @property
    def key(self) -> str:
        """Its key, or that it is no heading."""
        return self.label if self.label in SECTION_KEYS else REST


def read_lines(path: Path) -> tuple[Labelled, ...]:
    """Raises InputError where the file is not such lines."""
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return tuple(Labelled(int(row["doc"]), str(row["label"]), str(row["text"])) for row in rows)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(path=str(path), detail=repr(error)) from error


def set_page(texts: Sequence[str]) -> PageReading:
    """One page with these lines, all alike and surely read."""
    info = PageInfo(1, "scan", WIDTH, int(LEADING) * (len(texts) + 6), DPI)
    return PageReading(info, tuple(_line(text, LEADING * (row + 3)) for row, text in enumerate(texts)))


def _line(text: str, top: float) -> Line:
    edges = [INDENT]
    for char in text:
        edges.append(edges[-1] + PITCH * text_weight(char))
    reading = Reading(text, 1.0, (1.0,) * len(text))
    box = Box(INDENT, top, max(edges[-1], INDENT + 1), top + PITCH)
    return Line(1, box, reading, tuple(pairwise(edges)), PITCH)


def answers(lines: Sequence[Labelled], classifier: HeadingClassifier | None = None) -> tuple[str, ...]:
    """For each line the key that it was taken for, or REST."""
    found: dict[int, str] = {}
    for doc in dict.fromkeys(line.doc for line in lines):
        own = [index for index, line in enumerate(lines) if line.doc == doc]
        page = set_page([lines[index].text for index in own])
        for heading in find_headings((page,), classifier):
            found[own[heading.line_index]] = heading.key
    return tuple(found.get(index, REST) for index in range(len(lines)))


def matches(lines: Sequence[Labelled], got: Sequence[str]) -> Matches:
    """Lines given their own key. Denominators: all lines with a key in the truth; all lines given one."""
    right = sum(answer == line.key != REST for line, answer in zip(lines, got, strict=True))
    return Matches(right, sum(line.key != REST for line in lines), sum(answer != REST for answer in got))


def report(lines: Sequence[Labelled], got: Sequence[str]) -> str:
    """As Markdown: what the lines of each kind were taken for, the rates, then every line that is wrong."""
    pairs = confusion(got, [line.label for line in lines])
    kinds = Counter(line.label for line in lines)
    order = [kind for kind in (*SECTION_KEYS, *sorted(set(kinds) - {*SECTION_KEYS})) if kind in kinds]
    rows = [
        "| lines | of them | taken for their key | for another key | for no heading |",
        "|---|---|---|---|---|",
    ]
    for kind in order:
        own, none = pairs[kind, kind], pairs[kind, REST]
        right = own if kind in SECTION_KEYS else "–"
        rows.append(f"| {kind} | {kinds[kind]} | {right} | {kinds[kind] - own - none} | {none} |")
    total = matches(lines, got)
    documents = len({line.doc for line in lines})
    rates = f"recall {total.right} / {total.gold}, precision {total.right} / {total.found}, F1 {total.f1:.4f}"
    rows += ["", f"Key or none: {rates}; {len(lines)} lines of {documents} documents.", ""]
    for line, answer in zip(lines, got, strict=True):
        if answer != line.key:
            rows.append(f"- {line.label} taken for {answer}: {line.text}")
    return "\n".join(rows)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.headings", description=__doc__.split("\n")[0])
    parser.add_argument("lines", type=Path, help="JSON lines with doc, label and text")
    parser.add_argument("--headings", help="a classifier in place of the rules, module:factory")
    options = parser.parse_args(arguments)
    lines = read_lines(options.lines)
    print(report(lines, answers(lines, load_stages(None, options.headings).headings)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
