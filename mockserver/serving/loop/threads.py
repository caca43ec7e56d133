"""The threads of a worker: they do what has to wait for others, and hand the outcome back to the loop."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Literal, TypeVar

Outcome = TypeVar("Outcome")

#: What threads are for: to settle calls whose store keeps them waiting; to answer the admin API; to answer for its
#: health. None of these ever stands behind another.
Lane = Literal["calls", "admin", "health"]

_FOR_HEALTH = 2


def most_threads(count: int) -> int:
    """Return how many threads a worker has at most that has *count* for calls."""
    return 2 * count + _FOR_HEALTH


class Threads:
    """As many threads as *count* for calls, as many for the admin API, and a few for the health check."""

    def __init__(self, count: int, post: Callable[[Callable[[], None]], None]) -> None:
        sizes: dict[Lane, int] = {"calls": count, "admin": count, "health": _FOR_HEALTH}
        self._lanes = {lane: ThreadPoolExecutor(size, lane) for lane, size in sizes.items()}
        self._post = post

    def do(
        self,
        lane: Lane,
        work: Callable[[], Outcome],
        *,
        then: Callable[[Outcome], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Have a thread do *work*, and the loop go on with *then*, or *failed* when the work raises."""

        def run() -> None:
            try:
                outcome = work()
            except Exception as error:  # noqa: BLE001 the loop decides what it means
                self._post(partial(failed, error))
            else:
                self._post(partial(then, outcome))

        self._lanes[lane].submit(run)

    def close(self, *, wait: bool) -> None:
        """Begin nothing more; *wait* for what has begun."""
        for threads in self._lanes.values():
            threads.shutdown(wait=wait, cancel_futures=True)
