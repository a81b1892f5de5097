"""The scorer reads answers on its own; on what real reports print it must agree with the product's parser."""

from __future__ import annotations

import pytest

from eval.gold_values import gold_value, normalise
from extractors.values import parse_value

COUNT = "applications.new_received.total"
CHANGE = "active_disclosure.art20_5.administrative_licensing.change"
FEE = "active_disclosure.art20_8.administrative_fees.amount_wan_yuan"
PURCHASE = "active_disclosure.art20_9.government_centralized_procurement.total_amount"


@pytest.mark.parametrize(
    ("path", "value_type", "form_unit", "printed"),
    [
        *(
            (COUNT, "count", None, raw)
            for raw in ("0", "", "/", "-", "—", "空", "不适用", "无", "10398887", " 0 ")
        ),
        *(
            (COUNT, "count", None, f"23{unit}")
            for unit in (
                "件",
                "项",
                "个",
                "条",
                "次",
                "份",
                "宗",
                "起",
                "篇",
                "部",
                "家",
                "户",
                "人",
                "件次",
                "人次",
            )
        ),
        *(
            (CHANGE, "signed_count", None, raw)
            for raw in (
                "+21",
                "-11",
                "\u22127",
                "—26",
                "\u20103",
                "增1423",
                "减38",
                "减3",
                "增加38",
                "0",
                "16",
                "—",
            )
        ),
        *((FEE, "amount", "万元", raw) for raw in ("172", "3415.74", "0", "", "218763.45", "251000元")),
        *((PURCHASE, "amount_unit_unspecified", None, raw) for raw in ("251000元", "70487元", "23600万元")),
        *(
            (PURCHASE, "amount_unit_unspecified", None, raw)
            for raw in ("2601.953875万", "2亿", "1035000", "8040", "/")
        ),
    ],
)
def test_both_parsers_agree(path: str, value_type: str, form_unit: str | None, printed: str) -> None:
    ours = gold_value(path, printed)
    theirs = parse_value(printed, value_type, form_unit)
    number = theirs.value if theirs.kind == "number" else None
    assert (theirs.kind, number, theirs.unit) == (ours.kind, ours.number, ours.unit)


@pytest.mark.parametrize("sign", ["-", "\u2212", "－", "—", "–", "——", "\u2010"])
def test_every_dash_before_a_digit_is_one_sign(sign: str) -> None:
    assert normalise(f"{sign}7") == "-7"
    assert gold_value(CHANGE, f"{sign}7").number == -7


def test_a_dash_within_a_text_stays_what_it_is() -> None:
    assert normalise("2021—2022") == "2021—2022"
