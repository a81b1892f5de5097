"""Batches with workers that die, hang, raise and answer: every document has its outcome, no file is half."""

from __future__ import annotations

from pathlib import Path

import pytest
import stub_pipeline

from extractors.errors import EngineError, NianbaoError
from flows.batch import Result, prepare, run, severest
from flows.jobs import Event, Finished, Options, PageRead, Started


def options(out: Path, **changes: object) -> Options:
    base = {
        "out": out,
        "formats": ("json",),
        "lang": "zh",
        "extract": stub_pipeline.EXTRACT,
        "load_engine": stub_pipeline.LOADER,
    }
    return Options(**(base | changes))  # type: ignore[arg-type]


def extract(inputs: list[Path], chosen: Options, jobs: int = 1) -> tuple[Result, list[Event]]:
    events: list[Event] = []
    return run(prepare(inputs, chosen), chosen, jobs, events.append), events


def make(folder: Path, **contents: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / f"{name}.pdf").write_text(content, encoding="utf-8")
    return folder


def codes(result: Result) -> dict[str, str]:
    return {
        outcome.document.name: outcome.error.code if outcome.error else "ok" for outcome in result.outcomes
    }


def test_every_document_has_its_outcome_whatever_its_neighbours_do(tmp_path: Path) -> None:
    folder = make(
        tmp_path / "甲 局",
        a="ok",
        b="crash",
        c="encrypted",
        d="bug",
        e=f"crash-once {tmp_path / 'once'}",
        f="volume 2",
    )
    result, _ = extract([folder], options(tmp_path / "out", debug=False), jobs=2)
    assert codes(result) == {
        "a": "ok",
        "b": "worker_crashed",
        "c": "encrypted_file",
        "d": "internal",
        "e": "ok",
        "f": "ok",
    }
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["a.json", "e.json", "f#1.json", "f#2.json"]
    assert result.exit_code == 1
    crash = result.outcomes[1].error
    assert crash is not None
    assert crash.facts == {"cause": "exit 7"}
    assert "KeyError" in result.outcomes[3].trace


def test_events_tell_of_start_pages_and_end(tmp_path: Path) -> None:
    folder = make(tmp_path / "in", a="ok")
    result, events = extract([folder], options(tmp_path / "out"))
    # The stand-in reads one page; once its report is written, all are done.
    assert [type(event) for event in events] == [Started, PageRead, PageRead, Finished]
    assert [(event.done, event.total) for event in events if isinstance(event, PageRead)] == [(1, 3), (3, 3)]
    assert result.exit_code == 0
    summary = result.outcomes[0].reports[0]
    assert (summary.year, summary.fields, summary.read, summary.checks_broken) == (2023, 57, 55, 1)


def test_hanging_document_is_given_up(tmp_path: Path) -> None:
    folder = make(tmp_path / "in", a=f"hang {tmp_path / 'hung'}", b="ok")
    result, _ = extract([folder], options(tmp_path / "out", stall_s=5.0), jobs=1)
    assert codes(result) == {"a": "worker_stalled", "b": "ok"}


@pytest.mark.parametrize(("engine", "code"), [("missing", "weights_missing"), ("die", "engine")])
def test_engine_that_cannot_be_loaded_is_told_once(tmp_path: Path, engine: str, code: str) -> None:
    folder = make(tmp_path / "in", a="ok", b="ok")
    with pytest.raises(EngineError) as caught:
        extract([folder], options(tmp_path / "out", engine=engine), jobs=2)
    assert caught.value.code == code


def test_severest_cause_decides_the_exit_status() -> None:
    from extractors import errors

    assert severest([]) == 0
    assert severest([errors.EmptyFile(), errors.RenderError()]) == 4
    assert severest([errors.EmptyFile(), errors.OutputExists(), errors.RenderError()]) == 6
    assert severest([errors.WeightsMissing(), errors.WorkerCrashed(), errors.EmptyFile()]) == 1
    every = {kind.exit_code for kind in _all_errors(NianbaoError)}
    assert {severest([_with_code(code)]) for code in every} == every


def _all_errors(root: type[NianbaoError]) -> list[type[NianbaoError]]:
    return [root, *(kind for child in root.__subclasses__() for kind in _all_errors(child))]


def _with_code(code: int) -> NianbaoError:
    return next(kind for kind in _all_errors(NianbaoError) if kind.exit_code == code)()
