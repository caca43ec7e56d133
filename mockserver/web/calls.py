"""Turns a request into a call: what arrived, without any judgement."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import parse_qsl

from werkzeug.sansio.http import parse_cookie

from mockserver.model import Call
from mockserver.web.target import Environ, Target, escaped


def call_of(
    environ: Environ, target: Target, operation: str | None, path_values: Mapping[str, str], body: bytes
) -> Call:
    """Make the call of *operation*, or of none, that *environ* describes."""
    query, cookies = environ.get("QUERY_STRING"), environ.get("HTTP_COOKIE")
    port = environ.get("REMOTE_PORT")
    return Call(
        operation=operation,
        method=target.method,
        path=target.path,
        path_values=path_values,
        query=_pairs(query) if query else (),
        headers=_headers(environ),
        cookies=dict(parse_cookie(cookies).items()) if cookies else {},
        body=body,
        space=target.space,
        base=target.host + target.prefix,
        prefix=target.prefix,
        connection="" if port is None else f"{environ.get('REMOTE_ADDR', '')}:{port}",
        sent_method=target.sent_method,
    )


def _pairs(query: str) -> tuple[tuple[str, str], ...]:
    """Read a query as werkzeug does: escapes that are not UTF-8 stay as they are."""
    return tuple(parse_qsl(escaped(query), keep_blank_values=True, errors="werkzeug.url_quote"))


def _headers(environ: Environ) -> dict[str, str]:
    found = {header: value for name, value in environ.items() if (header := _header(name))}
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            found[name.replace("_", "-").lower()] = environ[name]
    return found


@lru_cache(maxsize=1024)
def _header(name: str) -> str:
    """Return the header that the key *name* of an environment stands for, in lower case; "" for other keys."""
    return name[5:].replace("_", "-").lower() if name.startswith("HTTP_") else ""
