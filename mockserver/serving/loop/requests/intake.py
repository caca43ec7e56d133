"""Gathers what a client sends until it is a whole request; which bytes are legal, gunicorn's parser decides.

The parser gets the head as soon as it is there, so that what it refuses is refused before any body has come, and it
says how the body is framed. A chunked body it gets as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from gunicorn.http.errors import LimitRequestHeaders, NoMoreData

from mockserver.serving.loop.requests.bodies import Body, ChunkedBody, DroppedBody, MeasuredBody
from mockserver.serving.loop.requests.head import Head, Heads

Environ = dict[str, Any]

#: A head that has no end after so many bytes is shown to the parser, which refuses one that is too long.
_LONG_HEAD = 64 << 10
_HEAD_END = b"\r\n\r\n"
_BARE_LINE_FEED = re.compile(rb"(?<!\r)\n")


@dataclass(slots=True)
class Request:
    """One request; its body has come when its environ has a `wsgi.input`."""

    environ: Environ
    #: Whether the connection can carry another request after this one.
    is_persistent: bool
    #: Whether the client waits for permission to send the body.
    wants_permission: bool


class Intake:
    """What one client sends, request after request."""

    def __init__(self, heads: Heads, ends: Mapping[str, str], most_body: Callable[[str], int]) -> None:
        #: What has come and belongs to no request yet.
        self.buffer = bytearray()
        #: The request whose body is awaited.
        self.request: Request | None = None
        self._heads = heads
        #: Who is connected with whom, as WSGI says it.
        self._ends = ends
        #: Says how many bytes of a body are read under a path.
        self._most_body = most_body
        self._body: Body | None = None
        self._searched = 0
        self._next_attempt = _LONG_HEAD

    @property
    def is_empty(self) -> bool:
        """Whether nothing has come of the next request."""
        return not self.buffer and self.request is None

    @property
    def is_unfinished(self) -> bool:
        """Whether more of a request is awaited than has come."""
        return self.request is not None or self._searched == len(self.buffer)

    @property
    def held_bytes(self) -> int:
        """How many bytes have come of what was not answered yet."""
        return len(self.buffer) + (self._body.held_bytes if self._body else 0)

    def next(self) -> Request | None:
        """Return the next request if it has come whole. Raises what gunicorn's parser raises for what is none."""
        request = self.request or self._begun()
        if request is None or self._body is None or not self._body.extend(self.buffer):
            return None
        request.environ["wsgi.input"] = self._body.input
        request.is_persistent = request.is_persistent and self._body.is_in_step
        self.request = self._body = None
        return request

    def _begun(self) -> Request | None:
        """Begin a request if its head has come whole."""
        end = self.buffer.find(_HEAD_END, max(self._searched - len(_HEAD_END), 0))
        if end < 0:
            self._refuse_early()
            return None
        head = bytes(memoryview(self.buffer)[: end + len(_HEAD_END)])
        del self.buffer[: end + len(_HEAD_END)]
        self._searched, self._next_attempt = 0, _LONG_HEAD
        says = self._heads.read(head)
        environ = {**says.environ, **self._ends}
        body = self._body = self._body_of(head, says, self._most_body(environ["PATH_INFO"]))
        self.request = Request(environ, not says.closes, says.is_waiting and body.is_wanted)
        return self.request

    def _body_of(self, head: bytes, says: Head, most: int) -> Body:
        if says.body_bytes is None:
            return ChunkedBody(self._heads.parsed(head), most)
        if says.body_bytes <= most:
            return MeasuredBody(says.body_bytes)
        return DroppedBody(says.body_bytes, comes=not says.is_waiting)

    def _refuse_early(self) -> None:
        """Let the parser refuse a head that will not become one, or becomes too long."""
        buffer = self.buffer
        if _BARE_LINE_FEED.search(buffer, max(self._searched - 1, 0)) or len(buffer) >= self._next_attempt:
            self._next_attempt = 2 * len(buffer)
            with suppress(NoMoreData):
                self._heads.parsed(bytes(buffer))
            if len(buffer) > self._heads.longest:  # the parser would say so if it had read more than once
                raise LimitRequestHeaders("max buffer headers")
        self._searched = len(buffer)
