"""The store for many workers on one host: one SQLite file.

An answered exchange survives the death of any process (kill -9), because a commit is in the operating system's
hands before the store returns. It may not survive a power loss: commits are not forced to the disk one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

from mockserver.stores.base import SERVER, Change, Limits, Record, Usage
from mockserver.stores.records import CHUNK, key_bytes, key_text, packed, unpacked
from mockserver.stores.sqlite_connections import BUSY_MS, Connections
from mockserver.stores.sqlite_transaction import NUMBER_BITS, Transaction, callers_key, item_key

# A place is one kind or log of one space. Its items are numbered as they come; only records have a key.
# The id of a place is never used twice, so that whoever reads a log that is cleared meanwhile meets no other.
# A place without a space was cleared and awaits the removal of its items.
# The ids of items begin with their place, so that the table itself is in the order of age, and needs no index for it.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS place (
    id INTEGER PRIMARY KEY AUTOINCREMENT, space TEXT, name TEXT NOT NULL,
    entries INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0,
    dropped INTEGER NOT NULL DEFAULT 0, last INTEGER NOT NULL DEFAULT 0,
    UNIQUE (space, name)
);
CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY, key BLOB, value BLOB NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS item_by_key ON item (key) WHERE key IS NOT NULL;
"""

#: How many items are removed in one transaction after a `clear`.
_SWEEP = 1_000

_SWEEPING = "DELETE FROM item WHERE id IN (SELECT id FROM item WHERE id > ? AND id < ? LIMIT ?)"
_PLACE = "SELECT id, last FROM place WHERE space = ? AND name = ?"


class SqliteStore:
    """A store in the file *path*, which is made when it is not there; its directory must be.

    A change runs within a write transaction, so it must be short and must not call the store.
    What was written last is never dropped, even if it alone is over the bound: a caller reads its write.
    A file that is not *lasting*, because it goes with the server, may be lost with the machine.
    """

    shared = True
    remote = False

    def __init__(
        self, path: str, limits: Limits | None = None, *, busy_ms: int = BUSY_MS, lasting: bool = True
    ) -> None:
        self.name = f"sqlite:{path}"
        self._limits = limits or Limits()
        self._connections = Connections(path, busy_ms, lasting=lasting)
        self._connections.create(_SCHEMA)
        self._sweep()

    def together(self, *, wait: bool = True) -> AbstractContextManager[Any]:
        """Write once for all that is done inside: a transaction costs more than what stands in it."""
        return self._connections.writing(wait=wait)

    def get(self, space: str, kind: str, key: str) -> Record | None:
        """Return the record, or None."""
        transaction = self._connections.current
        if transaction is not None:
            found = self._found(transaction, space, kind, key_bytes(key))
            return None if found is None else unpacked(found[1])
        with self._connections.reading() as db:
            place = db.execute(_PLACE, (space, kind)).fetchone()
            name = item_key(place[0], key_bytes(key)) if place else None
            row = db.execute("SELECT value FROM item WHERE key = ?", (name,)).fetchone()
        return None if row is None else unpacked(row[0])

    def update(self, space: str, kind: str, key: str, change: Change) -> Record | None:
        """Change one record within a write transaction and return what is there now."""
        transaction = self._connections.current
        if transaction is not None:
            return self._updated(transaction, space, kind, key, change)
        with self._connections.writing() as transaction:
            return self._updated(transaction, space, kind, key, change)

    def _found(self, transaction: Transaction, space: str, kind: str, key: bytes) -> tuple[int, bytes] | None:
        place = transaction.find(space, kind)
        if place is None or not place.entries:
            return None
        rows = transaction.db.execute("SELECT id, value FROM item WHERE key = ?", (item_key(place.id, key),))
        found: tuple[int, bytes] | None = rows.fetchone()
        return found

    def _updated(self, transaction: Transaction, space: str, kind: str, key: str, change: Change) -> Record | None:
        name = key_bytes(key)
        item, old = self._found(transaction, space, kind, name) or (0, None)
        record = change(None if old is None else unpacked(old))
        if record is None and old is None:
            return None
        place = transaction.place(space, kind)
        if record is None:
            transaction.remove(place, item, len(name) + len(old or b""))
            return None
        data = packed(record)
        if old is None:
            item = transaction.insert(place, item_key(place.id, name), data)
        elif data != old:
            transaction.replace(place, item, old, data)
        transaction.drop_oldest(place, self._limits.of(kind), keep=item)
        return unpacked(data)

    def keys(self, space: str, kind: str) -> list[str]:
        """Return the keys of *kind*, the oldest record first."""
        with self._connections.reading() as db:
            place, _ = db.execute(_PLACE, (space, kind)).fetchone() or (0, 0)
            rows = db.execute(
                "SELECT key FROM item WHERE id > ? AND id < ? AND key IS NOT NULL ORDER BY id", _range(place)
            ).fetchall()
        return [key_text(callers_key(key)) for (key,) in rows]

    def append(self, space: str, log: str, entry: Record) -> int:
        """Add *entry* to *log* and return its number."""
        data = packed(entry)
        with self._connections.writing() as transaction:
            place = transaction.place(space, log)
            item = transaction.insert(place, None, data)
            transaction.drop_oldest(place, self._limits.of(log), keep=item)
        return place.last

    def entries(self, space: str, log: str, *, after: int = 0) -> Iterator[tuple[int, Record]]:
        """Yield the entries above *after* that were there when reading began; no lock is held meanwhile."""
        with self._connections.reading() as db:
            place, last = db.execute(_PLACE, (space, log)).fetchone() or (0, 0)
        first, _ = _range(place)
        while after < last:
            with self._connections.reading() as db:
                rows = db.execute(
                    "SELECT id, value FROM item WHERE id > ? AND id <= ? ORDER BY id LIMIT ?",
                    (first + after, first + last, CHUNK),
                ).fetchall()
            for item, data in rows:
                yield item - first, unpacked(data)
            after = rows[-1][0] - first if rows else last

    def usage(self, space: str, name: str) -> Usage:
        """Return how much the kind or log *name* holds."""
        with self._connections.reading() as db:
            row = db.execute("SELECT entries, bytes, dropped FROM place WHERE space = ? AND name = ?", (space, name))
            return Usage(*(row.fetchone() or ()))

    def clear(self, space: str, name: str | None = None) -> None:
        """Forget one kind or log of *space*, or all of it: at once, however long it takes to take the items away."""
        with self._connections.writing() as transaction:
            transaction.clear(space, name)
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
        for (place,) in places:
            removed = _SWEEP
            while removed == _SWEEP:
                with self._connections.writing() as transaction:
                    removed = transaction.db.execute(_SWEEPING, (*_range(place), _SWEEP)).rowcount
            with self._connections.writing() as transaction:
                transaction.db.execute("DELETE FROM place WHERE id = ?", (place,))


def _range(place: int) -> tuple[int, int]:
    """Return the ids between which all items of *place* are."""
    return place << NUMBER_BITS, (place + 1) << NUMBER_BITS
