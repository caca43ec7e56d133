"""Opened LMDB files: one for each file and process, whoever asks for it, and none that is carried over a fork."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import lmdb

from mockserver.errors import SettingsError, StoreUnavailable
from mockserver.stores.lmdb_transaction import LmdbTransaction
from mockserver.stores.transactional import remedy

#: Addresses that are set aside for a file to grow into, in bytes; they cost nothing until it does.
ROOM = 64 << 30
#: How many threads, of all processes, may read at a time.
READERS = 2048

_GATE = threading.RLock()
#: The environments of this process by file, each with the number of those who use it.
#: LMDB's locks belong to a process and a file, so that a second environment would let go of the locks of the first.
_OPEN: dict[str, tuple[lmdb.Environment, int]] = {}
#: Goes up when all environments were closed at once, so that whoever has one knows.
_era = 0


class Environment:
    """The file *path*, opened when it is first used and again after a fork."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._file = os.path.realpath(path) if "\0" not in path else path
        self._env: lmdb.Environment | None = None
        self._era = _era
        self._local = threading.local()
        if not path:
            raise SettingsError("an lmdb store needs a file, such as lmdb:/tmp/mockserver.lmdb; or use memory:")
        try:
            self._opened()
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
    def writing(self, *, wait: bool = True) -> Iterator[LmdbTransaction]:  # noqa: ARG002 only our own take turns
        """Lend a write transaction, the one that this thread is in if there is one; what is raised undoes it."""
        if self.current is not None:
            yield self.current
            return
        with self._translated():
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

    def close(self) -> None:
        """Let go of the file."""
        with _GATE:
            if self._env is not None and self._era == _era:
                _release(self._file)
            self._env = None

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
            if isinstance(error, lmdb.PanicError):  # of no use any more; it must be opened anew
                with _GATE:
                    _close_all()
            raise StoreUnavailable(f"the store lmdb:{self.path} does not answer: {error}") from error


def _obtain(file: str) -> lmdb.Environment:
    env, users = _OPEN.get(file, (None, 0))
    if env is None:
        options: dict[str, Any] = {"subdir": False, "map_size": ROOM, "max_readers": READERS, "max_spare_txns": 16}
        # What was committed is in the system's hands, and outlives the process, though not the machine.
        env = lmdb.open(file, sync=False, metasync=False, **options)
        env.reader_check()  # who died while reading keeps old pages from being used again
    _OPEN[file] = env, users + 1
    return env


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
