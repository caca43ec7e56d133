"""Takes whole requests to the application.

Calls of the contract are received by the loop, and those that have come at once are settled in one go; only where the
store may keep one waiting does a thread settle them. Everything else the application answers in a thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from mockserver.engine.engine import PendingCall
from mockserver.serving.loop.connection import Connection
from mockserver.serving.loop.exchange import Exchange
from mockserver.serving.loop.replies.sending import Connections, Replies
from mockserver.serving.loop.replies.wsgi import WsgiReply
from mockserver.serving.loop.requests.intake import Request
from mockserver.serving.loop.threads import Threads
from mockserver.web.application import MockServer
from mockserver.web.target import ROUTE, TARGET

#: So many calls are settled in one go at most, because other workers wait meanwhile.
MOST_AT_ONCE = 16
_HEALTH = "/__admin/health"

Received = tuple[PendingCall, Exchange]


class Answers:
    """Has *app* answer requests."""

    def __init__(self, app: MockServer, threads: Threads, replies: Replies, traffic: Connections) -> None:
        self._app = app
        self._store_is_remote = app.engine.store.remote
        #: How many threads settle calls.
        self._settling = 0
        self._threads = threads
        self._replies = replies
        self._traffic = traffic
        self._received: list[Received] = []

    def receive(self, conn: Connection, request: Request) -> None:
        """Take *request* to the application."""
        exchange = conn.exchange = Exchange(conn, request)
        try:
            call = self._app.receive(request.environ)
        except Exception as error:  # noqa: BLE001 a bug; the worker goes on
            self._replies.refuse(conn, error)
            return
        if call is None:
            self._answer_in_thread(exchange)
            return
        exchange.method = call.call.method
        exchange.route = f"{call.call.prefix}{call.route}" if call.route else ""
        self._received.append((call, exchange))
        if len(self._received) >= MOST_AT_ONCE:
            self.settle()

    def settle(self) -> None:
        """Settle the calls that were received, and send the replies."""
        received, self._received = self._received, []
        if not received:
            return
        # Where others have the store, whoever comes later would only keep the loop waiting, too.
        if self._store_is_remote or self._settling:
            self._settle_in_thread(received)
            return
        try:
            self._app.settle([call for call, _ in received], wait=False)
        except Exception as error:  # noqa: BLE001 a bug; the worker goes on
            self._fail(received, error)
            return
        blocked = [(call, exchange) for call, exchange in received if call.reply is None]
        if blocked:
            self._settle_in_thread(blocked)
        for call, exchange in received:
            if call.reply is not None:
                self._respond(call, exchange)

    def _settle_in_thread(self, received: Sequence[Received]) -> None:
        for _, exchange in received:
            self._traffic.set_aside(exchange.conn)

        def respond(_: None) -> None:
            self._settling -= 1
            for call, exchange in received:
                self._respond(call, exchange)

        def fail(error: Exception) -> None:
            self._settling -= 1
            self._fail(received, error)

        self._settling += 1
        settle = partial(self._app.settle, [call for call, _ in received])
        self._threads.do("calls", settle, then=respond, failed=fail)

    def _answer_in_thread(self, exchange: Exchange) -> None:
        self._traffic.set_aside(exchange.conn)
        environ = exchange.request.environ

        def send(reply: WsgiReply) -> None:
            exchange.method = environ["REQUEST_METHOD"]
            exchange.route = f"{environ[TARGET].prefix}{environ[ROUTE]}" if ROUTE in environ else ""
            self._replies.send_read(exchange, reply)

        self._threads.do(
            "health" if environ["PATH_INFO"].endswith(_HEALTH) else "admin",
            partial(WsgiReply, self._app.wsgi_app, environ),
            then=send,
            failed=partial(self._fail, [(None, exchange)]),
        )

    def _respond(self, call: PendingCall, exchange: Exchange) -> None:
        if exchange.conn.is_closed:
            return
        try:
            self._replies.send(exchange, self._app.respond(call))
        except Exception as error:  # noqa: BLE001 a bug; the worker goes on
            self._replies.refuse(exchange.conn, error)

    def _fail(self, received: Sequence[tuple[PendingCall | None, Exchange]], error: Exception) -> None:
        for _, exchange in received:
            if not exchange.conn.is_closed:
                self._replies.refuse(exchange.conn, error)
