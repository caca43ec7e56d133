"""Makes a folder that only this process's user can read, and that goes when the server does."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mockserver.serving.process.signals import STOPPING
from mockserver.stores.files.temporary import temporary_files

#: How such a folder is called; whatever is called so and is not locked was left by a server that was killed.
PREFIX = "mockserver-state-"
_ONLY_FOLDERS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


@contextmanager
def private_folder() -> Iterator[str]:
    """Make one among the system's temporary files, and remove it in the end, by whichever signal that comes.

    It is locked as long as this process or a worker lives. Those that `kill -9` left without a lock are removed.
    """
    folder, lock = "", -1
    maker = os.getpid()
    try:
        with _signals_held():  # between the folder and the note of it, or in the middle of tempfile's trial file
            folder, lock = _made()
            _remove_abandoned(Path(folder).parent)
        yield folder
    finally:
        if folder and os.getpid() == maker:  # a worker that ends must not take the others' state with it
            with _signals_held():
                shutil.rmtree(folder, ignore_errors=True)
                os.close(lock)


def _made() -> tuple[str, int]:
    """Return a new folder and its lock; another start may take one for abandoned that is not locked yet."""
    while True:
        with temporary_files():
            folder = tempfile.mkdtemp(prefix=PREFIX)
        with suppress(FileNotFoundError):
            lock = os.open(folder, _ONLY_FOLDERS)
            if _taken(lock, without_locks=True) and Path(folder).exists():
                return folder, lock
            os.close(lock)


def _remove_abandoned(parent: Path) -> None:
    for folder in parent.glob(f"{PREFIX}*"):
        with suppress(OSError):  # it is no folder, another user's, or gone
            lock = os.open(folder, _ONLY_FOLDERS)
            try:
                if os.fstat(lock).st_uid == os.getuid() and _taken(lock, without_locks=False):
                    shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)


def _taken(lock: int, *, without_locks: bool) -> bool:
    """Lock the open folder *lock* and say whether nobody else had; *without_locks* where the file system has none."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return without_locks
    return True


@contextmanager
def _signals_held() -> Iterator[None]:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
