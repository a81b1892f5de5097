"""Reads a report that we wrote: `data/samples/<name>/sample.toml`.

The words and figures are data, beside what was made of them, so that a reader of a sample sees both. Only figures
worth reading are written down: totals are worked out, everything else prints 0, and `[answers]` says what is printed
instead (an odd answer, a planted fault). A key of `[answers]` that ends in `.*` stands for all fields below it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.generate.content.figures import applications, as_printed, litigation
from eval.generate.spec import Sample, Scan, Seal, SectionText, Style
from extractors.forms import Form, load

TABLES = ("active_disclosure", "applications", "review_litigation")
TITLES = {
    "overview": "一、总体情况",
    "active_disclosure": "二、主动公开政府信息情况",
    "applications": "三、收到和处理政府信息公开申请情况",
    "review_litigation": "四、政府信息公开行政复议、行政诉讼情况",
    "problems_improvement": "五、存在的主要问题及改进情况",
    "other_matters": "六、其他需要报告的事项",
}


def read_samples(folder: Path) -> tuple[Sample, ...]:
    """All samples of `folder`, by name."""
    return tuple(read_sample(path) for path in sorted(folder.glob("*/sample.toml")))


def read_sample(path: Path) -> Sample:
    """The sample of one file, named after its folder. KeyError or TypeError where a part is missing or unknown."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    form = next(form for form in load() if form.id == data["form"])
    layout = data.get("layout", 0)
    return Sample(
        name=path.parent.name,
        form=form.id,
        layout=layout,
        agency=data["agency"],
        year=data["year"],
        title=tuple(data["title"]),
        basis=tuple(data["basis"]),
        sections=_sections(data),
        values=_values(data, form, layout),
        style=_style(data.get("style", {})),
        seed=data["seed"],
        scan=_scan(data["scan"]) if "scan" in data else None,
        scans={int(page): _scan(scan) for page, scan in data.get("scans", {}).items()},
        seals=tuple(Seal(**seal) for seal in data.get("seals", ())),
        labels=data.get("labels", {}),
        signature=tuple(data.get("signature", ())),
        facts=data.get("facts", {}),
        stamp_signature=data.get("stamp_signature", False),
    )


def _sections(data: Mapping[str, Any]) -> tuple[SectionText, ...]:
    titles = {**TITLES, **data.get("titles", {})}
    intros, texts = data.get("intros", {}), data["texts"]
    return tuple(
        SectionText(
            key,
            title,
            tuple(texts.get(key, ())),
            key if key in TABLES else None,
            (intros[key],) if key in intros else (),
        )
        for key, title in titles.items()
        if title  # an empty title leaves the section out
    )


def _values(data: Mapping[str, Any], form: Form, layout: int) -> dict[str, str]:
    table = form.table("applications").layouts[layout]
    counts = {**applications(table, data.get("rows", {})), **litigation(**data.get("litigation", {}))}
    answers: Mapping[str, str] = data.get("answers", {})
    single = {path: answer for path, answer in answers.items() if not path.endswith(".*")}
    printed = as_printed(form, layout, {**counts, **single})
    for pattern, answer in answers.items():
        if pattern.endswith(".*"):
            printed.update((path, answer) for path in printed if path.startswith(pattern[:-1]))
    return printed


def _style(data: Mapping[str, Any]) -> Style:
    return Style(**{name: _frozen(value) for name, value in data.items()})


def _scan(data: Mapping[str, Any]) -> Scan:
    return Scan(**{name: _frozen(value) for name, value in data.items()})


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    return value
