"""Records against the reports of a document, of which a bound volume has several: which record is of which report.

A record is of the report that it shares most pages with. A report without a record misses everything; a record
without a report invented all it says. So cutting a report in two costs what its second half holds, and leaving two
in one piece costs the whole of one of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import count, takewhile
from pathlib import Path
from typing import Any

from eval.cases import Gold

VOLUME_MARK = "#"  # as the command line names the records of a volume
Record = Mapping[str, Any]


def record_files(folder: Path, name: str) -> tuple[Path, ...]:
    """The files of the records of one document: `name`.json, or `name`#1.json and so on of a volume, in order."""
    single = folder / f"{name}.json"
    numbered = (folder / f"{name}{VOLUME_MARK}{number}.json" for number in count(1))
    return (*([single] if single.is_file() else []), *takewhile(Path.is_file, numbered))


def read_records(folder: Path, name: str) -> tuple[Record, ...]:
    """The saved records of one document; () where there are none. Decimals as printed."""
    texts = (path.read_text(encoding="utf-8") for path in record_files(folder, name))
    return tuple(json.loads(text, parse_float=Decimal) for text in texts)


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


def bounds_right(record: Record, gold: Gold, records: int) -> bool:
    """Whether a record's first and last page are gold's; `records` came of the document."""
    if gold.pages is None:
        return records == 1
    numbers = _numbers(record)
    return (min(numbers), max(numbers)) == gold.pages
