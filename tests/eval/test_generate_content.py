"""What the seeds draw: the oddities of real reports, sums broken only where planted, bodies in one split."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest

from eval.generate.content.bodies import SPLITS, draw_agency, draw_agency_of, split_of
from eval.generate.content.headings import WORDINGS
from eval.generate.content.invent import invent
from eval.generate.content.others import invent_earlier, invent_non_report
from eval.generate.content.others_words import NON_REPORTS
from eval.generate.content.values import broken_checks
from eval.generate.paper import report_paper
from eval.generate.spec import Sample
from eval.generate.typeset.blocks import Grid, Text
from eval.generate.typeset.compose import form_of
from eval.gold_values import gold_value

SEEDS = range(300)
ODDITIES = """
fault hybrid cover letterhead landscape sliver vertical shaded open_sides extra_row electronic_seal contents
run_in_heading no_sixth_section break:open break:closed break:head_repeated table4:flat table4:three
blanks:whole_table blanks:all_but_totals blanks:all_but_person_and_total blanks:totals_of_results
blanks:history blanks:table_zeros blanks:scattered_zeros blanks:all_zeros figures:separators
figures:full_width figures:measure_words engine:chromium engine:libreoffice
"""


@pytest.fixture(scope="module")
def drawn() -> list[Sample]:
    return [invent(seed, turn=seed) for seed in SEEDS]


def test_every_oddity_of_the_labels_guide_is_drawn(drawn: list[Sample]) -> None:
    tags = Counter(":".join(tag.split(":")[:2]) for sample in drawn for tag in sample.tags)
    for tag in ODDITIES.split():
        assert tags[tag] >= 3, tag
    kinds = {gold_value(path, raw).kind for sample in drawn for path, raw in sample.values.items()}
    assert kinds == {"number", "blank", "not_applicable", "text"}
    answers = {raw for sample in drawn for raw in sample.values.values()}
    for pattern in (
        r"增\d+",
        r"减\d+",
        r"-\d+",
        r"\+\d+",
        r"\d+元",
        r"[\d.]+万元",
        r"\d{8}",
        r"/",
        r"—",
        r"无",
        r"空",
    ):
        assert any(re.fullmatch(pattern, answer) for answer in answers), pattern


def test_every_row_of_table_3_begins_a_page(drawn: list[Sample]) -> None:
    for form, rows in (("2019", range(3, 26)), ("2021", range(3, 28))):
        own = [sample for sample in drawn[:66] if sample.form == form]
        starts = {row for sample in own for row in sample.style.breaks.get("applications", ())}
        assert set(rows) <= starts, form


def test_sums_break_only_where_a_fault_is_named(drawn: list[Sample]) -> None:
    broken = 0
    for sample in drawn:
        checks = broken_checks(form_of(sample), sample.values)
        assert bool(checks) == ("fault" in sample.tags)
        assert report_paper(sample).labels["broken_checks"] == list(checks)
        broken += bool(checks)
    assert broken > 10


def test_a_broken_sum_needs_figures_on_both_sides() -> None:
    sample = next(sample for sample in map(invent, range(99)) if "fault" in sample.tags)
    form = form_of(sample)
    assert broken_checks(form, sample.values)
    assert broken_checks(form, dict.fromkeys(sample.values, "")) == ()
    assert broken_checks(form, dict.fromkeys(sample.values, "0")) == ()


def test_headings_front_matter_and_labels_vary(drawn: list[Sample]) -> None:
    wordings = {
        "".join(sample.title).replace(sample.agency, "").replace(str(sample.year), "") for sample in drawn
    }
    assert len(wordings) >= 8
    titles = {section.title for sample in drawn for section in sample.sections}
    assert any(title.startswith("、") for title in titles)
    assert any("\n" in title for title in titles)
    assert any(title[:1] not in "一二三四五六七、" for title in titles)
    assert any(title.startswith("七、") for title in titles)
    names = {name for sample in drawn for name in sample.facts}
    assert names == {"period", "issued_on", "address", "postcode", "phone", "fax", "email", "website"}
    assert all(
        [section.key for section in sample.sections] == list(WORDINGS)[: len(sample.sections)]
        for sample in drawn
    )
    for sample in drawn:
        words = "".join((*sample.title, *sample.basis, *sample.signature, *sample.sections[0].paragraphs))
        assert sample.agency in words
        assert str(sample.year) in words


def test_a_body_is_in_one_split_and_asked_for_ones_only() -> None:
    rng = random.Random(1)
    bodies = {draw_agency(rng) for _ in range(2000)}
    shares = Counter(split_of(body) for body in bodies)
    assert set(shares) == set(SPLITS)
    assert min(shares.values()) > 0.2 * len(bodies)
    for split in SPLITS:
        assert all(split_of(draw_agency_of(rng, split)) == split for _ in range(50))
        assert split_of(invent(5, split).agency) == split


def test_other_papers_are_of_every_sort_and_have_no_fields() -> None:
    papers = [invent_non_report(seed) for seed in range(len(NON_REPORTS))]
    assert len({paper.name.rsplit("-", 1)[0] for paper in papers}) == len(NON_REPORTS) >= 8
    for paper in (*papers, *(invent_earlier(seed) for seed in range(6))):
        assert paper.paths == ()
        assert paper.labels["fields"] == {}
        assert not any(cell.path for block in paper.blocks if isinstance(block, Grid) for cell in block.cells)
    assert {paper.labels["kind"] for paper in papers} == {"not_a_report"}


def test_an_earlier_report_prints_the_headings_it_is_labelled_with() -> None:
    for seed in range(6):
        paper = invent_earlier(seed)
        printed = [
            block.text for block in paper.blocks if isinstance(block, Text) and block.role == "heading"
        ]
        assert paper.labels["headings"] == printed
        assert paper.labels["year"] < 2019
        assert paper.labels["kind"] == "earlier_form"
