"""The real cases: each level is seen for what it is, level with itself, and its seals are gone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from extractors.pages import open_source, prepare


@pytest.mark.shared
@pytest.mark.parametrize(
    ("level", "kind", "dpi"), [("digital", "digital", 200), ("office", "scan", 200), ("fax", "scan", 150)]
)
def test_kind_and_resolution(shared_cases: Path, level: str, kind: str, dpi: float) -> None:
    with open_source(shared_cases / "reports" / f"hongze-2023-{level}" / "source.pdf") as source:
        pages = [source.raw_page(number) for number in (1, source.page_count)]
    assert {page.kind for page in pages} == {kind}
    assert [page.dpi for page in pages] == pytest.approx([dpi] * 2, abs=0.5)


@pytest.mark.shared
def test_nothing_of_the_seal_is_left_on_empty_paper(shared_cases: Path) -> None:
    with open_source(shared_cases / "reports" / "pingfang-2020-poor" / "source.pdf") as source:
        raw = source.raw_page(2)
    work = prepare(raw, rotation=0).work
    blue, green, red = (raw.display[..., index].astype(int) for index in range(3))
    y, x = np.nonzero(red - np.maximum(blue, green) > 60)
    inside = work[y.min() + 40 : y.max() - 40, x.min() + 40 : x.max() - 40]
    assert (inside < 128).mean() < 0.002
