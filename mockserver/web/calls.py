"""Turns a request into a call: what arrived, without any judgement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver.model import Call
from mockserver.web import routing
from mockserver.web.loading import load_werkzeug

if TYPE_CHECKING:
    from werkzeug.wrappers import Request


def call_of(environ: dict[str, Any], operation: str | None, path_values: Mapping[str, str], body: bytes) -> Call:
    """Make the call of *operation*, or of none, that *environ* describes."""
    sent = _seen_by_werkzeug(environ) if environ.get("QUERY_STRING") or "HTTP_COOKIE" in environ else None
    prefix = environ[routing.PREFIX]
    return Call(
        operation=operation,
        method=environ["REQUEST_METHOD"],
        path=routing.path_of(environ),
        path_values=path_values,
        query=tuple(sent.args.items(multi=True)) if sent else (),
        headers=_headers(environ),
        cookies=dict(sent.cookies.items()) if sent else {},
        body=body,
        space=environ[routing.SPACE],
        base=environ[routing.HOST] + prefix,
        prefix=prefix,
        connection=f"{environ.get('REMOTE_ADDR', '')}:{environ['REMOTE_PORT']}" if "REMOTE_PORT" in environ else "",
        sent_method=environ[routing.SENT_METHOD],
    )


def _seen_by_werkzeug(environ: dict[str, Any]) -> Request:
    """Return the request for what few have; this view of all the rest costs more than an answer, and time to load."""
    load_werkzeug()
    from werkzeug.wrappers import Request

    return Request(environ, populate_request=False)  # else both hold one another, and the body, for long


def _headers(environ: Mapping[str, Any]) -> dict[str, str]:
    found = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            found[name.replace("_", "-").lower()] = environ[name]
    return found
