"""Whether the type that a report is to be set in is there: a typesetter would take another in silence."""

from __future__ import annotations

import functools
import subprocess
from collections.abc import Iterable

from eval.generate.spec import Style
from eval.generate.work import MissingTool


def require_fonts(styles: Iterable[Style]) -> None:
    """Raises MissingTool for the first family of `styles` that fontconfig does not have."""
    wanted = {
        family
        for style in styles
        for family in (style.body_font, style.heading_font, style.table_font, style.digit_font)
    }
    for family in sorted(wanted - _installed()):
        raise MissingTool(detail=f"{family} (data/eval/README.md names the package)")


@functools.cache
def _installed() -> frozenset[str]:
    listed = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=True)
    return frozenset(family.strip() for line in listed.stdout.splitlines() for family in line.split(","))
