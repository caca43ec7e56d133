"""What a request is aimed at: its host, space, path and method, read once, before anybody looks at them.

The path is one thing: what the target says, decoded once (`%41` is `A`, `%2f` is `/`), and not changed further. No
slashes are merged or dropped, no `.` or `..` is resolved, so that what is checked is what is served.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import printable
from typing import Any
from urllib.parse import quote

from mockserver.errors import EarlyRefusal
from mockserver.model import DEFAULT_SPACE
from mockserver.state.spaces import SPACE_NAME
from mockserver.web.hosts import BadHost, host_of, name_of

_SEGMENT = "/__space/"
OVERRIDE = "X-HTTP-Method-Override"
_OVERRIDE = "HTTP_X_HTTP_METHOD_OVERRIDE"
#: The one method that a POST may stand for.
_TUNNELLED = "PUT"

Environ = dict[str, Any]
#: Where the `Target` of a request stands that goes Flask's usual way.
TARGET = "mockserver.target"
#: Where the rule stands that serves it, `/__admin/spaces/<space>`.
ROUTE = "mockserver.route"


@dataclass(frozen=True, slots=True)
class Target:
    """What one request is aimed at."""

    #: The host that the caller used, with its port.
    host: str
    space: str
    #: The part of the path that chose the space, or "".
    prefix: str
    #: The path without that prefix.
    path: str
    #: The method that counts: PUT for a POST that tunnels one.
    method: str
    #: The method on the wire.
    sent_method: str
    #: Why the request is refused before it is routed.
    refusal: EarlyRefusal | None = None


def target_of(environ: Environ) -> Target:
    """Read what the request is aimed at. What cannot be read becomes its `refusal`, and a stand-in."""
    refusals: list[EarlyRefusal] = []
    host = _host(environ, refusals)
    space, prefix, path = _space(environ, host, refusals)
    sent = environ.get("REQUEST_METHOD", "GET")
    method = _method(environ, sent, refusals) if _OVERRIDE in environ else sent
    return Target(host, space, prefix, path, method, sent, refusals[0] if refusals else None)


def environ_for_flask(environ: Environ) -> Environ:
    """Change *environ* so that Flask routes what the target says, and its views find the `Target`."""
    target = target_of(environ)
    query = environ.get("QUERY_STRING", "")
    environ.update(
        {
            TARGET: target,
            "PATH_INFO": target.path.encode().decode("latin-1"),
            "REQUEST_METHOD": target.method,
            # Bytes that may not stand in a query, as they should have been sent; werkzeug fails on what is not UTF-8.
            "QUERY_STRING": escaped(query),
        }
    )
    return environ


def escaped(query: str) -> str:
    """Write bytes that may not stand in a query as the escapes that they should be."""
    return query if query.isascii() else quote(query.encode("latin-1"), safe=printable)


def _host(environ: Environ, refusals: list[EarlyRefusal]) -> str:
    """Read the host that the caller used."""
    try:
        return host_of(environ)
    except BadHost as error:
        what = str(error)
        refusals.append(EarlyRefusal(400, "host", "header.Host", what))
        return "localhost"


def _space(environ: Environ, host: str, refusals: list[EarlyRefusal]) -> tuple[str, str, str]:
    """Read the space from the path, else from the header `Mock-Space`, else from the host `<name>.localhost`."""
    path, prefix = _decoded(environ.get("PATH_INFO") or "/"), ""
    if path.startswith(_SEGMENT):
        name, slash, rest = path[len(_SEGMENT) :].partition("/")
        path = slash + rest or "/"
        prefix = _SEGMENT + name
    else:
        name = environ.get("HTTP_MOCK_SPACE", "") or _from_host(host) or DEFAULT_SPACE
    if name != DEFAULT_SPACE and not SPACE_NAME.match(name):
        what = f"{name[:80]!r} cannot name a space; use 1 to 63 lower-case letters, digits and dashes"
        refusals.append(EarlyRefusal(404, "path", "space", what))
        name, prefix = DEFAULT_SPACE, ""
    return name, prefix, path


def _decoded(path: str) -> str:
    # WSGI hands the bytes of the path on as Latin-1.
    return path if path.isascii() else path.encode("latin-1").decode("utf-8", "replace")


def _method(environ: Environ, sent: str, refusals: list[EarlyRefusal]) -> str:
    """Let a POST that is overridden with PUT count as a PUT; have any other refused."""
    wanted = environ[_OVERRIDE]
    if sent != "POST" or wanted.strip().upper() == _TUNNELLED:
        return _TUNNELLED if sent == "POST" else sent
    what = f"{OVERRIDE} of a POST must be {_TUNNELLED}, sent once, got {wanted[:60]!r}; leave it out of any other call"
    refusals.append(EarlyRefusal(400, "override", f"header.{OVERRIDE}", what))
    return sent


def _from_host(host: str) -> str:
    name = name_of(host)
    return name.removesuffix(".localhost") if name.endswith(".localhost") else ""
