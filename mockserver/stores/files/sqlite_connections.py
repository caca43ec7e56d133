"""Connections to one SQLite file: lent to one thread at a time, and never carried over a fork."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from weakref import WeakSet

from mockserver.errors import SettingsError, StoreFull, StoreUnavailable, WouldBlock
from mockserver.stores.files.reserve import Reserve
from mockserver.stores.files.sqlite_transaction import SCHEMA, VERSION, SqliteTransaction
from mockserver.stores.files.transactional import NO_ROOM, remedy
from mockserver.stores.files.writer_lock import WriterLock

#: How long a writer waits for a file that another program has locked, in milliseconds.
BUSY_MS = 10_000
#: One attempt to lock or open the file takes so long, with a pause between two, in milliseconds.
_ATTEMPT_MS = 20
_OPENING_MS = 100
_PAUSE_MS = 10
#: SQLite's own measure: so many pages in the log are moved to the file.
_LOG_PAGES = 1_000


class Connections:
    """Pools for the file *path*; they grow to as many connections as threads use them at once.

    Pools rather than one connection for each thread, because threads come and go and nobody would close theirs.
    """

    def __init__(self, path: str, busy_ms: int, *, lasting: bool) -> None:
        """Make the file and its tables; the connection is not kept, so that a master that forks carries none."""
        self._path = path
        self._name = f"sqlite:{path}"
        self._busy_ms = busy_ms
        self._lasting = lasting
        self._readers: list[sqlite3.Connection] = []
        self._writers: list[sqlite3.Connection] = []
        self._local = threading.local()
        if not path or path == ":memory:":
            raise SettingsError("a sqlite store needs a file, such as sqlite:/tmp/mockserver.db; or use memory:")
        self._log_pages = _LOG_PAGES
        self._reserve = Reserve(path)
        try:
            self._create()
            self._reserve.take()
        except (sqlite3.Error, OSError, ValueError) as error:
            raise SettingsError(f"cannot open the store {self._name}: {error}{remedy(path)}") from error
        # SQLite makes those who wait sleep for milliseconds, which is longer than a transaction takes.
        self._lock = WriterLock()
        #: Whether the file was found locked by another program when it was tried last.
        self._is_locked = False
        _IN_THIS_PROCESS.add(self)

    @property
    def current(self) -> SqliteTransaction | None:
        """The transaction that this thread is in."""
        return getattr(self._local, "transaction", None)

    def close(self) -> None:
        """Close the connections of this process."""
        self.let_go()
        self._lock.close()

    def let_go(self) -> None:
        """Close the connections that nobody uses; others are made when they are needed."""
        for pool in (self._readers, self._writers):
            while pool:
                pool.pop().close()

    @contextmanager
    def making_room(self) -> Iterator[None]:
        """Give up the reserve for a while, and let the file shrink to what it holds, if that finds room.

        Until then nothing may be moved from the log to the file: it would grow by what is going to be cleared.
        """
        self._reserve.release()
        self._let_log_grow(True)
        try:
            yield
            self._shrink("VACUUM")
            self._shrink("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            self._let_log_grow(False)
            self._reserve.retake()

    def _shrink(self, command: str) -> None:
        with suppress(StoreUnavailable), self._translated(), self._lent(self._writers, _ATTEMPT_MS) as db:
            self._lock.take(self._name, self._busy_ms / 1000, wait=True)
            try:
                db.execute(command)
            finally:
                self._lock.release()

    def _let_log_grow(self, lets: bool) -> None:  # noqa: FBT001 a switch
        self._log_pages = 0 if lets else _LOG_PAGES
        for db in list(self._writers):
            db.execute(f"PRAGMA wal_autocheckpoint = {self._log_pages}")

    @contextmanager
    def reading(self) -> Iterator[SqliteTransaction]:
        """Lend a view that no other thread has; within a write transaction, that one."""
        if self.current is not None:
            yield self.current
            return
        with self._translated(), self._lent(self._readers, self._busy_ms) as db:
            yield SqliteTransaction(db)

    @contextmanager
    def writing(self, *, wait: bool = True) -> Iterator[SqliteTransaction]:
        """Lend a write transaction, the one that this thread is in if there is one; what is raised rolls it back.

        Raises `WouldBlock` instead of waiting for another program, unless it is to *wait*.
        """
        if self.current is not None:
            yield self.current
            return
        with self._translated(), self._lent(self._writers, _ATTEMPT_MS) as db:
            self._begin(db, wait=wait)
            try:
                self._local.transaction = transaction = SqliteTransaction(db)
                yield transaction
                transaction.write_counters()
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise
            finally:
                self._local.transaction = None
                self._lock.release()

    def _begin(self, db: sqlite3.Connection, *, wait: bool) -> None:
        """Take the lock among our own, then the file, which another program may have locked."""
        until = time.monotonic() + self._busy_ms / 1000
        while True:
            self._take_lock(until - time.monotonic(), wait=wait)
            try:
                db.execute("BEGIN IMMEDIATE")
            except BaseException as error:
                self._is_locked = _is_busy(error)
                # Released meanwhile: nobody of ours may wait for longer than an attempt without knowing why.
                self._lock.release()
                if not _is_busy(error) or (wait and time.monotonic() >= until):
                    raise
                if not wait:
                    raise self._blocked() from error
            else:
                self._is_locked = False
                return
            time.sleep(_PAUSE_MS / 1000)

    def _take_lock(self, patience_s: float, *, wait: bool) -> None:
        try:
            self._lock.take(self._name, patience_s, wait=wait)
        except WouldBlock as error:  # one of our own may hold it because another program has the file
            raise (self._blocked() if self._is_locked else error) from error

    def _blocked(self) -> WouldBlock:
        return WouldBlock(f"the store {self._name} is locked by another program")

    @contextmanager
    def _lent(self, idle: list[sqlite3.Connection], busy_ms: int) -> Iterator[sqlite3.Connection]:
        try:
            db = idle.pop()
        except IndexError:
            db = self._connect(self._busy_ms)  # patiently: others may be opening or closing the file
            db.execute(f"PRAGMA busy_timeout = {busy_ms}")
        try:
            yield db
        except sqlite3.Error:  # it is not used again
            db.close()
            raise
        except BaseException:
            idle.append(db)
            raise
        idle.append(db)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            if _is_full(error):
                raise StoreFull(f"the store {self._name} cannot be written: {error}{NO_ROOM}") from error
            raise StoreUnavailable(f"the store {self._name} does not answer: {error}") from error

    def _create(self) -> None:
        # SQLite does not wait for its turn to switch a new file to WAL, and all workers start at once.
        for attempts_left in reversed(range(1 + self._busy_ms // _OPENING_MS)):
            try:
                with closing(self._connect(_OPENING_MS)) as db:
                    db.execute("PRAGMA journal_mode = WAL")
                    _refuse_other_versions(db, self._path)
                    db.executescript(f"BEGIN IMMEDIATE; {SCHEMA}; PRAGMA user_version = {VERSION}; COMMIT;")
            except sqlite3.OperationalError as error:
                if not _is_busy(error) or not attempts_left:
                    raise
                time.sleep(_PAUSE_MS / 1000)
            else:
                return

    def _connect(self, busy_ms: int) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=busy_ms / 1000, isolation_level=None, check_same_thread=False)
        db.execute(f"PRAGMA synchronous = {'NORMAL' if self._lasting else 'OFF'}")
        db.execute(f"PRAGMA wal_autocheckpoint = {self._log_pages}")
        # Some builds write zeros over what is deleted: to delete would take as much room as there is to be made.
        db.execute("PRAGMA secure_delete = OFF")
        return db


_IN_THIS_PROCESS: WeakSet[Connections] = WeakSet()


def _before_fork() -> None:
    """Carry no connection over a fork: when the other side ends and closes it, it may take away what this one wrote."""
    for connections in list(_IN_THIS_PROCESS):
        connections.let_go()


os.register_at_fork(before=_before_fork)


def _is_busy(error: BaseException) -> bool:
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


def _is_full(error: BaseException) -> bool:
    # A quota is told as an error of the disk.
    full = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode & 0xFF in full


def _refuse_other_versions(db: sqlite3.Connection, path: str) -> None:
    query = "SELECT user_version, (SELECT count(*) FROM sqlite_master) FROM pragma_user_version"
    found, tables = db.execute(query).fetchone()
    if tables and found != VERSION:
        raise SettingsError(
            f"the file {path} holds version {found} of the store's tables, or something else; this server reads "
            f"version {VERSION}: name another file, or remove this one"
        )
