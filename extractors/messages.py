"""The one way from codes to words, so that nothing else in the project speaks to a person.

Errors, issues and reasons travel as codes with facts; `messages.toml` words them in Chinese and English.
It is a data file and not Python so that a translator can mend it. A code that the catalogue lacks is shown
as it is, never as a crash: an unworded finding must still reach its reader. The tests hold the catalogue
complete.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from extractors.errors import NianbaoError

if TYPE_CHECKING:  # the command line words its errors without paying for numpy
    from extractors.document import Issue

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")


class _Facts(dict[str, Any]):
    """Facts of a message; a name that nobody gave shows as "?" rather than hiding the message."""

    def __getitem__(self, key: str) -> Any:
        fact = self.get(key, "?")
        return ", ".join(map(str, fact)) if isinstance(fact, list | tuple) else fact


@cache
def catalogue() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """group -> code -> {"zh": ..., "en": ..., perhaps "remedy_zh", "remedy_en"}."""
    with Path(__file__).with_name("messages.toml").open("rb") as file:
        return tomllib.load(file)


def default_language(environ: Mapping[str, str] = os.environ) -> Lang:
    """The language that the locale asks for: Chinese for zh*, else English (which LANG=C can show)."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            return "zh" if environ[name].lower().startswith("zh") else "en"
    return "en"


def known(group: str, code: str) -> bool:
    return code in catalogue().get(group, {})


def text(group: str, code: str, lang: Lang, /, **facts: Any) -> str:
    """The wording of `code` with its facts filled in; the bare code where the catalogue has none."""
    entry = catalogue().get(group, {}).get(code)
    return code if entry is None else entry[lang].format_map(_Facts(facts))


def error_text(error: NianbaoError, lang: Lang) -> tuple[str, str]:
    """What went wrong and what to do about it."""
    entry = catalogue()["error"].get(error.code) or catalogue()["error"]["internal"]
    facts = _worded(error.facts, lang)
    clauses = [
        text("fact", name, lang, **facts) for name in catalogue()["fact"] if facts.get(name) is not None
    ]
    message = entry[lang]
    if clauses:
        message += f"（{'，'.join(clauses)}）" if lang == "zh" else f" ({', '.join(clauses)})"
    return message, entry[f"remedy_{lang}"]


def issue_text(issue: Issue, lang: Lang) -> str:
    if not known("issue", issue.code):
        return text("unknown", "issue", lang, code=issue.code)
    return text("issue", issue.code, lang, **_worded(issue.facts, lang))


# Facts that are codes themselves -> the group that words them.
_CODED = {"section": "section", "table": "sheet", "form": "form", "reason": "cause"}


def _worded(facts: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """The facts with codes in words and shares in per cent."""
    worded = {name: text(_CODED[name], str(fact), lang) for name, fact in facts.items() if name in _CODED}
    if isinstance(facts.get("share"), float):
        worded["share"] = f"{facts['share']:.0%}"
    return {**facts, **worded}


def reason_text(reason: str, lang: Lang) -> str:
    """Words for a reason code such as "low_confidence" or "check_broken:app_balance.total"."""
    code, _, argument = reason.partition(":")
    if not known("reason", code):
        return text("unknown", "reason", lang, code=reason)
    shown = check_text(argument, lang) if code == "check_broken" else field_text(argument, lang)
    return text("reason", code, lang, arg=shown)


def check_text(check_id: str, lang: Lang) -> str:
    """Words for a check's id: the rule, and the row or column it is about."""
    rule, _, place = check_id.partition(".")
    if not known("check", rule):
        return text("unknown", "check", lang, code=check_id)
    return text("check", rule, lang, arg=field_text(place, lang))


def field_text(path: str, lang: Lang) -> str:
    """Words for a field path, step by step: "申请办理 · 一、本年新收 · 总计"; front matter has its own."""
    if known("front", path):
        return text("front", path, lang)
    return " · ".join(text("step", step, lang) for step in path.split("."))


def as_language(name: str) -> Lang:
    """`name` as a language; ValueError if it is none of ours."""
    if name not in LANGUAGES:
        raise ValueError(name)
    return name
