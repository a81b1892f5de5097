"""The samples say what their labels say: checked on what is committed, without Chromium or fonts."""

from __future__ import annotations

import json
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from eval.cases import LEVELS, BadCase, read_cases, read_gold
from eval.generate.content.authored import read_sample, read_samples
from eval.generate.content.values import broken_checks
from eval.generate.samples import gold
from eval.generate.typeset.compose import form_of
from eval.gold_values import normalise

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
NAMES = sorted(path.parent.name for path in SAMPLES.glob("*/sample.toml"))
GIT_LIMIT = 6 * 1024 * 1024


def test_there_are_samples_of_both_forms_and_every_level_and_they_are_small() -> None:
    cases = read_cases(SAMPLES)
    assert [case.name for case in cases] == NAMES
    assert {case.level for case in cases} == set(LEVELS)
    assert {case.gold.form for case in cases} == {"2019", "2021"}
    assert sum(path.stat().st_size for path in SAMPLES.rglob("*")) < GIT_LIMIT


@pytest.mark.parametrize("name", NAMES)
def test_labels_are_what_was_written(name: str) -> None:
    sample = read_sample(SAMPLES / name / "sample.toml")
    stored = json.loads((SAMPLES / name / "gold.json").read_text(encoding="utf-8"))
    boxes = {path: tuple(box) for path, box in stored["boxes"].items()}
    assert stored == json.loads(json.dumps(gold(sample, boxes)))
    assert stored["label_source"] == "authored"


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_has_its_own_place_on_a_page(name: str) -> None:
    document = pdfium.PdfDocument(SAMPLES / name / "source.pdf")
    pages = len(document)
    document.close()
    boxes = read_gold(SAMPLES / name / "gold.json").boxes
    assert len(boxes) > 180
    for page, x0, y0, x1, y1 in boxes.values():
        assert 1 <= page <= pages
        assert 0 < x0 < x1 < 1
        assert 0 < y0 < y1 < 1
    assert len(set(boxes.values())) == len(boxes)


def test_born_digital_pages_print_the_answers_where_the_boxes_say() -> None:
    checked = 0
    for name, scanned in (("hemiao-2024-digital", set()), ("luting-2022-mixed", {3})):
        labels = read_gold(SAMPLES / name / "gold.json")
        document = pdfium.PdfDocument(SAMPLES / name / "source.pdf")
        for path, (page, x0, y0, x1, y1) in labels.boxes.items():
            if page in scanned:
                continue
            sheet = document[int(page) - 1]
            width, height = sheet.get_size()
            text = sheet.get_textpage().get_text_bounded(
                x0 * width, (1 - y1) * height, x1 * width, (1 - y0) * height
            )
            assert normalise(text) == normalise(labels.fields[path]), path
            checked += 1
        document.close()
    assert checked > 200


def broken_rules(name: str) -> set[str]:
    sample = read_sample(SAMPLES / name / "sample.toml")
    return set(broken_checks(form_of(sample), sample.values))


@pytest.mark.parametrize("name", [name for name in NAMES if name != "luting-2022-mixed"])
def test_only_planted_faults_break_the_arithmetic(name: str) -> None:
    assert not broken_rules(name)


def test_planted_faults_break_it() -> None:
    broken = broken_rules("luting-2022-mixed")
    assert len(broken) == 5
    assert "review_total.reconsideration" in broken


def test_the_readme_names_every_sample() -> None:
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    assert NAMES
    assert [name for name in NAMES if f"`{name}`" not in readme] == []


def test_read_samples_gives_all() -> None:
    assert [sample.name for sample in read_samples(SAMPLES)] == NAMES


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("{", id="not-json"),
        pytest.param('{"sections": {}}', id="no-fields"),
        pytest.param('{"sections": {}, "fields": {"a": 0}}', id="number-instead-of-text"),
        pytest.param('{"reports": []}', id="volume"),
    ],
)
def test_broken_labels_are_refused(tmp_path: Path, content: str) -> None:
    case = tmp_path / "case"
    case.mkdir()
    (case / "gold.json").write_text(content, encoding="utf-8")
    (case / "source.pdf").write_bytes(b"%PDF-")
    with pytest.raises(BadCase):
        read_cases(tmp_path)


def test_a_case_without_document_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCase):
        read_cases(tmp_path)
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "gold.json").write_text('{"sections": {}, "fields": {}}', encoding="utf-8")
    with pytest.raises(BadCase):
        read_cases(tmp_path)
