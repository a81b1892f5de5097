"""Word files to PDF with LibreOffice, made repeatable: the hour of printing and the file's id are overwritten."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from eval.generate.work import MissingTool

PRINT_SECONDS = 300
_DATES = re.compile(rb"/(CreationDate|ModDate)\(D:\d{14}[^)]*\)")
_IDS = re.compile(rb"/ID \[ <[0-9A-F]*>\s*<[0-9A-F]*> \]|/DocChecksum /[0-9A-F]*")


class NotPrinted(RuntimeError):
    """LibreOffice ended without a PDF; the message holds what it said."""


def print_docx(files: Sequence[bytes]) -> tuple[bytes, ...]:
    """The PDFs of Word files, in one run of LibreOffice, since starting it takes longer than printing.

    Raises MissingTool where there is none, NotPrinted where a PDF is missing afterwards.
    """
    program = shutil.which("soffice")
    if program is None:
        raise MissingTool(detail="LibreOffice Writer (apt-get install libreoffice-writer)")
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{index}.docx" for index in range(len(files))]
        for path, data in zip(paths, files, strict=True):
            path.write_bytes(data)
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        command = [
            program,
            profile,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            folder,
            *map(str, paths),
        ]
        run = subprocess.run(command, capture_output=True, timeout=PRINT_SECONDS, check=False)
        printed = [path.with_suffix(".pdf") for path in paths]
        if not all(path.is_file() for path in printed):
            raise NotPrinted(run.stderr.decode("utf-8", "replace")[-500:])
        return tuple(undated(path.read_bytes()) for path in printed)


def undated(pdf: bytes) -> bytes:
    """Same length throughout, so that the offsets of the cross-reference table stay true."""
    pdf = _DATES.sub(lambda match: re.sub(rb"\d{14}", b"20240102030405", match[0]), pdf)
    return _IDS.sub(
        lambda match: re.sub(rb"(?<=[</])[0-9A-F]{2,}", lambda hexes: b"0" * len(hexes[0]), match[0]), pdf
    )
