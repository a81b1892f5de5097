"""The tables "by part" of a report: slices with their names in words, and which lines were taken for headings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eval.report.words import count_of, number, per_cent
from eval.runs.measure import METRICS
from eval.runs.title_lines import NONE, OTHER, TRAPS
from extractors.document import SECTION_KEYS
from extractors.messages import text

Json = dict[str, Any]

COLUMNS = {
    "accuracy": "right",
    "nonzero_accuracy": "right, not zero",
    "silent": "silent errors",
    "straight_through": "pass unasked",
    "sections": "exact titles",
    "front_recall": "found and right",
    "front_precision": "right of those read",
}
OF_REPORTS = ("accuracy", "nonzero_accuracy", "silent", "straight_through", "sections")
OF_FRONT = ("front_recall", "front_precision")
GROUPS = {
    "level": "How the pages were degraded",
    "form": "Form",
    "label_source": "Where the labels come from",
    "table": "Table",
    "tag": "Fields that are special",
    "trait": "Reports and scans that are special",
    "front": "Period, contact data, date of issue",
}
LEVEL_NAMES = {f"s{step}": f"s{step}: scan of severity {step} of 5" for step in range(6)} | {
    "digital": "digital: as printed, never scanned",
    "mixed": "mixed: scanned and born-digital pages",
}
SOURCE_NAMES = {
    "hand": "labelled by hand, from the picture alone",
    "authored": "authored: the text that was typeset",
}
TAG_NAMES = {
    "at_page_break": "in the row before or after a page break",
    "blank": "blank cell",
    "decimal": "number with a decimal point",
    "digits_1": "number of one digit, not 0",
    "digits_2_3": "number of two or three digits",
    "digits_4_up": "number of four digits or more",
    "merged": "answer in a merged cell",
    "not_applicable": "“/”, dashes and their like",
    "page_break": "in a table over a page break (as typeset)",
    "seal": "under or beside a seal",
    "signed": "number with a sign (增 or 减, plus or minus)",
    "table_over_pages": "in a table over several pages (by its places)",
    "text": "answer in words",
    "zero": "0",
}
TRAIT_NAMES = {
    "bleed": "scan: the back shows through",
    "break:active_disclosure": "table 2 goes over a page break",
    "break:applications": "table 3 goes over a page break",
    "break:closed": "page break: the table is closed by a ruling",
    "break:head_repeated": "page break: the head is printed again",
    "break:open": "page break: the table is left open",
    "broken_rulings": "scan: rulings with gaps",
    "contents": "with a table of contents",
    "cover": "with a cover",
    "curl": "scan: the page is curled",
    "electronic_seal": "printed with an electronic seal",
    "engine:chromium": "typeset by Chromium (HTML)",
    "engine:libreoffice": "typeset by LibreOffice (DOCX)",
    "extra_row": "table with a row that the form has not",
    "fault": "sums that are wrong in print",
    "handwriting": "scan: pen marks",
    "hybrid": "a row of the other form",
    "landscape": "a page in landscape",
    "letterhead": "with a red letterhead",
    "low_dpi": "scan: 150 dpi or less",
    "no_sixth_section": "without section six",
    "odd_labels": "labels worded or numbered otherwise",
    "one_bit": "scan: black and white (1-bit)",
    "open_sides": "tables without outer side rulings",
    "run_in_heading": "headings that run into the text",
    "seal": "scan: stamped with a seal",
    "shaded": "tables with shaded bands",
    "sideways": "scan: a page lies sideways",
    "sliver": "page break: a sliver of a row on the next page",
    "table4:flat": "table 4 with one row of headings less",
    "table4:three": "table 4 set as three tables",
    "turned": "scan: a page lies sideways or upside down",
    "upside_down": "scan: a page lies upside down",
    "vertical": "labels set vertically",
    "volume": "bound in a volume",
}
FAMILIES = {"blanks": "answers left out", "figures": "digits set", "paper": "paper that is no report"}
NAMES: Mapping[str, Mapping[str, str]] = {
    "level": LEVEL_NAMES,
    "label_source": SOURCE_NAMES,
    "tag": TAG_NAMES,
    "trait": TRAIT_NAMES,
}


def denominators() -> str:
    """What stands below the line in each column of the parts."""
    return "; ".join(f"{name}: of {METRICS[column].over}" for column, name in COLUMNS.items())


def part(group: str, slices: Mapping[str, Any]) -> Json:
    """One table: a row for each slice, its name in words where there are any."""
    columns = OF_FRONT if group == "front" else OF_REPORTS
    shown = [column for column in columns if any(column in metrics for metrics in slices.values())]
    return {
        "name": GROUPS[group],
        "columns": [COLUMNS[column] for column in shown],
        "rows": [
            {"name": _name(group, name), "cells": [_cell(metrics.get(column)) for column in shown]}
            for name, metrics in slices.items()
        ],
    }


def _name(group: str, name: str) -> str:
    if group == "table":
        return f"{text('section', name, 'zh')} {name}" if name in SECTION_KEYS else name
    if group == "front":
        return text("front", name, "en")
    kind, _, which = name.partition(":")
    if group == "trait" and kind in FAMILIES:
        return f"{FAMILIES[kind]}: {which.replace('_', ' ')}"
    return NAMES.get(group, {}).get(name, name)


def _cell(estimate: Mapping[str, Any] | None) -> Json:
    if estimate is None:
        return {"rate": "–", "count": ""}
    return {"rate": per_cent(estimate["value"]), "count": count_of(estimate)}


def confusion_table(confusion: Mapping[str, Mapping[str, int]]) -> Json:
    """Rows: what a printed line is; columns: the section whose heading it was taken for."""
    lines = [line for line in (*SECTION_KEYS, *TRAPS, OTHER) if line in confusion or line in TRAPS]
    return {
        "columns": [*SECTION_KEYS, NONE],
        "rows": [
            {"name": line, "cells": [_count(confusion, line, to) for to in (*SECTION_KEYS, NONE)]}
            for line in lines
        ],
    }


def _count(confusion: Mapping[str, Mapping[str, int]], line: str, taken_for: str) -> Json:
    """`wrong`: off the diagonal. Of lines that are no heading nobody counted those that were left alone."""
    if line not in SECTION_KEYS and taken_for == NONE:
        return {"count": "–", "wrong": False}
    found = confusion.get(line, {}).get(taken_for, 0)
    return {"count": number(found) if found else "·", "wrong": bool(found) and line != taken_for}
