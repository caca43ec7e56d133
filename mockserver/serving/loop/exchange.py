"""One request that is being answered, and what of its reply is still to come."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

from mockserver.serving.logs import log_access
from mockserver.serving.loop.connection import Connection
from mockserver.serving.loop.requests.intake import Request

if TYPE_CHECKING:
    from mockserver.serving.loop.replies.performance import Performance
    from mockserver.serving.loop.replies.wsgi import WsgiReply


@dataclass(slots=True, eq=False)
class Exchange:
    """A request of a connection, and its reply."""

    conn: Connection
    request: Request
    began_s: float = field(default_factory=perf_counter)
    #: What the access log says of the reply.
    method: str = ""
    #: The path as its rule has it; empty where nothing is served.
    route: str = ""
    status: str = "500"
    body_bytes: int = 0
    #: Whether the reply has no body, whatever the application gives; whether the body is sent in chunks.
    is_bodiless: bool = False
    is_chunked: bool = False
    #: What performs a reply that is not simply sent.
    performance: Performance | None = None
    #: A reply of which more is to be read when the client has taken what was.
    rest: WsgiReply | None = None

    @property
    def held_bytes(self) -> int:
        """How many bytes of the reply it holds in memory, those in the outbox left out."""
        return self.performance.held_bytes if self.performance else 0

    def log(self) -> None:
        """Log it as an access."""
        log_access(
            client=self.request.environ["REMOTE_ADDR"],
            method=self.method,
            route=self.route,
            status=self.status,
            size=self.body_bytes,
            ms=round((perf_counter() - self.began_s) * 1000),
        )
