"""A run in three lines: how much is right, what went wrong in silence, and how far that can be believed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eval.report.words import count_of, interval, per_cent, plural
from eval.runs.summary import headline


def verdict(summary: Mapping[str, Any]) -> tuple[str, str, str]:
    """Three sentences, most important last for nobody: right, silent, evidence."""
    return _right(summary), _silent(summary), _evidence(summary)


def _right(summary: Mapping[str, Any]) -> str:
    found, zeros = headline(summary), headline(summary, "zeros")
    if "accuracy" not in found:
        return "No gold fields: nothing can be said about numbers."
    right, trivial = found["accuracy"], zeros["accuracy"]
    line = f"{count_of(right)} fields are right ({per_cent(right['value'])}; {interval(right)})"
    line += f"; answering 0 everywhere gets {per_cent(trivial['value'])}"
    if "nonzero_accuracy" in found:
        line += f", so look at those that are not zero: {count_of(found['nonzero_accuracy'])}"
    return line + "."


def _silent(summary: Mapping[str, Any]) -> str:
    found = headline(summary)
    if "silent" not in found:
        return "No fields, so no silent errors either."
    silent, straight = int(found["silent"]["numerator"]), found["straight_through"]
    unasked = f"{per_cent(straight['value'])} of the fields pass with nobody asked"
    if silent == 0:
        return f"No silent errors; {unasked}."
    return f"{plural(silent, 'silent error')} (wrong, missing or invented, and nobody asked); {unasked}."


def _evidence(summary: Mapping[str, Any]) -> str:
    documents, reports = summary["documents"], summary["reports"]
    line = f"The evidence: {plural(reports, 'scan')} of {plural(documents, 'document')}, "
    line += f"{plural(summary['fields'], 'field')}"
    hand = headline(summary, "core").get("accuracy")
    line += f", {int(hand['denominator'])} of them labelled by hand" if hand else ", none labelled by hand"
    passing = summary["trust"]["passing"]
    if passing["accepted"]:
        line += (
            f"; of the fields that pass, fewer than {per_cent(passing['bound'], 2)} are wrong (95 %, taking"
        )
        line += " fields as independent)"
    if summary["failures"]:
        line += f"; {plural(len(summary['failures']), 'case')} gave no record"
    return line + "."
