"""An environment whose Python processes can't reach out: a connection is noted, and refused."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Every Python process below a test imports this first.
NO_NETWORK = """
import os, sys

def _refuse(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "socket.sendto"):
        import socket
        if event in ("socket.connect", "socket.sendto") and arguments[0].family == socket.AF_UNIX:
            return
        with open(os.environ["NETWORK_LOG"], "a") as log:
            log.write(f"{event} {arguments[-1] if event == 'socket.connect' else arguments[0]}\\n")
        raise PermissionError("no network in this test")

sys.addaudithook(_refuse)
"""


def offline_environment(folder: Path, *modules: Path) -> dict[str, str]:
    """Variables for a process; `modules` are further folders to import from.

    `folder` takes the hook and, only if somebody tries to connect, `network.log` (variable NETWORK_LOG).
    """
    hook = folder / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(NO_NETWORK, "utf-8")
    path = os.pathsep.join(map(str, (hook, ROOT, *modules)))
    return {"PYTHONPATH": path, "NETWORK_LOG": str(folder / "network.log")}
