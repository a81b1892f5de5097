"""The real program with the real engine, as a service manager runs it: nothing around it but its files."""

from __future__ import annotations

import json
import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from offline import offline_environment
from program import run


@pytest.mark.engine
@pytest.mark.parametrize("home", ["read-only", "missing"])
def test_service_user_without_home_locale_terminal_or_network(tmp_path: Path, home: str) -> None:
    folder, temporary = tmp_path / "甲局 档案", tmp_path / "temporary"
    folder.mkdir()
    temporary.mkdir()
    for name in ("一.png", "二.png"):
        page = np.full((1200, 900), 255, dtype=np.uint8)
        cv2.putText(page, "2023 REPORT 12345", (60, 200), cv2.FONT_HERSHEY_SIMPLEX, 2.0, 0, 4)
        (folder / name).write_bytes(cv2.imencode(".png", page)[1].tobytes())
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    place = closed if home == "read-only" else closed / "nobody"
    environment = offline_environment(tmp_path) | {
        "HOME": str(place),
        "TMPDIR": str(temporary),
        "NIANBAO_ENGINE": "paddle",
    }
    done = run(
        "extract", folder, "-o", tmp_path / "out", "--format", "json,html", "--jobs", "2", **environment
    )
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "一.html",
        "一.json",
        "二.html",
        "二.json",
    ]
    record = json.loads((tmp_path / "out" / "一.json").read_text("utf-8"))
    assert "PP-OCR" in record["engine"]["ocr"]
    # One plain line per document, and no word of any library.
    assert [line.split("] ")[0] for line in done.stderr.splitlines()] == ["[1/2", "[2/2"], done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert not Path(environment["NETWORK_LOG"]).exists()
    assert os.listdir(closed) == []
