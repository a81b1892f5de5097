"""One hash for one document's content, so that a result can be told from an outdated one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path


def content_sha256(paths: Sequence[Path]) -> str:
    """Of one file its own sha256, of several the sha256 of theirs in order; hexadecimal. Raises OSError."""
    digests = []
    for path in paths:
        with path.open("rb") as file:
            digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode("ascii")).hexdigest()
