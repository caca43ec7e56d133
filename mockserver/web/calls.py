"""Turns a request into a call: what arrived, without any judgement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Request
from werkzeug.wsgi import get_host

from mockserver.model import Call
from mockserver.web import routing


def call_of(environ: dict[str, Any], operation: str | None, path_values: Mapping[str, str], body: bytes) -> Call:
    """Make the call of *operation*, or of none, that *environ* describes."""
    # werkzeug reads what few requests have; its view of all the rest costs more than an answer.
    sent = Request(environ) if environ.get("QUERY_STRING") or "HTTP_COOKIE" in environ else None
    prefix = environ[routing.PREFIX]
    return Call(
        operation=operation,
        method=environ["REQUEST_METHOD"],
        # WSGI hands the bytes of the path on as Latin-1.
        path=environ.get("PATH_INFO", "/").encode("latin-1").decode("utf-8", "replace"),
        path_values=path_values,
        query=tuple(sent.args.items(multi=True)) if sent else (),
        headers=_headers(environ),
        cookies=dict(sent.cookies.items()) if sent else {},
        body=body,
        space=environ[routing.SPACE],
        base=(get_host(environ) or "localhost") + prefix,
        prefix=prefix,
        connection=f"{environ.get('REMOTE_ADDR', '')}:{environ['REMOTE_PORT']}" if "REMOTE_PORT" in environ else "",
        sent_method=environ[routing.SENT_METHOD],
    )


def _headers(environ: Mapping[str, Any]) -> dict[str, str]:
    found = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            found[name.replace("_", "-").lower()] = environ[name]
    return found
