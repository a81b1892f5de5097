"""Before anything is printed: figures add up, tables are cut where asked, every answer is there once."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from eval.samples.authored import read_sample
from eval.samples.build import form_of
from eval.samples.chromium import LINK
from eval.samples.figures import applications, as_printed, litigation
from eval.samples.html import sample_html
from eval.samples.invent import invent
from extractors.forms import Form, load

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
FORMS = {form.id: form for form in load()}


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_totals_are_worked_out(form: Form) -> None:
    layout = form.table("applications").layout
    values = applications(layout, {"new_received": (5, 2), "results.granted": (3, 1), "carried_over": (1,)})
    assert values["applications.new_received.total"] == 7
    assert values["applications.results.total.total"] == 4
    assert values["applications.carried_forward.natural_person"] == 3
    assert values["applications.carried_forward.total"] == 4
    printed = as_printed(form, 0, {**values, **litigation(reconsideration=(1, 2))})
    assert printed["review_litigation.reconsideration.total"] == "3"
    assert set(layout.paths) <= set(printed)


def test_impossible_figures_are_refused() -> None:
    layout = FORMS["2021"].table("applications").layout
    with pytest.raises(KeyError):
        applications(layout, {"results.no_such_row": (1,)})
    with pytest.raises(ValueError, match="more answered"):
        applications(layout, {"results.granted": (1,)})
    with pytest.raises(KeyError):
        as_printed(FORMS["2021"], 0, {"applications.no.such": 1})


@pytest.mark.parametrize("seed", range(12))
def test_an_invented_report_is_the_same_again_and_prints_every_answer_once(seed: int) -> None:
    sample = invent(seed, "clean")
    assert sample == invent(seed, "clean")
    assert invent(seed, "fax").values == sample.values
    html = sample_html(sample, form_of(sample))
    links = re.findall(re.escape(LINK) + r"([\w.]+)", html)
    assert sorted(links) == sorted(sample.values)
    assert sample.agency in "".join(sample.title)
    for section in sample.sections:
        assert section.title in html


def test_a_merged_label_is_cut_where_asked() -> None:
    sample = read_sample(SAMPLES / "yanbei-2023-clean" / "sample.toml")
    html = sample_html(sample, form_of(sample))
    assert "（四）无<" in html
    assert ">法提供<" in html
    whole = replace(sample, style=replace(sample.style, breaks={}))
    assert "（四）无法提供<" in sample_html(whole, form_of(whole))


@pytest.mark.parametrize("row", [4, 12, 25])
def test_a_cut_table_keeps_its_rows(row: int) -> None:
    sample = read_sample(SAMPLES / "hemiao-2024-digital" / "sample.toml")
    style = replace(sample.style, breaks={"applications": (row,)}, repeat_head=False)
    whole, cut = (
        sample_html(replace(sample, style=look), form_of(sample))
        for look in (replace(style, breaks={}), style)
    )
    assert cut.count("<tr>") == whole.count("<tr>")
    assert cut.count("<table") == whole.count("<table") + 1
