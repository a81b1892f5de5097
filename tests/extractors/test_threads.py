"""That numeric libraries loaded after the limit keep to one thread."""

from __future__ import annotations

import subprocess
import sys

import pytest

LOADS_BLAS = """
import os, sys
{limit}
import numpy as np
a = np.ones((400, 400)); a @ a
print(len(os.listdir("/proc/self/task")))
"""
LIMIT = "from extractors.threads import limit_threads; limit_threads()"


def threads(limit: str) -> int:
    program = LOADS_BLAS.format(limit=limit)
    environment = {"PATH": "", "OPENBLAS_NUM_THREADS": "2"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    )
    return int(done.stdout)


def test_blas_takes_one_thread_once_limited() -> None:
    if threads("") == 1:
        pytest.skip("numpy's BLAS takes one thread here anyway")
    assert threads(LIMIT) == 1
