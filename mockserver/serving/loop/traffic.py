"""What happens on the connections of a loop: requests come, replies leave, and clients hang up."""

from __future__ import annotations

from functools import partial
from selectors import EVENT_READ, EVENT_WRITE
from typing import Any

from mockserver.serving.loop.answers import Answers
from mockserver.serving.loop.connection import Connection
from mockserver.serving.loop.crowd import Crowd
from mockserver.serving.loop.events import Events
from mockserver.serving.loop.replies.sending import Replies

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Traffic:
    """Reads what clients send, has it answered, and sees each connection through to its end."""

    #: Who answers and who sends replies; both are made by the loop, and use this.
    answers: Answers
    replies: Replies

    def __init__(self, events: Events, crowd: Crowd, log: Any) -> None:
        self._events = events
        self._crowd = crowd
        self._log = log
        #: Whether each reply is the last of its connection.
        self.is_stopping = False
        #: Connections whose next request had come before the last one was answered.
        self.ready: dict[Connection, None] = {}

    def serve_ready(self) -> None:
        """Answer those requests that had come before the last one was answered, one of each connection."""
        ready, self.ready = self.ready, {}
        for conn in ready:
            if not conn.is_closed:
                self.serve(conn)

    def take(self, conn: Connection) -> None:
        """Begin with a new connection."""
        self._crowd.wait_for(conn)
        self._attend(conn)

    def flush(self, conn: Connection) -> None:
        """Send as much as the client takes now, and the rest as it takes it; then go on with its next request."""
        try:
            conn.outbox.flush()
        except OSError:
            self.give_up(conn)
            return
        if conn.outbox.size:
            self._crowd.wait_for(conn)
        elif conn.exchange:
            self._crowd.keep_waiting(conn)
            self.replies.drained(conn.exchange)
        else:
            self._next(conn)
        self._attend(conn)

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

    def give_up(self, conn: Connection) -> None:
        """Close a connection whose client is gone or has to go; what became of its reply is recorded first."""
        if conn.exchange:
            conn.outbox.clear()
            self._crowd.keep_waiting(conn)
            self.replies.left(conn.exchange)
        else:
            self.drop(conn)

    def _next(self, conn: Connection) -> None:
        """Wait for the next request, or part without waiting until the client hangs up."""
        self._crowd.wait_for(conn)
        if not (conn.is_persistent or conn.is_closing):
            conn.half_close()
        if conn.intake.buffer and conn.is_persistent:
            self.ready[conn] = None
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
                self._crowd.most_bytes >> 20,
                len(slow),
            )
        for conn in slow:
            self.give_up(conn)

    # --- requests ----------------------------------------------------------------------------------------

    def _react(self, conn: Connection, mask: int) -> None:
        try:
            if mask & EVENT_WRITE and not conn.is_closed:
                self.flush(conn)
            if mask & EVENT_READ and not conn.is_closed:
                self._read(conn)
            self._attend(conn)
        except Exception as error:  # noqa: BLE001 a bug
            self._log.error("the mock server failed; please report this", exc_info=error)
            self.drop(conn)  # else the same would come again and again

    def _read(self, conn: Connection) -> None:
        has_begun = conn.intake.request is not None
        has_come = conn.receive()
        if conn.is_closing:
            if conn.has_ended:
                self.drop(conn)
        elif has_come:
            if has_begun:  # a body may take its time, as long as it comes
                self._crowd.wait_for(conn)
            self.serve(conn)
        elif conn.has_ended:
            self._client_ended(conn)

    def _client_ended(self, conn: Connection) -> None:
        """Go on without a client that sends nothing more; it may still want its replies."""
        if conn.exchange and conn.exchange.performance:
            if conn.is_gone:  # else its next request may be its last
                conn.exchange.performance.client_ended()
        else:
            self.serve(conn)

    def serve(self, conn: Connection) -> None:
        """Answer the next request of *conn* if it has come, and is the next thing to do."""
        if conn.exchange or conn.outbox.size or conn.is_closing:
            return
        try:
            request = conn.intake.next()
        except Exception as error:  # noqa: BLE001 whatever it is, the worker goes on
            self.replies.refuse(conn, error)
            return
        if request:
            self.answers.receive(conn, request)
        elif conn.has_ended:
            self.drop(conn)
        elif conn.intake.request and conn.intake.request.wants_permission:
            conn.intake.request.wants_permission = False
            conn.outbox.put(_CONTINUE)
            self.flush(conn)
