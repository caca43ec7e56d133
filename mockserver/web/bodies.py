"""Reads the body of a request, as far as it can be read."""

from __future__ import annotations

from contextlib import suppress

from flask import Request
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge

#: So much of an oversized body is read and dropped: most clients send all of it before they read the refusal.
_MOST_DISCARDED = 64 << 20
_STEP = 64 << 10


def read_body(sent: Request) -> bytes:
    """Return the body. Raises werkzeug's `RequestEntityTooLarge`, or `BadRequest` for one that is cut or misframed.

    Whatever was raised, the body counts as empty from then on.
    """
    try:
        body = sent.get_data(cache=True)
        _refuse_rest(sent, body)
    except Exception as error:
        sent._cached_data = b""  # noqa: SLF001 Flask has no other way to say so
        if isinstance(error, RequestEntityTooLarge):
            _discard(sent)
        if isinstance(error, HTTPException):
            raise
        # The WSGI server raises what it likes, for broken chunks for example.
        raise BadRequest(f"the body cannot be read: {error}"[:200]) from error
    return body


def _refuse_rest(sent: Request, body: bytes) -> None:
    # Of a chunked body, werkzeug reads as much as is allowed, and says nothing about what follows.
    if sent.content_length is None and len(body) == sent.max_content_length and sent.environ["wsgi.input"].read(1):
        raise RequestEntityTooLarge


def _discard(sent: Request) -> None:
    if "Expect" in sent.headers:
        return  # the client waits for permission, and gets none
    with suppress(Exception):  # it is refused already, whatever else is wrong with it
        for _ in range(_MOST_DISCARDED // _STEP):
            if not sent.environ["wsgi.input"].read(_STEP):
                return
