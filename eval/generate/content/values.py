"""The answers as printed: plain figures, and all the ways in which real reports print something else.

The record has to say what is printed, so each oddity here is a label too: blanks are not zeros, "/" is not blank, a
planted fault stays in the sums (`broken_checks`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from eval.generate.content.figures import as_printed, draw_applications, draw_litigation
from eval.gold_values import gold_value
from extractors.forms import Form

SIZES = (9, 60, 700, 9000, 480000, 12000000)  # upper ends of the counts in table 2
ZEROS = ("", "", "/", "-", "—", "——", "空", "不适用", "无")  # what stands where others print 0
TABLES = ("active_disclosure", "applications", "review_litigation")
Printed = dict[str, str]


def draw_values(rng: random.Random, form: Form, layout_index: int) -> tuple[Printed, tuple[str, ...]]:
    """A string for every printed field, and tags that name the oddities."""
    layout = form.table("applications").layouts[layout_index]
    counts: dict[str, int | str] = {}
    counts.update(draw_applications(layout, rng, rng.choice((0, 3, 12, 40, 160, 900, 4000))))
    counts.update(draw_litigation(rng, rng.choice((0, 0, 1, 3, 12, 60))))
    for cell in form.table("active_disclosure").layout.cells:
        if cell.path is not None:
            small = "art20_1" in cell.path  # nobody issues thousands of 规范性文件
            counts[cell.path] = _disclosure(rng, cell.value_type, (3, 30) if small else SIZES)
    printed = as_printed(form, layout_index, counts)
    tags: list[str] = []
    if rng.random() < 0.18:
        _plant_faults(rng, printed)
    if rng.random() < 0.42:
        tags.append(_blank_out(rng, printed))
    if rng.random() < 0.12:
        tags.append(_dress(rng, printed))
    if broken_checks(form, printed):
        tags.append("fault")
    return printed, tuple(tags)


def broken_checks(form: Form, values: Mapping[str, str]) -> tuple[str, ...]:
    """Ids of the form's sum rules that the printed figures break. A rule with an operand that is no number says
    nothing; the record skips it too.
    """
    numbers = {path: gold_value(path, raw).number for path, raw in values.items()}
    broken = []
    for rule in form.rules_for(values):
        left, right = ([numbers[path] for path in side] for side in (rule.left, rule.right))
        if None in left or None in right:
            continue
        if sum((n for n in left if n is not None), Decimal(0)) != sum(
            (n for n in right if n is not None), Decimal(0)
        ):
            broken.append(rule.id)
    return tuple(broken)


def _disclosure(rng: random.Random, value_type: str, sizes: Sequence[int]) -> str:
    if rng.random() < 0.35:
        return "0"
    number = rng.randint(1, rng.choice(sizes))
    if value_type == "signed_count":
        return rng.choice(("{}", "-{}", "−{}", "+{}", "增{}", "减{}", "增加{}")).format(min(number, 1900))  # noqa: RUF001
    if value_type == "amount":
        return rng.choice((f"{number / 100:.2f}", f"{number}", f"{number / 10:.1f}"))
    if value_type == "amount_unit_unspecified":
        return rng.choice(
            (
                f"{number}元",
                f"{number / 10:.1f}万元",
                f"{number}",
                f"{number / 100:.2f}",
                f"{number / 10**6:.6f}万",
            )
        )
    return str(number)


def _plant_faults(rng: random.Random, printed: Printed) -> None:
    """One to three figures changed so that sums break, as in real reports: a total left at 0, a slip of a digit."""
    totals = [path for path in printed if path.endswith(".total") or ".results.total." in path]
    for _ in range(rng.randint(1, 3)):
        path = rng.choice(totals if rng.random() < 0.7 else list(printed))
        if path.startswith("active_disclosure"):
            continue
        number = int(printed[path])
        printed[path] = str(
            rng.choice((0, number + 1, max(0, number - 1), number + 10, number * 10, _swapped(number)))
        )


def _swapped(number: int) -> int:
    digits = str(number)
    return int(digits[1] + digits[0] + digits[2:]) if len(digits) > 1 else number + 2


def _blank_out(rng: random.Random, printed: Printed) -> str:
    """Zeros (or more) of the report printed as something else, in one of the patterns seen. Returns its tag."""
    zero = rng.choice(ZEROS)
    pattern = rng.choice(list(_PATTERNS))
    chosen = _PATTERNS[pattern](rng, printed)
    for path in chosen:
        printed[path] = zero if pattern in _OF_ZEROS else ""
    return f"blanks:{pattern}:{zero if pattern in _OF_ZEROS else ''}"


def _table_zeros(rng: random.Random, printed: Printed) -> list[str]:
    table = rng.choice(TABLES)
    return [path for path, raw in printed.items() if path.startswith(table) and raw == "0"]


def _scattered_zeros(rng: random.Random, printed: Printed) -> list[str]:
    share = rng.choice((0.05, 0.3))
    return [path for path, raw in printed.items() if raw == "0" and rng.random() < share]


def _all_zeros(rng: random.Random, printed: Printed) -> list[str]:
    return [path for path, raw in printed.items() if raw == "0"]


def _whole_table(rng: random.Random, printed: Printed) -> list[str]:
    table = rng.choice(TABLES)
    return [path for path in printed if path.startswith(table)]


def _all_but_totals(rng: random.Random, printed: Printed) -> list[str]:
    return [path for path in printed if not path.startswith("active") and not path.endswith(".total")]


def _all_but_person_and_total(rng: random.Random, printed: Printed) -> list[str]:
    return [path for path in printed if path.startswith("applications") and ".legal_person." in path]


def _totals_of_results(rng: random.Random, printed: Printed) -> list[str]:
    kept = "applications.results.total.total"
    return [
        path
        for path in printed
        if path.startswith("applications.results") and path.endswith(".total") and path != kept
    ]


def _history(rng: random.Random, printed: Printed) -> list[str]:
    return [path for path in printed if path.endswith((".in_force", ".total_disclosed"))]


_OF_ZEROS = ("table_zeros", "scattered_zeros", "all_zeros")
_PATTERNS: Mapping[str, Callable[[random.Random, Printed], list[str]]] = {
    "table_zeros": _table_zeros,
    "scattered_zeros": _scattered_zeros,
    "all_zeros": _all_zeros,
    "whole_table": _whole_table,
    "all_but_totals": _all_but_totals,
    "all_but_person_and_total": _all_but_person_and_total,
    "totals_of_results": _totals_of_results,
    "history": _history,
}


def _dress(rng: random.Random, printed: Printed) -> str:
    """All figures with thousands separators or in full-width digits, or those of table 2 with their measure word."""
    kind = rng.choice(("separators", "full_width", "measure_words"))
    for path, raw in printed.items():
        if not raw.isdigit():
            continue
        if kind == "separators":
            printed[path] = f"{int(raw):,}"
        elif kind == "full_width":
            printed[path] = raw.translate({ord("0") + n: ord("０") + n for n in range(10)})
        elif path.startswith("active_disclosure") and not path.endswith(("yuan", "amount")):
            printed[path] = raw + "件"
    return f"figures:{kind}"
