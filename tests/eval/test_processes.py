"""The comparison of two processes with one says so when a document cannot be read, rather than waiting."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.processes import two_against_one


def test_a_document_that_cannot_be_read_ends_the_comparison(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="failed"):
        two_against_one([tmp_path / "missing.pdf"])
