"""All connections of a worker: how long each may keep it waiting, and which one gives way when there are too many."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterator
from itertools import chain

from mockserver.serving.loop.connection import Connection


class Crowd:
    """Connections in two groups: those that wait for their clients, longest first, and those whose clients wait."""

    def __init__(self, most_bytes: int, patience_s: float) -> None:
        #: How long a client may take to read on, and to do whatever else it is to do; in seconds.
        self._idle_s = self._patience_s = patience_s
        #: How many bytes all of them may hold.
        self.most_bytes = most_bytes
        self._held_bytes = 0
        self._waiting: OrderedDict[Connection, None] = OrderedDict()
        self._busy: dict[Connection, None] = {}

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._waiting) + len(self._busy)

    def __iter__(self) -> Iterator[Connection]:
        """Yield all, those on which nothing has happened for longest first."""
        return chain(self._waiting, self._busy)

    def wait_for(self, conn: Connection) -> None:
        """Give the client of *conn* its time anew, as something has happened on it."""
        patience_s = self._idle_s if conn.outbox.size else self._patience_s
        conn.deadline = time.monotonic() + patience_s
        self._busy.pop(conn, None)
        self._waiting[conn] = None
        self._waiting.move_to_end(conn)

    def keep_waiting(self, conn: Connection) -> None:
        """Let the client of *conn* wait: the server is busy with its request."""
        self._waiting.pop(conn, None)
        self._busy[conn] = None

    def remove(self, conn: Connection) -> None:
        """Let go of *conn*."""
        self._waiting.pop(conn, None)
        self._busy.pop(conn, None)
        self._held_bytes -= conn.counted_bytes
        conn.counted_bytes = 0

    def hurry(self, patience_s: float) -> None:
        """From now on give all clients *patience_s* at most, but those that read their replies."""
        self._patience_s = patience_s
        until = time.monotonic() + patience_s
        for conn in self._waiting:
            if not conn.outbox.size:
                conn.deadline = min(conn.deadline, until)

    def overdue(self) -> list[Connection]:
        """Return those whose clients have taken too long."""
        now, found = time.monotonic(), []
        for conn in self._waiting:
            if conn.deadline <= now:
                found.append(conn)
            elif self._patience_s == self._idle_s:  # all have as long, so that the rest are later
                break
        return found

    def idle(self) -> list[Connection]:
        """Return those on which nothing is under way."""
        return [conn for conn in self._waiting if conn.is_idle]

    def longest_idle(self) -> Connection | None:
        """Return the one that gives way to a newcomer, if there is any that keeps the server waiting."""
        return next((conn for conn in self._waiting if conn.is_idle), None) or next(iter(self._waiting), None)

    def count(self, conn: Connection) -> None:
        """Count the bytes that *conn* holds."""
        held = conn.held_bytes
        self._held_bytes += held - conn.counted_bytes
        conn.counted_bytes = held

    def too_slow(self, newest: Connection) -> list[Connection]:
        """Return those that are to be closed for the others' sake: the *newest* to need memory is not among them."""
        excess = self._held_bytes - self.most_bytes
        found = []
        for conn in self:
            if excess <= 0:
                break
            if conn.counted_bytes and conn is not newest:
                found.append(conn)
                excess -= conn.counted_bytes
        return found
