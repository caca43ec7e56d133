"""One writer at a time, among the threads and processes of one server."""

from __future__ import annotations

import fcntl
import mmap
import os
import select
import tempfile
import threading
import time
import weakref
from contextlib import suppress

from mockserver.errors import StoreUnavailable, WouldBlock
from mockserver.stores.files.temporary import temporary_files

#: How long a waiter sleeps at most before it looks by itself, in seconds: nobody wakes it where the holder has died.
_LOOK_S = 0.05
#: A healthy holder has released the lock after so many seconds; whoever does not wait, waits for as long.
_HEALTHY_S = 0.02
_STEP = 4096


class WriterLock:
    """A lock that processes which were forked after it was made share.

    Whoever waits is woken as soon as the lock is released, and has it soon after its holder has died. A holder that
    is stopped keeps it, so nobody waits for longer than it says.
    """

    def __init__(self) -> None:
        self._threads = threading.Lock()
        # A lock of a file belongs to a process, so the threads of one need a lock of their own.
        with temporary_files(), tempfile.TemporaryFile() as file:
            self._file = os.dup(file.fileno())
        self._released, self._release = os.pipe()
        for end in (self._released, self._release):
            os.set_blocking(end, False)
        #: One byte that all processes see: whether anybody waits, so that a release seldom has to wake anybody.
        self._is_awaited = mmap.mmap(-1, 1)
        #: Lets go of the files; in this process nobody uses the lock any more.
        self.close = weakref.finalize(self, _close, self._file, self._released, self._release)

    def acquire(self, patience_s: float) -> bool:
        """Wait for the lock, for *patience_s* at most. Returns whether it was had."""
        until = time.monotonic() + patience_s
        if not self._threads.acquire(timeout=patience_s):
            return False
        try:
            while not (self._try() or self._try_aloud()):
                left_s = until - time.monotonic()
                if left_s <= 0:
                    self._threads.release()
                    return False
                self._sleep(min(left_s, _LOOK_S))
        except BaseException:
            self._threads.release()
            raise
        return True

    def take(self, store: str, patience_s: float, *, wait: bool) -> None:
        """Have the lock, or say why not: it is that of *store*, and *patience_s* is how long a caller waits.

        Raises `WouldBlock` after a moment, unless it is to *wait*, and `StoreUnavailable` after *patience_s*.
        """
        if self.acquire(max(patience_s, 0) if wait else _HEALTHY_S):
            return
        if not wait:
            raise WouldBlock(f"another worker writes to the store {store}")
        raise StoreUnavailable(f"another worker has held the store {store} for {patience_s:.0f} s; it may be stopped")

    def release(self) -> None:
        """Let the next one have it."""
        fcntl.lockf(self._file, fcntl.LOCK_UN)
        self._threads.release()
        if self._is_awaited[0]:
            self._is_awaited[0] = 0
            with suppress(BlockingIOError):  # the pipe is full, which wakes them as well
                os.write(self._release, b".")

    def _try(self) -> bool:
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):  # which of them, is the system's choice
            return False
        return True

    def _try_aloud(self) -> bool:
        """Say that somebody waits, and try once more: whoever releases the lock after this sees that."""
        self._is_awaited[0] = 1
        return self._try()

    def _sleep(self, seconds: float) -> None:
        """Sleep until a holder has released the lock; many wake, and one of them has it."""
        poll = select.poll()
        poll.register(self._released, select.POLLIN)
        if poll.poll(seconds * 1000):
            with suppress(BlockingIOError):
                os.read(self._released, _STEP)


def _close(*files: int) -> None:
    for file in files:
        os.close(file)
