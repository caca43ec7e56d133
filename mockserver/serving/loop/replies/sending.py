"""Sends replies: at once and whole, as a fault describes, or bit by bit as an application gives them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from http import HTTPStatus
from typing import Any, Protocol

from mockserver.engine.engine import Engine
from mockserver.model import Delivery
from mockserver.serving.loop.connection import Connection
from mockserver.serving.loop.events import Action, Events
from mockserver.serving.loop.exchange import Exchange
from mockserver.serving.loop.replies.heads import head_of
from mockserver.serving.loop.replies.performance import Performance
from mockserver.serving.loop.replies.refusals import refusal, status_of
from mockserver.serving.loop.replies.wsgi import WsgiReply
from mockserver.serving.loop.threads import Threads
from mockserver.web.outgoing import Outgoing, forbids_length, has_body

_LAST_CHUNK = b"0\r\n\r\n"


class Connections(Protocol):
    """What is done to connections; `traffic.py` does it."""

    #: Whether each reply is the last of its connection.
    is_stopping: bool

    def flush(self, conn: Connection) -> None:
        """Send as much as the client takes now, and the rest as it takes it; then go on with its next request."""

    def set_aside(self, conn: Connection) -> None:
        """Let the client wait; it is not the one that is waited for."""

    def drop(self, conn: Connection) -> None:
        """Close it at once."""


class Replies:
    """Sends replies over the connections of a loop."""

    def __init__(self, engine: Engine, events: Events, threads: Threads, traffic: Connections, log: Any) -> None:
        self._wall_ms = engine.wall_ms
        self._error_shape = engine.apis.first.error_shape
        #: Whether to write a receipt may mean to wait for other processes.
        self._store_is_shared = engine.store.shared
        self._events = events
        self._threads = threads
        self._traffic = traffic
        self._log = log

    def send(self, exchange: Exchange, outgoing: Outgoing) -> None:
        """Send the reply to a call. Raises what `head_of` raises."""
        conn = exchange.conn
        head = self._head(exchange, outgoing.status_line, outgoing.headers)
        if outgoing.is_plain:
            exchange.body_bytes = len(outgoing.body)
            conn.outbox.put(head + outgoing.body)
            self._finish(exchange)
            return
        performance = exchange.performance = Performance(
            self._events,
            conn,
            outgoing=outgoing,
            head=head,
            report=partial(self._report, outgoing.delivered),
            flush=partial(self._traffic.flush, conn),
            over=partial(self._over, exchange, len(head)),
        )
        self._traffic.set_aside(conn)
        performance.go_on()

    def send_read(self, exchange: Exchange, reply: WsgiReply) -> None:
        """Send what was read of the reply of a WSGI application, and the rest when that has left."""
        environ, status = exchange.request.environ, reply.status
        code = int(status[:3])
        headers = [pair for pair in reply.headers if pair[0].lower() != "content-length" or not forbids_length(code)]
        is_measured = any(name.lower() == "content-length" for name, _ in headers)
        exchange.is_bodiless = not has_body(environ["REQUEST_METHOD"], code)
        exchange.is_chunked = not (is_measured or exchange.is_bodiless or environ["SERVER_PROTOCOL"] == "HTTP/1.0")
        if not (is_measured or exchange.is_chunked or exchange.is_bodiless):
            exchange.request.is_persistent = False  # only the end of the connection says where the body ends
        try:
            head = self._head(exchange, status, headers)
        except Exception as error:  # noqa: BLE001 a bug; the worker goes on
            self._threads.do("admin", reply.close, then=_ignore, failed=_ignore)
            self.refuse(exchange.conn, error)
            return
        exchange.conn.outbox.put(head)
        self._send_more(exchange, reply)

    def drained(self, exchange: Exchange) -> None:
        """Go on with a reply: what was to be sent so far has left."""
        if exchange.performance:
            exchange.performance.drained()
        elif exchange.rest:
            reply, exchange.rest = exchange.rest, None
            self._traffic.set_aside(exchange.conn)
            self._threads.do(
                "admin",
                reply.read_on,
                then=lambda _: self._send_more(exchange, reply),
                failed=partial(self._break_off, exchange),
            )

    def left(self, exchange: Exchange) -> None:
        """Send no more of a reply, because the client is gone or is to be; then its connection is closed."""
        if exchange.performance:
            exchange.performance.left()
            return
        if exchange.rest:
            self._threads.do("admin", exchange.rest.close, then=_ignore, failed=_ignore)
        self._log_access(exchange)
        self._traffic.drop(exchange.conn)

    def refuse(self, conn: Connection, error: Exception) -> None:
        """Answer what is no request, or what the server failed on; it is the last reply of *conn*."""
        status = status_of(error)
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            self._log.error("the mock server failed; please report this", exc_info=error)
        else:
            # Not the text of the error, nor the target: what a client sent may be personal.
            self._log.warning("refused with %d what is no HTTP request: %s", status, type(error).__name__)
        conn.outbox.put(refusal(error, self._error_shape, self._wall_ms()))
        conn.is_persistent = False
        if conn.exchange:
            conn.exchange.status = str(int(status))
            self._log_access(conn.exchange)
            conn.exchange = None
        self._traffic.flush(conn)

    def _head(self, exchange: Exchange, status: str, headers: Iterable[tuple[str, str]]) -> bytes:
        exchange.status = status
        keep = exchange.conn.is_persistent = exchange.request.is_persistent and not self._traffic.is_stopping
        protocol = exchange.request.environ["SERVER_PROTOCOL"]
        return head_of(self._wall_ms() // 1000, protocol, status, headers, keep=keep, chunked=exchange.is_chunked)

    def _send_more(self, exchange: Exchange, reply: WsgiReply) -> None:
        if exchange.conn.is_closed:
            self._threads.do("admin", reply.close, then=_ignore, failed=_ignore)
            return
        data = b"" if exchange.is_bodiless else reply.data
        exchange.body_bytes += len(data)
        if exchange.is_chunked:
            data = (b"%X\r\n%b\r\n" % (len(data), data) if data else b"") + _LAST_CHUNK * reply.is_over
        exchange.conn.outbox.put(data)
        if reply.is_over:
            self._finish(exchange)
        else:
            exchange.rest = reply
            self._traffic.flush(exchange.conn)

    def _break_off(self, exchange: Exchange, error: Exception) -> None:
        """Close a connection on whose reply the application failed: a second one would pass for the rest of it."""
        self._log.error("the mock server failed; please report this", exc_info=error)
        self._log_access(exchange)
        self._traffic.drop(exchange.conn)

    def _report(self, record: Callable[[Delivery], None], delivery: Delivery, then: Action) -> None:
        """Record what becomes of a distorted reply."""

        def failed(error: Exception) -> None:
            self._log.error("the mock server failed; please report this", exc_info=error)
            then()

        if self._store_is_shared:
            self._threads.do("calls", partial(record, delivery), then=lambda _: then(), failed=failed)
            return
        try:
            record(delivery)
        except Exception as error:  # noqa: BLE001 a bug; the reply is sent all the same
            failed(error)
        else:
            then()

    def _over(self, exchange: Exchange, head_bytes: int, *, goes_on: bool) -> None:
        sent = exchange.performance.bytes_sent if exchange.performance else 0
        exchange.body_bytes = max(sent - head_bytes, 0)
        if goes_on:
            self._finish(exchange)
        else:
            self._log_access(exchange)
            self._traffic.drop(exchange.conn)

    def _finish(self, exchange: Exchange) -> None:
        exchange.conn.exchange = None
        self._log_access(exchange)
        self._traffic.flush(exchange.conn)

    def _log_access(self, exchange: Exchange) -> None:
        if self._log.access_log_enabled:
            exchange.log()


def _ignore(_: object) -> None:
    """Go on with nothing: nobody waits for it."""
