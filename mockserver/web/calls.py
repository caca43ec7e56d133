"""Turns a request into a call: what arrived, without any judgement."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver.model import Call
from mockserver.web import routing
from mockserver.web.loading import load_werkzeug

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

#: A host that werkzeug would return as it is.
_PLAIN_HOST = re.compile(r"[a-z0-9.-]+(:(?!80$|443$)[0-9]{1,5})?")


def call_of(environ: dict[str, Any], operation: str | None, path_values: Mapping[str, str], body: bytes) -> Call:
    """Make the call of *operation*, or of none, that *environ* describes."""
    sent = _seen_by_werkzeug(environ) if environ.get("QUERY_STRING") or "HTTP_COOKIE" in environ else None
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
        base=_host(environ) + prefix,
        prefix=prefix,
        connection=f"{environ.get('REMOTE_ADDR', '')}:{environ['REMOTE_PORT']}" if "REMOTE_PORT" in environ else "",
        sent_method=environ[routing.SENT_METHOD],
    )


def _seen_by_werkzeug(environ: dict[str, Any]) -> Request:
    """Return the request for what few have; this view of all the rest costs more than an answer, and time to load."""
    load_werkzeug()
    from werkzeug.wrappers import Request

    return Request(environ)


def _host(environ: dict[str, Any]) -> str:
    host: str = environ.get("HTTP_HOST", "")
    if _PLAIN_HOST.fullmatch(host):
        return host
    load_werkzeug()
    from werkzeug.wsgi import get_host

    return get_host(environ) or "localhost"


def _headers(environ: Mapping[str, Any]) -> dict[str, str]:
    found = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            found[name.replace("_", "-").lower()] = environ[name]
    return found
