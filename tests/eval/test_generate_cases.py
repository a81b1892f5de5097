"""Case folders: written whole, scanned the same each time, and checked against what their PDF prints."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image

from eval.cases import read_cases
from eval.generate.case_files import (
    read_scans,
    scanned_labels,
    sealed,
    treatment_from_json,
    treatment_json,
    whole_folder,
    write_print,
    write_scan,
)
from eval.generate.scan.ladder import LADDER, LEVELS, PRESENT, Treatment, draw_treatment
from eval.generate.scan.treat import Scanned
from eval.generate.scans import Wanted, ensure_scans
from eval.generate.sheets import contact_sheet
from eval.generate.spec import Scan, Seal
from eval.generate.splits import generate
from eval.generate.verify import disagreements
from eval.generate.work import MissingTool

LABELS = {
    "form": "2021",
    "kind": "report",
    "agency": "A",
    "year": 2023,
    "sections": {"overview": "B"},
    "fields": {"x.y": "12", "x.z": ""},
    "boxes": {"x.y": [1, 0.1, 0.1, 0.3, 0.2], "x.z": [1, 0.5, 0.5, 0.7, 0.6]},
    "traits": ["hybrid"],
}
SMALL = Treatment(3, 7, Scan(dpi=72, colour=False, noise=4, skew_deg=1), {1: 90})


def written_pdf(words: dict[str, tuple[float, float]]) -> bytes:
    """One page, 300 by 400 points, with words in Helvetica at places given from the top left."""
    document = pdfium.PdfDocument.new()
    page = document.new_page(300, 400)
    font = pdfium.raw.FPDFText_LoadStandardFont(document, b"Helvetica")
    for text, (x, y) in words.items():
        written = pdfium.raw.FPDFPageObj_CreateTextObj(document, font, 10.0)
        encoded = (text + "\0").encode("utf-16-le")
        buffer = (pdfium.raw.FPDF_WCHAR * (len(encoded) // 2)).from_buffer_copy(encoded)
        pdfium.raw.FPDFText_SetText(written, buffer)
        pdfium.raw.FPDFPageObj_Transform(written, 1, 0, 0, 1, x, 400 - y)
        pdfium.raw.FPDFPage_InsertObject(page, written)
    page.gen_content()
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


@pytest.fixture
def case(tmp_path: Path) -> Path:
    pdf = written_pdf({"A 2023": (20, 20), "B": (20, 35), "12": (40, 60)})
    write_print(
        tmp_path / "prints" / "one-digital", pdf, LABELS, {"s3": SMALL}, np.full((40, 40, 3), 90, np.uint8)
    )
    return tmp_path / "prints" / "one-digital"


def test_a_print_agrees_with_its_labels_and_any_other_label_is_noticed(case: Path) -> None:
    assert disagreements(case) == ()
    gold = json.loads((case / "gold.json").read_text("utf-8"))
    for change, fault in (
        ({"fields": {"x.y": "13", "x.z": ""}}, "x.y prints"),
        ({"fields": {"x.y": "12", "x.z": "0"}}, "x.z prints"),
        ({"fields": {"x.y": "12", "x.z": "", "x.w": "0"}}, "x.w has no place"),
        ({"sections": {"overview": "C"}}, "heading of overview"),
        ({"agency": "D"}, "agency 'D'"),
        ({"year": 2022}, "the year 2022"),
        ({"front_matter": {"phone": "1234567"}}, "phone"),
        ({"headings": ["E"]}, "heading 0"),
    ):
        (case / "gold.json").write_text(json.dumps({**gold, **change}), "utf-8")
        (found,) = disagreements(case)
        assert fault in found


def test_a_scan_is_a_case_again_with_its_boxes_moved(case: Path, tmp_path: Path) -> None:
    write_scan(case, "s3", tmp_path / "scans" / "one-s3")
    write_scan(case, "s3", tmp_path / "again" / "one-s3")
    first, again = (tmp_path / folder / "one-s3" for folder in ("scans", "again"))
    assert (first / "source.pdf").read_bytes() == (again / "source.pdf").read_bytes()
    (scanned,) = read_cases(tmp_path / "scans")
    page, x0, y0, x1, y1 = scanned.gold.boxes["x.y"]
    assert (page, x0, y0, x1, y1) == pytest.approx((1, 0.8, 0.1, 0.9, 0.3), abs=0.03)  # turned a quarter
    labels = json.loads((first / "gold.json").read_text("utf-8"))
    assert labels["severity"] == 3
    assert labels["traits"] == ["hybrid", "low_dpi", "turned"]
    assert scanned.level == "s3"


def test_scans_are_made_once_and_again_when_the_print_changes(case: Path, tmp_path: Path) -> None:
    (made,) = ensure_scans(case.parent, tmp_path / "cache")
    assert made == tmp_path / "cache" / "one-s3"
    assert Wanted(case, "s3", made).is_current
    before = (made / "source.pdf").stat().st_mtime_ns
    assert ensure_scans(case.parent, tmp_path / "cache") == (made,)
    assert (made / "source.pdf").stat().st_mtime_ns == before
    (case / "gold.json").write_text(json.dumps({**LABELS, "year": 2024}), "utf-8")
    assert not Wanted(case, "s3", made).is_current
    ensure_scans(case.parent, tmp_path / "cache")
    assert json.loads((made / "gold.json").read_text("utf-8"))["year"] == 2024


def test_a_stamp_needs_a_seal(case: Path, tmp_path: Path) -> None:
    stamped = replace(SMALL, seals=(Seal(1, 0.5, 0.5),))
    pdf = (case / "source.pdf").read_bytes()
    write_print(case, pdf, LABELS, {"s3": stamped}, np.full((40, 40, 3), 90, np.uint8))
    write_scan(case, "s3", tmp_path / "one-s3")
    (case / "seal.png").unlink()
    with pytest.raises(FileNotFoundError):
        write_scan(case, "s3", tmp_path / "two-s3")
    assert not (tmp_path / "two-s3").exists()


def test_a_seal_touches_what_lies_under_it() -> None:
    places = {
        "under": (2, 0.4, 0.4, 0.5, 0.42),
        "beside": (2, 0.8, 0.4, 0.9, 0.42),
        "before": (1, 0.4, 0.4, 0.5, 0.42),
    }
    assert sealed(places, [Seal(2, 0.5, 0.45, diameter_mm=42)], [(210, 297)] * 2) == {"under"}


def test_volumes_keep_their_reports_apart() -> None:
    second = {**LABELS, "boxes": {"x.y": [2, 0.1, 0.1, 0.3, 0.2]}}
    volume = {"reports": [LABELS, second], "traits": ["volume"]}
    moved = {"0:x.y": (1, 0, 0, 1, 1), "0:x.z": (1, 0, 0, 0.5, 0.5), "1:x.y": (2, 0, 0, 1, 1)}
    scanned = Scanned(b"", moved, frozenset({"0:x.z"}))
    found = scanned_labels(volume, scanned, SMALL, frozenset({"1:x.y"}))
    assert found["reports"][0]["boxes"] == {"x.y": [1, 0, 0, 1, 1], "x.z": [1, 0, 0, 0.5, 0.5]}
    assert found["reports"][1]["boxes"] == {"x.y": [2, 0, 0, 1, 1]}
    assert [report["tags"] for report in found["reports"]] == [{}, {"x.y": ["seal"]}]
    assert [report["unverified"] for report in found["reports"]] == [["x.z"], []]
    assert found["severity"] == 3
    assert found["turned"] == {"1": 90}


def fill_half(folder: Path) -> None:
    with whole_folder(folder) as draft:
        (draft / "half").write_text("")
        raise RuntimeError


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        fill_half(tmp_path / "case")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("level", LEVELS)
def test_treatments_are_drawn_from_the_ladder_and_survive_the_file(level: int) -> None:
    for seed in range(30):
        treatment = draw_treatment(seed, level, 6, [(2, 0.4, 0.4, 0.5, 0.5)])
        assert treatment == draw_treatment(seed, level, 6, [(2, 0.4, 0.4, 0.5, 0.5)])
        assert treatment_from_json(json.loads(json.dumps(treatment_json(treatment)))) == treatment
        near = range(max(0, level - 1), min(5, level + 1) + 1)
        assert treatment.scan.dpi in {LADDER["dpi"][step] for step in near}
        assert treatment.scan.fade in {0, *(LADDER["fade"][step] for step in near)}
        if level == 0:
            assert treatment == Treatment(0, seed, Scan(dpi=300, jpeg=95), {})


def test_the_ladder_climbs() -> None:
    assert set(PRESENT) - {"one_bit", "colour"} <= set(LADDER)
    for effect, steps in LADDER.items():
        assert list(steps) == sorted(steps, reverse=effect in {"dpi", "jpeg"}), effect
        assert steps[0] != steps[5], effect


def test_a_severity_that_is_none_and_an_unknown_split_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="severities are 0 to 5"):
        generate("test-large", 1, [6], tmp_path)
    with pytest.raises(KeyError):
        generate("no-such-split", 1, [0], tmp_path)


def test_a_large_split_goes_on_where_it_stopped(case: Path, tmp_path: Path) -> None:
    """Prints that are there are not printed again, so this needs no engine."""
    out = tmp_path / "large"
    scans = {f"s{level}": replace(SMALL, level=level) for level in LEVELS}
    for turn in range(2):
        write_print(
            out / "print" / f"test-large-{turn:05d}-digital",
            (case / "source.pdf").read_bytes(),
            LABELS,
            scans,
            None,
        )
    assert list(generate("test-large", 2, [1, 4], out)) == [("test-large-00000", "test-large-00001")]
    made = sorted(path.parent.name for path in out.glob("s*/*/gold.json"))
    assert made == [f"test-large-{turn:05d}-s{level}" for turn in range(2) for level in (1, 4)]
    stamps = [path.stat().st_mtime_ns for path in sorted(out.glob("s*/*/source.pdf"))]
    list(generate("test-large", 2, [1, 4], out))
    assert [path.stat().st_mtime_ns for path in sorted(out.glob("s*/*/source.pdf"))] == stamps


def test_a_contact_sheet_shows_every_answer(case: Path, tmp_path: Path) -> None:
    try:
        shown = contact_sheet(case, tmp_path / "sheet.png")
    except (MissingTool, FileNotFoundError):
        pytest.skip("the labels of contact sheets are drawn in Noto Sans CJK SC")
    assert shown == 2
    assert np.asarray(Image.open(tmp_path / "sheet.png")).min() < 100


def test_read_scans_gives_what_was_written(case: Path) -> None:
    assert read_scans(case) == {"s3": SMALL}
