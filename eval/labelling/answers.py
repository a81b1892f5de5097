"""One labeller's answers about one report: kept after each, so that work can stop anywhere and go on."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from eval.cases import BadCase

UNREADABLE = None
"""The answer where the print cannot be read. "" is a blank cell: an answer, and another one."""


@dataclass(frozen=True, slots=True)
class Answers:
    """`given` has per question name what is printed: "" for a blank, None where nobody can read it."""

    who: str
    form: str
    given: Mapping[str, str | None] = field(default_factory=dict)

    def with_answer(self, name: str, answer: str | None) -> Answers:
        """These answers and one more; white space within an answer is none of the print."""
        clean = None if answer is None else "".join(answer.split())
        return replace(self, given={**self.given, name: clean})


def save(answers: Answers, path: Path) -> None:
    """Write beside `path`, then rename: whoever stops the program loses no answer."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    data = {"who": answers.who, "form": answers.form, "answers": dict(answers.given)}
    beside.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(beside, path)


def read(path: Path) -> Answers:
    """The answers in `path`. Raises BadCase where it is no file of answers."""
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        given = data["answers"]
        good = all(answer is None or isinstance(answer, str) for answer in given.values())
        answers = Answers(str(data["who"]), str(data["form"]), dict(given))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadCase(f"{path}: no file of answers: {error!r}") from error
    if not good:
        raise BadCase(f"{path}: an answer is a string, or null where nobody can read it")
    return answers
