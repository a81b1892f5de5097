"""The report: whole, self-contained, and nothing from a document becomes markup."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from run_cases import ROW, case, field, record, run_of, scored

from eval.report.html import render, wrong_fields
from eval.report.pictures import cut_out, key
from eval.report.verdict import verdict
from eval.report.words import per_cent
from eval.runs.build import case_rows
from eval.runs.rows import Rows

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
EVIL = '<script>alert("1")</script>'


class Page(HTMLParser):
    """Collects elements and text, and whether every element was closed."""

    VOID = frozenset({"meta", "img", "br", "wbr", "polyline", "circle", "rect", "polygon"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def evil_rows() -> Rows:
    wrong = field(f"{ROW}.total", EVIL, reasons=[EVIL], review=True)
    wrong["alternatives"] = [[EVIL, 0.5]]
    one = case(f"a{EVIL}-fax", agency=EVIL)
    found = record(one.gold, {f"{ROW}.total": wrong})
    found["sections"][0]["title"] = EVIL
    found["year"] = {"value": EVIL, "review": False}
    return case_rows(one, [found], None, None)


def test_nothing_from_a_document_becomes_markup() -> None:
    page = render(run_of(evil_rows()), {})
    assert EVIL not in page
    parsed = Page(page)
    assert EVIL in parsed.text
    assert "script" not in {tag for tag, _ in parsed.elements}
    assert parsed.open == []


def test_the_page_asks_for_nothing_from_elsewhere() -> None:
    rows = scored(case(), {f"{ROW}.total": field(f"{ROW}.total", "8")})
    wrong = wrong_fields(rows)
    page = Page(render(run_of(rows), {key(wrong[0]): "data:image/png;base64,AAAA"}))
    linked = [value for _, attrs in page.elements for name, value in attrs.items() if name in ("src", "href")]
    assert [value for value in linked if value != "#words"] == ["data:image/png;base64,AAAA"]
    assert not re.search(r"url\(|@import|https?:", render(run_of(rows), {}))


def test_wrong_fields_are_shown_with_gold_reading_and_reasons_silent_ones_first() -> None:
    doubted = field(f"{ROW}.natural_person", "7", review=True, reasons=["low_confidence"], confidence=0.4)
    rows = scored(
        case(),
        {
            f"{ROW}.natural_person": doubted,
            f"{ROW}.total": field(f"{ROW}.total", "8", alternatives=[["8", 0.7], ["3", 0.3]]),
        },
    )
    assert [row.path for row in wrong_fields(rows)] == [f"{ROW}.total", f"{ROW}.natural_person"]
    text = Page(render(run_of(rows), {})).text
    for shown in (
        "nobody is asked",
        "the reading is uncertain",
        f"{ROW}.total",
        "0.7000",
        "0.4000",
        "no picture",
    ):
        assert shown in text, shown


def test_the_verdict_says_how_much_how_loud_and_how_sure() -> None:
    right, silent, evidence = verdict(run_of(scored(case())).summary)
    assert "3 / 3 fields are right" in right
    assert "33.3 %" in right  # the answerer of zeros
    assert silent.startswith("No silent errors")
    assert "none labelled by hand" in evidence
    rows = scored(case(), {f"{ROW}.total": field(f"{ROW}.total", "8")})
    assert verdict(run_of(rows).summary)[1].startswith("1 silent error ")
    failed = run_of(case_rows(case(), [], None, "engine"))
    assert "1 case gave no record" in verdict(failed.summary)[2]
    assert "worker" not in render(failed, {})


def test_a_run_without_fields_still_has_a_report() -> None:
    none = case("letter-clean", agency=None, year=None, fields={}, sections={}, kind="not_a_report", boxes={})
    page = Page(render(run_of(case_rows(none, [], None, None)), {}))
    assert "nothing can be said about numbers" in page.text


def test_pictures_are_cut_from_the_page_and_missing_ones_cost_nothing() -> None:
    name = "hemiao-2024-digital"
    from eval.cases import read_cases

    cases = [one for one in read_cases(SAMPLES) if one.name == name]
    rows = case_rows(cases[0], [], None, None).fields[:2]
    assert all(row.box is None and row.gold_box is not None for row in rows)
    found = cut_out(rows, cases)
    assert set(found) == {key(row) for row in rows}
    assert all(uri.startswith("data:image/png;base64,iVBOR") for uri in found.values())
    assert cut_out(rows, []) == {}


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "–"), (0.0, "0 %"), (1.0, "100 %"), (0.9996, "99.96 %"), (0.00001, "0.001 %"), (0.974, "97.4 %")],
)
def test_almost_all_is_never_shown_as_all(value: float | None, shown: str) -> None:
    assert per_cent(value) == shown
