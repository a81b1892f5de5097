"""The catalogue is complete: every error, issue and reason of the source has words in both languages."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import extractors.forms.load  # noqa: F401  defines an error of its own
from eval.cases import BadCase  # noqa: F401  so does this
from eval.gate import NotComparable, QualityDropped  # noqa: F401  and these
from eval.generate.work import MissingTool  # noqa: F401  and this
from extractors import confidence
from extractors.document import SECTION_KEYS, Issue
from extractors.errors import InputError, NianbaoError, OutputExists, RenderError, TooManyPages
from extractors.forms import load
from extractors.messages import (
    LANGUAGES,
    catalogue,
    check_text,
    default_language,
    error_text,
    field_text,
    issue_text,
    known,
    reason_text,
    text,
)

ROOT = Path(__file__).resolve().parents[2]
HAN = re.compile(r"[\u4e00-\u9fff]")
# Groups whose English is a name from the source (facts are filled in as they are).
BARE = {"fact"}


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for package in ("extractors", "flows"):
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def constants_of_calls(name: str, keyword: str) -> set[str]:
    """The texts given to `name(...)` as first argument or as `keyword`."""
    found: set[str] = set()
    for _, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                given = [*node.args[:1], *(word.value for word in node.keywords if word.arg == keyword)]
                found |= {
                    arg.value for arg in given if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
                }
    return found


def reasons_in_the_source() -> set[str]:
    """Texts that are appended to, or given as, reasons, doubts or notes."""
    found: set[str] = set()
    for _, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "reasons":
                found |= _codes(node.value)
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "append"
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in ("reasons", "doubts", "notes")
            ):
                found |= {code for arg in node.args for code in _codes(arg)}
    return found


def _codes(node: ast.AST) -> set[str]:
    words = {n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return {word for word in words if re.fullmatch(r"[a-z]+(_[a-z]+)+", word)}


def error_classes(root: type[NianbaoError] = NianbaoError) -> list[type[NianbaoError]]:
    return [root, *(kind for child in root.__subclasses__() for kind in error_classes(child))]


def test_every_entry_has_both_languages() -> None:
    for group, entries in catalogue().items():
        for code, entry in entries.items():
            where = f"{group}.{code}"
            assert all(entry.get(lang) for lang in LANGUAGES), where
            # Chinese words in an English text would be an oversight; names of bodies and rows come as facts.
            assert not HAN.search(entry["en"]), where
            assert group in BARE or HAN.search(entry["zh"]), where
            names = [
                {name for _, name, _, _ in string.Formatter().parse(entry[lang]) if name}
                for lang in LANGUAGES
            ]
            assert names[0] == names[1], where


@pytest.mark.parametrize("kind", error_classes(), ids=lambda kind: kind.code)
def test_every_error_has_a_message_and_a_remedy(kind: type[NianbaoError]) -> None:
    assert known("error", kind.code)
    entry = catalogue()["error"][kind.code]
    assert entry["remedy_zh"]
    assert entry["remedy_en"]
    for lang in LANGUAGES:
        message, remedy = error_text(kind(), lang)
        assert "{" not in message + remedy


def test_no_error_is_worded_that_does_not_exist() -> None:
    assert set(catalogue()["error"]) == {kind.code for kind in error_classes()}


def test_every_issue_of_the_source_has_words() -> None:
    codes = constants_of_calls("Issue", "code")
    assert len(codes) >= 10
    assert {code for code in codes if not known("issue", code)} == set()


def test_every_reason_of_the_source_has_words() -> None:
    codes = reasons_in_the_source() | confidence.FORCED
    assert len(codes) >= 12
    assert {code for code in codes if not known("reason", code)} == set()


def test_every_step_and_rule_of_the_forms_has_words() -> None:
    for form in load():
        cells = [cell for table in form.tables for layout in table.layouts for cell in layout.cells]
        paths = {cell.path for cell in cells if cell.path}
        assert len(paths) > 150
        assert {rule.id for rule in form.rules if not known("check", rule.id.partition(".")[0])} == set()
        assert {step for path in paths for step in path.split(".") if not known("step", step)} == set()
        assert known("form", form.id)


def test_every_section_has_words() -> None:
    assert all(known("section", key) for key in SECTION_KEYS)


def test_facts_are_said_behind_the_message() -> None:
    error = TooManyPages(path="x.pdf", pages=3000, limit=2000)
    assert error_text(error, "zh")[0].endswith("（3000 页，上限 2000）")
    assert error_text(error, "en")[0].endswith(" (3000 pages, the limit is 2000)")
    crashed = RenderError(reason="crashed", page=3, status=-11)
    assert error_text(crashed, "en")[0] == "A page could not be drawn (page 3, the renderer crashed)"
    assert "out/a.json" in error_text(OutputExists(output="out/a.json"), "zh")[0]
    assert "--force" in error_text(OutputExists(output="a"), "en")[1]


def test_facts_with_braces_are_text() -> None:
    assert "{0} {x.y}" in error_text(InputError(detail="{0} {x.y}"), "en")[0]


def test_codes_within_facts_are_worded() -> None:
    issue = Issue("row_absent", facts={"table": "applications", "row": "（六）其他处理"})
    assert issue_text(issue, "zh") == "表格“收到和处理申请情况”中没有印“（六）其他处理”这一行"
    gap = Issue("page_gap", facts={"missing": (3, 7), "count": 2})
    assert "3, 7" in issue_text(gap, "en")


def test_unknown_codes_are_shown_and_never_raise() -> None:
    assert "new_code" in issue_text(Issue("new_code"), "zh")
    assert "new_reason:x" in reason_text("new_reason:x", "en")
    assert "rule.x" in check_text("rule.x", "zh")
    assert field_text("third_form.row.col", "zh") == "third_form · row · col"
    assert text("kind", "novel", "en") == "novel"
    assert "?" in issue_text(Issue("page_gap"), "en")


def test_reason_names_the_broken_check() -> None:
    assert "一、本年新收" in reason_text("check_broken:app_row_total.new_received", "zh")


@pytest.mark.parametrize(
    ("environ", "lang"),
    [
        ({}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE", "LC_MESSAGES": "zh_TW"}, "zh"),
        ({"LC_ALL": "", "LANG": "zh_CN"}, "zh"),
    ],
)
def test_language_follows_the_locale(environ: dict[str, str], lang: str) -> None:
    assert default_language(environ) == lang
