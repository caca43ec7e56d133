"""A WSGI application in this process, examined as a server is."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote_to_bytes, urlencode, urlsplit

from ..errors import Unanswered
from .messages import Call, Reply

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class WsgiSubject:
    """A WSGI application in this process."""

    app: WsgiApp
    prefix: str = ""
    url: str = "http://localhost"

    @property
    def base(self) -> str:
        """Return the URL that the application sees as its own."""
        return self.url + self.prefix

    def within(self, prefix: str) -> WsgiSubject:
        """Return the same application under a path prefix."""
        return replace(self, prefix=self.prefix + prefix)

    def ask(self, call: Call) -> Reply:
        """Return what the application answers to *call*; raises Unanswered when it starts no reply."""
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], _exc_info: Any = None
        ) -> Callable[[bytes], Any]:
            started.append((status, headers))
            return lambda _data: None

        pieces = self.app(self._environ(call), start_response)
        try:
            body = b"".join(pieces)
        finally:
            getattr(pieces, "close", lambda: None)()
        if not started:
            raise Unanswered(f"the application did not start a reply to {call.method} {call.target}")
        status, headers = started[-1]
        return Reply(int(status.split(" ", 1)[0]), tuple(headers), body)

    def _environ(self, call: Call) -> dict[str, Any]:
        host = urlsplit(self.url).netloc
        headers = {name.upper().replace("-", "_"): value for name, value in call.headers.items()}
        plain = {name: headers.pop(name) for name in ("CONTENT_TYPE", "CONTENT_LENGTH") if name in headers}
        return (
            {
                "REQUEST_METHOD": call.method,
                "SCRIPT_NAME": "",
                "PATH_INFO": unquote_to_bytes(self.prefix + call.path).decode("latin-1"),
                "QUERY_STRING": urlencode(call.query),
                "REQUEST_URI": self.prefix + call.target,
                "SERVER_NAME": host.partition(":")[0],
                "SERVER_PORT": host.partition(":")[2] or "80",
                "SERVER_PROTOCOL": "HTTP/1.1",
                "REMOTE_ADDR": "127.0.0.1",
                "HTTP_HOST": host,
                "CONTENT_LENGTH": str(len(call.body)),
                "wsgi.version": (1, 0),
                "wsgi.url_scheme": "http",
                "wsgi.input": io.BytesIO(call.body),
                "wsgi.errors": sys.stderr,
                "wsgi.multithread": False,
                "wsgi.multiprocess": False,
                "wsgi.run_once": False,
            }
            | plain
            | {f"HTTP_{name}": value for name, value in headers.items()}
        )
