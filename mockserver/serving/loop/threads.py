"""The threads of a worker: they do what has to wait for others, and hand the outcome back to the loop."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

Outcome = TypeVar("Outcome")

#: Calls that are answered beside all others, however many wait; the health check asks in vain for some of them.
_URGENT = 2


class Threads:
    """So many threads for work, and a few beside them for what may never stand in a queue."""

    def __init__(self, count: int, post: Callable[[Callable[[], None]], None]) -> None:
        self._usual = ThreadPoolExecutor(count, "work")
        self._urgent = ThreadPoolExecutor(_URGENT, "health")
        self._post = post

    def do(
        self,
        work: Callable[[], Outcome],
        *,
        then: Callable[[Outcome], None],
        failed: Callable[[Exception], None],
        urgent: bool = False,
    ) -> None:
        """Have a thread do *work*, and the loop go on with *then*, or *failed* when the work raises."""

        def run() -> None:
            try:
                outcome = work()
            except Exception as error:  # noqa: BLE001 the loop decides what it means
                self._post(partial(failed, error))
            else:
                self._post(partial(then, outcome))

        (self._urgent if urgent else self._usual).submit(run)

    def close(self, *, wait: bool) -> None:
        """Begin nothing more; *wait* for what has begun."""
        for pool in (self._usual, self._urgent):
            pool.shutdown(wait=wait, cancel_futures=True)
