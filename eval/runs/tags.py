"""What makes a field hard, as far as its label and the form tell it; never the reading, or a slice would be
chosen by what went wrong in it. Gold may say more under "tags" (a seal, a page break, a wrapped number).
"""

from __future__ import annotations

import re
from functools import cache

from eval.cases import Gold
from eval.gold_values import gold_value
from extractors.forms import Form, load

NARROW = 0.02  # of the page's height: what is nearer than this to the last line before a break stands at it


def field_tags(gold: Gold) -> dict[str, tuple[str, ...]]:
    """The tags of every field of `gold`, sorted.

    `merged`: the form prints the answer in a cell over several columns or rows. `table_over_pages`: its table
    has answers on several pages; `at_page_break`: it is in the last row before a break or the first after it.
    `digits_1`, `digits_2_3`, `digits_4_up`: how many digits a number other than 0 has. `signed`, `decimal`.
    """
    broken, beside = _breaks(gold)
    merged = merged_paths(gold.form)
    found = {}
    for path, printed in gold.fields.items():
        tags = {*gold.tags.get(path, ()), *_answer_tags(path, printed)}
        if path in merged:
            tags.add("merged")
        if path.split(".")[0] in broken:
            tags.add("table_over_pages")
        if path in beside:
            tags.add("at_page_break")
        found[path] = tuple(sorted(tags))
    return found


def report_traits(gold: Gold) -> tuple[str, ...]:
    """What is special about a report and its scan, sorted: gold's traits without their counts, and how pages lie."""
    found = {re.sub(r":\d*$", "", trait) for trait in gold.traits}
    found |= {"upside_down" if turn == 180 else "sideways" for turn in gold.turned.values() if turn}
    return tuple(sorted(found))


def _answer_tags(path: str, printed: str) -> set[str]:
    value = gold_value(path, printed)
    if value.kind != "number":
        return {value.kind}
    if value.number == 0:
        return {"zero"}
    digits = sum(character.isdigit() for character in value.raw)
    tags = {"digits_1" if digits == 1 else "digits_2_3" if digits <= 3 else "digits_4_up"}
    if value.raw[0] in "+-−增减":  # noqa: RUF001
        tags.add("signed")
    if "." in value.raw:
        tags.add("decimal")
    return tags


@cache
def _forms() -> tuple[Form, ...]:
    return load()


@cache
def merged_paths(form_id: str | None) -> frozenset[str]:
    """The paths whose answer the official form prints in a merged cell; of both forms where `form_id` is none."""
    forms = [form for form in _forms() if form.id == form_id] or list(_forms())
    return frozenset(
        cell.path
        for form in forms
        for table in form.tables
        for cell in table.layout.cells
        if cell.path is not None and (cell.rowspan > 1 or cell.colspan > 1)
    )


def _breaks(gold: Gold) -> tuple[set[str], set[str]]:
    """Keys of the tables with answers on several pages, and the paths in the rows beside those breaks."""
    broken: set[str] = set()
    beside: set[str] = set()
    for key in {path.split(".")[0] for path in gold.fields}:
        boxes = {path: box for path, box in gold.boxes.items() if path.split(".")[0] == key}
        pages = sorted({int(box[0]) for box in boxes.values()})
        if len(pages) < 2:
            continue
        broken.add(key)
        for page in pages:
            here = {path: box for path, box in boxes.items() if int(box[0]) == page}
            if page != pages[-1]:
                lowest = max(box[4] for box in here.values())
                beside |= {path for path, box in here.items() if box[4] > lowest - NARROW}
            if page != pages[0]:
                highest = min(box[2] for box in here.values())
                beside |= {path for path, box in here.items() if box[2] < highest + NARROW}
    return broken, beside
