"""What happens to a request before Flask routes it: its space is read, a tunnelled method is unwrapped."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from string import printable
from typing import Any
from urllib.parse import quote

from mockserver.model import DEFAULT_SPACE
from mockserver.spaces import SPACE_NAME

SPACE = "mockserver.space"
PREFIX = "mockserver.prefix"
SENT_METHOD = "mockserver.sent_method"
#: Set when the caller named a space that cannot be one; such a call is refused before it reaches any route.
BAD_SPACE = "mockserver.bad_space"

_SEGMENT = "/__space/"
_OVERRIDE = "HTTP_X_HTTP_METHOD_OVERRIDE"
#: Methods that a POST may stand for. A read is never tunnelled, and POST for POST says nothing.
_TUNNELLED = frozenset(["PUT", "PATCH", "DELETE"])

Environ = dict[str, Any]
App = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class Routing:
    """WSGI middleware around the Flask application."""

    def __init__(self, app: App) -> None:
        self._app = app

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Prepare *environ* and hand it on."""
        if SPACE not in environ:  # else the server asks again; see `MustWait` and `MayJoin`
            choose_space(environ)
            unwrap_method(environ)
            escape_query(environ)
        return self._app(environ, start_response)


def choose_space(environ: Environ) -> None:
    """Read the space from the path, else from the header `Mock-Space`, else from the host `<name>.localhost`."""
    path = environ.get("PATH_INFO", "")
    environ[PREFIX] = ""
    if path.startswith(_SEGMENT):
        name, slash, rest = path[len(_SEGMENT) :].partition("/")
        environ["PATH_INFO"] = slash + rest or "/"
        environ[PREFIX] = _SEGMENT + name
    else:
        name = environ.get("HTTP_MOCK_SPACE", "") or _from_host(environ.get("HTTP_HOST", "")) or DEFAULT_SPACE
    environ[SPACE] = name
    if not SPACE_NAME.match(name):
        environ[BAD_SPACE] = name
        environ[SPACE] = DEFAULT_SPACE
        environ[PREFIX] = ""


def unwrap_method(environ: Environ) -> None:
    """Let a POST with `X-HTTP-Method-Override` count as the method that it stands for (clause US-TUNNEL)."""
    environ[SENT_METHOD] = environ.get("REQUEST_METHOD", "GET")
    wanted = environ.get(_OVERRIDE, "").strip().upper()
    if environ[SENT_METHOD] == "POST" and wanted in _TUNNELLED:
        environ["REQUEST_METHOD"] = wanted


def escape_query(environ: Environ) -> None:
    """Write bytes that may not stand in a query as they should have been sent; werkzeug fails on what is not UTF-8."""
    query = environ.get("QUERY_STRING", "")
    if not query.isascii():
        environ["QUERY_STRING"] = quote(query.encode("latin-1"), safe=printable)


def _from_host(host: str) -> str:
    name = host.rpartition(":")[0] if ":" in host and not host.endswith("]") else host
    return name.removesuffix(".localhost").lower() if name.endswith(".localhost") else ""
