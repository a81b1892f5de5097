"""What is read on the pages of labelled cases, kept so that later stages can be tried without reading again:
`python -m eval.readings CASES`.

Reading is nine tenths of the time of a document. Whoever changes headings, sections or front matter wants to see all
cases in seconds. One pickle per case below `--out`, with what it was read from (the file's sha256, the engine's
fingerprint): where both still agree it is kept. A change of the reading code itself shows in neither: `--fresh` reads
again. Pickles are a cache of this machine and no exchange format: load none that you did not make.
"""

from __future__ import annotations

import argparse
import pickle
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.cases import BadCase, Case
from eval.sets import choice_of, choose_cases
from extractors.document import PageReading
from extractors.errors import NianbaoError
from extractors.ocr.engine import OcrEngine
from extractors.ocr.paddle import load_engine
from extractors.pages import open_source
from extractors.pipeline import read_pages

OUT = Path("out/readings")


@dataclass(frozen=True, slots=True)
class Kept:
    """The pages of one document as read, and what they were read from and with."""

    source: str  # sha256 of the file
    engine: str  # fingerprint
    pages: tuple[PageReading, ...]


def keep_readings(case: Case, engine: OcrEngine, folder: Path, fresh: bool = False) -> bool:
    """Read a case into `folder` unless it is there already; whether it was read now."""
    with open_source([case.source]) as source:
        before = None if fresh else load_readings(case, folder)
        if before is not None and (before.source, before.engine) == (source.sha256, engine.fingerprint):
            return False
        pages = tuple(page.reading for page in read_pages(source, engine))
        kept = Kept(source.sha256, engine.fingerprint, pages)
    target = _file(case, folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.write_bytes(pickle.dumps((kept.source, kept.engine, kept.pages), pickle.HIGHEST_PROTOCOL))
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
    options = parser.parse_args(argv)
    cases = chosen(options)
    if not cases:
        return 2
    engine, failed = load_engine("paddle"), 0
    for number, case in enumerate(cases, 1):
        try:
            keep_readings(case, engine, options.out, options.fresh)
        except NianbaoError as error:
            failed += 1
            print(f"{case.name}: {error}", file=sys.stderr)
        print(f"{number}/{len(cases)} {case.name}", file=sys.stderr)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
