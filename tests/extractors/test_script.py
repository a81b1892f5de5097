"""Which script a text is in, and what the table of pairs may hold."""

from __future__ import annotations

import pytest

from extractors.script import TO_SIMPLIFIED, is_simplified


def test_no_simplified_form_is_a_traditional_character_of_its_own() -> None:
    assert not set(TO_SIMPLIFIED) & set(TO_SIMPLIFIED.values())
    assert not set("后里干余云谷征") & set(TO_SIMPLIFIED.values()) - {"云"}


@pytest.mark.parametrize(
    ("texts", "simplified"),
    [
        (["存在的主要问题及改进情况", "政务公开工作总体情况"], True),
        (["存在的主要問題及改進情況", "政務公開工作總體情況"], False),
        (["存在的主要问题及改进情况", "政務公開工作總體情況"], False),
        (["情况"], False),
        ([], False),
    ],
)
def test_a_text_is_simplified_where_it_plainly_is(texts: list[str], simplified: bool) -> None:
    assert is_simplified(texts) is simplified
