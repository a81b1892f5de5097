"""Labelling by hand: what is asked, that no answer is lost, and how two labellers become one label."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.cases import BadCase, read_gold
from eval.labelling import answers as kept
from eval.labelling.answers import Answers
from eval.labelling.desk import Desk
from eval.labelling.questions import Question, ask, layouts_of
from eval.labelling.server import serve
from eval.labelling.session import answers_file, settle_case
from eval.labelling.settle import compare, same, settle
from extractors.document import Part
from extractors.forms import load
from extractors.geometry import Box

FORM = next(form for form in load() if form.id == "2021")
FRONT = {"agency": "青柏市档案局", "year": "2022"}


def whole(who: str, **answers: str | None) -> Answers:
    return Answers(who, "2021", {**FRONT, **answers})


def test_every_field_of_the_form_is_asked_once_in_its_order() -> None:
    names = [question.name for question in ask(FORM, {}, {})]
    paths = [path for table in FORM.tables for path in table.layout.paths]
    assert len(paths) == 200
    assert names[:2] == ["agency", "year"]
    assert names[8:] == paths


def test_a_hybrid_is_asked_for_by_the_rows_it_prints() -> None:
    hybrid = FORM.table("applications").layouts[1]
    layouts = layouts_of(FORM, hybrid.paths)
    assert layouts["applications"] == 1
    names = {question.name for question in ask(FORM, layouts, {})}
    assert set(hybrid.paths) <= names


@given(st.dictionaries(st.sampled_from(["agency", "a.b", "c"]), st.none() | st.text(max_size=4)))
def test_answers_come_back_as_they_were_given(
    tmp_path_factory: pytest.TempPathFactory, given_: dict[str, str]
) -> None:
    file = tmp_path_factory.mktemp("labels") / "who.json"
    answers = Answers("who", "2021", given_)
    kept.save(answers, file)
    assert kept.read(file) == answers
    assert [path.name for path in file.parent.iterdir()] == ["who.json"]


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"who": "a", "form": "2021"}', '{"who": "a", "form": "x", "answers": {"a": 1}}']
)
def test_a_broken_file_of_answers_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "who.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadCase, match=r"who\.json"):
        kept.read(file)


@pytest.mark.parametrize("who", ["", "..", "a/b", ".hidden"])
def test_a_labeller_s_name_cannot_lead_elsewhere(tmp_path: Path, who: str) -> None:
    with pytest.raises(BadCase):
        answers_file(tmp_path, who)


def test_blank_and_unreadable_and_zero_are_three_answers() -> None:
    answers: list[str | None] = ["", None, "0"]
    assert [[same(one, other) for other in answers] for one in answers] == np.eye(3, dtype=bool).tolist()
    assert same("０", "0")
    assert same("——", "—")


def test_agreement_counts_every_question_and_names_the_differences() -> None:
    found = compare(whole("a", x="1", y="2"), whole("b", x="1", y="3"))
    assert (found.asked, found.agreed, found.differing) == (4, 3, ("y",))
    assert found.share == 0.75


def test_labellers_of_different_work_are_not_compared() -> None:
    with pytest.raises(BadCase, match="form"):
        compare(Answers("a", "2019", FRONT), Answers("b", "2021", FRONT))
    with pytest.raises(BadCase, match="only one"):
        compare(whole("a", x="1"), whole("b"))


def test_a_third_voice_settles_and_nothing_else() -> None:
    gold = settle(whole("a", x="1", y="2"), whole("b", x="1", y="3"), {"x": "9", "y": "3"})
    assert gold["fields"] == {"x": "1", "y": "3"}
    assert (gold["year"], gold["label_source"], gold["labelled_by"]) == (2022, "hand", ["a", "b"])
    assert gold["agreement"] == {"asked": 4, "agreed": 3}


def test_an_unsettled_difference_makes_no_label() -> None:
    with pytest.raises(BadCase, match="not settled"):
        settle(whole("a", x="1"), whole("b", x="2"), {})


def test_what_nobody_can_read_counts_nowhere() -> None:
    gold = settle(whole("a", x=None), whole("b", x=None), {})
    assert (gold["fields"], gold["unverified"]) == ({"x": ""}, ["x"])


@pytest.mark.parametrize("year", ["二〇二二", "22", "2022a"])
def test_a_year_is_four_digits(year: str) -> None:
    answers = Answers("a", "2021", {**FRONT, "year": year})
    with pytest.raises(BadCase, match="no year"):
        settle(answers, answers, {})


def test_a_settled_case_is_one_that_the_benchmark_reads(tmp_path: Path) -> None:
    for who in ("a", "b"):
        kept.save(
            whole(who, **{"sections.overview": "一、总体情况", "sections.other_matters": ""}),
            answers_file(tmp_path, who),
        )
    assert settle_case(tmp_path, "a", "b").share == 1.0
    gold = read_gold(tmp_path / "gold.json")
    assert (gold.agency, gold.year, dict(gold.sections)) == (
        "青柏市档案局",
        2022,
        {"overview": "一、总体情况"},
    )


def test_settling_keeps_the_places_that_a_case_came_with(tmp_path: Path) -> None:
    (tmp_path / "gold.json").write_text(
        '{"boxes": {"x": [1, 0, 0, 1, 1]}, "fields": {"x": "9"}}', encoding="utf-8"
    )
    for who in ("a", "b"):
        kept.save(whole(who, x="1"), answers_file(tmp_path, who))
    settle_case(tmp_path, "a", "b")
    gold = read_gold(tmp_path / "gold.json")
    assert (dict(gold.fields), dict(gold.boxes)) == ({"x": "1"}, {"x": (1, 0, 0, 1, 1)})


# ---------------------------------------------------------------- the desk and its server

QUESTIONS = (
    Question("agency", "机关"),
    Question("x", "甲", (Part(2, Box(40, 30, 80, 50)),)),
    Question("y", "乙"),
)


def picture(number: int) -> Any:
    return np.full((100, 120, 3), 60 * number, dtype=np.uint8)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk("case", QUESTIONS, Answers("who", "2021"), tmp_path / "who.json", 2, picture)


def test_each_answer_is_on_disk_at_once_and_the_next_question_comes(desk: Desk, tmp_path: Path) -> None:
    desk.answer("agency", "青柏市 档案局")
    assert kept.read(tmp_path / "who.json").given == {"agency": "青柏市档案局"}
    assert desk.state()["name"] == "x"
    assert desk.state()["page"] == 2


def test_work_goes_on_where_it_stopped(tmp_path: Path) -> None:
    begun = Answers("who", "2021", {"agency": "a", "x": ""})
    desk = Desk("case", QUESTIONS, begun, tmp_path / "who.json", 2, picture)
    assert desk.state()["name"] == "y"
    desk.go(1)
    assert desk.state()["answer"] == ""
    desk.answer("x", "7")
    desk.answer("y", None)
    assert desk.state()["name"] is None
    assert kept.read(tmp_path / "who.json").given == {"agency": "a", "x": "7", "y": None}


def test_an_answer_to_no_question_is_refused(desk: Desk) -> None:
    with pytest.raises(KeyError):
        desk.answer("z", "1")


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    server = serve(desk)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def call(url: str, body: object = None, **headers: str) -> tuple[int, bytes]:
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers)) as reply:
            return reply.status, reply.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_a_report_is_labelled_through_the_page(address: str, tmp_path: Path) -> None:
    assert b"page.js" in call(f"{address}/")[1]
    assert b"/answer" in call(f"{address}/page.js")[1]
    assert json.loads(call(f"{address}/go", {})[1])["name"] == "agency"
    assert json.loads(call(f"{address}/answer", {"name": "agency", "answer": "甲局"})[1])["name"] == "x"
    assert call(f"{address}/crop/1.png")[1].startswith(b"\x89PNG")
    assert call(f"{address}/page/2.png")[1].startswith(b"\x89PNG")
    assert kept.read(tmp_path / "who.json").given == {"agency": "甲局"}


@pytest.mark.parametrize(
    "path", ["/page/0.png", "/page/3.png", "/crop/0.png", "/crop/99.png", "/page/x.png", "/../answers.py"]
)
def test_what_is_not_there_is_not_found(address: str, path: str) -> None:
    assert call(address + path)[0] == 404


@pytest.mark.parametrize(
    "body", [{"name": "z", "answer": "1"}, {"name": "x", "answer": 1}, {"name": "x"}, ["x"], "x" * 5000]
)
def test_a_bad_answer_changes_nothing(address: str, body: object, tmp_path: Path) -> None:
    assert call(f"{address}/answer", body)[0] == 400
    assert not (tmp_path / "who.json").exists()


@pytest.mark.parametrize("header", [{"Host": "example.cn"}, {"Origin": "http://example.cn"}])
def test_no_other_page_can_answer_in_the_labeller_s_name(
    address: str, header: dict[str, str], tmp_path: Path
) -> None:
    assert call(f"{address}/answer", {"name": "x", "answer": "1"}, **header)[0] == 403
    assert not (tmp_path / "who.json").exists()
