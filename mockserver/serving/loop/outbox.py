"""What is on its way to a client: sent as fast as the client takes it, without waiting for it."""

from __future__ import annotations

import socket
from collections import deque


class Outbox:
    """Bytes that wait to be sent over a socket that does not block."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._waiting: deque[bytes | memoryview] = deque()
        #: How many bytes wait.
        self.size = 0
        #: How many have been handed to the system, of all that was ever put in.
        self.sent = 0

    def put(self, data: bytes) -> None:
        """Send *data* after what waits."""
        if data:
            self._waiting.append(data)
            self.size += len(data)

    def flush(self) -> None:
        """Send as much as the system takes now; the rest stays. Raises `OSError` when the client is gone."""
        while self._waiting:
            first = self._waiting[0]
            try:
                sent = self._sock.send(first)
            except BlockingIOError:
                return
            self.sent += sent
            self.size -= sent
            if sent < len(first):
                # A view, so that a large reply is not copied each time that a slow client takes some of it.
                self._waiting[0] = memoryview(first)[sent:]
                return
            self._waiting.popleft()

    def clear(self) -> None:
        """Send nothing more of what waits."""
        self._waiting.clear()
        self.size = 0
