"""Ends an examination by a signal: its clients and its mock end with it, and the shell learns which signal it was."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final, NoReturn

from ..errors import BY_SIGNAL, Interrupted
from .stragglers import end_stragglers

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise Interrupted inside the block, when a signal asks for the end; a second one ends the process at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _SIGNALS}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def interrupt(number: int, _frame: FrameType | None) -> NoReturn:
        handle(end_at_once)
        raise Interrupted(number)

    def end_at_once(number: int, _frame: FrameType | None) -> NoReturn:
        os._exit(BY_SIGNAL + number)  # the clients have been ended by now, and the mock ends with this process

    def handle(how: Callable[[int, FrameType | None], NoReturn]) -> None:
        for number, handler in before.items():
            if handler is not signal.SIG_IGN:  # as `nohup` does
                signal.signal(number, how)

    handle(interrupt)
    try:
        yield
    finally:
        restore()


class ProcessGroups:
    """The clients that run now, each with all that it started."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._marks: dict[int, str] = {}
        #: The signal for which all were ended; None as long as they may run.
        self.ended_by: int | None = None

    @contextmanager
    def including(self, leader: int, mark: str = "") -> Iterator[None]:
        """Count the process group of *leader* among them during the block; when all were ended, it ends at once.

        *mark* tells what it started in other sessions from everybody else's.
        """
        with self._lock:
            self._marks[leader] = mark
            if self.ended_by is not None:
                end_group(leader)
        try:
            yield
        finally:
            with self._lock:
                self._marks.pop(leader)

    def end(self, by: int = signal.SIGTERM) -> None:
        """End all of them, and those that begin later, as the signal *by* asks."""
        with self._lock:
            self.ended_by = by
            for leader in self._marks:
                end_group(leader)
            end_stragglers([mark for mark in self._marks.values() if mark])


def end_group(leader: int) -> None:
    """Kill the process group of *leader*, of which nobody may be left."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
