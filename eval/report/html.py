"""The report as one HTML file that asks for nothing from elsewhere: pictures are data URIs, plots inline SVG, no
script. Everything that came out of a document is escaped by the template engine, and a policy in the page forbids
scripts besides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from eval.audit import Suspect
from eval.report import plots
from eval.report.parts import confusion_table, denominators, part
from eval.report.pictures import FieldKey, key
from eval.report.verdict import verdict
from eval.report.words import SHORT_HASH, count_of, interval, number, per_cent, plural
from eval.runs.measure import METRICS
from eval.runs.rows import DocumentRow, FieldRow, FrontRow, HeadingRow, Rows
from eval.runs.run import Run
from eval.runs.summary import headline
from extractors.messages import field_text, reason_text

MOST_WRONG = 1000
FIRST = (  # what the page begins with; the rest follows in "All metrics"
    "accuracy",
    "nonzero_accuracy",
    "silent",
    "straight_through",
    "agency",
    "year",
    "sections",
    "checks_found",
    "header_path_loose",
    "places_f1",
)

Json = dict[str, Any]


def environment() -> Environment:
    """Templates of this package; a name that the code forgot is an error, not a blank."""
    return Environment(
        loader=PackageLoader("eval.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=False,
    )


def render(run: Run, pictures: Mapping[FieldKey, str]) -> str:
    """The whole page. `pictures`: data URIs of the wrong fields that have one."""
    summary = run.summary
    wrong = wrong_fields(run.rows)
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            title=f"How right is nianbao? Run “{run.name}”",
            subject=_subject(run),
            verdict=verdict(summary),
            silent=any(row.silent for row in run.rows.fields),
            has_core="core" in summary["headline"],
            headline=_headline(summary, [name for name in METRICS if name in FIRST]),
            others=_headline(summary, [name for name in METRICS if name not in FIRST]),
            plots=_plots(summary),
            trust=list(_trust(summary["trust"])),
            slices=[part(name, group) for name, group in summary["slices"].items() if group],
            denominators=denominators(),
            confusion=confusion_table(summary["confusion"]),
            wrong=[_wrong(row, pictures.get(key(row))) for row in wrong[:MOST_WRONG]],
            wrong_total=len(wrong),
            elsewhere=[
                *_documents(run.rows.documents),
                *_headings(run.rows.headings),
                *_front(run.rows.front),
            ],
            facts=facts_of(run),
        )
    )


def render_audit(run: Run, found: Sequence[Suspect], pictures: Mapping[FieldKey, str]) -> str:
    """The page of labels to look at."""
    rows = [
        _wrong(one.row, pictures.get(key(one.row)))
        | {"scans": f"{one.scans} of {one.of}", "sums": f"{one.sums:+d}" if one.sums else ""}
        for one in found
    ]
    template = environment().get_template("audit.html.j2")
    return template.render(
        title=f"labels to look at: {run.name}", count=plural(len(rows), "field"), rows=rows
    )


def wrong_fields(rows: Rows) -> list[FieldRow]:
    """Fields that are not right, silent ones first, then the surest."""
    wrong = [row for row in rows.fields if not row.right]
    return sorted(wrong, key=lambda row: (row.review, -(row.confidence or 0.0), row.place.case, row.path))


def _subject(run: Run) -> str:
    facts, summary = run.facts, run.summary
    cases = f"{plural(len(facts['cases']), 'case')} of {facts['cases_folder']}"
    return f"{cases}: {plural(summary['reports'], 'report')}, {plural(summary['documents'], 'document')}"


def _headline(summary: Mapping[str, Any], names: Sequence[str]) -> list[Json]:
    columns = ["all", *(["core"] if "core" in summary["headline"] else []), "zeros"]
    found = [headline(summary, who) for who in columns]
    return [
        {
            "label": METRICS[name].label,
            "over": METRICS[name].over,
            "cells": [_cell(estimates.get(name)) for estimates in found],
        }
        for name in names
        if name in found[0]
    ]


def _cell(estimate: Mapping[str, Any] | None) -> Json:
    if estimate is None:
        return {"rate": "–", "count": "", "interval": ""}
    rate = per_cent(estimate["value"], 2)
    return {"rate": rate, "count": count_of(estimate), "interval": interval(estimate)}


def _plots(summary: Mapping[str, Any]) -> list[Json]:
    shown = []
    if summary["trust"]["bins"]:
        trust = summary["trust"]
        known = trust["calibration"]
        caption = (
            f"How often fields are wrong, against what their confidence states; on the dashed line it means what it "
            f"says. Behind the dots: {plural(known['wrong'], 'wrong field')} of {number(known['count'])}; an "
            "empty triangle is a bin without errors, drawn at the rate that its size rules out at 95 %."
        )
        shown.append({"svg": plots.reliability(trust), "caption": caption})
    if "silent" in headline(summary):
        caption = (
            "Silent errors against fields that pass unasked, if a threshold on confidence alone decided (line), "
            "and as these records decide, with all their reasons for review (dot)."
        )
        shown.append({"svg": plots.trade(summary), "caption": caption})
        caption = (
            "Quality by level of degradation (s0 to s5: severity of the simulated scan), with 95 % intervals where "
            "there are documents enough."
        )
        shown.append({"svg": plots.by_level(summary["slices"]["level"]), "caption": caption})
    if summary["cost"]["stages"]:
        caption = (
            "Wall seconds a page by stage, in one process; they depend on the machine and what else it did."
        )
        shown.append({"svg": plots.by_stage(summary["cost"]), "caption": caption})
    return shown


def _trust(trust: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What the confidences are worth, in words; "not measurable" where the sample is too small to say."""
    known, passing = trust["calibration"], trust["passing"]
    if known["count"]:
        filled = plural(known["mass_bins_populated"], "populated bin")
        yield "calibration error (ECE)", f"{known['ece_mass']:.4f} in {filled} of equal size"
        yield "Brier score", f"{known['brier']:.5f}"
        auroc = "not measurable: none is wrong" if known["auroc"] is None else f"{known['auroc']:.4f}"
        yield "right told from wrong (AUROC)", f"{auroc}; {plural(known['wrong'], 'wrong field')} behind it"
    accepted = number(passing["accepted"])
    yield (
        "pass unasked, as the records decide",
        f"{accepted} fields, {passing['errors']} wrong: under {per_cent(passing['bound'], 3)} at 95 %",
    )
    for one in trust["thresholds"]:
        name = f"pass at {per_cent(one['target'], 2)} silent errors, by confidence alone"
        if not one["measurable"]:
            yield name, f"not measurable: each half of the documents needs {number(one['needed'])} fields"
            continue
        told = f"{per_cent(one['accepted'] / one['total'])}, {one['errors']} wrong: under {per_cent(one['bound'], 3)}"
        yield name, f"{told} at 95 %; the threshold for each half of the documents is chosen on the other"


