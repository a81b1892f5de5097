"""The scorer's laws: what must hold for any gold and any record, and the definitions by example."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.cases import Gold
from eval.gold_values import gold_value
from eval.score import Counts, score_record, total

PATHS = [f"applications.row{i}.total" for i in range(6)] + [
    "active_disclosure.art20_8.administrative_fees.amount_wan_yuan",
    "active_disclosure.art20_6.administrative_penalty.change",
]
ANSWERS = ["0", "", "/", "—", "12", "-11", "+3", "增1423", "减38", "251000元", "96171.6", "无", "10398887"]

golds = st.builds(
    Gold,
    form=st.sampled_from(["2019", "2021"]),
    agency=st.just("青柏市档案局"),
    year=st.just(2021),
    sections=st.just({"overview": "一、总体情况", "other_matters": "六、其他需要报告的事项"}),
    fields=st.dictionaries(st.sampled_from(PATHS), st.sampled_from(ANSWERS), min_size=1),
)


def perfect(gold: Gold) -> dict[str, Any]:
    """A record that says exactly what gold says."""
    return {
        "form": gold.form,
        "agency": {"value": gold.agency, "review": False},
        "year": {"value": gold.year, "review": False},
        "sections": [{"key": key, "title": title} for key, title in gold.sections.items()],
        "fields": {path: field(path, raw) for path, raw in gold.fields.items()},
    }


def field(path: str, raw: str, review: bool = False) -> dict[str, Any]:
    truth = gold_value(path, raw)
    value = None if truth.number is None else truth.number
    return {"kind": truth.kind, "raw": raw, "value": value, "unit": truth.unit, "review": review}


def wrong_answer(raw: str) -> str:
    return "7" if raw != "7" else "1"


@given(golds)
def test_a_perfect_record_scores_one(gold: Gold) -> None:
    score = score_record(perfect(gold), gold)
    assert score.counts.accuracy == 1
    assert score.counts.silent == 0
    assert score.counts.straight_through == 1
    assert score.counts.section_recall == 1
    assert score.misses == score.wrong_sections == score.wrong_front == ()


@given(golds)
def test_no_output_scores_zero_and_is_not_quiet(gold: Gold) -> None:
    for nothing in (None, {}):
        counts = score_record(nothing, gold).counts
        assert counts.accuracy == counts.straight_through == counts.section_recall == 0
        assert counts.silent == counts.fields == len(gold.fields)


@given(golds, st.data())
def test_an_omission_is_never_free(gold: Gold, data: st.DataObject) -> None:
    record = perfect(gold)
    del record["fields"][data.draw(st.sampled_from(sorted(gold.fields)))]
    counts = score_record(record, gold).counts
    assert counts.accuracy < 1
    assert counts.straight_through < 1
    assert counts.silent == 1


@given(golds, st.booleans())
def test_an_invention_is_never_free(gold: Gold, review: bool) -> None:
    record = perfect(gold)
    record["fields"]["applications.invented.total"] = field("applications.invented.total", "3", review)
    before, after = score_record(perfect(gold), gold).counts, score_record(record, gold).counts
    assert after.straight_through < before.straight_through
    assert after.accuracy <= before.accuracy
    assert after.silent == (0 if review else 1)
    assert after.invented == 1


@given(golds, st.booleans(), st.data())
def test_an_error_costs_the_same_wherever_and_review_only_makes_it_loud(
    gold: Gold, review: bool, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(sorted(gold.fields)))
    record = perfect(gold)
    record["fields"][path] = field(path, wrong_answer(gold.fields[path]), review)
    counts = score_record(record, gold).counts
    assert counts.right == counts.fields - 1
    assert counts.silent == (0 if review else 1)
    assert counts.straight == counts.fields - review


@given(golds, st.randoms(use_true_random=False))
def test_order_changes_nothing(gold: Gold, shuffler: random.Random) -> None:
    record = perfect(gold)
    path = sorted(gold.fields)[0]
    record["fields"][path] = field(path, wrong_answer(gold.fields[path]))
    shuffled = dict(record)
    entries = list(record["fields"].items())
    shuffler.shuffle(entries)
    shuffled["fields"] = dict(entries)
    shuffled["sections"] = record["sections"][::-1]
    turned = replace(gold, fields=dict(reversed(list(gold.fields.items()))))
    assert score_record(shuffled, turned) == score_record(record, gold)


@given(st.lists(golds, max_size=4))
def test_scores_add_up(gold_list: list[Gold]) -> None:
    scores = [score_record(perfect(gold), gold) for gold in gold_list]
    added = total(scores)
    assert added.fields == sum(len(gold.fields) for gold in gold_list)
    assert added == total(scores[::-1])
    assert Counts() + added == added


@pytest.mark.parametrize(
    ("printed", "change"),
    [
        pytest.param("0", {"kind": "blank", "raw": "", "value": None}, id="zero-read-as-blank"),
        pytest.param("", {"kind": "number", "raw": "0", "value": 0}, id="blank-read-as-zero"),
        pytest.param("/", {"kind": "text", "raw": "/"}, id="not-applicable-is-not-text"),
        pytest.param("减38", {"value": 38}, id="sign-lost"),
        pytest.param("-11", {"raw": "11"}, id="minus-lost-in-raw"),
        pytest.param("251000元", {"unit": None}, id="unit-lost"),
        pytest.param("0", {"unit": "万元"}, id="unit-guessed"),
        pytest.param("12", {"raw": "12 0"}, id="raw-longer"),
        pytest.param("12", {"kind": "unreadable", "raw": None, "value": None}, id="given-up"),
    ],
)
def test_right_means_kind_raw_value_and_unit(printed: str, change: dict[str, Any]) -> None:
    gold = Gold("2021", "甲", 2021, {}, {"applications.x.total": printed})
    record = perfect(gold)
    record["fields"]["applications.x.total"] |= change
    assert score_record(record, gold).counts.right == 0


@pytest.mark.parametrize(
    ("printed", "raw"),
    [("—", "－－"), ("12", "１２"), ("2 7", "27"), ("/", "／"), ("增3", " 增 3")],  # noqa: RUF001
)
def test_width_space_and_make_of_dash_do_not_count(printed: str, raw: str) -> None:
    gold = Gold("2021", "甲", 2021, {}, {"applications.x.total": printed})
    record = perfect(gold)
    record["fields"]["applications.x.total"]["raw"] = raw
    assert score_record(record, gold).counts.right == 1


def test_json_numbers_of_any_make_agree() -> None:
    path = "active_disclosure.art20_8.administrative_fees.amount_wan_yuan"
    gold = Gold("2021", "甲", 2021, {}, {path: "7730.28"})
    for value in (7730.28, Decimal("7730.28"), Decimal("7730.280")):
        record = perfect(gold)
        record["fields"][path]["value"] = value
        assert score_record(record, gold).counts.right == 1
        record["fields"][path]["unit"] = None
        assert score_record(record, gold).counts.right == 0


@pytest.mark.parametrize("name", ["agency", "year"])
def test_a_wrong_body_or_year_makes_every_field_a_silent_error(name: str) -> None:
    gold = Gold("2021", "甲局", 2021, {}, {path: "0" for path in PATHS})
    record = perfect(gold)
    record[name] = {"value": 2012, "review": False}
    assert score_record(record, gold).counts.silent == len(PATHS)
    record[name]["review"] = True
    assert score_record(record, gold).counts.silent == 0
    assert score_record(record, gold).counts.right == len(PATHS)


def test_nonzero_leaves_out_zero_and_blank_only() -> None:
    gold = Gold("2021", "甲", 2021, {}, dict(zip(PATHS, ["0", "", "/", "5", "０"], strict=False)))
    counts = score_record({"fields": {path: field(path, "0") for path in PATHS[:5]}}, gold).counts
    assert (counts.nonzero_right, counts.nonzero) == (0, 2)


def test_sections_need_their_exact_title_and_extra_ones_count() -> None:
    gold = Gold("2021", "甲", 2021, {"overview": "一、总体情况"}, {})
    record: dict[str, Any] = {"sections": [{"key": "overview", "title": "一、总体情况："}]}
    assert score_record(record, gold).counts.sections_right == 0
    record["sections"].append({"key": "overview", "title": "一、总体 情况"})
    counts = score_record(record, gold).counts
    assert (counts.sections_right, counts.sections_extra) == (1, 1)


def test_unverified_fields_count_nowhere() -> None:
    gold = Gold("2021", "甲", 2021, {}, {"a.b": "0", "c.d": "5"}, unverified=frozenset({"c.d", "e.f"}))
    record = {"fields": {"a.b": field("a.b", "0"), "c.d": field("c.d", "9"), "e.f": field("e.f", "9")}}
    counts = score_record(record, gold).counts
    assert (counts.right, counts.fields, counts.invented) == (1, 1, 0)
    assert not score_record(record, gold).misses


@pytest.mark.parametrize(
    ("printed", "kind", "number", "unit"),
    [
        ("", "blank", None, None),
        ("不适用", "not_applicable", None, None),
        ("——", "not_applicable", None, None),
        ("无", "text", None, None),
        ("+21", "number", 21, None),
        ("−11", "number", -11, None),  # noqa: RUF001
        ("减3", "number", -3, None),
        ("2601.953875万", "number", Decimal("2601.953875"), "万元"),
        ("23600万元", "number", 23600, "万元"),
        ("1,035,000", "number", 1035000, None),
        ("1,03", "text", None, None),
        ("5件", "number", 5, "件"),
    ],
)
def test_gold_values(printed: str, kind: str, number: int | Decimal | None, unit: str | None) -> None:
    value = gold_value("applications.x.total", printed)
    assert (value.kind, value.number, value.unit) == (kind, number, unit)
