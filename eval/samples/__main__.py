"""`python -m eval.samples` makes the reports of data/samples again, from the sample.toml of each.

`python -m eval.samples --out OUT --invent N` draws N new reports instead.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import get_args

from eval.samples.authored import read_samples
from eval.samples.build import build
from eval.samples.invent import invent
from eval.samples.spec import Level

OURS = Path("data/samples")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.samples", description=__doc__)
    parser.add_argument("--out", type=Path, default=OURS, help="folder that gets one case folder per report")
    parser.add_argument("--only", default="", help="only samples whose name contains this")
    parser.add_argument("--invent", type=int, default=0, metavar="N", help="draw N reports instead of ours")
    parser.add_argument("--seed", type=int, default=1, help="first seed of --invent")
    parser.add_argument("--level", choices=get_args(Level), help="one level for all; by default in turn")
    options = parser.parse_args()
    levels = [options.level] if options.level else list(get_args(Level))
    samples = list(read_samples(OURS))
    if options.invent:
        seeds = range(options.seed, options.seed + options.invent)
        samples = [invent(seed, levels[seed % len(levels)]) for seed in seeds]
    for sample in samples:
        if options.only in sample.name:
            build(sample, options.out / sample.name)
            print(options.out / sample.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
