"""The arithmetic of the form: which sum rules hold in what is printed, and which values a broken one accuses.

A broken rule is a finding about the report and never changes a value. Whether the report or our reading is
wrong only a person can tell, so the point is to show that person few values: where a row rule and a column
rule are broken together, the culprit stands where they cross.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from extractors.document import Check, Value
from extractors.forms import Form, Rule


def run_checks(form: Form, fields: Mapping[str, Value]) -> tuple[Check, ...]:
    """Every rule of `form` that speaks about the fields present, in the form's order.

    Rules about rows that are not printed (paths not in `fields`) are left out. A rule with an operand that is
    no number (blank, not applicable, not found, ...) is skipped: nothing is read as 0.
    """
    return tuple(_check(rule, fields) for rule in form.rules_for(fields.keys()))


def _check(rule: Rule, fields: Mapping[str, Value]) -> Check:
    left = _total(rule.left, fields)
    right = _total(rule.right, fields)
    if left is None or right is None:
        return Check(rule.id, "skipped", None, None, rule.operands)
    return Check(rule.id, "holds" if left == right else "broken", left, right, rule.operands)


def _total(paths: Sequence[str], fields: Mapping[str, Value]) -> Decimal | None:
    total = Decimal(0)
    for path in paths:
        value = fields[path]
        if value.kind != "number" or not isinstance(value.value, int | Decimal):
            return None
        total += value.value
    return total


def accused(checks: Sequence[Check]) -> dict[str, tuple[str, ...]]:
    """path -> ids of the broken rules it takes part in, for every operand of a broken rule."""
    found: dict[str, list[str]] = defaultdict(list)
    for check in checks:
        if check.status == "broken":
            for path in check.fields:
                found[path].append(check.id)
    return {path: tuple(ids) for path, ids in found.items()}


def suspects(checks: Sequence[Check]) -> frozenset[str]:
    """Paths that a person should look at because of broken rules.

    One wrong value breaks every rule it takes part in, so an operand of a rule that holds is innocent unless
    two errors cancel out. Where that leaves no operand of a broken rule, all of them are suspects.
    """
    holding = {path for check in checks if check.status == "holds" for path in check.fields}
    found: set[str] = set()
    for check in checks:
        if check.status == "broken":
            guilty = set(check.fields) - holding
            found |= guilty or set(check.fields)
    return frozenset(found)


def support(checks: Sequence[Check]) -> dict[str, tuple[Check, ...]]:
    """path -> the rules that hold with it, for every operand of such a rule."""
    found: dict[str, list[Check]] = defaultdict(list)
    for check in checks:
        if check.status == "holds":
            for path in check.fields:
                found[path].append(check)
    return {path: tuple(held) for path, held in found.items()}
