"""Answers plain calls of the contract in front of Flask, whose machinery costs more than an answer does.

What is not plain goes on to Flask: unknown paths and methods, the admin API, bodies that cannot be read.
Both make the same call of a request, and the same bytes of a reply.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any

from mockserver.engine.engine import Arrived, Engine
from mockserver.errors import MayJoin, MustWait
from mockserver.model import Call, Reply
from mockserver.web import routing
from mockserver.web.bodies import UnreadableBody, read_body
from mockserver.web.calls import call_of
from mockserver.web.loading import load_werkzeug
from mockserver.web.routing import Environ
from mockserver.web.wire import WITHOUT_BODY

_PARAMETER = re.compile(r"\\\{([A-Za-z]+)\\\}")
#: Headers that are set or rewritten when werkzeug writes a reply.
_REWRITTEN = frozenset(["content-length", "content-location", "location"])
_FIRST_FINAL_STATUS = 200

#: Set by a server that would rather ask again, in another thread, than wait: see `MustWait`.
NO_WAITING = "mockserver.no_waiting"

#: Set by a server that would settle several calls together, by `Engine.settle_together`, and then ask each again:
#: see `MayJoin`.
TOGETHER = "mockserver.together"
#: The call that has arrived, for whoever settles it or asks again.
ARRIVED = "mockserver.arrived"

StartResponse = Callable[..., Any]


class Door:
    """WSGI middleware between `Routing` and Flask."""

    def __init__(self, inside: routing.App, engine: Engine, *, most: int, cors: bool) -> None:
        self._inside = inside
        self._engine = engine
        self._most = most
        self._cors = cors
        self._routes: dict[str, list[tuple[re.Pattern[str], str, str]]] = {}
        for operation in engine.apis.entries.values():
            for path in operation.paths:
                pattern = _PARAMETER.sub(r"(?P<\1>[^/]+)", re.escape(path))
                self._routes.setdefault(operation.method, []).append((re.compile(pattern), operation.id, path))

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, or hand on. Raises `MustWait` or `MayJoin` for a server that set `NO_WAITING` or `TOGETHER`."""
        arrived: Arrived | None = environ.get(ARRIVED)
        if arrived is not None:
            return self._settled(arrived, environ, start_response)
        operation, path_values = self._found(environ)
        if operation is None:
            return self._handed_on(environ, start_response)
        if self._engine.store.remote and NO_WAITING in environ:
            raise MustWait
        try:
            body = read_body(environ, self._most)
        except UnreadableBody:
            return self._handed_on(environ, start_response)
        arrived = environ[ARRIVED] = self._engine.arrived(call_of(environ, operation, path_values, body))
        if TOGETHER in environ:
            raise MayJoin
        return self._settled(arrived, environ, start_response)

    def _settled(self, arrived: Arrived, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        call = arrived.call
        try:
            reply = self._engine.settle(arrived, wait=NO_WAITING not in environ)
        except MustWait:
            raise
        except Exception as error:  # noqa: BLE001 a bug; Flask would catch it, too
            return self._by_werkzeug(call, error, environ, start_response)
        if not _is_plain(reply, environ):
            return self._by_werkzeug(call, reply, environ, start_response)
        headers = [*reply.headers, ("Content-Length", str(len(reply.body)))]
        start_response(_status_line(reply.status), headers)
        return [reply.body]

    def _by_werkzeug(
        self, call: Call, outcome: Reply | Exception, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer as Flask would; what few calls need is loaded by the first of them."""
        load_werkzeug()
        from mockserver.web.cors import allow_origin
        from mockserver.web.replies import answered, failed

        if isinstance(outcome, Reply):
            response = answered(self._engine, call, outcome)
        else:
            response = failed(self._engine, outcome, lambda: call)
        return (allow_origin(response, environ) if self._cors else response)(environ, start_response)

    def _handed_on(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if NO_WAITING in environ:
            raise MustWait
        return self._inside(environ, start_response)

    def _found(self, environ: Environ) -> tuple[str | None, Mapping[str, str]]:
        path = routing.path_of(environ)
        if path.isascii() and routing.REFUSED not in environ:
            for pattern, operation, route in self._routes.get(environ["REQUEST_METHOD"], ()):
                if match := pattern.fullmatch(path):
                    environ[routing.ROUTE] = route
                    return operation, match.groupdict()
        return None, {}


def _is_plain(reply: Reply, environ: Environ) -> bool:
    return not (
        "HTTP_ORIGIN" in environ
        or reply.faults
        or reply.delay_ms
        or reply.status < _FIRST_FINAL_STATUS
        or reply.status in WITHOUT_BODY
        or any(name.lower() in _REWRITTEN for name, _ in reply.headers)
    )


@cache
def _status_line(status: int) -> str:
    if status == HTTPStatus.OK:
        return "200 OK"
    load_werkzeug()
    from werkzeug.http import HTTP_STATUS_CODES  # its phrases are not those of every Python

    return f"{status} {HTTP_STATUS_CODES.get(status, 'UNKNOWN').upper()}"
