"""Connections to one SQLite file: lent to one thread at a time, and never carried over a fork."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from mockserver.errors import SettingsError, StoreUnavailable

#: How long a writer waits for its turn, in milliseconds.
BUSY_MS = 10_000

#: A busy file is opened in attempts of this length, with a pause between, in milliseconds.
_ATTEMPT_MS = 100
_PAUSE_MS = 10


class Connections:
    """A pool for the file *path*; it grows to as many connections as threads use it at once.

    A pool rather than one connection for each thread, because threads come and go and nobody would close theirs.
    """

    def __init__(self, path: str, busy_ms: int) -> None:
        self._path = path
        self._busy_ms = busy_ms
        # By process: a connection must not be used, nor even closed, on the other side of a fork.
        self._idle: defaultdict[int, list[sqlite3.Connection]] = defaultdict(list)
        #: The connection of a thread that is within `together`.
        self._current = threading.local()

    def create(self, schema: str) -> None:
        """Make the file and its tables; the connection is not kept, so that a master that forks carries none."""
        if not self._path or self._path == ":memory:":
            raise SettingsError("a sqlite store needs a file, such as sqlite:/tmp/mockserver.db; or use memory:")
        try:
            self._patiently(schema)
        except (sqlite3.Error, ValueError) as error:
            raise SettingsError(f"cannot open the store sqlite:{self._path}: {error}{_remedy(self._path)}") from error

    def close(self) -> None:
        """Close the connections of this process."""
        for db in self._idle.pop(os.getpid(), ()):
            db.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Let this thread read and write within one transaction."""
        with self.writing() as db:
            self._current.db = db
            try:
                yield
            finally:
                self._current.db = None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that no other thread has; one that failed is not used again."""
        current: sqlite3.Connection | None = getattr(self._current, "db", None)
        if current is not None:
            with self._translated():
                yield current
            return
        with self._translated(), self._lent() as db:
            yield db

    @contextmanager
    def _lent(self) -> Iterator[sqlite3.Connection]:
        idle = self._idle[os.getpid()]
        try:
            db = idle.pop()
        except IndexError:
            db = self._connect(self._busy_ms)
        try:
            yield db
        except sqlite3.Error:
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
        except sqlite3.Error as error:
            raise StoreUnavailable(f"the store sqlite:{self._path} does not answer: {error}") from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection in a write transaction; what is raised rolls it back."""
        with self.reading() as db:
            if db.in_transaction:  # the one that this thread opened with `together`
                yield db
                return
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    def _patiently(self, schema: str) -> None:
        # SQLite does not wait for its turn to switch a new file to WAL, and all workers start at once.
        for attempts_left in reversed(range(1 + self._busy_ms // _ATTEMPT_MS)):
            try:
                with closing(self._connect(_ATTEMPT_MS)) as db:
                    db.execute("PRAGMA journal_mode = WAL")
                    db.executescript(schema)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or not attempts_left:
                    raise
                time.sleep(_PAUSE_MS / 1000)
            else:
                return

    def _connect(self, busy_ms: int) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=busy_ms / 1000, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA synchronous = NORMAL")
        return db


def _remedy(path: str) -> str:
    parent = Path(path).parent
    return "" if "\0" in path or parent.is_dir() else f"; the directory {str(parent)!r} does not exist, make it first"
