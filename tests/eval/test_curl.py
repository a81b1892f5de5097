"""What curl costs is counted in edits, and a page read as printed costs nothing."""

from __future__ import annotations

import numpy as np
import pytest
from fakes import ReplayEngine, quad

from eval.curl import PLAIN, Printed, errors
from extractors.pages import RawPage

DISPLAY = np.full((400, 600, 3), 255, np.uint8)


@pytest.mark.parametrize(("read", "expected"), [("一、总体情况", 0), ("二、总体情", 2), ("", 6)])
def test_edits_are_counted(read: str, expected: int) -> None:
    display = DISPLAY.copy()
    display[100:130, 100:400:7] = 0
    page = Printed(RawPage(1, display, 200.0, "digital"), "一、总体情况")
    # Upright, and where little is read in the three other ways up as well.
    engine = ReplayEngine([read] * 8, [quad(100, 95, 400, 135)])
    assert errors(page, PLAIN, engine) == expected
