"""The reference pages say what the program does: every code, option and exit status, and nothing stale."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from extractors.errors import NianbaoError
from flows.batch import SEVEREST_FIRST
from flows.reference import PAGES

DOCS = Path(__file__).resolve().parents[1] / "docs"


@pytest.mark.parametrize("name", sorted(PAGES))
def test_page_is_what_the_program_would_write_today(name: str) -> None:
    """Mend it with: python -m flows.reference docs"""
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name]()


def test_every_error_and_exit_status_is_there() -> None:
    page = (DOCS / "errors.md").read_text(encoding="utf-8")
    kinds = [NianbaoError]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    assert len(kinds) > 20
    for kind in kinds:
        assert re.search(rf"^\| `{kind.code}` \| {kind.exit_code} \|", page, re.MULTILINE), kind
        assert re.search(rf"^\| {kind.exit_code} \|", page, re.MULTILINE), kind
        assert kind.exit_code in SEVEREST_FIRST


def test_every_option_of_the_design_is_there() -> None:
    page = (DOCS / "cli.md").read_text(encoding="utf-8")
    options = [
        "-o",
        "--format",
        "--overlay",
        "--jobs",
        "--force",
        "--one-document",
        "--lang",
        "--engine",
        "--debug",
        "--version",
    ]
    assert [option for option in options if f"`{option}`" not in page] == []
