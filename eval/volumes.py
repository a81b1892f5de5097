"""Records against the reports of a document, of which a bound volume has several: which record is of which report.

A record is of the report that it shares most pages with. A report without a record misses everything; a record
without a report invented all it says. So cutting a report in two costs what its second half holds, and leaving two
in one piece costs the whole of one of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import count, takewhile
from pathlib import Path
from typing import Any

from eval.cases import Gold
from eval.score import Counts, Score, score_record, total

VOLUME_MARK = "#"  # as the command line names the records of a volume
Record = Mapping[str, Any]


def write_records(folder: Path, name: str, texts: Sequence[str]) -> None:
    """The records of one document as `name`.json, or `name`#1.json and so on; older ones are removed."""
    for old in record_files(folder, name):
        old.unlink()
    stems = (
        [name] if len(texts) == 1 else [f"{name}{VOLUME_MARK}{number + 1}" for number in range(len(texts))]
    )
    for stem, text in zip(stems, texts, strict=True):
        (folder / f"{stem}.json").write_text(text, encoding="utf-8")


def record_files(folder: Path, name: str) -> tuple[Path, ...]:
    """The files that `write_records` wrote, in their order."""
    single = folder / f"{name}.json"
    numbered = (folder / f"{name}{VOLUME_MARK}{number}.json" for number in count(1))
    return (*([single] if single.is_file() else []), *takewhile(Path.is_file, numbered))


def read_records(folder: Path, name: str) -> tuple[Record, ...]:
    """The saved records of one document; () where there are none. Decimals as printed."""
    texts = (path.read_text(encoding="utf-8") for path in record_files(folder, name))
    return tuple(json.loads(text, parse_float=Decimal) for text in texts)


def score_document(records: Sequence[Record], reports: Sequence[Gold]) -> Score:
    """The score of a document against all its reports; misses of a volume say which one ("#2 applications...")."""
    mates = match_reports(records, reports)
    scores = []
    for number, gold in enumerate(reports):
        found = mates.get(number)
        record = None if found is None else records[found]
        score = score_record(record, gold)
        right = record is not None and _bounds_right(record, gold, len(records))
        score = replace(score, counts=replace(score.counts, bounds_right=int(right)))
        scores.append(_labelled(score, f"{VOLUME_MARK}{number + 1} ") if len(reports) > 1 else score)
    spare = [index for index in range(len(records)) if index not in mates.values()]
    scores += [_invented(records[index], index) for index in spare]
    return Score(
        total(scores),
        tuple(miss for score in scores for miss in score.misses),
        tuple(wrong for score in scores for wrong in score.wrong_sections),
        tuple(wrong for score in scores for wrong in score.wrong_front),
    )


def match_reports(records: Sequence[Record], reports: Sequence[Gold]) -> dict[int, int]:
    """Index of the report -> index of its record, each at most once, those that share most pages first."""
    shared = [
        (_shared(record, gold), -number, -index)
        for number, gold in enumerate(reports)
        for index, record in enumerate(records)
    ]
    mates: dict[int, int] = {}
    for pages, number, index in sorted(shared, reverse=True):
        if pages > 0 and -number not in mates and -index not in mates.values():
            mates[-number] = -index
    return mates


def _shared(record: Record, gold: Gold) -> float:
    """Pages in both over pages in either. A report that fills its document shares the more the longer the record."""
    numbers = _numbers(record)
    if gold.pages is None:
        return float(max(len(numbers), 1))
    truth = set(range(gold.pages[0], gold.pages[1] + 1))
    return len(numbers & truth) / len(numbers | truth)


def _numbers(record: Record) -> set[int]:
    return {page["page"] for page in record.get("source", {}).get("pages", ())}


def _bounds_right(record: Record, gold: Gold, records: int) -> bool:
    if gold.pages is None:
        return records == 1
    numbers = _numbers(record)
    return (min(numbers), max(numbers)) == gold.pages


def _invented(record: Record, index: int) -> Score:
    """The score of a record that is of no report: it adds to no denominator. What is said to be no report, and holds
    nothing of one, costs nothing.
    """
    score = score_record(record, Gold(form=None, agency=None, year=None, sections={}, fields={}))
    counts = Counts(
        silent=score.counts.silent,
        invented=score.counts.invented,
        sections_extra=score.counts.sections_extra,
        reports_extra=int(record.get("kind") != "not_a_report"),
    )
    return _labelled(Score(counts, score.misses, score.wrong_sections, ()), f"{VOLUME_MARK}? ")


def _labelled(score: Score, label: str) -> Score:
    return replace(
        score,
        misses=tuple(replace(miss, path=label + miss.path) for miss in score.misses),
        wrong_sections=tuple((label + key, title, got) for key, title, got in score.wrong_sections),
        wrong_front=tuple((label + name, gold, got, asked) for name, gold, got, asked in score.wrong_front),
    )
