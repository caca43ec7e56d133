"""Reads the body of a request, as far as it can be read."""

from __future__ import annotations

from flask import Request
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge


def read_body(sent: Request) -> bytes:
    """Return the body. Raises werkzeug's `RequestEntityTooLarge`, or `BadRequest` for one that is cut or misframed."""
    try:
        body = sent.get_data(cache=True)
        _refuse_rest(sent, body)
    except HTTPException:
        sent._cached_data = b""  # noqa: SLF001 what is left of it is not read again
        raise
    except Exception as error:  # the WSGI server raises what it likes for broken chunks
        sent._cached_data = b""  # noqa: SLF001
        raise BadRequest(f"the body cannot be read: {error}"[:200]) from error
    return body


def _refuse_rest(sent: Request, body: bytes) -> None:
    # Of a chunked body, werkzeug reads as much as is allowed, and says nothing about what follows.
    if sent.content_length is None and len(body) == sent.max_content_length and sent.environ["wsgi.input"].read(1):
        raise RequestEntityTooLarge
