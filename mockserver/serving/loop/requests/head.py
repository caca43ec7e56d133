"""Reads the heads of requests by gunicorn's parser, which alone decides whether one is legal.

What a head says depends on nothing but its bytes, and clients send the same head again and again: the parser reads
those that came last only once.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes

from gunicorn import SERVER_SOFTWARE
from gunicorn.http.body import ChunkedReader
from gunicorn.http.message import Request as Message
from gunicorn.http.unreader import Unreader

#: So many heads are remembered, and none that is longer.
_MOST_REMEMBERED = 512
_LONGEST_REMEMBERED = 2 << 10
#: What the parser is given for the address of the client: none is trusted more than another.
_ANYBODY = ("", 0)
#: Headers that WSGI gives names of their own.
_OWN_NAMES = {"CONTENT-TYPE": "CONTENT_TYPE", "CONTENT-LENGTH": "CONTENT_LENGTH"}


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a request says."""

    #: As WSGI describes the request (PEP 3333), without its body and without who sent it.
    environ: Mapping[str, Any]
    #: The bytes of its body; None for one that comes in chunks.
    body_bytes: int | None
    #: Whether the client waits for permission before it sends the body.
    is_waiting: bool
    #: Whether the connection is to be closed after it.
    closes: bool


class Heads:
    """Reads heads under gunicorn's settings *cfg*."""

    def __init__(self, cfg: Any) -> None:
        self._cfg = cfg
        self._remembered = lru_cache(_MOST_REMEMBERED)(self._read)
        #: Bytes of the longest head that is read.
        self.longest = cfg.limit_request_line + cfg.limit_request_fields * (cfg.limit_request_field_size + 2)

    def read(self, sent: bytes) -> Head:
        """Read the head *sent*. Raises what gunicorn's parser raises."""
        return self._remembered(sent) if len(sent) <= _LONGEST_REMEMBERED else self._read(sent)

    def parsed(self, sent: bytes) -> Any:
        """Return *sent* as gunicorn's `Request`. Raises `NoMoreData` for a head without an end."""
        return Message(self._cfg, _Gathered(sent), _ANYBODY)

    def _read(self, sent: bytes) -> Head:
        message = self.parsed(sent)
        reader = message.body.reader
        return Head(
            _environ(message),
            None if isinstance(reader, ChunkedReader) else reader.length,
            message._expected_100_continue,  # noqa: SLF001 gunicorn says it nowhere else
            message.should_close(),
        )


def _environ(message: Any) -> dict[str, Any]:
    environ = {
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
        "SERVER_SOFTWARE": SERVER_SOFTWARE,
        "SCRIPT_NAME": "",
        "REQUEST_METHOD": message.method,
        "QUERY_STRING": message.query,
        "RAW_URI": message.uri,
        "PATH_INFO": unquote_to_bytes(message.path).decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{message.version[0]}.{message.version[1]}",
    }
    for name, value in message.headers:
        own = _OWN_NAMES.get(name)
        if own:  # these come once; the parser has seen to it
            environ[own] = value
            continue
        key = "HTTP_" + name.replace("-", "_")
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    return environ


class _Gathered(Unreader):
    """Stands in for the socket while gunicorn's parser reads what has come; nothing more comes."""

    def __init__(self, sent: bytes) -> None:
        super().__init__()
        self.buf.write(sent)

    def chunk(self, size_hint: int | None = None) -> bytes:
        """Return nothing more."""
        return b""
