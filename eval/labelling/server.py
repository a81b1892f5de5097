"""The labelling page on loopback, for one person: the standard library's HTTP server in front of a `Desk`.

A framework would bring sessions, users and rights; one labeller at her own machine has none. The review app is
another program. Anything but this page itself is refused (Host and Origin must be ours), so that no web page open
in the same browser can answer in her name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.resources import files
from typing import Any

from eval.labelling.desk import Desk

LOOPBACK = "127.0.0.1"
LONGEST = 4096  # bytes of a request's body: an answer is a few characters
ASSETS = {
    "/": ("page.html", "text/html; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
}
POLICY = "default-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"


def serve(desk: Desk, port: int = 0) -> HTTPServer:
    """A server for `desk` bound to loopback (port 0: any free one); the caller runs `serve_forever`."""

    return HTTPServer((LOOPBACK, port), partial(_Handler, desk))


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, desk: Desk, *arguments: Any) -> None:
        self.desk = desk
        super().__init__(*arguments)  # answers the request before it returns

    def do_GET(self) -> None:
        if not self._ours():
            return
        if self.path in ASSETS:
            name, kind = ASSETS[self.path]
            self._send(files("eval.labelling").joinpath(name).read_bytes(), kind)
            return
        makers: dict[str, Callable[[int], bytes]] = {"page": self.desk.page_png, "crop": self.desk.crop_png}
        asked = re.fullmatch(r"/(page|crop)/(\d{1,6})\.png", self.path)
        if asked is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        try:
            self._send(makers[asked[1]](int(asked[2])), "image/png")
        except IndexError:
            self.send_error(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        if not self._ours():
            return
        try:
            self._act(self._body())
        except (ValueError, KeyError, TypeError) as error:
            self.send_error(HTTPStatus.BAD_REQUEST, explain=repr(error))
            return
        self._send(json.dumps(self.desk.state(), ensure_ascii=False).encode("utf-8"), "application/json")

    def _act(self, asked: dict[str, Any]) -> None:
        if self.path == "/go":
            index = asked.get("index")
            self.desk.go(None if index is None else int(index))
        elif self.path == "/answer":
            answer = asked["answer"]
            if not (answer is None or isinstance(answer, str)):
                raise TypeError("an answer is a string or null")
            self.desk.answer(str(asked["name"]), answer)
        else:
            raise ValueError(self.path)

    def _body(self) -> dict[str, Any]:
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 <= length <= LONGEST:
            raise ValueError("too long")
        found = json.loads(self.rfile.read(length) or b"{}")
        if not isinstance(found, dict):
            raise TypeError("an object is expected")
        return found

    def _ours(self) -> bool:
        """Whether the request comes from our own page; answers with 403 itself where it does not."""
        port = self.connection.getsockname()[1]
        names = {f"{LOOPBACK}:{port}", f"localhost:{port}"}
        origin = self.headers.get("Origin")
        if self.headers.get("Host") in names and (origin is None or origin.removeprefix("http://") in names):
            return True
        self.send_error(HTTPStatus.FORBIDDEN)
        return False

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name that http.server gives it
        """Nothing: the terminal belongs to the person."""
