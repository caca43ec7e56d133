"""The store for many workers on one host: one SQLite file.

An answered exchange survives the death of any process (kill -9), because a commit is in the operating system's
hands before the store returns. It may not survive a power loss: commits are not forced to the disk one by one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

from mockserver.stores.base import SERVER, Change, Limit, Limits, Record, Usage
from mockserver.stores.records import CHUNK, key_bytes, key_text, packed, unpacked
from mockserver.stores.sqlite_connections import BUSY_MS, Connections

# A place is one kind or log of one space. Its items are numbered as they come; only records have a key.
# The id of a place is never used twice, so that whoever reads a log that is cleared meanwhile meets no other.
# A place without a space was cleared and awaits the removal of its items.
# Rowid tables, because values of a few kilobytes would make a clustered index deep and slow.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS place (
    id INTEGER PRIMARY KEY AUTOINCREMENT, space TEXT, name TEXT NOT NULL,
    entries INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0,
    dropped INTEGER NOT NULL DEFAULT 0, last INTEGER NOT NULL DEFAULT 0,
    UNIQUE (space, name)
);
CREATE TABLE IF NOT EXISTS item (
    id INTEGER PRIMARY KEY, place INTEGER NOT NULL, number INTEGER NOT NULL, key BLOB, value BLOB NOT NULL,
    UNIQUE (place, number)
);
CREATE UNIQUE INDEX IF NOT EXISTS item_by_key ON item (place, key) WHERE key IS NOT NULL;
"""

#: How many items are removed in one transaction after a `clear`.
_SWEEP = 1_000

_SWEEPING = "DELETE FROM item WHERE id IN (SELECT id FROM item WHERE place = ? LIMIT ?)"

_PLACE = "(SELECT id FROM place WHERE space = ? AND name = ?)"


@dataclass(slots=True)
class _Place:
    """The counters of a place, read and written within one transaction."""

    id: int
    entries: int
    bytes: int
    dropped: int
    last: int


