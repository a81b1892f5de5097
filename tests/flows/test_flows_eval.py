"""`nianbao eval` as people run it, on the stand-in pipeline: files, exit statuses, and what stands in the way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "extractors" / "export"))
from sample_record import build_record

STUB = Path(__file__).with_name("stub_cli.py")
CLEAN = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LANG": "C"}


def nianbao(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(STUB), "eval", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=CLEAN, timeout=120, check=False)


def add_case(folder: Path, name: str, word: str = "ok") -> None:
    """A case whose gold is what the stand-in pipeline reads, but for one field."""
    record = build_record()
    fields = {path: value.raw or "" for path, value in record.fields.items() if value.raw is not None}
    fields[next(iter(fields))] = "4711"
    gold = {
        "form": "2021",
        "agency": record.front["agency"].value,
        "year": record.front["year"].value,
        "sections": {section.key: section.title for section in record.sections},
        "fields": fields,
    }
    (folder / name).mkdir(parents=True)
    (folder / name / "gold.json").write_text(json.dumps(gold), encoding="utf-8")
    (folder / name / "source.pdf").write_text(word, encoding="utf-8")


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    add_case(tmp_path / "cases", "a-2021-clean")
    add_case(tmp_path / "cases", "a-2021-fax")
    return tmp_path / "cases"


def test_a_run_is_a_folder_of_records_rows_summary_and_report(cases: Path, tmp_path: Path) -> None:
    done = nianbao("run", cases, "--out", tmp_path / "run", "--jobs", "2")
    assert done.returncode == 0, done.stderr
    run = tmp_path / "run"
    assert sorted(path.name for path in (run / "records").iterdir()) == [
        "a-2021-clean.json",
        "a-2021-fax.json",
    ]
    fields = pq.read_table(run / "fields.parquet").to_pylist()
    assert {"4711"} == {row["gold_raw"] for row in fields if row["gold_kind"] and not row["right"]}
    facts = json.loads((run / "run.json").read_text(encoding="utf-8"))
    assert facts["cases"] == ["a-2021-clean", "a-2021-fax"]
    assert facts["engine"] == "stub"
    assert len(facts["gold"]) == len(facts["code"]) == 64
    assert facts["peak_memory_mb"] > 10
    summary = json.loads((run / "summary.json").read_text(encoding="utf-8"))
    assert (summary["reports"], summary["documents"]) == (2, 1)
    assert "4711" in (run / "report.html").read_text(encoding="utf-8")
    assert "4711" in done.stdout


def test_a_document_that_fails_costs_that_document_and_the_exit_status(cases: Path, tmp_path: Path) -> None:
    add_case(cases, "b-2020-poor", "encrypted")
    done = nianbao("run", cases, "--out", tmp_path / "run")
    assert done.returncode == 1
    summary = json.loads((tmp_path / "run" / "summary.json").read_text(encoding="utf-8"))
    assert summary["failures"] == [{"case": "b-2020-poor", "error": "encrypted_file"}]
    assert "no record: encrypted_file" in done.stdout


def test_an_older_run_stands_until_forced_and_can_be_scored_again(cases: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    assert nianbao("run", cases, "--out", run, "--only", "clean").returncode == 0
    assert nianbao("run", cases, "--out", run).returncode == 6
    assert nianbao("run", cases, "--out", run, "--only", "fax", "--force").returncode == 0
    assert [path.name for path in (run / "records").iterdir()] == ["a-2021-fax.json"]
    again = nianbao("run", cases, "--only", "fax", "--records", run / "records", "--out", tmp_path / "again")
    assert again.returncode == 0
    assert (tmp_path / "again" / "fields.parquet").read_bytes() == (run / "fields.parquet").read_bytes()
    assert not (tmp_path / "again" / "records").exists()


def test_what_cannot_be_run_is_told_with_a_remedy(cases: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    for arguments, status, code in (
        ((tmp_path, "--out", out), 3, "bad_case"),
        ((cases, "--out", out, "--only", "nothing"), 3, "bad_case"),
        ((cases, "--out", out, "--levels", "s2"), 3, "bad_case"),
        ((cases, "--out", out, "--split", "train"), 3, "bad_case"),
        ((cases, "--out", out, "--levels", "s9"), 2, "usage"),
        ((cases, "--out", out, "--jobs", "0"), 2, "usage"),
        ((cases, "--out", out, "--engine", "missing"), 5, "weights_missing"),
    ):
        done = nianbao("run", *arguments)
        assert done.returncode == status, done.stderr
        assert f"[{code}]" in done.stderr
        assert "what to do:" in done.stderr
    assert not (out / "run.json").exists()


def test_runs_are_compared_audited_and_tabled(cases: Path, tmp_path: Path) -> None:
    run, page = tmp_path / "run", tmp_path / "compared.html"
    assert nianbao("run", cases, "--out", run).returncode == 0
    same = nianbao("compare", run, run, "--html", page)
    assert same.returncode == 0
    assert "A and B are not distinguishable." in same.stdout
    assert "Not a single document differs." in page.read_text(encoding="utf-8")
    audited = nianbao("audit", run, "--least", "0")
    assert audited.returncode == 0
    assert "4711" in audited.stdout
    assert "4711" in (run / "audit.html").read_text(encoding="utf-8")
    table = nianbao("table", run)
    assert table.stdout.startswith("| quality | fields right |")
    readme = tmp_path / "README.md"
    readme.write_text("<!-- quality -->\n<!-- /quality -->\n", encoding="utf-8")
    assert nianbao("table", run, "--into", readme).returncode == 0
    assert table.stdout.strip() in readme.read_text(encoding="utf-8")


def test_runs_over_other_cases_are_not_compared(cases: Path, tmp_path: Path) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    assert nianbao("run", cases, "--out", a, "--only", "clean").returncode == 0
    assert nianbao("run", cases, "--out", b).returncode == 0
    refused = nianbao("compare", a, b)
    assert refused.returncode == 2
    assert "[not_comparable]" in refused.stderr
    assert "a-2021-fax" in refused.stderr
    assert nianbao("compare", a, tmp_path / "none").returncode == 3


def test_the_gate_opens_for_its_baseline_and_shuts_for_less(cases: Path, tmp_path: Path) -> None:
    baseline, out = tmp_path / "baseline.json", tmp_path / "gate"
    given = ("gate", cases, "--baseline", baseline, "--out", out)
    assert nianbao(*given).returncode == 3  # no baseline yet
    assert nianbao(*given, "--update", "--only", "clean").returncode == 0
    opened = nianbao(*given)  # the baseline says which cases are run
    assert opened.returncode == 0, opened.stderr
    assert "no worse than" in opened.stdout
    kept = json.loads(baseline.read_text(encoding="utf-8"))
    assert kept["cases"] == ["a-2021-clean"]
    kept["imperfect"]["a-2021-clean"].pop("silent", None)
    kept["imperfect"]["a-2021-clean"].pop("wrong", None)
    baseline.write_text(json.dumps(kept), encoding="utf-8")
    shut = nianbao(*given)
    assert shut.returncode == 7
    assert "[quality_dropped]" in shut.stderr
    (cases / "a-2021-clean" / "source.pdf").write_text("ok changed", encoding="utf-8")
    assert nianbao(*given).returncode == 2
    assert nianbao(*given, "--update").returncode == 0  # over the same cases, whatever else lies there
    assert json.loads(baseline.read_text(encoding="utf-8"))["cases"] == ["a-2021-clean"]
    assert nianbao(*given, "--update", "--only", "a-,fax").returncode == 0
    assert json.loads(baseline.read_text(encoding="utf-8"))["cases"] == ["a-2021-clean", "a-2021-fax"]


def test_a_peer_that_nobody_knows_is_refused(cases: Path, tmp_path: Path) -> None:
    refused = nianbao("peers", cases, "--out", tmp_path / "peers", "--peer", "img2table,nobody")
    assert refused.returncode == 2
    assert "nobody" in refused.stderr
