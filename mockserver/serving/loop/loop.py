"""The loop of a worker: one thread that watches all connections, and answers what has come whole.

A thread for each request costs more than the answer, and slow clients would keep them all. Here whatever waits is a
buffer or a timer: requests that come slowly, replies that are late on purpose, clients that read slowly. Other threads
get only what has work to do, or waits for a store.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from socket import socket
from typing import Any

from mockserver.serving.loop.acceptor import Acceptor
from mockserver.serving.loop.answers import Answers
from mockserver.serving.loop.bounds import Bounds
from mockserver.serving.loop.connection import Connection
from mockserver.serving.loop.crowd import Crowd
from mockserver.serving.loop.events import Events
from mockserver.serving.loop.replies.sending import Replies
from mockserver.serving.loop.requests.head import Heads
from mockserver.serving.loop.requests.intake import Intake
from mockserver.serving.loop.threads import Threads
from mockserver.serving.loop.traffic import Traffic
from mockserver.web.application import MockServer

#: How long a stopping worker waits for the rest of a request, and for a client that was answered to hang up; in s.
LINGER_S = 2.0
#: How often, in seconds, the loop looks for connections whose time is over, and says that it lives.
_TICK_S = 1.0


class Loop:
    """Serves *app* to the clients of *listeners*."""

    def __init__(  # noqa: PLR0913 what a worker knows
        self,
        app: MockServer,
        listeners: Sequence[socket],
        bounds: Bounds,
        *,
        cfg: Any,
        log: Any,
        pipe: tuple[int, int],
    ) -> None:
        self._bounds = bounds
        self._heads = Heads(cfg)
        self._log = log
        self._events = Events(pipe, self._failed)
        self._crowd = Crowd(bounds.held_bytes, bounds.idle_s)
        self._threads = Threads(bounds.threads, self._events.post)
        traffic = self._traffic = Traffic(self._events, self._crowd, log)
        traffic.replies = Replies(app.engine, self._events, self._threads, traffic, log)
        traffic.answers = self._answers = Answers(app, self._threads, traffic.replies, traffic)
        self._acceptor = Acceptor(
            self._events,
            listeners,
            log,
            crowd=self._crowd,
            most=bounds.connections,
            is_alone=cfg.workers == 1,
            drop=traffic.give_up,
            take=self.take,
        )

    def run(self, *, goes_on: Callable[[], bool], alive: Callable[[], None]) -> None:
        """Serve as long as it *goes on*; then let what is under way finish. It calls *alive* all the time."""
        next_tick = 0.0
        while goes_on():
            now = time.monotonic()
            if now >= next_tick:
                next_tick = now + _TICK_S
                alive()
                self._close_the_overdue()
            self.run_once(min(next_tick, self._acceptor.look(now)) - now)
        self._finish_all(alive)

    def run_once(self, patience_s: float) -> None:
        """Do what there is to do, having waited for it for *patience_s* at most."""
        self._traffic.serve_ready()
        self._answers.settle()
        self._events.wait(0 if self._traffic.ready else patience_s)
        self._answers.settle()

    def take(self, sock: socket, client: Any) -> None:
        """Take a new connection on."""
        host, port, *_ = sock.getsockname()
        ends = {
            "REMOTE_ADDR": client[0],
            "REMOTE_PORT": str(client[1]),
            "SERVER_NAME": host,
            "SERVER_PORT": str(port),
        }
        self._traffic.take(Connection(sock, Intake(self._heads, ends, self._bounds.body_bytes)))

    def close(self, *, wait: bool = False) -> None:
        """Let go of all that is left; *wait* for the threads that are at work."""
        self._threads.close(wait=wait)
        self._events.close()

    def _finish_all(self, alive: Callable[[], None]) -> None:
        self._acceptor.stop()
        self._crowd.hurry(LINGER_S)
        until = time.monotonic() + self._bounds.drain_s
        self._traffic.is_stopping = True
        self.run_once(0)  # what has come before the stop is answered
        self._close_the_idle()
        while len(self._crowd) and time.monotonic() < until:
            alive()
            self.run_once(0.1)
            self._close_the_idle()
            self._close_the_overdue()
        self.close()

    def _close_the_idle(self) -> None:
        for conn in self._crowd.idle():
            self._traffic.drop(conn)

    def _close_the_overdue(self) -> None:
        for conn in self._crowd.overdue():
            self._traffic.give_up(conn)

    def _failed(self, error: Exception) -> None:
        self._log.error("the mock server failed; please report this", exc_info=error)
