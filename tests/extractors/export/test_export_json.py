"""The contract: exact numbers, the schema's yes and no, and the law of the round trip."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_record import build_record

from extractors.document import Value
from extractors.errors import InputError
from extractors.export.json import (
    FRONT_KEYS,
    dumps,
    loads,
    record_from_json,
    record_to_json,
    value_from_json,
    value_to_json,
)
from extractors.export.schema import schema_problems

Json = dict[str, Any]


def test_sample_covers_every_kind() -> None:
    kinds = {value.kind for value in build_record().fields.values()}
    assert kinds == {"number", "blank", "not_applicable", "text", "not_found", "unreadable"}


def test_sample_satisfies_the_schema() -> None:
    assert schema_problems(record_to_json(build_record(), "zh")) == ()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_was_written_reads_back_to_the_same_json(lang: Any) -> None:
    written = dumps(record_to_json(build_record(), lang))
    assert dumps(record_to_json(record_from_json(loads(written)), lang)) == written


def test_fields_survive_the_round_trip_as_they_are() -> None:
    record = build_record()
    back = record_from_json(loads(dumps(record_to_json(record, "zh"))))
    assert back.fields == record.fields
    assert back.front == record.front
    assert (back.checks, back.sections, back.engine) == (record.checks, record.sections, record.engine)
    assert [table.table.pages for table in back.tables] == [table.table.pages for table in record.tables]


def test_reading_with_a_plain_json_parser_gives_the_same_fields() -> None:
    record = build_record()
    assert record_from_json(json.loads(dumps(record_to_json(record, "zh")))).fields == record.fields


def test_field_has_the_shape_of_the_contract() -> None:
    field = record_to_json(build_record(), "zh")["fields"]["applications.new_received.natural_person"]
    assert field == {
        "value": 3119,
        "raw": "3119",
        "kind": "number",
        "unit": None,
        "page": 2,
        "box": [270, 670, 340, 720],
        "parts": [{"page": 2, "box": [270, 670, 340, 720]}],
        "confidence": 0.71,
        "alternatives": [["3119", 0.71], ["3179", 0.22], ["3 119", 0.01]],
        "review": True,
        "reasons": ["low_confidence"],
        "decision": None,
    }


def test_absent_field_has_no_raw_and_no_place() -> None:
    field = record_to_json(build_record(), "zh")["fields"]["review_litigation.reconsideration.total"]
    assert "raw" not in field
    assert (field["value"], field["page"], field["box"], field["parts"]) == (None, None, None, [])


def test_front_matter_that_the_record_lacks_is_written_as_not_found() -> None:
    data = record_to_json(replace(build_record(), front={}), "zh")
    assert {data[key]["kind"] for key in FRONT_KEYS} == {"not_found"}
    assert schema_problems(data) == ()


def test_cut_cell_names_both_its_places() -> None:
    cells = record_to_json(build_record(), "zh")["tables"][1]["cells"]
    cut = next(cell for cell in cells if cell["text"] == "（四）无法提供")
    assert [part["page"] for part in cut["parts"]] == [2, 3]
    assert (cut["page"], cut["box"]) == (2, cut["parts"][0]["box"])


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "0"),
        (-38, "-38"),
        (Decimal("7730.280"), "7730.280"),
        (Decimal("2601.953875"), "2601.953875"),
        (Decimal("12345678901234567890.123456789"), "12345678901234567890.123456789"),
        (Decimal("1E+3"), "1000"),
    ],
)
def test_numbers_keep_every_digit(number: int | Decimal, written: str) -> None:
    assert dumps(number) == written + "\n"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_decimals_come_back_equal(number: Decimal) -> None:
    value = Value("number", number, str(number))
    assert value_from_json(loads(dumps(value_to_json(value)))).value == number


@pytest.mark.parametrize("number", [float("nan"), float("inf"), Decimal("NaN")])
def test_what_json_cannot_hold_is_refused(number: Any) -> None:
    with pytest.raises(ValueError, match="JSON has no"):
        dumps({"value": number})


def test_undecodable_names_can_be_written() -> None:
    record = build_record()
    odd = replace(record, source=replace(record.source, name="a\udce9.pdf", paths=("x/a\udce9.pdf",)))
    text = dumps(record_to_json(odd, "zh"))
    assert json.loads(text.encode("utf-8"))["source"]["name"] == "a\\udce9.pdf"


def _set(path: str, value: Any) -> Callable[[Json], None]:
    def change(data: Json) -> None:
        *steps, last = path.split("/")
        for step in steps:
            data = data[int(step)] if step.isdigit() else data[step]  # type: ignore[index]
        data[last] = value

    return change


FIELD = "fields/applications.new_received.natural_person"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_set("schema", "nianbao.record/2"), id="other-version"),
        pytest.param(_set("extra", 1), id="unknown-key"),
        pytest.param(lambda data: data.pop("agency"), id="no-agency"),
        pytest.param(_set("kind", "maybe"), id="unknown-kind"),
        pytest.param(_set("form", ""), id="empty-form"),
        pytest.param(_set("year/value", "2023"), id="year-as-text"),
        pytest.param(_set("period/value", ["2023-01-01"]), id="half-a-period"),
        pytest.param(_set("issued_on/value", "16.1.2024"), id="date-not-iso"),
        pytest.param(_set(FIELD + "/value", "3119"), id="number-as-text"),
        pytest.param(_set(FIELD + "/value", None), id="number-without-value"),
        pytest.param(_set(FIELD + "/confidence", 1.5), id="confidence-above-one"),
        pytest.param(_set(FIELD + "/confidence", None), id="no-confidence"),
        pytest.param(_set(FIELD + "/box", None), id="box-lost"),
        pytest.param(_set(FIELD + "/parts", []), id="place-lost"),
        pytest.param(_set(FIELD + "/kind", "blank"), id="blank-with-value"),
        pytest.param(_set(FIELD + "/kind", "not_found"), id="not-found-with-raw"),
        pytest.param(_set(FIELD + "/alternatives", [["3119"]]), id="alternative-without-chance"),
        pytest.param(
            _set("fields/review_litigation.reconsideration.total/review", False), id="absent-unreviewed"
        ),
        pytest.param(_set("fields/Not A Path", {}), id="field-name"),
        pytest.param(_set("sections/0/key", "preface"), id="unknown-section"),
        pytest.param(_set("tables/0/cells/0/rowspan", 0), id="cell-without-rows"),
        pytest.param(_set("checks/2/left", 3), id="skipped-with-a-side"),
        pytest.param(_set("checks/0/right", None), id="holds-without-a-side"),
        pytest.param(_set("issues/0/message", ""), id="wordless-issue"),
        pytest.param(_set("source/sha256", "abc"), id="short-hash"),
        pytest.param(lambda data: data["timing_s"].pop("total"), id="no-total-time"),
    ],
)
def test_schema_refuses(change: Callable[[Json], None]) -> None:
    data = copy.deepcopy(record_to_json(build_record(), "zh"))
    change(data)
    assert schema_problems(data)


def test_other_schema_is_an_input_error() -> None:
    with pytest.raises(InputError):
        record_from_json({"schema": "nianbao.record/9"})


def test_a_record_that_does_not_tile_is_an_input_error() -> None:
    data = record_to_json(build_record(), "zh")
    data["tables"][0]["cells"].pop()
    with pytest.raises(InputError, match="hole"):
        record_from_json(data)