class SqliteStore:
    """A store in the file *path*, which is made when it is not there; its directory must be.

    A change runs within a write transaction, so it must be short and must not call the store.
    What was written last is never dropped, even if it alone is over the bound: a caller reads its write.
    """

    shared = True

    def __init__(self, path: str, limits: Limits | None = None, *, busy_ms: int = BUSY_MS) -> None:
        self.name = f"sqlite:{path}"
        self._limits = limits or Limits()
        self._connections = Connections(path, busy_ms)
        self._connections.create(_SCHEMA)
        self._sweep()

    def together(self) -> AbstractContextManager[None]:
        """Write once for all that is done inside: a transaction costs more than what stands in it."""
        return self._connections.together()

    def get(self, space: str, kind: str, key: str) -> Record | None:
        """Return the record, or None."""
        with self._connections.reading() as db:
            row = db.execute(
                f"SELECT value FROM item WHERE place = {_PLACE} AND key = ?",  # noqa: S608 - a constant
                (space, kind, key_bytes(key)),
            ).fetchone()
        return None if row is None else unpacked(row[0])

    def update(self, space: str, kind: str, key: str, change: Change) -> Record | None:
        """Change one record within a write transaction and return what is there now."""
        name = key_bytes(key)
        with self._connections.writing() as db:
            place = _place(db, space, kind)
            found = db.execute("SELECT id, number, value FROM item WHERE place = ? AND key = ?", (place.id, name))
            item, number, old = found.fetchone() or (0, place.last + 1, None)
            record = change(None if old is None else unpacked(old))
            if record is None:
                if old is not None:
                    _remove(db, place, item, len(name) + len(old))
                    _write(db, place)
                return None
            data = packed(record)
            if old is None:
                _insert(db, place, name, data)
            elif data == old:
                return unpacked(data)
            else:
                db.execute("UPDATE item SET value = ? WHERE id = ?", (data, item))
                place.bytes += len(data) - len(old)
            _settle(db, place, self._limits.of(kind), keep=number)
        return unpacked(data)

    def keys(self, space: str, kind: str) -> list[str]:
        """Return the keys of *kind*, the oldest record first."""
        with self._connections.reading() as db:
            rows = db.execute(
                f"SELECT key FROM item WHERE place = {_PLACE} AND key IS NOT NULL ORDER BY number",  # noqa: S608 - a constant
                (space, kind),
            ).fetchall()
        return [key_text(key) for (key,) in rows]

    def append(self, space: str, log: str, entry: Record) -> int:
        """Add *entry* to *log* and return its number."""
        data = packed(entry)
        with self._connections.writing() as db:
            place = _place(db, space, log)
            _insert(db, place, None, data)
            _settle(db, place, self._limits.of(log), keep=place.last)
        return place.last

    def entries(self, space: str, log: str, *, after: int = 0) -> Iterator[tuple[int, Record]]:
        """Yield the entries above *after* that were there when reading began; no lock is held meanwhile."""
        with self._connections.reading() as db:
            row = db.execute("SELECT id, last FROM place WHERE space = ? AND name = ?", (space, log)).fetchone()
        place, last = row or (0, 0)
        while after < last:
            with self._connections.reading() as db:
                rows = db.execute(
                    "SELECT number, value FROM item WHERE place = ? AND number > ? AND number <= ? AND key IS NULL "
                    "ORDER BY number LIMIT ?",
                    (place, after, last, CHUNK),
                ).fetchall()
            for number, data in rows:
                yield number, unpacked(data)
            after = rows[-1][0] if rows else last

    def usage(self, space: str, name: str) -> Usage:
        """Return how much the kind or log *name* holds."""
        with self._connections.reading() as db:
            row = db.execute("SELECT entries, bytes, dropped FROM place WHERE space = ? AND name = ?", (space, name))
            return Usage(*(row.fetchone() or ()))

    def clear(self, space: str, name: str | None = None) -> None:
        """Forget one kind or log of *space*, or all of it: at once, however long it takes to take the items away."""
        query = "UPDATE place SET space = NULL WHERE space = ?1 AND name = ifnull(?2, name)"
        with self._connections.writing() as db:
            db.execute(query, (space, name))
        self._sweep()

    def spaces(self) -> list[str]:
        """Return the names of all spaces that hold anything, without the server's own, sorted."""
        with self._connections.reading() as db:
            rows = db.execute("SELECT DISTINCT space FROM place WHERE entries > 0 AND space <> ?", (SERVER,)).fetchall()
        return sorted(space for (space,) in rows)

    def ping(self) -> None:
        """Answer, or raise `StoreUnavailable`."""
        with self._connections.reading() as db:
            db.execute("SELECT id FROM place LIMIT 1").fetchone()

    def close(self) -> None:
        """Close the connections of this process."""
        self._connections.close()

    def _sweep(self) -> None:
        """Take away what was cleared, a little at a time, so that others can write in between."""
        with self._connections.reading() as db:
            places = db.execute("SELECT id FROM place WHERE space IS NULL").fetchall()
        for place in places:
            removed = _SWEEP
            while removed == _SWEEP:
                with self._connections.writing() as db:
                    removed = db.execute(_SWEEPING, (*place, _SWEEP)).rowcount
            with self._connections.writing() as db:
                db.execute("DELETE FROM place WHERE id = ?", place)


def _place(db: sqlite3.Connection, space: str, name: str) -> _Place:
    query = "SELECT id, entries, bytes, dropped, last FROM place WHERE space = ? AND name = ?"
    row = db.execute(query, (space, name)).fetchone()
    if row is None:
        db.execute("INSERT INTO place (space, name) VALUES (?, ?)", (space, name))
        row = db.execute(query, (space, name)).fetchone()
    return _Place(*row)


def _insert(db: sqlite3.Connection, place: _Place, key: bytes | None, data: bytes) -> None:
    place.last += 1
    place.entries += 1
    place.bytes += len(key or b"") + len(data)
    db.execute("INSERT INTO item (place, number, key, value) VALUES (?, ?, ?, ?)", (place.id, place.last, key, data))


def _remove(db: sqlite3.Connection, place: _Place, item: int, size: int) -> None:
    db.execute("DELETE FROM item WHERE id = ?", (item,))
    place.entries -= 1
    place.bytes -= size


def _settle(db: sqlite3.Connection, place: _Place, limit: Limit, *, keep: int) -> None:
    """Drop the oldest items but number *keep* while the place is over *limit*, then write its counters."""
    while place.entries > 1 and (place.entries > limit.entries or place.bytes > limit.bytes):
        item, size = db.execute(
            "SELECT id, length(value) + ifnull(length(key), 0) FROM item WHERE place = ? AND number <> ? "
            "ORDER BY number LIMIT 1",
            (place.id, keep),
        ).fetchone()
        _remove(db, place, item, size)
        place.dropped += 1
    _write(db, place)


def _write(db: sqlite3.Connection, place: _Place) -> None:
    db.execute(
        "UPDATE place SET entries = ?, bytes = ?, dropped = ?, last = ? WHERE id = ?",
        (place.entries, place.bytes, place.dropped, place.last, place.id),
    )
