"""The loop of a worker: one thread that watches all connections, and answers what has come whole.

A thread for each request costs more than the answer, and slow clients would keep them all. Here whatever waits is a
buffer or a timer: requests that come slowly, replies that are late on purpose, clients that read slowly. Other threads
get only what has work to do, or waits for a store.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from selectors import EVENT_READ, EVENT_WRITE
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
from mockserver.web.application import MockServer

#: How long a stopping worker waits for the rest of a request, and for a client that was answered to hang up; in s.
LINGER_S = 2.0
#: How often, in seconds, the loop looks for connections whose time is over, and says that it lives.
_TICK_S = 1.0
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


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
        self.is_stopping = False
        self._bounds = bounds
        self._heads = Heads(cfg)
        self._log = log
        self._events = Events(pipe, self._failed)
        self._crowd = Crowd(bounds.held_bytes, bounds.idle_s)
        self._threads = Threads(bounds.threads, self._events.post)
        self._replies = Replies(app.engine, self._events, self._threads, self, log)
        self._answers = Answers(app, self._threads, self._replies, self)
        self._acceptor = Acceptor(
            self._events,
            listeners,
            log,
            crowd=self._crowd,
            most=bounds.connections,
            is_alone=cfg.workers == 1,
            drop=self._give_up,
            take=self.take,
        )
        #: Connections whose next request had come before the last one was answered.
        self._ready: dict[Connection, None] = {}

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
        ready, self._ready = self._ready, {}
        for conn in ready:
            if not conn.is_closed:
                self._serve(conn)
        self._answers.settle()
        self._events.wait(0 if self._ready else patience_s)
        self._answers.settle()

    def close(self, *, wait: bool = False) -> None:
        """Let go of all that is left; *wait* for the threads that are at work."""
        self._threads.close(wait=wait)
        self._events.close()

    def _finish_all(self, alive: Callable[[], None]) -> None:
        self._acceptor.stop()
        self._crowd.hurry(LINGER_S)
        until = time.monotonic() + self._bounds.drain_s
        self.is_stopping = True
        self.run_once(0)  # what has come before the stop is answered
        self._close_the_idle()
        while len(self._crowd) and time.monotonic() < until:
            alive()
            self.run_once(0.1)
            self._close_the_idle()
            self._close_the_overdue()
        self.close()

    # --- connections -------------------------------------------------------------------------------------

    def take(self, sock: socket, client: Any) -> None:
        """Take a new connection on."""
        host, port, *_ = sock.getsockname()
        ends = {
            "REMOTE_ADDR": client[0],
            "REMOTE_PORT": str(client[1]),
            "SERVER_NAME": host,
            "SERVER_PORT": str(port),
        }
        conn = Connection(sock, Intake(self._heads, ends, self._bounds.body_bytes))
        self._crowd.wait_for(conn)
        self._attend(conn)

    def flush(self, conn: Connection) -> None:
        """Send as much as the client takes now, and the rest as it takes it."""
        try:
            conn.outbox.flush()
        except OSError:
            self._give_up(conn)
            return
        if conn.outbox.size:
            self._crowd.wait_for(conn)
        elif conn.exchange:
            self._crowd.keep_waiting(conn)
            self._replies.drained(conn.exchange)
        else:
            self._next(conn)
        self._attend(conn)

    finish = flush

    def set_aside(self, conn: Connection) -> None:
        """Let the client wait; it is not the one that is waited for."""
        self._crowd.keep_waiting(conn)

    def drop(self, conn: Connection) -> None:
        """Close it at once."""
        if conn.is_closed:
            return
        if conn.watched:
            self._events.watch(conn.sock, conn.watched, 0, partial(self._react, conn))
        self._crowd.remove(conn)
        conn.close()

    def _give_up(self, conn: Connection) -> None:
        """Close a connection whose client is gone or has to go; what became of its reply is recorded first."""
        if conn.exchange:
            conn.outbox.clear()
            self._crowd.keep_waiting(conn)
            self._replies.left(conn.exchange)
        else:
            self.drop(conn)

    def _next(self, conn: Connection) -> None:
        """Wait for the next request, or part without waiting until the client hangs up."""
        self._crowd.wait_for(conn)
        if not (conn.is_persistent or conn.is_closing):
            conn.half_close()
        if conn.intake.buffer and conn.is_persistent:
            self._ready[conn] = None
        elif conn.has_ended:
            self.drop(conn)

    def _attend(self, conn: Connection) -> None:
        """Wait for what is now to be waited for on *conn*, and count what it holds in memory."""
        if conn.is_closed:
            return
        if conn.wanted != conn.watched:
            self._events.watch(conn.sock, conn.watched, conn.wanted, partial(self._react, conn))
            conn.watched = conn.wanted
        if conn.held_bytes != conn.counted_bytes:
            self._crowd.count(conn)
            self._make_room(conn)

    def _make_room(self, newest: Connection) -> None:
        slow = self._crowd.too_slow(newest)
        if slow:
            self._log.warning(
                "more than %d MiB wait for clients to read or to send the rest; "
                "%d connections on which nothing has happened for longest are closed",
                self._bounds.held_bytes >> 20,
                len(slow),
            )
        for conn in slow:
            self._give_up(conn)

    def _close_the_idle(self) -> None:
        for conn in self._crowd.idle():
            self.drop(conn)

    def _close_the_overdue(self) -> None:
        for conn in self._crowd.overdue():
            self._give_up(conn)

    # --- requests ----------------------------------------------------------------------------------------

    def _react(self, conn: Connection, mask: int) -> None:
        try:
            if mask & EVENT_WRITE and not conn.is_closed:
                self.flush(conn)
            if mask & EVENT_READ and not conn.is_closed:
                self._read(conn)
            self._attend(conn)
        except Exception as error:  # noqa: BLE001 a bug
            self._failed(error)
            self.drop(conn)  # else the same would come again and again

    def _failed(self, error: Exception) -> None:
        self._log.error("the mock server failed; please report this", exc_info=error)

    def _read(self, conn: Connection) -> None:
        has_begun = conn.intake.request is not None
        has_come = conn.receive()
        if conn.is_closing:
            if conn.has_ended:
                self.drop(conn)
        elif has_come:
            if has_begun:  # a body may take its time, as long as it comes
                self._crowd.wait_for(conn)
            self._serve(conn)
        elif conn.has_ended:
            self._client_ended(conn)

    def _client_ended(self, conn: Connection) -> None:
        """Go on without a client that sends nothing more; it may still want its replies."""
        performing = conn.exchange.performance if conn.exchange else None
        if performing and conn.intake.is_empty:  # what it sent behind its request may be its last, and no more
            self._give_up(conn)
        else:
            self._serve(conn)

    def _serve(self, conn: Connection) -> None:
        """Answer the next request of *conn* if it has come, and is the next thing to do."""
        if conn.exchange or conn.outbox.size or conn.is_closing:
            return
        try:
            request = conn.intake.next()
        except Exception as error:  # noqa: BLE001 whatever it is, the worker goes on
            self._replies.refuse(conn, error)
            return
        if request:
            self._answers.receive(conn, request)
        elif conn.has_ended:
            self.drop(conn)
        elif conn.intake.request and conn.intake.request.wants_permission:
            conn.intake.request.wants_permission = False
            conn.outbox.put(_CONTINUE)
            self.flush(conn)
