"""What is read on the pages of labelled cases, kept so that later stages can be tried without reading again:
`python -m eval.readings CASES`.

Reading is nine tenths of the time of a document. Whoever changes headings, sums or confidences wants to see all cases
in seconds: `finished` takes what is kept to the records, `--records FOLDER` writes them, and `nianbao eval run CASES
--records FOLDER` scores them as any others, but for the times, which were not measured.

One pickle per case below `--out`, with what it was read from (the file's sha256, the engine's fingerprint): where
both still agree it is kept. A change of the reading code itself shows in neither: `--fresh` reads again. Pickles are
a cache of this machine and no exchange format: load none that you did not make.
"""

from __future__ import annotations

import argparse
import pickle
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from eval.cases import BadCase, Case
from eval.sets import choice_of, choose_cases
from eval.volumes import VOLUME_MARK
from extractors.document import Engine, PageReading, Record, Source
from extractors.errors import NianbaoError
from extractors.export.json import dumps, record_to_json
from extractors.ocr.engine import OcrEngine
from extractors.ocr.paddle import load_engine
from extractors.pages import open_source
from extractors.pipeline import assemble_record, official_forms, read_pages
from extractors.read_page import StageClock
from extractors.stages import OURS, Stages
from extractors.volume import split_volume

OUT = Path("out/readings")


@dataclass(frozen=True, slots=True)
class Kept:
    """The pages of one document as read, and what they were read from and with."""

    source: str  # sha256 of the file
    engine: str  # fingerprint
    pages: tuple[PageReading, ...]
    engine_name: str


def keep_readings(case: Case, engine: OcrEngine, folder: Path, fresh: bool = False) -> bool:
    """Read a case into `folder` unless it is there already; whether it was read now."""
    with open_source([case.source]) as source:
        before = None if fresh else load_readings(case, folder)
        if before is not None and (before.source, before.engine) == (source.sha256, engine.fingerprint):
            return False
        pages = tuple(page.reading for page in read_pages(source, engine))
    kept = (source.sha256, engine.fingerprint, pages, engine.name)
    target = _file(case, folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.write_bytes(pickle.dumps(kept, pickle.HIGHEST_PROTOCOL))
    part.replace(target)
    return True


def load_readings(case: Case, folder: Path) -> Kept | None:
    """What is kept of a case; None where it was not read yet."""
    target = _file(case, folder)
    if not target.is_file():
        return None
    return Kept(*pickle.loads(target.read_bytes()))


def _file(case: Case, folder: Path) -> Path:
    return folder / f"{case.name}.pickle"


def finished(case: Case, kept: Kept, stages: Stages = OURS) -> tuple[Record, ...]:
    """The records of a case, one per report, from what was read on its pages; `timing_s` knows of no reading."""
    engine = Engine(version("nianbao"), kept.engine_name, kept.engine)
    document = Source(case.source.name, (str(case.source),), kept.source, ())
    forms = official_forms()
    return tuple(
        assemble_record(document, part, (), engine, forms, StageClock({"total": 0.0}), stages)
        for part in split_volume(kept.pages, forms, stages.headings)
    )


def write_records(case: Case, records: Sequence[Record], folder: Path) -> None:
    """One JSON file per record, named as `eval.volumes.record_files` looks for them."""
    for number, record in enumerate(records, 1):
        name = case.name if len(records) == 1 else f"{case.name}{VOLUME_MARK}{number}"
        target = folder / f"{name}.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dumps(record_to_json(record, "en")), encoding="utf-8")


def add_choice(parser: argparse.ArgumentParser) -> None:
    """The folder of cases, and the options that choose among them."""
    parser.add_argument("cases", type=Path, help="folder of cases")
    parser.add_argument("--only", default="", help="only cases whose name contains one of these")
    parser.add_argument("--levels", default="", help="only these levels, as s1,s2")
    parser.add_argument("--split", help="only this side of the set")


def chosen(options: argparse.Namespace) -> tuple[Case, ...]:
    """The cases that `add_choice`'s options name; none, and why on standard error, where they name none."""
    try:
        return choose_cases(options.cases, choice_of(options.only, options.levels, options.split))
    except (BadCase, ValueError) as error:
        print(error, file=sys.stderr)
        return ()


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0 if all was read, 1 if a document failed, 2 if there are no such cases."""
    parser = argparse.ArgumentParser(prog="python -m eval.readings", description=__doc__)
    add_choice(parser)
    parser.add_argument("--out", type=Path, default=OUT, help="readings go here")
    parser.add_argument("--fresh", action="store_true", help="read again what --out already holds")
    parser.add_argument("--records", type=Path, help="write the records into this folder, too")
    options = parser.parse_args(argv)
    cases = chosen(options)
    if not cases:
        return 2
    engine, failed = load_engine("paddle"), 0
    for number, case in enumerate(cases, 1):
        try:
            keep_readings(case, engine, options.out, options.fresh)
            kept = load_readings(case, options.out)
            if options.records is not None and kept is not None:
                write_records(case, finished(case, kept), options.records)
        except NianbaoError as error:
            failed += 1
            print(f"{case.name}: {error}", file=sys.stderr)
        print(f"{number}/{len(cases)} {case.name}", file=sys.stderr)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
