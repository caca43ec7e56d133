"""Describes a request as WSGI does (PEP 3333), from what gunicorn's parser read of its head."""

from __future__ import annotations

import sys
from typing import Any
from urllib.parse import unquote_to_bytes

from gunicorn import SERVER_SOFTWARE

Environ = dict[str, Any]

#: Headers that WSGI gives names of their own.
_OWN_NAMES = {"CONTENT-TYPE": "CONTENT_TYPE", "CONTENT-LENGTH": "CONTENT_LENGTH"}
_CONSTANT: Environ = {
    "wsgi.version": (1, 0),
    "wsgi.url_scheme": "http",
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.input_terminated": True,
    "SERVER_SOFTWARE": SERVER_SOFTWARE,
    "SCRIPT_NAME": "",
}


def environ_of(message: Any, client: Any, server: Any) -> Environ:
    """Return the environ of gunicorn's *message*, from the address *client* to the address *server*; no body yet."""
    environ: Environ = {
        **_CONSTANT,
        "wsgi.errors": sys.stderr,
        "REQUEST_METHOD": message.method,
        "QUERY_STRING": message.query,
        "RAW_URI": message.uri,
        "PATH_INFO": unquote_to_bytes(message.path).decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{message.version[0]}.{message.version[1]}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
    }
    for name, value in message.headers:
        own = _OWN_NAMES.get(name)
        if own:  # these come once; the parser has seen to it
            environ[own] = value
            continue
        key = "HTTP_" + name.replace("-", "_")
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    return environ
