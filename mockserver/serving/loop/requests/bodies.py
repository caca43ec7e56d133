"""Takes the body of one request out of what a client sends, as far as it is wanted."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Protocol

from mockserver.serving.loop.requests.chunks import Chunks

#: So much of a body that is too large is read and dropped: most clients send all of it before they read the refusal.
MOST_DISCARDED = 64 << 20
#: Bytes of framing for each byte of a body that comes in the smallest chunks, and room for the rest.
_MOST_FRAMING, _ROOM = 8, 64 << 10


class Input(Protocol):
    """What an application reads the body from."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes. Raises what gunicorn's parser raises for a body that cannot be read."""


class Body(Protocol):
    """The body of one request, which comes bit by bit."""

    #: What the application reads, when all of it is there.
    input: Input
    #: Whether the server wants it; a client that waits for permission to send it gets it then.
    is_wanted: bool
    #: Whether it is known where the next request begins.
    is_in_step: bool

    @property
    def held_bytes(self) -> int:
        """How many bytes of it have come so far."""

    def extend(self, sent: bytearray) -> bool:
        """Cut from *sent* what belongs to the body. Returns whether nothing more of it is awaited."""


class Unreadable:
    """Stands in for a body that cannot be read."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def read(self, size: int = -1, /) -> bytes:
        """Raise why."""
        raise self._error


class MeasuredBody:
    """A body whose head says its length."""

    is_wanted = True
    is_in_step = True
    held_bytes = 0

    def __init__(self, length: int) -> None:
        self.input: Input = BytesIO()
        self._length = length

    def extend(self, sent: bytearray) -> bool:
        """Cut it off when all of it is there."""
        if len(sent) < self._length:
            return False
        if self._length:
            self.input = BytesIO(bytes(memoryview(sent)[: self._length]))
            del sent[: self._length]
        return True


class DroppedBody:
    """A body that is too large: some of it is read and dropped, and the application sees its length."""

    is_wanted = False
    held_bytes = 0

    def __init__(self, length: int, *, comes: bool) -> None:
        self.input: Input = BytesIO()
        self.is_in_step = comes and length <= MOST_DISCARDED
        self._left = min(length, MOST_DISCARDED) if comes else 0

    def extend(self, sent: bytearray) -> bool:
        """Drop what has come."""
        dropped = min(len(sent), self._left)
        del sent[:dropped]
        self._left -= dropped
        return not self._left


class ChunkedBody:
    """A body that comes in chunks; of one that is too large, as much is held as says so."""

    is_wanted = True

    def __init__(self, message: Any, most: int) -> None:
        self.input: Input = BytesIO()
        self.is_in_step = True
        self._message = message
        self._most = most
        self._walk = Chunks(longest_line=message.limit_request_field_size, longest_trailer=message.max_buffer_headers)
        self._raw = bytearray()
        self._dropped = 0

    @property
    def held_bytes(self) -> int:
        """How many bytes of it have come so far."""
        return len(self._raw)

    def extend(self, sent: bytearray) -> bool:
        """Cut off what has come of it, and read it when it is whole."""
        was_too_large = self._walk.body_bytes > self._most
        extent = self._walk.extend(sent)
        passed, self._walk.passed = self._walk.passed, 0
        if was_too_large:
            self._dropped += passed
        else:
            self._raw += sent[: len(sent) if extent == "broken" else passed]
        del sent[:passed]
        if (
            extent == "part"
            and self._dropped <= MOST_DISCARDED
            and len(self._raw) <= _MOST_FRAMING * self._most + _ROOM
        ):
            return False
        self._read(whole=extent == "whole")
        return True

    def _read(self, *, whole: bool) -> None:
        """Have gunicorn read it."""
        self._message.unreader.unread(bytes(self._raw))
        try:
            data = self._message.body.read(self._most + 1)
        except Exception as error:  # noqa: BLE001 gunicorn raises what it likes, for broken chunks for example
            self.input, self.is_in_step = Unreadable(error), False
            return
        left = self._message.unreader.take_buffered()
        self.input, self.is_in_step = BytesIO(data), whole and len(data) <= self._most and not left
