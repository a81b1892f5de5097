"""The gate: what it remembers, what it lets pass, and what it stops."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from run_cases import FACTS, ROW, case, field, record, run_of, scored

from eval.compare import NotComparable
from eval.gate import State, change, from_json, more_than_chance, state_of, to_json
from eval.generate.case_files import PRINT, read_scans
from eval.runs.build import case_rows

BASELINES = Path(__file__).resolve().parents[2] / "eval" / "baselines"
DATA = BASELINES.parents[1] / "data"
FIELDS = {f"{ROW}.p{n}": "3" for n in range(12)}


def state(wrong: int = 0, asked: int = 0, silent: int = 0, **changes: Any) -> State:
    """The state of a run over one report: so many fields wrong, right but asked about, silently wrong."""
    paths = sorted(FIELDS)
    answers = {path: field(path, "8", review=True) for path in paths[:wrong]}
    answers |= {path: field(path, "3", review=True) for path in paths[wrong : wrong + asked]}
    answers |= {path: field(path, "8") for path in paths[len(paths) - silent :]}
    one = case(fields=FIELDS, boxes={})
    found = record(one.gold, answers) | changes
    return state_of(run_of(case_rows(one, [found], None, None)))


def test_a_state_comes_back_from_json() -> None:
    for one in (state(), state(2, 3, 1), state(title="x", sections=[], year={"value": 1, "review": True})):
        assert from_json(json.loads(json.dumps(to_json(one)))) == one
    with pytest.raises(NotComparable):
        from_json({"schema": "another"})


def test_only_what_is_not_perfect_is_kept() -> None:
    assert to_json(state())["imperfect"] == {}
    kept = to_json(state(1, 2, 1))["imperfect"]["qingbai-2021-clean"]
    assert {group: len(paths) for group, paths in kept.items()} == {"wrong": 1, "asked": 2, "silent": 1}


def test_no_change_and_little_change_pass() -> None:
    assert change(state(), state()).faults == ()
    assert change(state(), state(wrong=4)).faults == ()
    assert change(state(), state(asked=4)).faults == ()
    assert not change(state(), state()).improved


def test_more_than_chance_is_stopped_and_named() -> None:
    (fault, *_) = change(state(), state(wrong=5)).faults
    assert "5 fields broken, 0 fixed" in fault
    assert f"{ROW}.p0" in fault
    assert "5 more fields asked about" in change(state(), state(asked=5)).faults[0]


def test_a_single_new_silent_error_is_stopped_whatever_else_got_better() -> None:
    found = change(state(wrong=6), state(silent=1))
    assert len(found.fixed) == 6
    assert "new silent errors" in found.faults[0]
    assert change(state(silent=1), state(silent=1)).faults == ()
    loud = change(state(silent=1), state())
    assert loud.improved
    assert loud.faults == ()


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"year": {"value": 2012, "review": True}}, "year"),
        ({"agency": {"value": "别处", "review": True}}, "body"),
        ({"form": "2019"}, "form"),
        ({"kind": "not_a_report"}, "kind"),
        ({"sections": []}, "title of overview"),
    ],
)
def test_a_wrong_report_is_stopped_at_once(changes: dict[str, Any], named: str) -> None:
    assert named in change(state(), state(**changes)).faults[0]


def test_other_labels_or_cases_are_refused() -> None:
    for other in (replace(state(), gold="other"), replace(state(), cases=("b",))):
        with pytest.raises(NotComparable):
            change(state(), other)
    failed = state_of(run_of(case_rows(case(), [], None, "engine")))
    assert ("qingbai-2021-clean", "no record") in failed.reports
    assert failed.gold == FACTS.gold


@pytest.mark.parametrize(
    ("worse", "better", "stopped"), [(4, 0, False), (5, 0, True), (5, 1, False), (12, 4, True), (0, 9, False)]
)
def test_the_sign_test(worse: int, better: int, stopped: bool) -> None:
    assert more_than_chance(worse, better) == stopped


def test_committed_baselines_are_of_cases_that_are_there() -> None:
    found = sorted(BASELINES.glob("*.json"))
    assert found
    for path in found:
        baseline = from_json(json.loads(path.read_text(encoding="utf-8")))
        assert baseline.cases
        assert set(baseline.cases) <= set(names_in(DATA / path.stem))


def test_no_silent_error_of_the_samples_is_taken_for_granted() -> None:
    samples = from_json(json.loads((BASELINES / "samples.json").read_text(encoding="utf-8")))
    assert samples.silent == frozenset()


def test_the_gate_of_the_set_has_every_kind_of_case_and_none_to_be_kept_unseen() -> None:
    baseline = from_json(json.loads((BASELINES / "eval.json").read_text(encoding="utf-8")))
    labels = [
        json.loads(
            (DATA / "eval" / f"{name.rsplit('-', 1)[0]}-digital" / "gold.json").read_text(encoding="utf-8")
        )
        for name in baseline.cases
    ]
    reports = [report for one in labels for report in one.get("reports", [one])]
    assert {report["form"] for report in reports} >= {"2019", "2021", "earlier", None}
    assert {trait for one in labels for trait in one["traits"]} >= {
        "engine:chromium",
        "engine:libreoffice",
        "volume",
    }
    assert {name.rsplit("-", 1)[1] for name in baseline.cases} == {"s1", "s2", "s3"}
    assert "test" not in {report.get("split", labels[0]["split"]) for report in reports}


def names_in(folder: Path) -> list[str]:
    """The cases of a folder, and the scans that its prints name."""
    plain = [path.parent.name for path in folder.glob("*/gold.json")]
    scans = [
        f"{path.parent.name.removesuffix(PRINT)}-{scan}"
        for path in folder.glob("*/scans.json")
        for scan in read_scans(path.parent)
    ]
    return plain + scans


def test_inventions_are_kept_too() -> None:
    found = state_of(run_of(scored(case(), {"x.y": field("x.y", "1")})))
    assert ("qingbai-2021-clean", "x.y") in found.silent
