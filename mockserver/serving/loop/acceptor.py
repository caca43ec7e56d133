"""Takes connections for a worker, and not all of those that other workers would take."""

from __future__ import annotations

import errno
import math
import socket
import time
from collections.abc import Callable, Sequence
from functools import partial
from selectors import EVENT_READ
from typing import Any

from mockserver.serving.loop.connection import Connection
from mockserver.serving.loop.crowd import Crowd
from mockserver.serving.loop.events import Events

#: Connections that are accepted before others are served;
_BATCH = 64
#: and for how long a worker leaves the next to the others, in seconds: longer than it takes them to wake.
_LEFT_TO_OTHERS_S = 0.002
#: How long it waits when the system gives it no more, in seconds.
_NO_ROOM_S = 1.0
_NOT_NOW = (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED)


class Acceptor:
    """Accepts on *listeners*, and hands each connection to *take*; at *most* of them, the longest idle gives way."""

    def __init__(  # noqa: PLR0913 what a worker knows
        self,
        events: Events,
        listeners: Sequence[socket.socket],
        log: Any,
        *,
        crowd: Crowd,
        most: int,
        is_alone: bool,
        drop: Callable[[Connection], None],
        take: Callable[[socket.socket, Any], None],
    ) -> None:
        self._events = events
        self._listeners = listeners
        self._log = log
        self._crowd = crowd
        self._most = most
        self._is_alone = is_alone
        self._drop = drop
        self._take = take
        self._on = False
        #: When connections are to be accepted again, on the monotonic clock.
        self.again_s = 0.0

    def look(self, now_s: float) -> float:
        """Accept from now on if it is time to. Returns when, on the monotonic clock, it is time to look again."""
        on = now_s >= self.again_s
        self._switch(on=on)
        return math.inf if on else self.again_s

    def stop(self) -> None:
        """Accept no more, and let nobody connect."""
        self._switch(on=False)
        for listener in self._listeners:
            listener.close()

    def _switch(self, *, on: bool) -> None:
        if on == self._on:
            return
        self._on = on
        for listener in self._listeners:
            listener.setblocking(False)
            before, now = (0, EVENT_READ) if on else (EVENT_READ, 0)
            self._events.watch(listener, before, now, partial(self.accept, listener))

    def accept(self, listener: socket.socket, _mask: int = 0) -> None:
        """Take some of the connections that wait.

        Where there are other workers, take few and leave the next to them for a moment: so connections that come
        all at once are shared out, and not all taken by the one that wakes first.
        """
        for _ in range(_BATCH if self._is_alone else 1 + len(self._crowd) // 8):
            is_full = len(self._crowd) >= self._most
            idle = self._crowd.longest_idle() if is_full else None
            if is_full and idle is None:
                self.again_s = time.monotonic() + _NO_ROOM_S
                return
            try:
                sock, client = listener.accept()
            except OSError as error:
                if error.errno not in _NOT_NOW:  # no files or no memory left
                    self._log.warning("no connection can be accepted: %s", error)
                    self.again_s = time.monotonic() + _NO_ROOM_S
                return
            if idle:
                self._drop(idle)
            sock.setblocking(False)
            self._take(sock, client)
        if not self._is_alone:
            self.again_s = time.monotonic() + _LEFT_TO_OTHERS_S
