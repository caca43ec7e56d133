"""A gunicorn worker that answers on its loop, and keeps its threads for what may have to wait.

gunicorn's own threaded worker gives every request a thread, and the hand-over costs more than the answer. It also
gives a connection a thread before its request has come, and waits for each client that was answered to hang up, so
that slow clients stop all others. Here the thread that watches all connections answers each request that has come
whole, and sends each reply as the client takes it. Other threads get long and odd requests, replies that are late on
purpose, and what the application says may have to wait: for the store, say.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector
from types import FrameType
from typing import Any, ClassVar

from gunicorn.workers.base import Worker

from mockserver.engine.engine import Engine, PendingCall
from mockserver.serving.loop.acceptor import Acceptor
from mockserver.serving.loop.connection import Connection
from mockserver.serving.loop.exchange import Exchanges, Steps
from mockserver.serving.process import signals

#: How long a stopping worker waits for the rest of a request, and for a client that was answered to hang up; in s.
LINGER_S = 2.0
#: So much of what a client sends after its last reply is read and dropped, so that it reads that reply.
_MOST_DRAINED = 64 << 10
_STEP = 16 << 10
#: So many calls are settled together at most, because other workers wait meanwhile.
_MOST_TOGETHER = 16
#: How often, in seconds, the loop looks for what is due.
_TICK_S = 1.0


class PatientWorker(Worker):
    """Waits for all clients at once, and makes none wait for another."""

    def init_process(self) -> None:
        """Set the loop up, and run it."""
        self._prepare()
        self._threads = ThreadPoolExecutor(self.cfg.threads)
        # gunicorn looks each setting up through two calls, some twenty times a request.
        vars(self.cfg).update({name: setting.get() for name, setting in self.cfg.settings.items()})
        super().init_process()

    #: Those for which there is something to do; gunicorn sets the others to what kills.
    SIGNALS: ClassVar = [signal.SIGABRT, signal.SIGQUIT, signal.SIGINT, signal.SIGTERM, signal.SIGCHLD]

    def init_signals(self) -> None:
        """End by the signals by which the main process ends workers, and by no other of gunicorn's."""
        super().init_signals()
        signals.ignore_in_worker()

    def handle_quit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 gunicorn's
        """End at once. To leave as gunicorn does would wait for the threads, and so for replies that are late."""
        os._exit(0)

    def _prepare(self) -> None:
        self._loop = DefaultSelector()
        #: Connections that no thread has, those that were answered longest ago first.
        self._watched: OrderedDict[Connection, None] = OrderedDict()
        self._in_threads = 0
        self._done: SimpleQueue[tuple[Connection, bool]] = SimpleQueue()
        #: Connections whose next request had come before the last one was answered.
        self._ready: dict[Connection, None] = {}
        #: Whether a call that has come whole may not be the only one.
        self._in_company = False
        #: Calls that are to be settled together, each with what is to go on then.
        self._arrived: list[tuple[PendingCall, Connection, Steps]] = []

    def run(self) -> None:
        """Answer until a signal ends it; then let what is under way finish."""
        app: Any = self.wsgi
        self._engine: Engine = app.engine
        shape = self._engine.apis.first.error_shape
        self._exchanges = Exchanges(app, self.cfg, self.log, self._engine.wall_ms, shape)
        self._loop.register(self.PIPE[0], EVENT_READ, self._woken)
        acceptor = Acceptor(self._loop, self.sockets, self.cfg, self.log, held=self._held, take=self._watch)
        next_tick = 0.0
        while self.alive:
            now = time.monotonic()
            if now >= next_tick:
                next_tick = now + _TICK_S
                self.notify()
                self._close_the_overdue()
            self._turn(min(next_tick, acceptor.look(now)) - now)
        acceptor.stop()
        self._finish()

    def _finish(self) -> None:
        for sock in self.sockets:
            sock.close()
        now = time.monotonic()
        for conn in self._watched:
            if conn.outbox.is_empty:
                conn.deadline = min(conn.deadline, now + LINGER_S)
        self._turn(0)  # what has come before the stop is answered
        self._close_the_idle()
        while self._held() and time.monotonic() < now + self.cfg.graceful_timeout:
            self.notify()
            self._turn(0.1)
            self._close_the_idle()
            self._close_the_overdue()
        self._threads.shutdown(wait=False)

    def _turn(self, patience_s: float) -> None:
        """Do what there is to do, having waited for it for *patience_s* at most."""
        ready, self._ready = self._ready, {}
        # Those that were closed since are watched no more.
        self._at_once([partial(self._serve, conn) for conn in ready if conn in self._watched])
        self._at_once([key.data for key, _ in self._loop.select(0 if self._ready else patience_s)])

    def _at_once(self, work: Sequence[Callable[[], None]]) -> None:
        """Do *work*, each for another connection, and settle together the calls that have come with it."""
        self._in_company = len(work) > 1
        for do in work:
            do()
        if self._arrived:
            self._settle()

    def _woken(self) -> None:
        """Take back the connections that threads are done with; a signal wakes the loop, too."""
        with suppress(BlockingIOError):
            os.read(self.PIPE[0], _STEP)
        with suppress(Empty):
            while True:
                conn, kept = self._done.get_nowait()
                self._in_threads -= 1
                conn.sock.setblocking(False)
                self._watch(conn)
                self._after(conn, kept=kept)

    # --- connections -------------------------------------------------------------------------------------

    def _held(self) -> int:
        return len(self._watched) + self._in_threads

    def _watch(self, conn: Connection) -> None:
        self._postpone(conn)
        self._loop.register(conn.sock, EVENT_READ, partial(self._readable, conn))

    def _postpone(self, conn: Connection) -> None:
        """Give *conn* its time anew, as something has happened on it."""
        patience_s = self.cfg.keepalive if self.alive or not conn.outbox.is_empty else LINGER_S
        conn.deadline = time.monotonic() + patience_s
        self._watched[conn] = None
        self._watched.move_to_end(conn)

    def _unwatch(self, conn: Connection) -> None:
        self._loop.unregister(conn.sock)
        del self._watched[conn]

    def _close(self, conn: Connection) -> None:
        self._unwatch(conn)
        conn.close()

    def _close_the_idle(self) -> None:
        for conn in [conn for conn in self._watched if conn.is_idle]:
            self._close(conn)

    def _close_the_overdue(self) -> None:
        now = time.monotonic()
        while self._watched and (conn := next(iter(self._watched))).deadline <= now:
            self._close(conn)

    # --- requests ----------------------------------------------------------------------------------------

    def _readable(self, conn: Connection) -> None:
        # A client may close its side behind its last requests, and wait for their replies.
        if conn.gather() or conn.look() != "part":
            self._serve(conn)
        else:
            self._close(conn)

    def _serve(self, conn: Connection) -> None:
        """Answer the next request of *conn* if it has come."""
        if conn.look() == "part":
            return
        steps = self._exchanges.next_of(conn, last=self._is_last, in_company=self._in_company)
        if conn.arrived == "whole":
            self._step(conn, steps)
        else:
            self._give_a_thread(conn, steps)
        if len(self._arrived) == _MOST_TOGETHER:
            self._settle()

    def _step(self, conn: Connection, steps: Steps) -> None:
        """Take the next step of an exchange, and see who takes the one after it."""
        try:
            arrived = next(steps)
        except StopIteration as end:
            self._after(conn, kept=end.value)
            return
        if arrived is None:
            self._give_a_thread(conn, steps)
        else:
            self._arrived.append((arrived, conn, steps))

    def _settle(self) -> None:
        """Settle the calls that have arrived, and send the replies."""
        together, self._arrived = self._arrived, []
        if len(together) > 1:
            self._engine.settle([pending for pending, _, _ in together], wait=False)
        for _, conn, steps in together:
            self._step(conn, steps)

    def _is_last(self) -> bool:
        return not self.alive or self._held() >= self.cfg.worker_connections

    def _give_a_thread(self, conn: Connection, steps: Steps) -> None:
        self._unwatch(conn)
        self._in_threads += 1
        conn.sock.settimeout(self.cfg.keepalive)
        self._threads.submit(self._go_on, conn, steps)

    def _go_on(self, conn: Connection, steps: Steps) -> None:
        kept = False
        try:
            while True:
                next(steps)
        except StopIteration as end:
            kept = end.value
        finally:
            self._done.put((conn, kept))
            with suppress(BlockingIOError):  # full, so that the loop wakes anyhow
                os.write(self.PIPE[1], b".")

    def _after(self, conn: Connection, *, kept: bool) -> None:
        """Keep *conn* for its next request, or part from it without waiting until the client hangs up."""
        self._postpone(conn)
        if not conn.outbox.is_empty:
            self._loop.modify(conn.sock, EVENT_WRITE, partial(self._writable, conn, kept=kept))
            return
        if kept:
            if conn.gathered:
                self._ready[conn] = None
            return
        conn.is_parting = True
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:  # it has hung up already, or a fault has closed it
            self._close(conn)
        else:
            self._loop.modify(conn.sock, EVENT_READ, partial(self._drain, conn, _MOST_DRAINED))

    def _writable(self, conn: Connection, *, kept: bool) -> None:
        try:
            conn.outbox.flush_at_once()
        except OSError:
            self._close(conn)
            return
        if conn.outbox.is_empty:
            self._loop.modify(conn.sock, EVENT_READ, partial(self._readable, conn))
        self._after(conn, kept=kept)

    def _drain(self, conn: Connection, left: int) -> None:
        try:
            left -= len(conn.sock.recv(_STEP)) or left
        except BlockingIOError:
            return
        except OSError:
            left = 0
        if left > 0:
            self._loop.modify(conn.sock, EVENT_READ, partial(self._drain, conn, left))
        else:
            self._close(conn)
