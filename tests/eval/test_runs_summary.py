"""The summary's numbers, by hand-made rows: denominators, intervals, the answerer of zeros, slices, trust."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from run_cases import FACTS, PATHS, ROW, case, field, gold, record, run_of, scored

from eval.peers.zeros import all_zero
from eval.runs.build import case_rows
from eval.runs.measure import LEAST_DOCUMENTS, METRICS, estimate
from eval.runs.rows import Rows, join
from eval.runs.summary import slices, summarise
from eval.runs.trust import bins, curve, trust_json

WRONG = {f"{ROW}.total": field(f"{ROW}.total", "8")}


def bodies(count: int, wrong: int = 0) -> list[Rows]:
    """`count` reports of different bodies, `wrong` of them with one wrong field."""
    return [
        scored(case(f"b{n}-2021-clean", agency=f"机关{n}"), WRONG if n < wrong else None)
        for n in range(count)
    ]


def test_every_metric_of_a_perfect_run_is_at_its_best() -> None:
    documents = list(join(bodies(3)).by_document().values())
    found = {name: estimate(metric, documents) for name, metric in METRICS.items()}
    values = {name: one.value for name, one in found.items() if one.value is not None}
    unmeasured = {"blank_recall", "blank_precision", "checks_found", "checks_true", "header_path"}
    unmeasured |= {"header_path_loose"}
    unmeasured |= {"front_recall", "front_precision", "paper_recall", "earlier_recall", "volume_bounds"}
    assert values.keys() == METRICS.keys() - unmeasured
    assert all(value == (1.0 if METRICS[name].good > 0 else 0.0) for name, value in values.items())


def test_rates_have_all_of_the_truth_below_the_line() -> None:
    missing = scored(case(), {f"{ROW}.total": {}})
    one = estimate(METRICS["accuracy"], missing.by_document().values())
    assert (one.numerator, one.denominator) == (len(PATHS) - 1, len(PATHS))
    invented = scored(case(), {"applications.invented": field("applications.invented", "1")})
    one = estimate(METRICS["silent"], invented.by_document().values())
    assert (one.numerator, one.denominator) == (1, len(PATHS) + 1)
    assert estimate(METRICS["blank_recall"], missing.by_document().values()).value is None


def test_no_interval_from_few_documents_and_one_that_holds_the_value_from_more() -> None:
    few = estimate(METRICS["accuracy"], join(bodies(LEAST_DOCUMENTS - 1, 1)).by_document().values())
    assert (few.low, few.high) == (None, None)
    more = estimate(METRICS["accuracy"], join(bodies(20, 5)).by_document().values())
    assert more.low is not None
    assert more.high is not None
    assert more.value is not None
    assert more.low < more.value < more.high
    assert more == estimate(METRICS["accuracy"], join(bodies(20, 5)[::-1]).by_document().values())


def test_scans_of_one_report_do_not_make_an_interval_narrower() -> None:
    """Ten scans of one report are one document: the bootstrap has nothing to resample."""
    twins = [scored(case(f"a-2021-{n}"), WRONG if n % 2 else None) for n in range(10)]
    assert estimate(METRICS["accuracy"], join(twins).by_document().values()).low is None


def test_zeros_get_what_is_printed_as_zero() -> None:
    rows = all_zero(scored(case(), {"x.invented": field("x.invented", "1")}))
    assert [row.right for row in rows.fields] == [row.gold_raw == "0" for row in rows.fields]
    assert len(rows.fields) == len(PATHS)
    summary = summarise(scored(case()), FACTS)
    assert summary["headline"]["zeros"]["accuracy"]["numerator"] == 1
    assert summary["headline"]["zeros"]["nonzero_accuracy"]["value"] == 0


def test_the_hand_labelled_core_stands_apart() -> None:
    hand = scored(case("c-2021-fax", agency="丙", label_source="hand"), WRONG)
    summary = run_of(scored(case()), hand).summary
    assert summary["headline"]["core"]["accuracy"]["denominator"] == len(PATHS)
    assert summary["headline"]["all"]["accuracy"]["denominator"] == 2 * len(PATHS)
    assert "core" not in run_of(scored(case())).summary["headline"]


def test_slices_cover_all_fields() -> None:
    found = slices(join([scored(case("a-2021-clean")), scored(case("a-2021-odd"), WRONG)]))
    assert list(found["level"]) == ["clean", "other"]
    for group in ("level", "form", "label_source", "table"):
        assert sum(one["accuracy"]["denominator"] for one in found[group].values()) == 2 * len(PATHS)
    assert found["tag"]["digits_1"]["accuracy"]["denominator"] == 4
    assert found["tag"]["zero"]["accuracy"]["value"] == 1


def test_bins_hold_every_sure_field_once_and_count_the_wrong() -> None:
    rows = [
        row
        for n, p in enumerate((0.0, 0.3, 0.5, 0.9994, 0.9995, 1.0))
        for row in scored(case(f"c{n}"), {path: field(path, "8", confidence=p) for path in PATHS}).fields
    ]
    found = bins(rows)
    assert sum(one["count"] for one in found) == len(rows)
    assert sum(one["wrong"] for one in found) == len(rows)
    assert all(one["low"] <= one["confidence"] <= one["high"] for one in found)


def test_the_curve_goes_from_nothing_to_everything_sure() -> None:
    wrong = {f"{ROW}.total": field(f"{ROW}.total", "8", confidence=0.2)}
    points = curve(scored(case(), wrong).fields)
    assert points[0] == (0.0, 0.0)
    assert points[1] == (pytest.approx(2 / 3, abs=1e-6), 0.0)
    assert points[-1] == (1.0, pytest.approx(1 / 3, abs=1e-6))


def test_no_record_is_at_its_worst_in_every_metric() -> None:
    documents = list(join([case_rows(case(), [], None, "x")]).by_document().values())
    found = {name: estimate(metric, documents) for name, metric in METRICS.items()}
    values = {name: one.value for name, one in found.items() if one.value is not None and name != "invented"}
    assert len(values) > 15
    assert all(value == (0.0 if METRICS[name].good > 0 else 1.0) for name, value in values.items())


def test_what_passes_is_bounded_and_thresholds_need_their_numbers() -> None:
    trust = trust_json(join(bodies(4, 1)).fields)
    assert (trust["passing"]["accepted"], trust["passing"]["errors"]) == (12, 1)
    assert 1 / 12 < trust["passing"]["bound"] < 0.4
    assert [one["measurable"] for one in trust["thresholds"]] == [False, False]
    assert trust["calibration"]["wrong"] == 1
    assert trust["calibration"]["auroc"] == 0.5  # all equally sure
    astray = trust_json(case_rows(case(), [record(gold(agency="别处"))], None, None).fields)
    assert astray["passing"]["errors"] == len(PATHS)
    assert trust_json(())["passing"]["bound"] == 1


def test_thresholds_are_measured_on_the_half_they_were_not_chosen_on() -> None:
    """One document is wrong where it is sure, the other right: the threshold chosen on the right one is no good."""
    many = {f"{ROW}.p{n}": "3" for n in range(3200)}
    wrong = {path: field(path, "8") for path in many}
    bad = scored(case("b-2021-fax", agency="乙", fields=many, boxes={}), wrong)
    good = scored(case("a-2021-fax", agency="甲", fields=many, boxes={}))
    found = trust_json(join([good, bad]).fields)["thresholds"][0]
    assert found["measurable"]
    assert (found["accepted"], found["errors"]) == (3200, 3200)


def test_cost_is_per_page_and_failures_are_named() -> None:
    summary = run_of(scored(case())).summary
    assert summary["cost"]["pages_per_second"] == 1.0
    assert summary["cost"]["stages"] == {"ocr": 1.0}
    assert gold().label_source in summary["slices"]["label_source"]
    assert summary["failures"] == []
