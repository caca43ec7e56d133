"""How long a call waits for Redis, all in all, and until when Redis may still do what it asks for.

A Redis that was silent for a while does, when it wakes up, what it was asked before. Each script is given the moment,
by Redis's own clock, after which nobody waits for it: then it does nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import redis

#: Seconds that a call waits, for its turn and for Redis together; and after Redis was silent for so long.
PATIENCE_S = 5.0
SHORT_S = 1.0
#: Of these, seconds for a connection to be made.
CONNECTING_S = 2.0
#: So much of what is left is kept for the way back of an answer.
_WAY_BACK = 0.1


class Patience:
    """What the threads of a process may still wait for one Redis."""

    def __init__(self, longest_s: float, connecting_s: float) -> None:
        self._longest_s = longest_s
        self.connecting_s = connecting_s
        self._local = threading.local()
        #: By how much the clock of Redis is ahead of ours, which counts from any moment; None where it was not asked.
        self._ahead_s: float | None = None
        #: Whether the last that was asked was not answered in time.
        self.silent = False

    @contextmanager
    def span(self) -> Iterator[None]:
        """Let all that is waited for inside take no longer than one call may."""
        if getattr(self._local, "until_s", None) is not None:
            yield
            return
        self._local.until_s = time.monotonic() + min(self._longest_s, SHORT_S if self.silent else self._longest_s)
        try:
            yield
        finally:
            self._local.until_s = None

    def left_s(self) -> float:
        """Return how long this thread may still wait. Raises redis-py's `TimeoutError` when it may not."""
        until_s = getattr(self._local, "until_s", None)
        left_s = self._longest_s if until_s is None else until_s - time.monotonic()
        if left_s <= 0:
            raise redis.TimeoutError("Timeout: no time is left to wait for it")
        return float(left_s)

    def set_clock(self, seconds: int, microseconds: int) -> None:
        """Take note of the time that Redis has told just now."""
        self._ahead_s = seconds + microseconds / 1e6 - time.monotonic()

    def forget_clock(self) -> None:
        """Have it asked again: another Redis may answer next."""
        self._ahead_s = None

    def knows_clock(self) -> bool:
        """Say whether a deadline can be told."""
        return self._ahead_s is not None

    def deadline_ms(self) -> int:
        """Return until when Redis may do what it is asked now, by its own clock."""
        left_s = self.left_s()
        return int((time.monotonic() + left_s * (1 - _WAY_BACK) + (self._ahead_s or 0)) * 1000)


def bounded(kind: type[Any], patience: Patience) -> type[Any]:
    """Make a kind of connection, like *kind*, that waits for nothing longer than *patience* allows."""

    class Bounded(kind):  # type: ignore[misc]  # one of redis-py's, which the URL chooses
        def _connect(self) -> Any:
            self.socket_timeout = patience.left_s()
            self.socket_connect_timeout = min(patience.connecting_s, self.socket_timeout)
            return super()._connect()

        def send_packed_command(self, *arguments: Any, **options: Any) -> Any:
            self._hurry()
            return super().send_packed_command(*arguments, **options)

        def read_response(self, *arguments: Any, **options: Any) -> Any:
            self._hurry()
            return super().read_response(*arguments, **options)

        def _hurry(self) -> None:
            if self._sock is not None:
                self._sock.settimeout(patience.left_s())

    return Bounded
