"""What is decided about a request before anybody looks at it: its path, host, space and method.

The path is one thing: what the target says, decoded once (`%41` is `A`, `%2f` is `/`), and not changed further. No
slashes are merged or dropped, no `.` or `..` is resolved, so that what is checked is what is served.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from string import printable
from typing import Any
from urllib.parse import quote

from mockserver.errors import CallError
from mockserver.model import DEFAULT_SPACE, Violation
from mockserver.state.spaces import SPACE_NAME
from mockserver.web.hosts import BadHost, host_of, name_of

SPACE = "mockserver.space"
PREFIX = "mockserver.prefix"
SENT_METHOD = "mockserver.sent_method"
#: The host that the caller used, with its port.
HOST = "mockserver.host"
#: The path as the contract or the admin API writes it, `/api/account/{accountId}/getEngagement`; not set for others.
ROUTE = "mockserver.route"
#: Why the call is refused before it reaches any route: a `CallError`.
REFUSED = "mockserver.refused"

#: The contract has no such paths; here stand the admin API and what else is ours.
_OURS = "/__"
_SEGMENT = "/__space/"
OVERRIDE = "X-HTTP-Method-Override"
_OVERRIDE = "HTTP_X_HTTP_METHOD_OVERRIDE"
#: The one method that a POST may stand for.
_TUNNELLED = "PUT"

Environ = dict[str, Any]
App = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class Routing:
    """WSGI middleware around the Flask application."""

    def __init__(self, app: App) -> None:
        self._app = app

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Prepare *environ* and hand it on."""
        if SPACE not in environ:  # else the server asks again; see `MustWait` and `MayJoin`
            choose_host(environ)
            choose_space(environ)
            unwrap_method(environ)
            escape_query(environ)
        return self._app(environ, start_response)


def choose_host(environ: Environ) -> None:
    """Read the host that the caller used, or have the call refused (clause REQ-400-HOST)."""
    try:
        environ[HOST] = host_of(environ)
    except BadHost as error:
        environ[HOST] = "localhost"
        what = str(error)
        environ[REFUSED] = CallError(400, None, what, [Violation("header.Host", what, "REQ-400-HOST")])


def choose_space(environ: Environ) -> None:
    """Read the space from the path, else from the header `Mock-Space`, else from the host `<name>.localhost`."""
    path = environ.get("PATH_INFO") or "/"
    prefix = ""
    if path.startswith(_SEGMENT):
        name, slash, rest = path[len(_SEGMENT) :].partition("/")
        path = slash + rest or "/"
        prefix = _SEGMENT + name
    else:
        name = environ.get("HTTP_MOCK_SPACE", "") or _from_host(environ[HOST]) or DEFAULT_SPACE
    if not SPACE_NAME.match(name):
        what = f"{name[:80]!r} cannot name a space; use 1 to 63 lower-case letters, digits and dashes"
        environ.setdefault(REFUSED, CallError(404, None, what, [Violation("space", what, "REQ-404")]))
        name, prefix = DEFAULT_SPACE, ""
    environ["PATH_INFO"] = path
    environ[PREFIX] = prefix
    environ[SPACE] = name


def path_of(environ: Environ) -> str:
    """Return the path of the call, without its space; every check and every route reads this one."""
    # WSGI hands the bytes of the path on as Latin-1.
    path: str = environ["PATH_INFO"]
    return path if path.isascii() else path.encode("latin-1").decode("utf-8", "replace")


def is_ours(environ: Environ) -> bool:
    """Say whether the path is kept for what is ours, as `/__admin` is, and never the contract's."""
    return path_of(environ).startswith(_OURS)


def unwrap_method(environ: Environ) -> None:
    """Let a POST that is overridden with PUT count as a PUT (US-TUNNEL); have any other refused (REQ-400-OVERRIDE)."""
    environ[SENT_METHOD] = environ.get("REQUEST_METHOD", "GET")
    wanted = environ.get(_OVERRIDE)
    if wanted is None or environ[SENT_METHOD] != "POST":
        return
    if wanted.strip().upper() == _TUNNELLED:
        environ["REQUEST_METHOD"] = _TUNNELLED
        return
    what = f"{OVERRIDE} of a POST must be {_TUNNELLED}, sent once, got {wanted[:60]!r}; leave it out of any other call"
    environ.setdefault(REFUSED, CallError(400, None, what, [Violation(f"header.{OVERRIDE}", what, "REQ-400-OVERRIDE")]))


def escape_query(environ: Environ) -> None:
    """Write bytes that may not stand in a query as they should have been sent; werkzeug fails on what is not UTF-8."""
    query = environ.get("QUERY_STRING", "")
    if not query.isascii():
        environ["QUERY_STRING"] = quote(query.encode("latin-1"), safe=printable)


def _from_host(host: str) -> str:
    name = name_of(host)
    return name.removesuffix(".localhost") if name.endswith(".localhost") else ""
