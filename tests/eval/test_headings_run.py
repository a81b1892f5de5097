"""Labelled heading lines: every line is in the sum, and a trap that is taken costs."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.headings import REST, Answer, Labelled, alone, answers, comparison, main, reach, read_lines, report
from extractors.errors import InputError
from extractors.heading_rules import RuleClassifier

LINES = (
    Labelled(0, "title", "2024年政府信息公开工作年度报告"),
    Labelled(0, "overview", "一、总体情况"),
    Labelled(0, "sub", "（一）主动公开情况。"),
    Labelled(0, "active_disclosure", "二、主动公开政府信息情况"),
    Labelled(0, "row", "第二十条第（一）项"),
    Labelled(1, "overview", "一、总体情况"),
)


def test_rules_tell_headings_from_what_looks_like_them() -> None:
    got = answers(LINES, RuleClassifier())
    assert [answer.key for answer in got] == [REST, "overview", REST, "active_disclosure", REST, "overview"]
    found = reach(LINES, got)
    assert (found.matches.recall, found.matches.precision) == (1.0, 1.0)
    assert (found.share, found.silent) == (1.0, 0)


def test_an_omission_and_a_trap_both_cost_and_only_one_of_them_can_be_asked_about() -> None:
    got = (
        Answer(),
        Answer("overview"),
        Answer("active_disclosure", review=True),
        Answer(),
        Answer(),
        Answer("overview", review=True),
    )
    found = reach(LINES, got)
    assert (found.matches.right, found.matches.gold, found.matches.found) == (2, 3, 3)
    assert (found.unasked, found.silent) == (1, 1)
    told = report(LINES, got)
    assert "| sub | 1 | – | 1 | 0 |" in told
    assert "| active_disclosure | 1 | 0 | 0 | 1 |" in told
    assert "- sub taken for active_disclosure, and asked about: （一）主动公开情况。" in told
    assert "- active_disclosure taken for no heading: 二、主动公开政府信息情况" in told
    assert "- overview, asked about: 一、总体情况" in told


def test_classifiers_stand_beside_each_other() -> None:
    told = comparison(LINES, {"one": [Answer()] * 6, "other": answers(LINES, RuleClassifier())})
    assert "| one | 0 / 3 | 0 / 0 | 0.0000 | 0 / 3 (0.0%) | 3 |" in told
    assert "| other | 3 / 3 | 3 / 3 | 1.0000 | 3 / 3 (100.0%) | 0 |" in told


def test_a_line_by_itself_is_taken_for_what_it_looks_like_most() -> None:
    twice = (*LINES, Labelled(1, "sub", "一、概述"))
    assert [answer.key for answer in alone(twice, RuleClassifier())][-2:] == ["overview", "overview"]
    assert [answer.key for answer in answers(twice, RuleClassifier())].count(
        "overview"
    ) == 2  # one of each document


def test_a_file_of_something_else_is_named(tmp_path: Path) -> None:
    for text in ("{", '{"doc": 0}', "[]"):
        (tmp_path / "lines").write_text(text, encoding="utf-8")
        with pytest.raises(InputError):
            read_lines(tmp_path / "lines")


@pytest.mark.shared
def test_the_labelled_lines_of_real_reports(shared_cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(shared_cases / "headings" / "headings.jsonl")]) == 0
    assert "234 lines" in capsys.readouterr().out
