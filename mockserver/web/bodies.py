"""Reads the body of a request, as far as it can be read."""

from __future__ import annotations

from contextlib import suppress

from mockserver.web.target import Environ

#: So much of an oversized body is read and dropped: most clients send all of it before they read the refusal.
_MOST_DISCARDED = 64 << 20
_STEP = 64 << 10


class UnreadableBody(Exception):
    """A body is cut or misframed; the text says how."""


class OversizedBody(UnreadableBody):
    """A body is larger than the server reads."""


def read_body(environ: Environ, most: int) -> bytes:
    """Return the body; raises `OversizedBody` beyond *most* bytes, and `UnreadableBody` for a cut or misframed one."""
    announced = environ.get("CONTENT_LENGTH", "")
    length = int(announced) if announced.isascii() and announced.isdigit() else None
    if length is None and not environ.get("wsgi.input_terminated"):
        return b""  # nothing says where it would end
    if length is not None and length > most:
        _discard(environ)
        raise OversizedBody
    try:
        body: bytes = environ["wsgi.input"].read(most + 1 if length is None else length)
    except Exception as error:  # the WSGI server raises what it likes, for broken chunks for example
        raise UnreadableBody(f"the body cannot be read: {error}"[:200]) from error
    if len(body) > most:
        _discard(environ)
        raise OversizedBody
    if length is not None and len(body) < length:
        raise UnreadableBody(f"the body ended after {len(body)} bytes of {length}")
    return body


def _discard(environ: Environ) -> None:
    if "HTTP_EXPECT" in environ:
        return  # the client waits for permission, and gets none
    with suppress(Exception):  # it is refused already, whatever else is wrong with it
        for _ in range(_MOST_DISCARDED // _STEP):
            if not environ["wsgi.input"].read(_STEP):
                return
