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

from mockserver.engine.engine import Arrived
from mockserver.error_shape import ErrorShape
from mockserver.errors import MayJoin, MustWait
from mockserver.serving.logs import log_access
from mockserver.serving.loop.connection import Connection, Outbox
from mockserver.serving.loop.refusals import refusal, status_of
from mockserver.web.door import ARRIVED, NO_WAITING, TOGETHER
from mockserver.web.wire import CONNECTION, TAKES_TIME

_HUNG_UP = (errno.EPIPE, errno.ECONNRESET, errno.ENOTCONN)

#: Returns whether the connection is kept. Yields a call that can be settled together with others, to be resumed then;
#: and nothing before what may have to wait, to be resumed by a thread.
Steps = Generator[Arrived | None, None, bool]


@dataclass(frozen=True, slots=True)
class Exchanges:
    """Answers requests by *app*."""

    app: Callable[..., Any]
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
            if in_company:
                environ[TOGETHER] = True
            return (yield from self._answered(conn, response, environ))
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
        environ.update({CONNECTION: conn.sock, "wsgi.multithread": True, NO_WAITING: True})
        return response, environ

    def _answered(self, conn: Connection, response: Any, environ: MutableMapping[str, Any]) -> Steps:
        began_s = perf_counter()
        pieces = None
        while pieces is None:
            try:
                pieces = self.app(environ, response.start_response)
            except MayJoin:
                yield environ[ARRIVED]
            except MustWait:
                yield None
                del environ[NO_WAITING]
        try:
            if takes_time := TAKES_TIME in environ:
                yield None
            for piece in pieces:
                response.write(piece)
                if takes_time:
                    conn.outbox.flush()
            response.close()
            conn.outbox.flush_at_once()  # what the client does not take yet, the loop sends
        finally:
            if self.log.access_log_enabled:
                took_ms = round((perf_counter() - began_s) * 1000)
                log_access(environ, response.status or "500", response.sent, took_ms)
            if hasattr(pieces, "close"):
                pieces.close()
        return not response.should_close() and conn.is_read_up()

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
