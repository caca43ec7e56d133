"""What the logs say: lines of our own making, on which nothing of a client can pose as another line, or as a person.

A terminal obeys control characters, and readers of logs take each line for a record: what is none is escaped.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from time import perf_counter
from typing import Any

from mockserver.abbreviation import printable
from mockserver.web.routing import PREFIX, ROUTE

Environ = dict[str, Any]
App = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_ACCESS = logging.getLogger("mockserver.access")
_MARGIN = "    "


class OneLine(logging.Formatter):
    """Writes a record on one line; the lines of a traceback stand below it, each behind a margin."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 the name is logging's
        """Write the record without its traceback."""
        return printable(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 the name is logging's
        """Write the traceback."""
        return "\n".join(_MARGIN + printable(line) for line in super().formatException(ei).split("\n"))


def log_to_standard_error(*, access: bool) -> None:
    """Write what the server itself logs to standard error, *access* to it included."""
    for log, wanted in ((logging.getLogger("mockserver"), True), (_ACCESS, access)):
        handler = logging.StreamHandler()
        handler.setFormatter(OneLine())
        log.handlers = [handler] if wanted else []
        log.propagate = False
    _ACCESS.setLevel(logging.INFO)


def log_access(environ: Mapping[str, Any], status: str, size: object, ms: int) -> None:
    """Log one request: who asked, what for, and what came of it.

    The path stands there as the contract writes it, because in the path that was sent stands a visitor; so does no
    path that nothing is served at. Both are in the journal.
    """
    where = f"{environ[PREFIX]}{environ[ROUTE]}" if ROUTE in environ else "(no such path)"
    asked = f"{environ['REQUEST_METHOD']} {where}"
    _ACCESS.info('%s "%s" %s %s %dms', environ.get("REMOTE_ADDR", "-"), asked, status.partition(" ")[0], size, ms)


class Logged:
    """WSGI middleware that logs each request, for servers that cannot do so in our words."""

    def __init__(self, app: App) -> None:
        self._app = app

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer, and log that."""
        began_s = perf_counter()
        status = "500"

        def started(line: str, *rest: Any) -> Any:
            nonlocal status
            status = line
            return start_response(line, *rest)

        try:
            return self._app(environ, started)
        finally:
            log_access(environ, status, "-", round((perf_counter() - began_s) * 1000))
