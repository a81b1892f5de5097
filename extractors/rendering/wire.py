"""What parent and child say to each other: JSON and raw bytes, never pickles.

The child handles files that may have been made to take it over; whatever it sends must not be able to run
anything in the parent. A message is: 4 bytes length of the JSON, the JSON, then as many raw bytes as its
"payloads" list says.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Sequence
from typing import Any

from extractors.errors import (
    EmptyFile,
    EncryptedFile,
    MissingFile,
    NianbaoError,
    NoPages,
    NotADocument,
    PictureBomb,
    RenderError,
    TooManyPages,
    TruncatedFile,
    UnsupportedType,
)

LENGTH = struct.Struct("<I")
MAX_HEADER = 64 * 1024 * 1024

_ERRORS: dict[str, type[NianbaoError]] = {
    error.code: error
    for error in (
        EmptyFile,
        EncryptedFile,
        MissingFile,
        NoPages,
        NotADocument,
        PictureBomb,
        RenderError,
        TooManyPages,
        TruncatedFile,
        UnsupportedType,
    )
}


def pack(header: dict[str, Any], payloads: Sequence[bytes | memoryview] = ()) -> list[bytes | memoryview]:
    """The chunks to write, in order. `header` must not have a key "payloads"."""
    text = json.dumps(header | {"payloads": [len(payload) for payload in payloads]}).encode()
    return [LENGTH.pack(len(text)), text, *payloads]


def unpack(
    read_exactly: Callable[[int], bytearray], max_payload: int
) -> tuple[dict[str, Any], tuple[bytearray, ...]]:
    """Header and payloads of one message. Raises ValueError for what no honest sender would send."""
    (length,) = LENGTH.unpack(read_exactly(LENGTH.size))
    if length > MAX_HEADER:
        raise ValueError(f"a header of {length} bytes")
    header = json.loads(read_exactly(length))
    sizes = header.pop("payloads", []) if isinstance(header, dict) else None
    if not isinstance(sizes, list) or not all(isinstance(size, int) and size >= 0 for size in sizes):
        raise ValueError("a header without a list of payload sizes")
    if sum(sizes) > max_payload:
        raise ValueError(f"payloads of {sum(sizes)} bytes")
    return header, tuple(read_exactly(size) for size in sizes)


def error_to_wire(error: NianbaoError) -> dict[str, Any]:
    return {"error": error.code, "facts": error.facts}


def error_from_wire(header: dict[str, Any]) -> NianbaoError:
    """The error that `error_to_wire` described; an unknown code becomes a RenderError."""
    facts = header.get("facts")
    kind = _ERRORS.get(str(header["error"]), RenderError)
    return kind(**{str(key): value for key, value in facts.items()} if isinstance(facts, dict) else {})
