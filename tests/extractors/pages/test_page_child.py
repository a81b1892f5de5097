"""A page that takes its renderer down costs that page, and leaves nothing behind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from extractors.errors import RenderError, RenderTimeout
from extractors.pages import Limits, open_source


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "any.pdf"
    path.write_bytes(b"%PDF-1.7 never parsed: the opener of the test does not look")
    return path


def children() -> set[str]:
    return set(Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split())


@pytest.mark.parametrize(
    ("opener", "expected", "reason"),
    [
        ("crashing", RenderError, "crashed"),
        ("hungry", RenderError, "memory"),
        ("lying", RenderError, "nonsense"),
    ],
)
def test_bad_page_fails_alone(document: Path, opener: str, expected: type[RenderError], reason: str) -> None:
    before = children()
    with open_source(document, opener=f"page_openers:{opener}") as source:
        assert source.raw_page(1).display.shape == (300, 200, 3)
        with pytest.raises(expected) as caught:
            source.raw_page(2)
        assert caught.value.facts["reason"] == reason
        assert caught.value.facts["page"] == 2
        assert source.raw_page(3).kind == "blank"
    assert children() == before


def test_hung_page_is_given_up(document: Path) -> None:
    before = children()
    with open_source(document, Limits(page_seconds=1.0), "page_openers:hanging") as source:
        with pytest.raises(RenderTimeout) as caught:
            source.raw_page(2)
        assert caught.value.facts["seconds"] == 1.0
        assert source.raw_page(3).number == 3
    assert children() == before


def test_what_libraries_print_does_not_disturb(document: Path) -> None:
    with open_source(document, opener="page_openers:chattering") as source:
        assert source.raw_page(2).display.shape == (300, 200, 3)


def test_no_child_is_left_after_a_failed_opening(tmp_path: Path) -> None:
    before = children()
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nnothing that makes sense\nstartxref\n0\n%%EOF\n")
    with pytest.raises(Exception, match="not_a_document"):
        open_source(broken)
    assert children() == before
