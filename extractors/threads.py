"""One thread for every numeric library: processes share the cores, threads within one gain little.

OpenBLAS' second thread, for one, waits in a busy loop between two small products: it takes a seventh of the
process's CPU time from its neighbour and makes nothing faster.
"""

from __future__ import annotations

import os

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def limit_threads() -> None:
    """Set for this process and those that it starts. BLAS and OpenMP read it once, when they are loaded: what is
    imported already keeps its threads. OpenCV has a setting of its own, cv2.setNumThreads.
    """
    for name in ONE_THREAD:
        os.environ[name] = "1"
