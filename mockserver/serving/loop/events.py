"""What a loop waits for: sockets, timers, and threads that have done their work."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from selectors import EVENT_READ, DefaultSelector
from typing import Any

from mockserver.serving.loop.timers import Timer, Timers

_STEP = 4096

Action = Callable[[], None]
#: What is done when something happens on a file: it gets what has happened, as `selectors` writes it.
Reaction = Callable[[int], None]


class Events:
    """Waits for whatever comes first. All but `post` is for the thread of the loop."""

    def __init__(self, pipe: tuple[int, int], failed: Callable[[Exception], None]) -> None:
        #: Learns of what should not have been raised; the loop goes on.
        self._failed = failed
        self._selector = DefaultSelector()
        self._timers = Timers()
        self._posted: SimpleQueue[Action] = SimpleQueue()
        self._read_end, self._write_end = pipe
        self._selector.register(self._read_end, EVENT_READ, self._woken)

    def watch(self, file: Any, before: int, now: int, reaction: Reaction) -> None:
        """Wait for the events *now* on *file*, where those *before* were waited for; 0 for none."""
        if not before:
            self._selector.register(file, now, reaction)
        elif not now:
            self._selector.unregister(file)
        else:
            self._selector.modify(file, now, reaction)

    def after(self, pause_s: float, action: Action) -> Timer:
        """Have *action* done when *pause_s* have passed."""
        return self._timers.set(time.monotonic() + pause_s, action)

    def cancel(self, timer: Timer) -> None:
        """Forget *timer*."""
        self._timers.cancel(timer)

    def post(self, action: Action) -> None:
        """Have *action* done by the thread of the loop; for other threads."""
        self._posted.put(action)
        with suppress(BlockingIOError):  # full, so that the loop wakes anyhow
            os.write(self._write_end, b".")

    def wait(self, patience_s: float) -> None:
        """Do what there is to do, having waited for it for *patience_s* at most."""
        patience_s = min(patience_s, max(self._timers.next_s - time.monotonic(), 0))
        for key, mask in self._selector.select(patience_s):
            self._do(partial(key.data, mask))
        for action in self._timers.due(time.monotonic()):
            self._do(action)

    def close(self) -> None:
        """Wait for nothing any more."""
        self._selector.close()

    def _woken(self, _mask: int) -> None:
        """Do what threads have posted; a signal wakes the loop, too."""
        with suppress(BlockingIOError):
            os.read(self._read_end, _STEP)
        with suppress(Empty):
            while True:
                self._do(self._posted.get_nowait())

    def _do(self, action: Action) -> None:
        try:
            action()
        except Exception as error:  # noqa: BLE001 a bug; it costs nobody else anything
            self._failed(error)
