"""Writes the head of a reply, byte for byte as gunicorn writes it; most of a second's heads share their date."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from gunicorn.http.errors import (  # type: ignore[attr-defined]  # newer than the stubs
    InvalidResponseHeader,
    InvalidResponseHeaderName,
)
from gunicorn.http.message import TOKEN_RE
from gunicorn.util import http_date, is_hoppish

#: What no value of a header may have: with it a client could read a header, or a reply, that was never written.
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@lru_cache(1)
def _date(second: int) -> str:
    return http_date(second)


def head_of(  # noqa: PLR0913 what a head is made of
    now_s: int,
    protocol: str,
    status: str,
    headers: Iterable[tuple[str, str]],
    *,
    keep: bool,
    chunked: bool = False,
) -> bytes:
    """Return status line and headers of a reply at *now_s*, in seconds since the epoch.

    They say whether the server means to *keep* the connection. Raises gunicorn's `InvalidResponseHeader` or
    `InvalidResponseHeaderName` for what cannot be written.
    """
    connection = "keep-alive" if keep else "close"
    lines = [f"{protocol} {status}\r\nServer: gunicorn\r\nDate: {_date(now_s)}\r\nConnection: {connection}"]
    if chunked:
        lines.append("Transfer-Encoding: chunked")
    for name, value in headers:
        if _CONTROL.search(value):
            raise InvalidResponseHeader(repr(name))
        if _is_applications(name):
            lines.append(name + ": " + value.strip(" \t"))
    lines.append("\r\n")
    return "\r\n".join(lines).encode("latin-1")


@lru_cache(1024)
def _is_applications(name: str) -> bool:
    """Say whether the application may write the header *name*; some are the server's alone."""
    if not TOKEN_RE.fullmatch(name):
        raise InvalidResponseHeaderName(repr(name))
    return not is_hoppish(name)
