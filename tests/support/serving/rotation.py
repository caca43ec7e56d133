"""A server of several workers, or several servers that share a store, as whoever answers next: for the server suite."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import cycle

from contracts.wire.messages import Call, Reply
from contracts.wire.sessions import open_session
from contracts.wire.subjects import UrlSubject
from tests.support.serving.pinned import stopped
from tests.support.serving.running import Served

_HEALTH = Call("GET", "/__admin/health")


class Worker:
    """Answers over one connection that no other worker accepted, because the others stood still meanwhile."""

    def __init__(self, url: str, others: Iterable[int] = ()) -> None:
        self._url = url
        self._others = list(others)
        self._connect()

    def ask(self, call: Call, prefix: str) -> Reply:
        """Return the worker's reply."""
        reply = self._subject.within(prefix).ask(call)
        if reply.status == 413 or "close" in (reply.header("Connection") or ""):
            self._connect()
        assert self._connections() == 1, f"{call.method} {call.path} went over a new connection: who answered it?"
        return reply

    def _connections(self) -> int:
        pools = self._subject.session.get_adapter(self._url).poolmanager.pools
        return sum(pools[key].num_connections for key in pools.keys())  # noqa: SIM118 it is no mapping to iterate

    def _connect(self) -> None:
        self._subject = UrlSubject(self._url, session=open_session())
        with stopped(self._others) if self._others else nullcontext():
            assert self._subject.ask(_HEALTH).status == 200

    def close(self) -> None:
        """Hang up."""
        self._subject.session.close()


@dataclass(frozen=True)
class Rotation:
    """A subject of the server suite: no two calls in a row meet the same worker."""

    url: str
    ask_next: Callable[[Call, str], Reply]
    prefix: str = ""

    @property
    def base(self) -> str:
        """Return the URL that paths are appended to."""
        return self.url + self.prefix

    def within(self, prefix: str) -> Rotation:
        """Return the same workers under a path prefix."""
        return Rotation(self.url, self.ask_next, self.prefix + prefix)

    def ask(self, call: Call) -> Reply:
        """Send *call* to the worker after the one that answered last."""
        return self.ask_next(call, self.prefix)


@contextmanager
def rotation(workers: list[Worker], url: str) -> Iterator[Rotation]:
    """Go round *workers* while the block runs; each must have had its share in the end."""
    order = cycle(workers)
    asked: dict[Worker, int] = dict.fromkeys(workers, 0)

    def ask_next(call: Call, prefix: str) -> Reply:
        worker = next(order)
        asked[worker] += 1
        return worker.ask(call, prefix)

    try:
        yield Rotation(url, ask_next)
    finally:
        for worker in workers:
            worker.close()
    assert max(asked.values()) - min(asked.values()) <= 1, asked.values()


def workers_of(served: Served, count: int) -> list[Worker]:
    """Return the *count* workers of one server."""
    ids = served.workers(count)
    return [Worker(served.url, [other for other in ids if other != each]) for each in ids]


def servers_as_workers(servers: Iterable[Served]) -> list[Worker]:
    """Return servers of one worker each."""
    return [Worker(served.url) for served in servers]
