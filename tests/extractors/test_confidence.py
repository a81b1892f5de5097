"""What sends a value to a person, and what must not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.confidence import FORCED, Evidence, Operand, assess, supported

CLEAN = Evidence(reading=0.999, structure=0.999, label=0.998)
PROBABILITY = st.floats(0.0, 1.0)


def test_clean_value_passes() -> None:
    found = assess(CLEAN)
    assert not found.review
    assert found.reasons == ()
    assert found.confidence > 0.99


@pytest.mark.parametrize(
    ("evidence", "reason"),
    [
        (Evidence(reading=0.9), "low_confidence"),
        (Evidence(reading=0.999, structure=0.5), "low_structure"),
        (Evidence(reading=0.999, label=0.6), "label_in_doubt"),
        (Evidence(reading=0.999, join=0.5), "join_in_doubt"),
        (Evidence(reading=0.96, structure=0.96, label=0.95), "label_in_doubt"),
        *((Evidence(reading=1.0, notes=(note,)), note) for note in sorted(FORCED)),
        (Evidence(reading=1.0, broken=("r",), suspect=True), "check_broken:r"),
    ],
)
def test_each_doubt_goes_to_a_person_with_its_reason(evidence: Evidence, reason: str) -> None:
    found = assess(evidence)
    assert found.review
    assert reason in found.reasons


def test_operand_of_a_broken_rule_that_is_no_suspect_passes_with_the_reason() -> None:
    found = assess(Evidence(reading=0.999, broken=("r",)))
    assert (found.review, found.reasons) == (False, ("check_broken:r",))


SURE = Operand(0.999)


def test_rules_that_hold_carry_a_weak_reading() -> None:
    weak = Evidence(reading=0.8)
    assert assess(weak).review
    assert not assess(Evidence(reading=0.8, holding=((SURE,) * 6, (SURE,) * 21))).review


def test_rules_do_not_carry_a_weak_place() -> None:
    """Two swapped rows add up as well."""
    assert assess(Evidence(reading=0.999, label=0.6, holding=((SURE,) * 6,))).review


def test_a_rule_over_doubtful_operands_carries_little() -> None:
    assert supported(0.5, ((Operand(0.5),) * 21,)) == 0.5
    assert supported(0.5, ((SURE,) * 21,)) > 0.99


def test_a_number_and_its_total_may_be_misread_alike() -> None:
    """One 7 in a row and the total 7: both weak, both the same, so the sum proves little."""
    zeros = (SURE,) * 5
    assert assess(Evidence(reading=0.8, holding=((Operand(0.8, alike=True), *zeros),))).review
    assert not assess(Evidence(reading=0.8, holding=((Operand(0.999, alike=True), *zeros),))).review


@given(
    PROBABILITY,
    PROBABILITY,
    PROBABILITY,
    PROBABILITY,
    st.lists(st.lists(st.builds(Operand, PROBABILITY, st.booleans())), max_size=3),
)
def test_confidence_is_a_probability_and_rules_that_hold_never_lower_it(
    reading: float, structure: float, label: float, join: float, holding: list[list[Operand]]
) -> None:
    held = tuple(tuple(others) for others in holding)
    found = assess(Evidence(reading, structure, label, join, held))
    assert 0.0 <= found.confidence <= 1.0
    assert found.confidence >= assess(Evidence(reading, structure, label, join)).confidence - 1e-12
