"""Which classifiers of headings a comparison sets beside each other: the rules, and what is used or named."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from extractors.heading_candidates import HeadingClassifier
from extractors.heading_rules import RuleClassifier
from extractors.headings import our_classifier
from extractors.stages import load_stages


def add_classifiers(parser: argparse.ArgumentParser) -> None:
    """The option --headings, which may come several times."""
    parser.add_argument(
        "--headings",
        action="append",
        default=[],
        help="a classifier beside the rules, module:factory; may come again (default: the one that is used)",
    )


def classifiers(names: Sequence[str]) -> dict[str, HeadingClassifier]:
    """By name, the rules first; without names, the one that is used. Raises UsageError for a name that gives none."""
    found: dict[str, HeadingClassifier] = {"rules": RuleClassifier()}
    for name in names:
        made = load_stages(None, name).headings
        if made is not None:
            found[name] = made
    used = our_classifier()
    if not names and not isinstance(used, RuleClassifier):
        found["trained"] = used
    return found