def _wrong(row: FieldRow, picture: str | None) -> Json:
    return {
        "picture": picture,
        "gold": "(not in gold)" if row.gold_raw is None else row.gold_raw or "(blank)",
        "read": read_as(row),
        "path": row.path,
        "steps": row.path.split("."),
        "words": field_text(row.path, "zh"),
        "case": row.place.case if row.place.report == 1 else f"{row.place.case}#{row.place.report}",
        "page": row.page or row.gold_page,
        "confidence": "–" if row.confidence is None else f"{row.confidence:.4f}",
        "alternatives": [(raw, f"{p:.4f}") for raw, p in row.alternatives[:4]],
        "review": row.review,
        "reasons": [reason_text(reason, "en") for reason in row.reasons],
    }


def read_as(row: FieldRow) -> str:
    """What the record says, for people: the text, and its kind or unit where that makes the difference."""
    if row.kind is None:
        return "(absent)"
    if row.kind in ("blank", "not_found", "unreadable"):
        return f"({row.kind.replace('_', ' ')})"
    unit = f" [{row.unit}]" if row.unit else ""
    kind = f" ({row.kind})" if row.gold_kind not in (None, row.kind) else ""
    return f"{row.raw or ''}{unit}{kind}"


def _documents(documents: Sequence[DocumentRow]) -> list[Json]:
    rows = []
    for row in documents:
        case = row.place.case
        asked = (" (silent)", " (asked about)")
        if row.error is not None:
            rows.append(_elsewhere(case, "no record", "", row.error))
            continue
        if row.gold_kind is None:
            rows.append(_elsewhere(case, f"record {row.place.report} is of no report", "", row.agency))
            continue
        if row.kind != row.gold_kind:
            rows.append(_elsewhere(case, "kind" + asked[row.kind_review], row.gold_kind, row.kind or ""))
        if not row.agency_right:
            rows.append(_elsewhere(case, "body" + asked[row.agency_review], row.gold_agency, row.agency))
        if not row.year_right:
            rows.append(_elsewhere(case, "year" + asked[row.year_review], row.gold_year, row.year))
        if row.kind is not None and not row.bounds_right:
            rows.append(_elsewhere(case, "first and last page", "", "other pages"))
        if not row.form_right:
            rows.append(_elsewhere(case, "form", row.place.form, ""))
        if row.checks_found < row.checks_broken or row.checks_false:
            told = f"{row.checks_found} of them, {row.checks_false} others"
            rows.append(_elsewhere(case, "broken sums", str(row.checks_broken), told))
    return rows


def _front(items: Sequence[FrontRow]) -> list[Json]:
    return [
        _elsewhere(row.place.case, row.name, row.gold or "(not in gold)", row.read or "(not found)")
        for row in items
        if not row.right
    ]


def _headings(headings: Sequence[HeadingRow]) -> list[Json]:
    return [
        _elsewhere(
            row.place.case, f"title of {row.key}", row.gold_title or "(none)", row.title or "(not found)"
        )
        for row in headings
        if not row.right
    ]


def _elsewhere(case: str, what: str, gold: str, read: str) -> Json:
    return {"case": case, "what": what, "gold": gold, "read": read}


def facts_of(run: Run) -> list[tuple[str, str]]:
    """What was run, as rows of a table: code, engine, gold and machine first, always the same ones."""
    facts, cost = run.facts, run.summary["cost"]
    machine = facts["machine"]
    settings = " ".join(f"{name}={value}" for name, value in facts["settings"].items())
    speed = cost["pages_per_second"]
    shown = [
        ("nianbao", f"{facts['nianbao']}, commit {facts['commit'] or 'none'}"),
        ("code", f"sha256 {facts['code'][:SHORT_HASH]}…"),
        ("engine", facts["engine"]),
        ("weights", ", ".join(f"sha256 {one[:SHORT_HASH]}…" for one in facts["weights"].split(", ") if one)),
        ("settings", settings or "defaults"),
        (
            "gold",
            f"{len(facts['cases'])} cases of {facts['cases_folder']}, sha256 {facts['gold'][:SHORT_HASH]}…",
        ),
        ("machine", f"{machine['processor']}, {machine['cores']} cores, Python {machine['python']}"),
    ]
    if speed is not None:
        shown.append(("speed", f"{speed} pages a second in one process, {cost['pages']} pages"))
    if facts["seconds"] is not None:
        shown.append(("wall time", f"{facts['seconds']} s with {facts['jobs']} processes"))
    if facts["peak_memory_mb"] is not None:
        shown.append(("memory", f"{facts['peak_memory_mb']} MB at most in one process"))
    return shown
