"""One request and its reply: gunicorn reads and writes, the application answers."""

from __future__ import annotations

import errno
from collections.abc import Callable, Generator, MutableMapping
from dataclasses import dataclass
from http import HTTPStatus
from time import perf_counter
from typing import Any

from gunicorn.http import wsgi
from gunicorn.http.errors import NoMoreData

from mockserver.engine.engine import PendingCall
from mockserver.error_shape import ErrorShape
from mockserver.serving.logs import log_access
from mockserver.serving.loop.connection import Connection, Outbox
from mockserver.serving.loop.refusals import refusal, status_of
from mockserver.web.application import MockServer
from mockserver.web.outgoing import Outgoing
from mockserver.web.target import ROUTE, TARGET
from mockserver.web.wire import Sending, head_of

_HUNG_UP = (errno.EPIPE, errno.ECONNRESET, errno.ENOTCONN)

#: Returns whether the connection is kept. Yields a call that can be settled together with others, to be resumed then;
#: and nothing before what may have to wait, to be resumed by a thread.
Steps = Generator[PendingCall | None, None, bool]


@dataclass(frozen=True, slots=True)
class Exchanges:
    """Answers requests by *app*."""

    app: MockServer
    cfg: Any
    log: Any
    wall_ms: Callable[[], int]
    #: How it says what is wrong with bytes that are no HTTP request.
    error_shape: ErrorShape

    def next_of(self, conn: Connection, *, last: Callable[[], bool], in_company: bool = False) -> Steps:
        """Answer the next request of *conn*; after it the connection is closed if it is the *last* one.

        A call that came *in company* is yielded, so that it can be settled together with the others.
        """
        outbox = conn.outbox = Outbox(conn.sock)
        try:
            request = next(conn.parser, None)
            if request is None:
                return False
            response, environ = self._described(conn, request)
            if last():
                response.force_close()
            return (yield from self._answered(conn, response, environ, in_company=in_company))
        except NoMoreData:
            self.log.debug("a client left in the middle of its request")
        except OSError as error:
            outbox.forget()
            if error.errno not in _HUNG_UP:
                self.log.warning("a connection failed: %s", error)
        except Exception as error:  # noqa: BLE001 whatever it is, it is told, and the worker goes on
            self._refuse(outbox, error)
        return False

    def _described(self, conn: Connection, request: Any) -> tuple[Any, MutableMapping[str, Any]]:
        sock: Any = conn.outbox
        response, environ = wsgi.create(request, sock, conn.client, conn.server, self.cfg)
        environ["wsgi.multithread"] = True
        return response, environ

    def _answered(
        self, conn: Connection, response: Any, environ: MutableMapping[str, Any], *, in_company: bool
    ) -> Steps:
        began_s = perf_counter()
        call: dict[str, Any] = dict(environ)
        method, where = environ["REQUEST_METHOD"], ""
        pending = self.app.receive(call)
        try:
            if pending is None:
                yield None
                for piece in self.app.wsgi_app(call, response.start_response):
                    response.write(piece)
                response.close()
                method, where = call["REQUEST_METHOD"], f"{call[TARGET].prefix}{call[ROUTE]}" if ROUTE in call else ""
            else:
                method, where = pending.call.method, f"{pending.call.prefix}{pending.route}" if pending.route else ""
                yield from self._settled(pending, in_company=in_company)
                yield from self._sent(conn, response, environ, self.app.respond(pending))
            conn.outbox.flush_at_once()  # what the client does not take yet, the loop sends
        finally:
            if self.log.access_log_enabled:
                took_ms = round((perf_counter() - began_s) * 1000)
                log_access(
                    client=call.get("REMOTE_ADDR", "-"), method=method, route=where,
                    status=response.status or "500", size=response.sent, ms=took_ms,
                )  # fmt: skip
        return not response.should_close() and conn.is_read_up()

    def _settled(self, pending: PendingCall, *, in_company: bool) -> Generator[PendingCall | None, None, None]:
        if self.app.engine.store.remote:
            yield None
        elif in_company:
            yield pending
        if pending.reply is None:
            self.app.settle([pending], wait=self.app.engine.store.remote)
        if pending.reply is None:
            yield None
            self.app.settle([pending])

    def _sent(
        self, conn: Connection, response: Any, environ: MutableMapping[str, Any], outgoing: Outgoing
    ) -> Generator[None, None, None]:
        response.start_response(outgoing.status_line, list(outgoing.headers))
        if outgoing.is_plain:
            response.write(outgoing.body)
            response.close()
            return
        yield None
        head = head_of(dict(environ), outgoing.status_line, outgoing.headers)
        for piece in Sending(outgoing, head, conn.sock):
            response.write(piece)
            conn.outbox.flush()
        response.close()

    def _refuse(self, outbox: Outbox, error: Exception) -> None:
        status = status_of(error)
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            self.log.error("the mock server failed; please report this", exc_info=error)
        else:
            # Not the text of the error, nor the target: what a client sent may be personal.
            self.log.warning("refused with %d what is no HTTP request: %s", status, type(error).__name__)
        if not outbox.used:  # else a second reply would be taken for the rest of the first
            outbox.replace(refusal(error, self.error_shape, self.wall_ms()))
            outbox.flush_at_once()
