"""HTML to PDF with Debian's Chromium, made repeatable: the hour of printing is overwritten."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from eval.generate.work import MissingTool

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-pdf-tagging",
    "--no-pdf-header-footer",
    "--virtual-time-budget=2000",
)
_DATES = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}\+00'00'\)")
PRINT_SECONDS = 120


def print_html(html: str) -> bytes:
    """The PDF of `html`. Raises MissingTool where there is none, CalledProcessError where it fails."""
    program = shutil.which("chromium")
    if program is None:
        raise MissingTool(detail="Chromium (apt-get install chromium)")
    with tempfile.TemporaryDirectory() as folder:
        page, pdf = Path(folder) / "page.html", Path(folder) / "page.pdf"
        page.write_text(html, encoding="utf-8")
        command = [
            program,
            *FLAGS,
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={pdf}",
            page.as_uri(),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=PRINT_SECONDS)
        return undated(pdf.read_bytes())


def undated(pdf: bytes) -> bytes:
    """Same length throughout, so that the offsets of the cross-reference table stay true."""
    return _DATES.sub(lambda match: b"/" + match[1] + b" (D:20240102030405+00'00')", pdf)
