"""What is to be done later: timers of a loop, which cost a few bytes each and no thread."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

#: So many cancelled timers stay among those to come before all of them are thrown out.
_MOST_CANCELLED = 1_000


@dataclass(order=True, slots=True)
class Timer:
    """Something to be done at *when_s*, on the monotonic clock."""

    when_s: float
    #: Of two for the same moment, the one that was set first comes first.
    number: int
    #: None once it was done or cancelled.
    action: Callable[[], None] | None = field(compare=False)


class Timers:
    """Timers in the order of their moments."""

    def __init__(self) -> None:
        self._heap: list[Timer] = []
        self._count = 0
        self._cancelled = 0

    def set(self, when_s: float, action: Callable[[], None]) -> Timer:
        """Have *action* done at *when_s*, on the monotonic clock."""
        self._count += 1
        timer = Timer(when_s, self._count, action)
        heapq.heappush(self._heap, timer)
        return timer

    def cancel(self, timer: Timer) -> None:
        """Forget *timer*; nothing happens when its moment comes."""
        if timer.action is None:
            return
        timer.action = None
        self._cancelled += 1
        if self._cancelled > max(_MOST_CANCELLED, len(self._heap) // 2):
            self._heap = [timer for timer in self._heap if timer.action]
            heapq.heapify(self._heap)
            self._cancelled = 0

    @property
    def next_s(self) -> float:
        """The moment of the next timer, on the monotonic clock; infinite without one."""
        self._drop_cancelled()
        return self._heap[0].when_s if self._heap else math.inf

    def due(self, now_s: float) -> Iterator[Callable[[], None]]:
        """Yield what was to be done until *now_s*; timers that are set meanwhile wait for the next time."""
        due = []
        while self.next_s <= now_s:
            due.append(heapq.heappop(self._heap))
        for timer in due:
            action, timer.action = timer.action, None
            if action:  # else another of these has cancelled it
                yield action

    def _drop_cancelled(self) -> None:
        while self._heap and self._heap[0].action is None:
            heapq.heappop(self._heap)
            self._cancelled = max(self._cancelled - 1, 0)
