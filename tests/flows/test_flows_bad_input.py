"""Bad input through the real program: each fault by its name, with a remedy; the rest done; nothing half-written."""

from __future__ import annotations

import json
import os
import resource
import subprocess
from pathlib import Path

import bad_files
import bad_renderer
import pytest
from program import failures, obey_permissions, run

from extractors.messages import LANGUAGES, Lang, catalogue


def written(out: Path) -> list[str]:
    return sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())


def record(out: Path, name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((out / f"{name}.json").read_text(encoding="utf-8"))
    return found


def assert_worded(done: subprocess.CompletedProcess[str], codes: dict[str, str], lang: Lang) -> None:
    """Every failure has its code, its message and its remedy in the catalogue's words, and no trace of Python."""
    said = failures(done)
    assert {name: code for name, (code, _, _) in said.items()} == codes, done.stderr
    for code, message, remedy in said.values():
        assert message.startswith(catalogue()["error"][code][lang])
        assert remedy == catalogue()["error"][code][f"remedy_{lang}"]
    assert "Traceback" not in done.stdout + done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "甲局 档案"
    made.mkdir()
    (made / "好.pdf").write_bytes(bad_files.blank_pages(1))
    return made


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_fault_is_named_and_the_good_files_are_done(folder: Path, tmp_path: Path, lang: Lang) -> None:
    codes = bad_files.write_all(folder)
    (folder / "限制编辑.pdf").write_bytes(bad_files.encrypted_pdf(b""))
    out = tmp_path / "out"
    done = run("extract", folder, "-o", out, "--format", "json,html", "--jobs", "2", "--lang", lang)
    assert_worded(done, codes, lang)
    assert done.returncode == 3
    assert written(out) == ["好.html", "好.json", "限制编辑.html", "限制编辑.json"]
    # Encrypted against changes only: it opens without a password, text and all.
    assert record(out, "限制编辑")["source"]["pages"][0]["kind"] == "digital"  # type: ignore[index]


def test_bomb_on_a_page_costs_that_page(folder: Path, tmp_path: Path) -> None:
    (folder / "炸弹页.pdf").write_bytes(bad_files.bomb_pdf())
    done = run("extract", folder, "-o", tmp_path / "out", "-f", "json", "--lang", "zh")
    assert_worded(done, {"炸弹页.pdf": "render_failed"}, "zh")
    assert "图片过大" in failures(done)["炸弹页.pdf"][1]
    assert done.returncode == 4
    assert written(tmp_path / "out") == ["好.json"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_renderer_that_hangs_or_crashes_costs_the_page(folder: Path, tmp_path: Path, lang: Lang) -> None:
    for behaviour in ("hang", "crash"):
        (folder / f"{behaviour}-second.pdf").write_bytes(bad_files.blank_pages(3))
        (folder / f"{behaviour}-every.pdf").write_bytes(bad_files.blank_pages(1))
    out = tmp_path / "out"
    arguments = ("extract", folder, "-o", out, "-f", "json,html", "--overlay", "--jobs", "2", "--lang", lang)
    done = run(*arguments, extract=bad_renderer.EXTRACT)
    assert_worded(done, {"crash-every.pdf": "render_failed", "hang-every.pdf": "render_timeout"}, lang)
    assert done.returncode == 4
    for name in ("hang-second", "crash-second"):
        failed = [(i["code"], i["page"]) for i in record(out, name)["issues"]]  # type: ignore[attr-defined]
        assert failed == [("page_failed", 2)]
        assert sorted(p.name for p in (out / f"{name}.overlay").iterdir()) == ["page-001.png", "page-003.png"]
    assert (out / "好.json").exists()
    assert not [name for name in written(out) if "every" in name or name.endswith(".part")]


def test_what_may_not_be_read_is_named_and_the_rest_done(folder: Path, tmp_path: Path) -> None:
    (folder / "无权.pdf").write_bytes(bad_files.blank_pages(1))
    (folder / "无权.pdf").chmod(0)
    closed = folder / "关闭"
    closed.mkdir()
    closed.chmod(0)
    done = run("extract", folder, "-o", tmp_path / "out", "-f", "json", "--lang", "zh")
    closed.chmod(0o700)
    assert_worded(done, {"无权.pdf": "input", "关闭": "input"}, "zh")
    assert "Permission denied" in failures(done)["无权.pdf"][1]
    assert done.returncode == 3
    assert written(tmp_path / "out") == ["好.json"]


@pytest.mark.parametrize(("lang", "said"), [("zh", "没有找到"), ("en", "nothing to read")])
def test_folder_without_documents_says_what_it_passed_over(tmp_path: Path, lang: str, said: str) -> None:
    folder = tmp_path / "空 档案"
    folder.mkdir()
    (folder / "年报.docx").write_bytes(b"PK\x03\x04")
    done = run("extract", folder, "-o", tmp_path / "out", "--lang", lang)
    assert done.returncode == 2
    assert said in done.stderr
    assert "年报.docx" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_output_folder_that_may_not_be_written_is_refused_at_once(
    folder: Path, tmp_path: Path, lang: Lang
) -> None:
    out = tmp_path / "out"
    out.mkdir(mode=0o500)
    done = run("extract", folder, "-o", out, "--lang", lang)
    assert done.returncode == 6
    assert f"[output] {catalogue()['error']['output'][lang]}" in done.stderr
    assert catalogue()["error"]["output"][f"remedy_{lang}"] in done.stderr
    assert "Traceback" not in done.stderr
    assert written(out) == []


def test_one_closed_place_in_the_output_costs_one_document(folder: Path, tmp_path: Path) -> None:
    (folder / "乙局").mkdir()
    (folder / "乙局" / "报告.pdf").write_bytes(bad_files.blank_pages(1))
    (tmp_path / "out" / "乙局").mkdir(parents=True, mode=0o500)
    done = run("extract", folder, "-o", tmp_path / "out", "-f", "json", "--lang", "zh")
    assert_worded(done, {"报告.pdf": "output"}, "zh")
    assert done.returncode == 6
    assert written(tmp_path / "out") == ["好.json"]


def test_disk_that_fills_up_leaves_whole_files_only(folder: Path, tmp_path: Path) -> None:
    """A bound on the size of files stands in for a full disk: the CSV fits below it, the HTML does not."""

    def small_disk() -> None:
        obey_permissions()
        resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))

    out = tmp_path / "out"
    done = run("extract", folder, "-o", out, "-f", "csv,html", "--lang", "zh", before=small_disk)
    assert_worded(done, {"好.pdf": "output"}, "zh")
    assert "File too large" in failures(done)["好.pdf"][1]
    assert done.returncode == 6
    assert written(out) == ["好.csv"]
    again = run("extract", folder, "-o", out, "-f", "csv,html", "--lang", "zh")
    assert again.returncode == 0, again.stderr
    assert written(out) == ["好.csv", "好.html"]


def test_terminal_output_that_cannot_be_written_is_no_defect(folder: Path, tmp_path: Path) -> None:
    def full_output() -> None:
        os.dup2(os.open("/dev/full", os.O_WRONLY), 1)

    done = run("extract", folder, "-o", tmp_path / "out", "-f", "json", before=full_output)
    assert "[output]" in done.stderr
    assert done.returncode == 6
    assert "Traceback" not in done.stderr
    assert written(tmp_path / "out") == ["好.json"]


def test_reader_of_the_output_that_has_gone_is_no_failure(folder: Path, tmp_path: Path) -> None:
    """As in `nianbao extract ... | head -1`."""

    def unread_output() -> None:
        ours, theirs = os.pipe()
        os.dup2(theirs, 1)
        os.close(ours)

    done = run("extract", folder, "-o", tmp_path / "out", "-f", "json", before=unread_output)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert written(tmp_path / "out") == ["好.json"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_trace_only_on_demand(folder: Path, tmp_path: Path, lang: Lang) -> None:
    (folder / "空.pdf").write_bytes(b"")
    done = run("extract", folder, "-o", tmp_path / "out", "-f", "json", "--lang", lang, "--debug")
    assert done.returncode == 3
    assert "Traceback" in done.stderr
