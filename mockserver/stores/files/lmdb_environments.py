"""Opened LMDB files: one for each file and process, whoever asks for it, and none that is carried over a fork."""

from __future__ import annotations

import errno
import os
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import lmdb

from mockserver.errors import SettingsError, StoreFull, StoreUnavailable
from mockserver.stores.files.lmdb_transaction import LmdbTransaction
from mockserver.stores.files.reserve import Reserve, occupy
from mockserver.stores.files.transactional import NO_ROOM, remedy
from mockserver.stores.files.writer_lock import WriterLock

#: Addresses that are set aside for a file to grow into, in bytes; they cost nothing until it does.
ROOM = 64 << 30
#: Where so many cannot be had, fewer will do, down to this; and so many more where all are used up, to make room.
LEAST_ROOM = 64 << 20
MORE_ROOM = 16 << 20
#: How many threads, of all processes, may read at a time.
READERS = 2048
#: How long a writer waits for another worker, in seconds.
PATIENCE_S = 10.0
#: The size of the second file, in which each of them has its place.
LOCK_BYTES = (READERS + 64) * 64
#: The last is what LMDB says when only a part of what it wrote found room.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)

_GATE = threading.RLock()
#: The environments of this process by file, each with the number of those who use it.
#: LMDB's locks belong to a process and a file, so that a second environment would let go of the locks of the first.
_OPEN: dict[str, tuple[lmdb.Environment, int]] = {}
#: Goes up when all environments were closed at once, so that whoever has one knows.
_era = 0


class Environment:
    """The file *path*, opened when it is first used and again after a fork."""

    def __init__(self, path: str, patience_s: float = PATIENCE_S) -> None:
        """Make the file. A writer waits *patience_s* for another worker, in seconds."""
        self.path = path
        self._patience_s = patience_s
        self._file = os.path.realpath(path) if "\0" not in path else path
        self._env: lmdb.Environment | None = None
        self._era = _era
        self._local = threading.local()
        if not path:
            raise SettingsError("an lmdb store needs a file, such as lmdb:/tmp/mockserver.lmdb; or use memory:")
        self._reserve = Reserve(path)
        # LMDB's own lock is waited for without an end.
        self._lock = WriterLock()
        try:
            self._opened()
            self._reserve.take()
        except (lmdb.Error, OSError, ValueError) as error:
            raise SettingsError(f"cannot open the store lmdb:{path}: {error}{remedy(path)}") from error

    @property
    def current(self) -> LmdbTransaction | None:
        """The write transaction that this thread is in."""
        return getattr(self._local, "transaction", None)

    @contextmanager
    def reading(self) -> Iterator[LmdbTransaction]:
        """Lend a view of the file as it is now; within a write transaction, that one."""
        if self.current is not None:
            yield self.current
            return
        with self._translated(), self._opened().begin() as transaction:
            yield LmdbTransaction(transaction)

    @contextmanager
    def writing(self, *, wait: bool = True) -> Iterator[LmdbTransaction]:
        """Lend a write transaction, the one that this thread is in if there is one; what is raised undoes it.

        Raises `WouldBlock` instead of waiting for a worker that is stopped, unless it is to *wait*, and then
        `StoreUnavailable`.
        """
        if self.current is not None:
            yield self.current
            return
        self._lock.take(f"lmdb:{self.path}", self._patience_s, wait=wait)
        with self._translated(), self._released():
            db = self._opened().begin(write=True)
            try:
                self._local.transaction = transaction = LmdbTransaction(db)
                yield transaction
                transaction.write_counters()
                db.commit()
            except BaseException:
                db.abort()
                raise
            finally:
                self._local.transaction = None

    @contextmanager
    def _released(self) -> Iterator[None]:
        try:
            yield
        finally:
            self._lock.release()

    @contextmanager
    def making_room(self) -> Iterator[None]:
        """Give up the reserve for a while, and set more addresses aside if the file has used all.

        The file keeps its size, and its pages are used again.
        """
        with suppress(lmdb.Error), _GATE:
            env = self._opened()
            info = env.info()
            if info["map_size"] - (info["last_pgno"] + 1) * env.stat()["psize"] < MORE_ROOM:
                env.set_mapsize(info["map_size"] + MORE_ROOM)
        self._reserve.release()
        try:
            yield
        finally:
            self._reserve.retake()

    def close(self) -> None:
        """Let go of the file."""
        with _GATE:
            if self._env is not None and self._era == _era:
                _release(self._file)
            self._env = None
        self._lock.close()

    def _opened(self) -> lmdb.Environment:
        env = self._env
        if env is None or self._era != _era:
            with _GATE:
                env = self._env
                if env is None or self._era != _era:  # else another thread was faster
                    env = self._env = _obtain(self._file)
                    self._era = _era
        return env

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (lmdb.Error, OSError) as error:
            # Of no use any more, or too small for what others have written: it must be opened anew.
            if isinstance(error, lmdb.PanicError | lmdb.MapResizedError):
                with _GATE:
                    _close_all()
            if isinstance(error, lmdb.MapFullError) or getattr(error, "code", 0) in _FULL:
                raise StoreFull(f"the store lmdb:{self.path} cannot be written: {error}{NO_ROOM}") from error
            raise StoreUnavailable(f"the store lmdb:{self.path} does not answer: {error}") from error


def _obtain(file: str) -> lmdb.Environment:
    env, users = _OPEN.get(file, (None, 0))
    if env is None:
        _occupy_lock_file(f"{file}-lock")
        env = _open(file, _room())
        env.reader_check()  # who died while reading keeps old pages from being used again
    _OPEN[file] = env, users + 1
    return env


def _open(file: str, room: int) -> lmdb.Environment:
    options: dict[str, Any] = {"subdir": False, "max_readers": READERS, "max_spare_txns": 16}
    while True:
        try:
            # What was committed is in the system's hands, and outlives the process, though not the machine.
            return lmdb.open(file, sync=False, metasync=False, map_size=room, **options)
        except lmdb.MemoryError as error:
            room //= 2
            if room < LEAST_ROOM:
                raise OSError(
                    errno.ENOMEM,
                    f"not even {LEAST_ROOM >> 20} MiB of addresses can be had; "
                    "raise the limit of memory (ulimit -v), or use sqlite:PATH",
                ) from error


def _room() -> int:
    """Return how many addresses to set aside: half of those that a limit leaves, so that the rest can go on."""
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return ROOM if limit == resource.RLIM_INFINITY else min(ROOM, max(limit // 2 // (1 << 20) << 20, LEAST_ROOM))


def _occupy_lock_file(path: str) -> None:
    """Give each of its bytes room on the disk: they are mapped, and one without room would kill the process."""
    # A file that is there has the size that others go by.
    file = Path(path)
    occupy(file, (file.stat().st_size if file.exists() else 0) or LOCK_BYTES)


def _release(file: str) -> None:
    env, users = _OPEN.pop(file)
    if users > 1:
        _OPEN[file] = env, users - 1
    else:
        env.close()


def _close_all() -> None:
    global _era  # noqa: PLW0603 the environments belong to the process
    for env, _ in _OPEN.values():
        env.close()
    _OPEN.clear()
    _era += 1


def _before_fork() -> None:
    """Carry no environment over a fork; on both sides it is opened anew."""
    _GATE.acquire()
    _close_all()


os.register_at_fork(before=_before_fork, after_in_parent=_GATE.release, after_in_child=_GATE.release)
