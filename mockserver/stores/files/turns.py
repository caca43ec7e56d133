"""Takes turns among the threads and processes of one server."""

from __future__ import annotations

import fcntl
import os
import tempfile
import threading
import weakref

from mockserver.temporary import temporary_files


class Turns:
    """A lock that processes which were forked after it was made share.

    The system wakes the one who waits as soon as the turn is given back, and gives back the turn of who dies.
    """

    def __init__(self) -> None:
        self._threads = threading.Lock()
        # A lock of a file belongs to a process, so the threads of one need a lock of their own.
        with temporary_files(), tempfile.TemporaryFile() as file:
            self._file = os.dup(file.fileno())
        #: Lets go of the file; in this process nobody takes turns any more.
        self.close = weakref.finalize(self, os.close, self._file)

    def take(self) -> None:
        """Wait for the turn, and take it."""
        self._threads.acquire()
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
        except BaseException:
            self._threads.release()
            raise

    def give_back(self) -> None:
        """Let the next one have it."""
        fcntl.lockf(self._file, fcntl.LOCK_UN)
        self._threads.release()
