"""The hash that decides whether a result is outdated is the one that the record carries."""

from __future__ import annotations

import hashlib
from pathlib import Path

import cv2
import numpy as np

from extractors.content import content_sha256
from extractors.pages import open_source


def test_hash_is_that_of_the_record(tmp_path: Path) -> None:
    paths = [tmp_path / f"p{number}.png" for number in (1, 2)]
    for number, path in enumerate(paths):
        cv2.imwrite(str(path), np.full((200, 150), 250 - number, np.uint8))
    for some in (paths[:1], paths):
        with open_source(some) as source:
            assert source.sha256 == content_sha256(some)
    assert content_sha256(paths[:1]) == hashlib.sha256(paths[0].read_bytes()).hexdigest()
    assert content_sha256(paths) != content_sha256(paths[::-1])
