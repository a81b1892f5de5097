"""From a scan to a desk where it can be labelled, and from answers to the label: what the commands call."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eval.cases import BadCase
from eval.labelling import answers as kept
from eval.labelling.answers import Answers
from eval.labelling.desk import Desk
from eval.labelling.questions import ask, layouts_of, places_of
from eval.labelling.settle import Agreement, compare, settle
from extractors.forms import Form, load
from extractors.ocr.engine import OcrEngine
from extractors.pages import open_source
from extractors.pipeline import extract_document

KEPT = ("split", "boxes", "tags", "traits")
"""Keys of a gold.json that no labeller is asked for."""


def answers_file(case: Path, who: str) -> Path:
    """Where the answers of `who` about the report in folder `case` are kept. BadCase for a name that is no name."""
    if not who or who != Path(who).name or who.startswith("."):
        raise BadCase(f"{who!r} cannot be the name of a file")
    return case / "labels" / f"{who}.json"


@contextmanager
def open_desk(case: Path, who: str, form: str | None, engine: OcrEngine) -> Iterator[Desk]:
    """The desk of `who` at `case` (a folder with source.pdf), where work stopped last time.

    `form` names the form that is printed; None takes the one that the extraction recognised, which a labeller
    should check. Raises BadCase, InputError, RenderError, EngineError.
    """
    source = case / "source.pdf"
    found = extract_document([source], engine)
    if len(found) != 1:
        raise BadCase(f"{source}: {len(found)} reports are bound in it; a report is labelled by itself")
    record = found[0].record
    chosen = _form(form or record.form, case)
    layouts = layouts_of(chosen, record.fields)
    file = answers_file(case, who)
    before = kept.read(file) if file.is_file() else Answers(who, chosen.id)
    if before.form != chosen.id:
        raise BadCase(f"{file} was begun on form {before.form}, not {chosen.id}")
    with open_source(source) as pages:
        questions = ask(chosen, layouts, places_of(record))
        yield Desk(case.name, questions, before, file, pages.page_count, pages.display)


def _form(name: str | None, case: Path) -> Form:
    found = next((form for form in load() if form.id == name), None)
    if found is None:
        known = ", ".join(form.id for form in load())
        raise BadCase(f"{case}: no form was recognised; say which is printed, one of {known}")
    return found


def settle_case(case: Path, first: str, second: str, third: str | None = None) -> Agreement:
    """Write `case`/gold.json from the answers of two labellers, and a third's where they differ.

    What a gold.json that is there knows beside the answers (`KEPT`: places, tags) stays. Raises BadCase where
    answers are missing or a difference is not settled; then nothing is written.
    """
    one, two = (kept.read(answers_file(case, who)) for who in (first, second))
    voice = kept.read(answers_file(case, third)).given if third else {}
    path = case / "gold.json"
    before = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    gold = settle(one, two, voice) | {name: before[name] for name in KEPT if name in before}
    path.write_text(json.dumps(gold, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return compare(one, two)
