"""Section headings on labelled lines of real reports, by text alone: `python -m eval.headings LINES`.

The rules stand beside what is used, or beside the classifiers that are named.

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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from eval.heading_classifiers import add_classifiers, classifiers
from eval.metrics.matches import Matches
from eval.metrics.text import confusion
from extractors.document import SECTION_KEYS, Line, PageInfo, PageReading, Reading
from extractors.errors import InputError
from extractors.geometry import Box
from extractors.heading_candidates import CLASSES, HeadingClassifier, find_candidates
from extractors.heading_filter import worth_classifying
from extractors.headings import find_headings
from extractors.layout import read_body
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


@dataclass(frozen=True, slots=True)
class Answer:
    """What a line was taken for, a key or REST, and whether a person is asked about it."""

    key: str = REST
    review: bool = False


def answers(lines: Sequence[Labelled], classifier: HeadingClassifier) -> tuple[Answer, ...]:
    """What each line was taken for."""
    found: dict[int, Answer] = {}
    for doc in dict.fromkeys(line.doc for line in lines):
        own = [index for index, line in enumerate(lines) if line.doc == doc]
        page = set_page([lines[index].text for index in own])
        for heading in find_headings(read_body((page,)), classifier):
            found[own[heading.line_index]] = Answer(heading.key, heading.review)
    return tuple(found.get(index, Answer()) for index in range(len(lines)))


def alone(lines: Sequence[Labelled], classifier: HeadingClassifier) -> tuple[Answer, ...]:
    """What each line would be taken for without the others: the likeliest class of the surest of its candidates.
    Nothing is asked about; beside `answers` this shows what decoding gives.
    """
    found: dict[int, tuple[float, str]] = {}
    for doc in dict.fromkeys(line.doc for line in lines):
        own = [index for index, line in enumerate(lines) if line.doc == doc]
        body = read_body((set_page([lines[index].text for index in own]),))
        candidates = worth_classifying(find_candidates(body))
        for candidate, row in zip(candidates, classifier.probabilities(candidates), strict=True):
            line, best = own[candidate.line_index], int(row.argmax())
            if CLASSES[best] in SECTION_KEYS:
                found[line] = max(found.get(line, (0.0, REST)), (float(row[best]), CLASSES[best]))
    return tuple(Answer(found.get(index, (0.0, REST))[1]) for index in range(len(lines)))


@dataclass(frozen=True, slots=True)
class Reach:
    """How far one gets without asking. A line taken for no heading is not asked about, so an omission is an error."""

    matches: Matches  # lines given their own key / all lines with a key in the truth; all lines given one
    unasked: int  # heading lines given their own key without review
    silent: int  # lines of any kind taken for what they are not, without review

    @property
    def share(self) -> float:
        """Heading lines decided without review / all heading lines."""
        return self.unasked / self.matches.gold if self.matches.gold else 0.0


def reach(lines: Sequence[Labelled], got: Sequence[Answer]) -> Reach:
    pairs = list(zip(lines, got, strict=True))
    right = [answer for line, answer in pairs if answer.key == line.key != REST]
    return Reach(
        Matches(
            len(right), sum(line.key != REST for line in lines), sum(answer.key != REST for answer in got)
        ),
        sum(not answer.review for answer in right),
        sum(answer.key != line.key and not answer.review for line, answer in pairs),
    )


def comparison(lines: Sequence[Labelled], got: Mapping[str, Sequence[Answer]]) -> str:
    """As Markdown: a row for each classifier; its name leads to its answers."""
    rows = [
        "| headings by | recall | precision | F1 | decided without review | errors not sent to review |",
        "|---|---|---|---|---|---|",
    ]
    for name, answered in got.items():
        found = reach(lines, answered)
        rates = found.matches
        rows.append(
            f"| {name} | {rates.right} / {rates.gold} | {rates.right} / {rates.found} | {rates.f1:.4f} "
            f"| {found.unasked} / {rates.gold} ({found.share:.1%}) | {found.silent} |"
        )
    documents = len({line.doc for line in lines})
    return "\n".join([*rows, "", f"{len(lines)} lines of {documents} documents."])


def report(lines: Sequence[Labelled], got: Sequence[Answer]) -> str:
    """As Markdown: what the lines of each kind were taken for, then every line that is wrong or asked about."""
    pairs = confusion([answer.key for answer in got], [line.label for line in lines])
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
    rows.append("")
    for line, answer in zip(lines, got, strict=True):
        if answer.key != line.key:
            asked = ", and asked about" if answer.review else ""
            rows.append(f"- {line.label} taken for {answer.key}{asked}: {line.text}")
        elif answer.review:
            rows.append(f"- {line.label}, asked about: {line.text}")
    return "\n".join(rows)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.headings", description=__doc__.split("\n")[0])
    parser.add_argument("lines", type=Path, help="JSON lines with doc, label and text")
    add_classifiers(parser)
    options = parser.parse_args(arguments)
    lines = read_lines(options.lines)
    used = classifiers(options.headings)
    got = {name: answers(lines, one) for name, one in used.items()}
    singly = {f"{name}, each line by itself": alone(lines, one) for name, one in used.items()}
    print(comparison(lines, {**singly, **got}))
    for name, answered in got.items():
        print(f"\n## {name}\n\n{report(lines, answered)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
