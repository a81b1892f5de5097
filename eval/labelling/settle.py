"""From two labellers' answers, and a third's where they differ, to the label and to how far they agreed."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.cases import BadCase
from eval.gold_values import normalise
from eval.labelling.answers import Answers

SECTION = "sections."
FRONT = ("agency", "year")


@dataclass(frozen=True, slots=True)
class Agreement:
    """`asked` questions that both answered, on how many they `agreed`, and the names where they did not."""

    asked: int
    agreed: int
    differing: tuple[str, ...]

    @property
    def share(self) -> float:
        return self.agreed / self.asked if self.asked else 0.0


def compare(first: Answers, second: Answers) -> Agreement:
    """Raises BadCase if the two are about different forms or did not answer the same questions."""
    if first.form != second.form:
        raise BadCase(f"{first.who} labelled form {first.form}, {second.who} form {second.form}")
    lone = set(first.given) ^ set(second.given)
    if lone:
        raise BadCase(f"only one of {first.who} and {second.who} answered {sorted(lone)[:3]}")
    differing = tuple(name for name in first.given if not same(first.given[name], second.given[name]))
    return Agreement(len(first.given), len(first.given) - len(differing), differing)


def same(one: str | None, other: str | None) -> bool:
    """Whether two answers say the same: as the scorer compares, so "０" and "0" do, blank and unreadable do not."""
    if one is None or other is None:
        return one is other
    return normalise(one) == normalise(other)


def settle(first: Answers, second: Answers, third: Mapping[str, str | None]) -> dict[str, Any]:
    """The gold of one report. `third` answers where the two differ.

    What nobody can read stays in `fields` as "" and is listed in `unverified`, so that it counts nowhere. Raises
    BadCase where a difference is not settled, or where agency or year cannot be read: a case needs them.
    """
    agreement = compare(first, second)
    unsettled = [name for name in agreement.differing if name not in third]
    if unsettled:
        raise BadCase(f"{len(unsettled)} differences are not settled, the first is {unsettled[0]}")
    final = {**first.given, **{name: third[name] for name in agreement.differing}}
    missing = [name for name in FRONT if not final.get(name)]
    if missing:
        raise BadCase(f"a case needs {' and '.join(missing)}")
    fields = {n: a for n, a in final.items() if n not in FRONT and not n.startswith(SECTION)}
    titles = {n.removeprefix(SECTION): a for n, a in final.items() if n.startswith(SECTION) and a}
    return {
        "form": first.form,
        "agency": final["agency"],
        "year": _year(final["year"] or ""),
        "sections": titles,
        "fields": {name: answer or "" for name, answer in fields.items()},
        "unverified": sorted(name for name, answer in fields.items() if answer is None),
        "label_source": "hand",
        "labelled_by": _names((first.who, second.who)),
        "agreement": {"asked": agreement.asked, "agreed": agreement.agreed},
    }


def _names(who: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(who))


def _year(text: str) -> int:
    plain = unicodedata.normalize("NFKC", text).removesuffix("年")
    if not (plain.isdigit() and len(plain) == 4):
        raise BadCase(f"{text!r} is no year")
    return int(plain)
