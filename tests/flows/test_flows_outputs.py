"""The rules of the output folder, tried in this process: whole files, never over what is not an old result."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import stub_pipeline

from extractors.errors import OutputError
from flows.batch import prepare
from flows.jobs import Options, Outcome
from flows.outputs import TEMPORARY, sweep
from flows.worker import attempt

EVERY_FORMAT = ("json", "xlsx", "csv", "html", "md")


def options(out: Path, **changes: object) -> Options:
    return Options(**({"out": out, "formats": ("json",), "lang": "zh"} | changes))  # type: ignore[arg-type]


def extract(inputs: list[Path], chosen: Options) -> list[Outcome]:
    """What a worker does with each document, here without one."""
    engine = stub_pipeline.load_engine(chosen.engine)
    plan = prepare(inputs, chosen)
    return [
        attempt(document, chosen, engine, stub_pipeline.extract, lambda done, total: None)  # type: ignore[arg-type]
        for document in plan.documents
    ]


def code(outcomes: list[Outcome]) -> str:
    (outcome,) = outcomes
    return outcome.error.code if outcome.error else "ok"


def make(folder: Path, **contents: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / f"{name}.pdf").write_text(content, encoding="utf-8")
    return folder


def no_leftovers(out: Path) -> bool:
    return not [path for path in out.rglob("*") if path.name.endswith(".part")]


def test_all_formats_and_overlays_are_written(tmp_path: Path) -> None:
    folder = make(tmp_path / "in", a="ok")
    out = tmp_path / "out"
    chosen = options(out, formats=EVERY_FORMAT, overlay=True)
    result = extract([folder], chosen)
    files = sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file())
    # Page 1 cannot be drawn: it costs its own picture and nothing else.
    pages = ["a.overlay/page-002.png", "a.overlay/page-003.png"]
    assert files == sorted(["a.csv", "a.html", "a.json", "a.md", "a.xlsx", *pages])
    assert sorted(result[0].written) == sorted(out / file for file in files)
    assert json.loads((out / "a.json").read_text(encoding="utf-8"))["schema"] == "nianbao.record/1"


def test_same_content_and_engine_keeps_every_format(tmp_path: Path) -> None:
    folder = make(tmp_path / "in", a="ok", b="volume 2")
    chosen = options(tmp_path / "out", formats=EVERY_FORMAT, overlay=True)
    extract([folder], chosen)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*") if path.is_file()}
    result = extract([folder], chosen)
    assert [outcome.kept for outcome in result] == [True, True]
    assert [len(outcome.reports) for outcome in result] == [1, 2]
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_missing_format_is_added_and_the_others_stay(tmp_path: Path) -> None:
    folder = make(tmp_path / "in", a="ok")
    extract([folder], options(tmp_path / "out"))
    before = (tmp_path / "out" / "a.json").stat().st_mtime_ns
    result = extract([folder], options(tmp_path / "out", formats=("json", "csv")))
    assert code(result) == "ok"
    assert (tmp_path / "out" / "a.csv").exists()
    assert (tmp_path / "out" / "a.json").stat().st_mtime_ns == before


@pytest.mark.parametrize("name", EVERY_FORMAT)
def test_result_of_another_engine_is_not_overwritten_without_force(tmp_path: Path, name: str) -> None:
    folder = make(tmp_path / "in", a="ok")
    extract([folder], options(tmp_path / "out", formats=(name,)))
    old = (tmp_path / "out" / f"a.{name}").read_bytes()
    newer = options(tmp_path / "out", formats=(name,), engine="stub-2")
    result = extract([folder], newer)
    assert code(result) == "output_exists"
    assert (tmp_path / "out" / f"a.{name}").read_bytes() == old
    forced = options(tmp_path / "out", formats=(name,), engine="stub-2", force=True)
    result = extract([folder], forced)
    assert code(result) == "ok"
    assert (tmp_path / "out" / f"a.{name}").read_bytes() != old


def test_result_of_other_content_is_not_overwritten(tmp_path: Path) -> None:
    folder = make(tmp_path / "in", a="ok")
    extract([folder], options(tmp_path / "out"))
    make(folder, a="ok but changed")
    result = extract([folder], options(tmp_path / "out"))
    assert code(result) == "output_exists"


def test_a_file_that_is_not_ours_is_not_overwritten(tmp_path: Path) -> None:
    folder = make(tmp_path / "in", a="ok")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.json").write_text("{}", encoding="utf-8")
    result = extract([folder], options(tmp_path / "out"))
    assert code(result) == "output_exists"
    assert (tmp_path / "out" / "a.json").read_text(encoding="utf-8") == "{}"


def test_an_input_is_never_overwritten_even_by_force(tmp_path: Path) -> None:
    given = tmp_path / "report.json"
    given.write_text("ok", encoding="utf-8")
    result = extract([given], options(tmp_path, force=True))
    assert code(result) == "output"
    assert given.read_text(encoding="utf-8") == "ok"


def test_output_folder_that_is_a_file_is_refused_at_once(tmp_path: Path) -> None:
    folder = make(tmp_path / "in", a="ok")
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(OutputError):
        extract([folder], options(tmp_path / "out"))


def test_what_cannot_be_written_leaves_nothing_half(tmp_path: Path) -> None:
    folder = make(tmp_path / "in", a="ok")
    (tmp_path / "out" / "a.csv").mkdir(parents=True)
    (tmp_path / "out" / "a.csv" / "x").touch()
    result = extract([folder], options(tmp_path / "out", formats=("csv",), force=True))
    assert code(result) == "output"
    assert no_leftovers(tmp_path / "out")


def test_killed_worker_leaves_no_temporary_file(tmp_path: Path) -> None:
    """The worker of the crash is dead by SIGKILL; a part file with its pid stands in for a half-written one."""
    folder = make(tmp_path / "in", a="ok")
    chosen = options(tmp_path / "out")
    (document,) = prepare([folder], chosen).documents
    part = tmp_path / "out" / TEMPORARY.format(pid=os.getpid())
    part.touch()
    sweep(document, chosen, os.getpid())
    assert not part.exists()


def test_results_that_a_volume_no_longer_gives_go_with_force(tmp_path: Path) -> None:
    folder, out = make(tmp_path / "in", a="volume 3"), tmp_path / "out"
    forced = options(out, formats=("json", "csv"), overlay=True, force=True)
    plain = options(out, formats=("json", "csv"), overlay=True)
    extract([folder], plain)
    (out / "a#4.json").write_text("{}", encoding="utf-8")  # not ours: it stays
    for content, left in (("volume 2", ["a#1", "a#2"]), ("ok", ["a"]), ("volume 2", ["a#1", "a#2"])):
        make(folder, a=content)
        assert code(extract([folder], plain)) == "output_exists"
        assert code(extract([folder], forced)) == "ok"
        stems = {path.name.split(".")[0] for path in out.iterdir()}
        assert sorted(stems) == [*left, "a#4"]
        assert [outcome.kept for outcome in extract([folder], plain)] == [True]


def test_reports_of_a_volume_are_written_and_told_in_order(tmp_path: Path) -> None:
    (outcome,) = extract([make(tmp_path / "in", a="volume 3")], options(tmp_path / "out"))
    assert [path.name for path in outcome.written] == ["a#1.json", "a#2.json", "a#3.json"]
    assert len(outcome.reports) == 3
