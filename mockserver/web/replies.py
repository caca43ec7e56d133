"""Turns replies into responses, and failures into replies."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.wrappers import Response

from mockserver.engine.engine import Engine
from mockserver.errors import CallError
from mockserver.model import Call, Delivery, Reply, Wire
from mockserver.web.wire import CONNECTION, TAKES_TIME, WITHOUT_BODY, Delivered, Sending, head_of

FAILED = "the mock server failed; its log says how"

_log = logging.getLogger("mockserver")


class DistortedResponse(Response):
    """A response that goes out as its reply describes; *delivered* is told what becomes of it.

    It is told once more when the client turns out to be gone.
    """

    def __init__(self, reply: Reply, delivered: Delivered) -> None:
        super().__init__(reply.body, status=reply.status)
        self._reply = reply
        self._delivered = delivered

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer as a WSGI application; the server gets what it can send itself."""
        connection = environ.get(CONNECTION)
        if connection is None and self._reply.wire != Wire():
            raise RuntimeError(f"no {CONNECTION} to perform the faults on; create_app(wire=True) promised one")
        _, status, headers = self.get_wsgi_response(environ)
        start_response(status, headers)
        bare = environ["REQUEST_METHOD"] == "HEAD" or self._reply.status in WITHOUT_BODY
        sending = Sending(
            self._reply,
            head_of(environ, status, headers),
            b"" if bare else self._reply.body,
            connection,
            self._delivered,
        )
        environ[TAKES_TIME] = True
        # Another server than ours may ask for the first piece when it likes: there the reply is late all the same.
        return iter(sending) if sending.connection else list(sending)


def _unheard(_delivery: Delivery) -> None:
    """Take note of nothing."""


def send(reply: Reply, delivered: Delivered = _unheard) -> Response:
    """Perform *reply*: wait as long as it says, then write it; one that faults distorted says what became of it."""
    response: Response
    if reply.faults or reply.delay_ms:
        response = DistortedResponse(reply, delivered)
    else:
        response = Response(reply.body, status=reply.status)
    response.headers.clear()
    for name, value in reply.headers:
        response.headers.add(name, value)
    announced = reply.wire.announced
    response.headers["Content-Length"] = str(len(reply.body) if announced is None else announced)
    return response


def answered(engine: Engine, call: Call, reply: Reply) -> Response:
    """Perform *reply* to *call*, and let the engine know what becomes of it."""
    return send(reply, lambda delivery: engine.deliver(call, reply, delivery))


def failed(engine: Engine, error: Exception, call_of_it: Callable[[], Call]) -> Response:
    """Answer a call on which the server failed. Only a bug ends here: the log gets the trace."""
    log_failure(error)
    told = CallError(500, None, FAILED)
    try:
        call = call_of_it()
        return answered(engine, call, engine.refuse(call, told))
    except Exception:  # noqa: BLE001 what failed may fail again; then the exchange goes unrecorded
        return send(engine.problem(None, told, engine.wall_ms()))


def log_failure(error: Exception) -> None:
    """Log what should not have happened."""
    _log.error("the mock server failed; please report this", exc_info=error)
