"""What value cells mean: every way of writing that real reports have (0, blank, "/" and 无 stay different)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.document import Cell, Reading
from extractors.ocr.decode import VALUE_CHARACTERS
from extractors.values import VALUE_CHARSET, choose_reading, fits_type, is_dash, parse_value

NUMBERS = [
    ("0", "count", 0, None),
    ("11398889", "count", 11398889, None),
    ("\uff10", "count", 0, None),
    ("\uff11\uff12", "count", 12, None),
    ("1,035,000", "count", 1035000, None),
    ("1，035", "count", 1035, None),
    (" 0\u00a0", "count", 0, None),
    ("4\n119", "count", 4119, None),
    ("-11", "signed_count", -11, None),
    ("－11", "signed_count", -11, None),
    ("—11", "signed_count", -11, None),
    ("——11", "signed_count", -11, None),
    ("+21", "signed_count", 21, None),
    ("＋21", "signed_count", 21, None),
    ("增1423", "signed_count", 1423, None),
    ("减38", "signed_count", -38, None),
    ("减少3", "signed_count", -3, None),
    ("16", "signed_count", 16, None),
    ("251000元", "amount_unit_unspecified", 251000, "元"),
    ("23600万元", "amount_unit_unspecified", 23600, "万元"),
    ("2601.953875万", "amount_unit_unspecified", Decimal("2601.953875"), "万元"),
    ("1035000", "amount_unit_unspecified", 1035000, None),
    ("96171.6", "amount", Decimal("96171.6"), "万元"),
    ("96171\uff0e6", "amount", Decimal("96171.6"), "万元"),
    ("7730.28元", "amount", Decimal("7730.28"), "元"),
]


@pytest.mark.parametrize(("raw", "value_type", "value", "unit"), NUMBERS)
def test_numbers(raw: str, value_type: str, value: int | Decimal, unit: str | None) -> None:
    parsed = parse_value(raw, value_type, "万元" if value_type == "amount" else None)
    assert (parsed.kind, parsed.value, parsed.unit) == ("number", value, unit)
    assert type(parsed.value) is type(value)


@pytest.mark.parametrize("raw", ["/", "／", "-", "－", "—", "——", "–", "―", "空", "不适用", " — "])
@pytest.mark.parametrize("value_type", sorted(VALUE_CHARSET))
def test_not_applicable(raw: str, value_type: str) -> None:
    assert parse_value(raw, value_type) == parse_value("/", "count")
    assert parse_value(raw, value_type).kind == "not_applicable"


@pytest.mark.parametrize(
    "raw", ["无", "详见附件", "1.2.3", "10,35", "约5", "持平", "一", "o", "1 / 2", "增", "5%"]
)
def test_other_words_stay_text(raw: str) -> None:
    parsed = parse_value(raw, "signed_count", "万元")
    assert (parsed.kind, parsed.value, parsed.unit) == ("text", "".join(raw.split()), None)


@pytest.mark.parametrize("raw", ["", " ", "\u3000\n"])
def test_blank(raw: str) -> None:
    assert parse_value(raw, "count", "万元").kind == "blank"


@given(st.integers(0, 10**9), st.sampled_from(["", "-", "增", "减", "+"]))
def test_sign_and_digits_round_trip(number: int, sign: str) -> None:
    parsed = parse_value(f"{sign}{number}", "signed_count")
    assert parsed.value == (-number if sign in ("-", "减") else number)


def test_what_the_form_cannot_mean() -> None:
    assert not fits_type(parse_value("-5", "count"), "count")
    assert not fits_type(parse_value("7.5", "count"), "count")
    assert not fits_type(parse_value("-7.5", "amount"), "amount")
    assert not fits_type(parse_value("00", "count"), "count", "00")
    assert not fits_type(parse_value("010", "count"), "count", "010")
    assert fits_type(parse_value("0", "count"), "count", "0")
    assert fits_type(parse_value("100", "count"), "count", "100")
    assert fits_type(parse_value("0.5", "amount"), "amount", "0.5")
    assert fits_type(parse_value("-5", "signed_count"), "signed_count")
    assert fits_type(parse_value("7.5", "amount"), "amount")
    assert fits_type(parse_value("/", "count"), "count")


def test_is_dash() -> None:
    assert is_dash("——")
    assert not is_dash("")
    assert not is_dash("-1")
    assert not is_dash("/")


def test_every_way_of_writing_is_within_its_charset() -> None:
    """What the decoder may not write can never be read."""
    for raw, value_type, _, _ in NUMBERS:
        assert set("".join(raw.split())) <= VALUE_CHARSET[value_type], raw


def test_all_that_a_value_may_hold_is_looked_for_in_its_crop() -> None:
    """Else a field is right and yet doubted: its candidates lack what it reads. Dashes before a digit are one."""
    dashes = "-\uff0d\u2014\u2013\u2015\u2500\u2010\u2011\u2012\u2212"
    for charset in VALUE_CHARSET.values():
        assert charset - frozenset(dashes) <= VALUE_CHARACTERS


def _cell(text: str, confidence: float, *candidates: tuple[str, float]) -> Cell:
    return Cell(0, 1, 0, 1, Reading(text, confidence, (), candidates), ())


def test_clean_reading_is_taken_with_its_probability() -> None:
    choice = choose_reading(_cell("3119", 0.98, ("3119", 0.97), ("3179", 0.01)), "count")
    assert (choice.raw, choice.confidence, choice.off_charset) == ("3119", 0.97, False)
    assert choice.alternatives == (("3119", 0.97), ("3179", 0.01))


@pytest.mark.parametrize("text", ["O", "à", "l", "一", "口"])
def test_character_off_the_form_never_becomes_a_sure_digit(text: str) -> None:
    choice = choose_reading(_cell(text, 0.97, ("0", 0.02), ("1", 0.005)), "count")
    assert (choice.raw, choice.confidence, choice.off_charset) == ("0", 0.02, True)


def test_words_stay_words() -> None:
    choice = choose_reading(_cell("详见附件", 0.9, ("1", 0.0001)), "count")
    assert (choice.raw, choice.off_charset) == ("详见附件", True)


def test_digits_among_odd_characters_are_no_words() -> None:
    choice = choose_reading(_cell("0N", 0.55, ("0", 0.3)), "count")
    assert (choice.raw, choice.confidence, choice.off_charset) == ("0", 0.3, True)


def test_slash_read_as_one_is_shown_as_a_slash_and_never_sure() -> None:
    slash = choose_reading(_cell("1", 0.947, ("1", 0.947), ("/", 0.0216)), "count")
    assert (slash.raw, slash.confidence) == ("/", 0.0216)
    assert slash.alternatives == (("/", 0.0216), ("1", 0.947))
    assert choose_reading(_cell("1", 0.99, ("1", 0.99), ("/", 0.002)), "count").raw == "1"
    assert choose_reading(_cell("11", 0.9, ("11", 0.9), ("/", 0.02)), "count").raw == "11"


def test_disagreeing_decodings_are_doubted() -> None:
    choice = choose_reading(_cell("7", 0.9, ("1", 0.6)), "count")
    assert choice.raw == "7"
    assert choice.confidence == pytest.approx(0.4)


def test_nothing_read() -> None:
    assert choose_reading(_cell("", 0.0), "count").raw == ""


@pytest.mark.parametrize(
    ("raw", "number", "unit"),
    [("23件", 23, "件"), ("4,979件", 4979, "件"), ("3人次", 3, "人次"), ("12户", 12, "户"), ("0个", 0, "个")],
)
def test_what_a_count_counts_is_read_with_it(raw: str, number: int, unit: str) -> None:
    choice = choose_reading(_cell(raw, 0.98, (raw, 0.97)), "count")
    assert (choice.raw, choice.off_charset) == (raw, False)
    parsed = parse_value(raw, "count")
    assert (parsed.kind, parsed.value, parsed.unit) == ("number", number, unit)
    assert fits_type(parsed, "count", raw)
    assert not fits_type(parsed, "amount", raw)  # an amount is money


@pytest.mark.parametrize("text", ["个", "人", "件", "1个2"])
def test_a_unit_that_stands_behind_no_number_is_a_stroke_misread(text: str) -> None:
    choice = choose_reading(_cell(text, 0.99, ("1", 0.004)), "count")
    assert choice.off_charset
    assert choice.confidence == 0.004


def test_a_stain_behind_a_number_is_no_unit() -> None:
    choice = choose_reading(_cell("105氏", 0.175, ("105人", 0.016), ("105", 0.004)), "count")
    assert (choice.raw, choice.confidence, choice.off_charset) == ("105", 0.004, True)
    assert choice.alternatives[0] == ("105", 0.004)


def _inked(text: str, confidence: float, *candidates: tuple[str, float]) -> Cell:
    return Cell(0, 1, 0, 1, Reading(text, confidence, (), candidates), (), ink=0.1)


@pytest.mark.parametrize(
    ("printed", "left"),
    [
        ("0.", "0"),
        (".0", "0"),
        ("126.", "126"),
        (".5", "5"),
        ("0,", "0"),
        ("3\uff0e", "3"),
        ("1，035.", "1，035"),
    ],
)
def test_a_speck_beside_a_count_is_none_of_it(printed: str, left: str) -> None:
    choice = choose_reading(_inked(printed, 0.9, (printed, 0.9), (left, 0.07), ("8", 0.01)), "count")
    assert (choice.raw, choice.off_charset) == (left, False)
    assert choice.confidence == pytest.approx(0.97)
    assert choice.alternatives == ((left, pytest.approx(0.97)), ("8", 0.01))


@pytest.mark.parametrize("printed", ["1,", ",900", ".900", ",900,000", "1.5", "1..5"])
def test_a_point_that_may_have_lost_its_number_stays(printed: str) -> None:
    assert choose_reading(_inked(printed, 0.9, (printed, 0.9)), "count").raw == printed


@pytest.mark.parametrize("printed", ["0.", ".5", "1.5", "7."])
def test_the_point_of_an_amount_is_never_dropped(printed: str) -> None:
    assert choose_reading(_inked(printed, 0.9, (printed, 0.9), ("0", 0.05)), "amount").raw == printed


def test_a_text_layer_has_no_specks() -> None:
    assert choose_reading(_cell("0.", 1.0, ("0.", 1.0)), "count").raw == "0."


def test_specks_make_no_doubtful_digit_sure() -> None:
    choice = choose_reading(_inked("6.", 0.5, ("6.", 0.5), ("8.", 0.3), ("6", 0.1)), "count")
    assert choice.confidence == pytest.approx(0.6)
