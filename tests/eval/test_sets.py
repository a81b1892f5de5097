"""From a folder to the cases that are run: prints with their scans, the hand-labelled core, and what is chosen."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from eval.cases import BadCase, read_cases
from eval.generate.case_files import write_print
from eval.generate.scan.ladder import Treatment
from eval.generate.spec import Scan
from eval.sets import Choice, choice_of, choose_cases

LABELS = {
    "form": "2021",
    "agency": "青柏市档案局",
    "year": 2023,
    "sections": {},
    "fields": {"x.y": "1"},
    "boxes": {"x.y": [1, 0.2, 0.2, 0.4, 0.3]},
}


def pdf() -> bytes:
    out = io.BytesIO()
    Image.new("L", (120, 160), 255).save(out, "PDF", resolution=36)
    return out.getvalue()


def add_print(folder: Path, name: str, **labels: Any) -> Path:
    """A print with two scans, of severities 1 and 3."""
    scans = {f"s{level}": Treatment(level, 7, Scan(dpi=40), {}, ()) for level in (1, 3)}
    write_print(folder / f"{name}-digital", pdf(), LABELS | labels, scans, None)
    return folder / f"{name}-digital"


@pytest.fixture
def prints(tmp_path: Path) -> Path:
    add_print(tmp_path / "set", "one", split="train")
    add_print(tmp_path / "set", "two", split="test")
    return tmp_path / "set"


def names(folder: Path, choice: Choice, cache: Path) -> list[str]:
    return [case.name for case in choose_cases(folder, choice, cache=cache)]


def test_a_set_of_prints_is_its_prints_and_their_scans(prints: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    cache = tmp_path / "cache"
    cases = choose_cases(prints, Choice(), told=lambda *counts: told.append(counts), cache=cache)
    assert [case.name for case in cases] == [
        "one-digital",
        "one-s1",
        "one-s3",
        "two-digital",
        "two-s1",
        "two-s3",
    ]
    assert [case.level for case in cases[:3]] == ["digital", "s1", "s3"]
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    choose_cases(prints, Choice(), told=lambda *counts: told.append(counts), cache=cache)
    assert len(told) == 4


@pytest.mark.parametrize(
    ("choice", "chosen"),
    [
        (choice_of(only="one-s, two-d"), ["one-s1", "one-s3", "two-digital"]),
        (choice_of(levels="s3,digital"), ["one-digital", "one-s3", "two-digital", "two-s3"]),
        (choice_of(split="test"), ["two-digital", "two-s1", "two-s3"]),
        (Choice(names=frozenset({"one-s1", "gone-s9"})), ["one-s1"]),
    ],
)
def test_only_what_is_chosen_is_made(prints: Path, tmp_path: Path, choice: Choice, chosen: list[str]) -> None:
    cache = tmp_path / "cache"
    assert names(prints, choice, cache) == chosen
    made = [path.name for path in cache.glob("*")] if cache.exists() else []
    assert sorted(made) == [name for name in chosen if "digital" not in name]


def test_the_core_stands_in_the_set_and_for_itself(prints: Path, tmp_path: Path) -> None:
    core = add_print(prints / "core", "three", label_source="hand", unverified=["x.y"]).parent
    cases = {case.name: case for case in choose_cases(prints, Choice(), cache=tmp_path / "cache")}
    assert cases["three-s3"].gold.label_source == "hand"
    assert cases["three-s3"].gold.unverified == {"x.y"}, "what no labeller could read is not scored in a scan"
    assert cases["one-s3"].gold.label_source == "unknown"
    assert names(core, Choice(), tmp_path / "own") == ["three-s1", "three-s3"], "the scans were labelled"
    assert [case.name for case in read_cases(prints)] == ["one-digital", "three-digital", "two-digital"]


def test_two_cases_of_one_name_are_refused(prints: Path, tmp_path: Path) -> None:
    add_print(prints / "core", "one")
    with pytest.raises(BadCase, match="one name"):
        choose_cases(prints, Choice(), cache=tmp_path / "cache")


def test_plain_cases_need_no_cache(tmp_path: Path) -> None:
    case = tmp_path / "plain" / "a-clean"
    case.mkdir(parents=True)
    (case / "source.pdf").write_bytes(pdf())
    (case / "gold.json").write_text(json.dumps(LABELS), encoding="utf-8")
    assert names(tmp_path / "plain", Choice(), tmp_path / "cache") == ["a-clean"]
    assert not (tmp_path / "cache").exists()


def test_what_is_missing_is_named(prints: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with pytest.raises(BadCase, match=r"called \*nine\* and of level s1"):
        choose_cases(prints, choice_of(only="nine", levels="s1"), cache=cache)
    (prints / "one-digital" / "source.pdf").unlink()
    with pytest.raises(BadCase, match=r"one-digital: no scan can be made without source\.pdf"):
        choose_cases(prints, choice_of(levels="s1"), cache=cache)
    (prints / "one-digital" / "scans.json").write_text("{", encoding="utf-8")
    with pytest.raises(BadCase, match=r"one-digital: scans\.json"):
        choose_cases(prints, Choice(), cache=cache)


@pytest.mark.parametrize("wrong", [{"levels": "s1,s9"}, {"split": "dev"}])
def test_a_level_or_split_that_is_none_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"s9.*digital|dev.*train"):
        choice_of(**wrong)
