"""What the logs say: lines of our own making, on which nothing of a client can pose as another line, or as a person.

A terminal obeys control characters, and readers of logs take each line for a record: what is none is escaped.
"""

from __future__ import annotations

import logging
from typing import Any

from mockserver.abbreviation import printable

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


def log_access(  # noqa: PLR0913 what a line of the log says
    *, client: str, method: str, route: str, status: str, size: object, ms: int
) -> None:
    """Log one request: which *client* asked, what for, and what came of it.

    The path stands there as its *route* has it, because in the path that was sent stands a visitor; so does no path
    that nothing is served at, which has none. Both are in the journal.
    """
    where = route.replace("<", "{").replace(">", "}") or "(no such path)"
    _ACCESS.info('%s "%s %s" %s %s %dms', client, method, where, status.partition(" ")[0], size, ms)
