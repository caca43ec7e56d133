"""Takes connections for a worker: no more than it may hold, and not all of those that other workers would take."""

from __future__ import annotations

import errno
import math
import socket
import time
from collections.abc import Callable, Sequence
from functools import partial
from selectors import EVENT_READ, BaseSelector
from typing import Any

from mockserver.serving.loop.connection import Connection

#: Connections that are accepted before others are served;
_BATCH = 64
#: and for how long a worker leaves the next to the others, in seconds: longer than it takes them to wake.
_LEFT_TO_OTHERS_S = 0.002
#: How long it waits when there is no room for any, in seconds.
_NO_ROOM_S = 1.0
_NOT_NOW = (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED)


class Acceptor:
    """Accepts on *listeners* within *loop*, and hands each connection to *take*."""

    def __init__(  # noqa: PLR0913 what a worker knows
        self,
        loop: BaseSelector,
        listeners: Sequence[socket.socket],
        cfg: Any,
        log: Any,
        *,
        held: Callable[[], int],
        take: Callable[[Connection], None],
    ) -> None:
        self._loop = loop
        self._listeners = listeners
        self._cfg = cfg
        self._log = log
        self._held = held
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
        """Accept no more."""
        self._switch(on=False)

    def _switch(self, *, on: bool) -> None:
        if on == self._on:
            return
        self._on = on
        for listener in self._listeners:
            listener.setblocking(False)
            if on:
                self._loop.register(listener, EVENT_READ, partial(self.accept, listener))
            else:
                self._loop.unregister(listener)

    def accept(self, listener: socket.socket) -> None:
        """Take some of the connections that wait.

        Where there are other workers, take few and leave the next to them for a moment: so connections that come
        all at once are shared out, and not all taken by the one that wakes first.
        """
        alone = self._cfg.workers == 1
        for _ in range(_BATCH if alone else 1 + self._held() // 8):
            if self._held() >= self._cfg.worker_connections:
                self.again_s = time.monotonic() + _NO_ROOM_S
                return
            try:
                sock, client = listener.accept()
            except OSError as error:
                if error.errno not in _NOT_NOW:  # no files or no memory left
                    self._log.warning("no connection can be accepted: %s", error)
                    self.again_s = time.monotonic() + _NO_ROOM_S
                return
            sock.setblocking(False)
            self._take(Connection(self._cfg, sock, client, sock.getsockname()))
        if not alone:
            self.again_s = time.monotonic() + _LEFT_TO_OTHERS_S
