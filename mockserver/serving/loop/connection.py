"""The connection of one client: what it has sent so far, and what is on its way to it."""

from __future__ import annotations

import socket
from contextlib import suppress
from selectors import EVENT_READ, EVENT_WRITE
from typing import TYPE_CHECKING

from mockserver.serving.loop.outbox import Outbox
from mockserver.serving.loop.requests.intake import Intake

if TYPE_CHECKING:
    from mockserver.serving.loop.exchange import Exchange

#: So many bytes are read at once, and so many may wait behind the request that is being answered.
STEP = 64 << 10
#: So much of what a client sends after its last reply is read and dropped, so that it reads that reply.
_MOST_DRAINED = 64 << 10


class Connection:
    """A connection on the loop; its socket never blocks."""

    def __init__(self, sock: socket.socket, intake: Intake) -> None:
        self.sock = sock
        self.intake = intake
        self.outbox = Outbox(sock)
        #: When it is closed if nothing more happens on it, on the monotonic clock.
        self.deadline = 0.0
        #: What is being answered.
        self.exchange: Exchange | None = None
        #: Whether another request is answered on it; else the client is to hang up.
        self.is_persistent = True
        #: Whether the last reply has left, and the client is to hang up.
        self.is_closing = False
        #: Whether the client sends nothing more.
        self.has_ended = False
        self.is_closed = False
        #: The events that are waited for on it.
        self.watched = 0
        #: How many bytes it held when they were counted last.
        self.counted_bytes = 0
        self._left = _MOST_DRAINED

    @property
    def is_idle(self) -> bool:
        """Whether no request has begun, and no reply is on its way to the client."""
        return self.exchange is None and self.intake.is_empty and not self.outbox.size and not self.is_closing

    @property
    def is_gone(self) -> bool:
        """Whether the client has ended the connection, and wants no more replies than the one under way."""
        return self.has_ended and self.intake.is_empty

    @property
    def held_bytes(self) -> int:
        """How many bytes it holds in memory."""
        later = self.exchange.held_bytes if self.exchange else 0
        return self.intake.held_bytes + self.outbox.size + later

    @property
    def wanted(self) -> int:
        """The events that are to be waited for."""
        intake = self.intake
        reads = not self.has_ended and (self.is_closing or intake.is_unfinished or len(intake.buffer) < STEP)
        return (EVENT_READ if reads else 0) | (EVENT_WRITE if self.outbox.size else 0)

    def receive(self) -> bool:
        """Read some of what has come. Returns whether anything had."""
        try:
            data = self.sock.recv(STEP)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        self.has_ended = not data
        if self.is_closing:
            self._left -= len(data)
            self.has_ended = self.has_ended or self._left <= 0
        else:
            self.intake.buffer += data
        return bool(data)

    def half_close(self) -> None:
        """Send nothing more, and let the client read what was sent."""
        self.is_closing = True
        try:
            self.sock.shutdown(socket.SHUT_WR)
        except OSError:  # it has hung up already
            self.has_ended = True

    def close(self) -> None:
        """Close it."""
        self.is_closed = True
        with suppress(OSError):
            self.sock.close()
