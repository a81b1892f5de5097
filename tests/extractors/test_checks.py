"""The form's arithmetic replayed on the real reports, and which values a broken rule accuses."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from extractors.checks import accused, run_checks, support, suspects
from extractors.document import Value
from extractors.forms import load
from extractors.values import parse_value

FORMS = {form.id: form for form in load()}
ZERO = Value(kind="number", value=0, raw="0")


def all_zero() -> dict[str, Value]:
    return {path: ZERO for table in FORMS["2021"].tables for path in table.layout.paths}


def number(value: int | Decimal) -> Value:
    return replace(ZERO, value=value, raw=str(value))


def _gold(shared_cases: Path, case: str) -> tuple[str, dict[str, Value]]:
    gold = json.loads((shared_cases / "reports" / case / "gold.json").read_text(encoding="utf-8"))
    parsed = {path: parse_value(raw, "signed_count") for path, raw in gold["fields"].items()}
    values = {path: Value(entry.kind, entry.value, gold["fields"][path]) for path, entry in parsed.items()}
    return gold["form"], values


def test_2019_report_holds_all_its_rules(shared_cases: Path) -> None:
    form, values = _gold(shared_cases, "pingfang-2020-clean")
    assert Counter(check.status for check in run_checks(FORMS[form], values)) == {"holds": 40}


def test_two_wrong_totals_of_a_real_report_are_found(shared_cases: Path) -> None:
    """A hybrid: 26 rows, so 24 - 1 row rules; the two wrong totals of table 4 stand so in the print."""
    form, values = _gold(shared_cases, "hongze-2023-clean")
    checks = run_checks(FORMS[form], values)
    broken = {check.id: (check.left, check.right) for check in checks if check.status == "broken"}
    assert broken == {
        "review_total.reconsideration": (Decimal(11), Decimal(0)),
        "review_total.litigation_after_reconsideration": (Decimal(5), Decimal(0)),
    }
    assert Counter(check.status for check in checks) == {"holds": 38, "broken": 2}
    assert len(suspects(checks)) == 10


def test_one_wrong_cell_of_table_3_is_the_only_suspect() -> None:
    wrong = "applications.results.denied.state_secret.legal_person.other"
    checks = run_checks(FORMS["2021"], all_zero() | {wrong: number(8)})
    assert suspects(checks) == {wrong}
    assert len(accused(checks)) == 7 + 22 - 1
    assert sorted(accused(checks)[wrong]) == [
        "app_results_total.legal_person.other",
        "app_row_total.results.denied.state_secret",
    ]


def test_one_wrong_total_is_the_only_suspect() -> None:
    wrong = "applications.results.total.natural_person"
    assert suspects(run_checks(FORMS["2021"], all_zero() | {wrong: number(1)})) == {wrong}


def test_two_errors_that_hide_each_other_accuse_all() -> None:
    """Two cells of a row, wrong by the same amount: the row holds, so no single culprit can be named."""
    row = "applications.results.granted"
    wrong = {f"{row}.natural_person": number(3), f"{row}.total": number(3)}
    checks = run_checks(FORMS["2021"], all_zero() | wrong)
    assert set(wrong) <= suspects(checks)
    assert len(suspects(checks)) == 2 * 22


def test_nothing_is_read_as_zero() -> None:
    blank = "applications.new_received.total"
    checks = run_checks(FORMS["2021"], all_zero() | {blank: Value(kind="blank", raw="")})
    skipped = {check.id for check in checks if check.status == "skipped"}
    assert skipped == {"app_row_total.new_received", "app_balance.total"}
    assert all(check.left is None and check.right is None for check in checks if check.id in skipped)
    assert blank not in support(checks)


def test_decimals_are_exact() -> None:
    form = FORMS["2021"]
    row = "review_litigation.reconsideration"
    tenths = {
        f"{row}.upheld": Decimal("0.1"),
        f"{row}.corrected": Decimal("0.2"),
        f"{row}.total": Decimal("0.3"),
    }
    checks = run_checks(form, all_zero() | {path: number(value) for path, value in tenths.items()})
    assert {check.status for check in checks} == {"holds"}


def test_row_that_is_not_printed_drops_out_of_the_column_sum() -> None:
    values = {
        path: value
        for path, value in all_zero().items()
        if not path.startswith("applications.results.granted.")
    }
    checks = {check.id: check for check in run_checks(FORMS["2021"], values)}
    assert "app_row_total.results.granted" not in checks
    assert checks["app_results_total.total"].status == "holds"
    assert len(checks["app_results_total.total"].fields) == 21
