"""`python -m eval.generate …` makes labelled reports; `-h` behind a command lists its options.

samples   the reports of data/samples again, from the sample.toml of each
set       the prints of data/eval (needs Chromium, LibreOffice and the fonts)
scans     the scans of a set's prints, into a cache (needs none of these)
split     a large split from fixed seeds, at one or more severities
sheets    contact sheets: the crop of every answer beside its label
verify    every label of born-digital cases against the text layer of its PDF
describe  the table of a set's dataset card, counted from its labels
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from eval.generate.authored_set import make_set
from eval.generate.content.authored import read_samples
from eval.generate.describe import describe
from eval.generate.samples import build
from eval.generate.scan.ladder import LEVELS
from eval.generate.scans import default_cache, ensure_scans
from eval.generate.sheets import contact_sheet
from eval.generate.splits import LARGE, LargeSplit, generate
from eval.generate.verify import disagreements

SAMPLES, SET = Path("data/samples"), Path("data/eval")


def main() -> int:
    options = _parser().parse_args()
    return int(options.run(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval.generate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run in (("samples", _samples), ("set", _set), ("scans", _scans), ("split", _split)):
        command = commands.add_parser(name)
        command.set_defaults(run=run)
        if name != "split":
            command.add_argument("--only", default="", help="only cases whose name contains this")
    commands.choices["samples"].add_argument(
        "--out", type=Path, default=SAMPLES, help="folder for the case folders"
    )
    commands.choices["set"].add_argument(
        "--out", type=Path, default=SET, help="what is there already is kept"
    )
    _scan_options(commands.choices["scans"])
    _split_options(commands.choices["split"])
    sheets = commands.add_parser("sheets")
    sheets.set_defaults(run=_sheets)
    sheets.add_argument("cases", type=Path, nargs="+", help="case folders")
    sheets.add_argument("--out", type=Path, required=True, help="folder for one PNG per case")
    for name, run in (("verify", _verify), ("describe", _describe)):
        command = commands.add_parser(name)
        command.set_defaults(run=run)
        command.add_argument("folder", type=Path, nargs="?", default=SET, help="folder of prints")
    return parser


def _scan_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path, nargs="?", default=SET, help="folder of prints")
    command.add_argument("--cache", type=Path, default=default_cache(), help="folder that gets the scans")
    command.add_argument("--jobs", type=int, default=1, help="processes")


def _split_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--split", choices=sorted(LARGE), default="test-large")
    command.add_argument("--reports", type=int, default=160, help="about 190 value cells each")
    command.add_argument(
        "--level", type=int, action="append", choices=LEVELS, help="severity; may be given again"
    )
    command.add_argument("--seed", type=int, help="another first seed than the split's own")
    command.add_argument("--augraphy", action="store_true", help="degrade by effects of augraphy (an extra)")
    command.add_argument("--out", type=Path, required=True, help="what is there already is kept")
    command.add_argument("--jobs", type=int, default=1, help="processes")


def _samples(options: argparse.Namespace) -> int:
    for sample in read_samples(SAMPLES):
        if options.only in sample.name:
            build(sample, options.out / sample.name)
            print(options.out / sample.name)
    return 0


def _set(options: argparse.Namespace) -> int:
    for name in make_set(options.out, options.only):
        print(options.out / name)
    return 0


def _scans(options: argparse.Namespace) -> int:
    for case in ensure_scans(options.folder, options.cache, options.only, options.jobs):
        print(case)
    return 0


def _split(options: argparse.Namespace) -> int:
    own = LARGE[options.split]
    seeds = LargeSplit(own.first_seed if options.seed is None else options.seed, own.split, options.augraphy)
    for names in generate(
        options.split, options.reports, options.level or LEVELS, options.out, options.jobs, seeds
    ):
        print(*names, sep="\n", flush=True)
    return 0


def _sheets(options: argparse.Namespace) -> int:
    for case in options.cases:
        print(f"{case.name}: {contact_sheet(case, options.out / f'{case.name}.png')} answers")
    return 0


def _verify(options: argparse.Namespace) -> int:
    cases = sorted(path.parent for path in options.folder.glob("*/gold.json"))
    faults = [fault for case in cases for fault in disagreements(case)]
    print(*faults, f"{len(cases)} cases, {len(faults)} disagreements", sep="\n")
    return 1 if faults or not cases else 0


def _describe(options: argparse.Namespace) -> int:
    print(describe(options.folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
