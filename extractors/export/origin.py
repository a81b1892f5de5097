"""A mark in every file we write that says which content and which engine it came from.

An older result may be kept only where both still agree; a file without our mark was made by someone else and
is never taken for a result. JSON carries the facts in its own fields, the other formats the mark as text.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from urllib.parse import quote

from extractors.document import Record
from extractors.export.json import loads

_MARK = re.compile(rb"nianbao-origin:([0-9a-f]{64}):([A-Za-z0-9%._~]*):([A-Za-z0-9%._~]*);")
_XLSX_PROPERTIES = "docProps/core.xml"


@dataclass(frozen=True, slots=True)
class Origin:
    """What decides a result: the content's sha256, our version, the engine's fingerprint."""

    sha256: str
    nianbao: str
    weights: str

    @property
    def mark(self) -> str:
        """With an end of its own: in a PNG the next byte is a checksum and can be any letter."""
        return f"nianbao-origin:{self.sha256}:{_plain(self.nianbao)}:{_plain(self.weights)};"


def origin_of(record: Record) -> Origin:
    return Origin(record.source.sha256, record.engine.nianbao, record.engine.weights)


def read_mark(data: bytes, suffix: str) -> str | None:
    """The mark of a file that we wrote; None for any other. `suffix` is "json", "xlsx", "png" and so on."""
    if suffix == "json":
        return _json_mark(data)
    if suffix == "xlsx":
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as book:
                data = book.read(_XLSX_PROPERTIES)
        except (zipfile.BadZipFile, KeyError):
            return None
    found = _MARK.search(data)
    return found[0].decode("ascii") if found else None


def _json_mark(data: bytes) -> str | None:
    try:
        record = loads(data.decode("utf-8"))
        source, engine = record["source"], record["engine"]
        return Origin(source["sha256"], engine["nianbao"], engine["weights"]).mark
    except (ValueError, KeyError, TypeError):
        return None


def _plain(text: str) -> str:
    """`text` in characters that every format can carry unchanged; no "-", which could end a comment."""
    return quote(text, safe="").replace("-", "%2D")
