"""How collections and items stand in the tables of one SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from mockserver.stores.files.transaction import Collection, Item, Transaction

#: The version of the tables; SQLite keeps it in the file.
VERSION = 3

# A collection without a space was cleared and awaits the removal of its items.
# The ids of items begin with their collection: so the table is in the order of age, and needs no index for it.
SCHEMA = """
CREATE TABLE IF NOT EXISTS collection (
    id INTEGER PRIMARY KEY AUTOINCREMENT, space TEXT, name TEXT NOT NULL,
    entries INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0,
    dropped INTEGER NOT NULL DEFAULT 0, last INTEGER NOT NULL DEFAULT 0,
    UNIQUE (space, name)
);
CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY, key BLOB, value BLOB NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS item_by_key ON item (key) WHERE key IS NOT NULL;
"""

#: An item is called by the id of its collection and its number there, in one integer of 63 bits.
_NUMBER_BITS = 36
#: Places share one index of keys, so that each key has the id of its collection in front.
_PLACE_BYTES = 8


class SqliteTransaction(Transaction):
    """A transaction on *db*."""

    def __init__(self, db: sqlite3.Connection) -> None:
        super().__init__()
        self.db = db

    def load(self, space: str, name: str) -> Sequence[Collection]:
        """Read the counters of all collections of *space*."""
        query = "SELECT space, name, id, entries, bytes, dropped, last FROM collection WHERE space = ?"
        return [Collection(*row) for row in self.db.execute(query, (space,))]

    def create(self, space: str, name: str) -> Collection:
        """Make a collection."""
        added = self.db.execute("INSERT INTO collection (space, name) VALUES (?, ?)", (space, name))
        return Collection(space, name, added.lastrowid or 0)

    def save(self, collections: Sequence[Collection]) -> None:
        """Write counters."""
        self.db.executemany(
            "UPDATE collection SET entries = ?, bytes = ?, dropped = ?, last = ? WHERE id = ?",
            [(p.entries, p.bytes, p.dropped, p.last, p.id) for p in collections],
        )

    def disown(self, space: str, name: str | None) -> None:
        """Take the space off its collections."""
        query = "UPDATE collection SET space = NULL WHERE space = ?1 AND name = ifnull(?2, name)"
        self.db.execute(query, (space, name))

    def sweep(self, most: int) -> bool:
        """Remove some of what belongs to nobody."""
        found = self.db.execute("SELECT id FROM collection WHERE space IS NULL LIMIT 1").fetchone()
        if found is None:
            return False
        removing = "DELETE FROM item WHERE id IN (SELECT id FROM item WHERE id > ? AND id < ? LIMIT ?)"
        if self.db.execute(removing, (*_ids(found[0]), most)).rowcount < most:
            self.db.execute("DELETE FROM collection WHERE id = ?", found)
        return True

    def record(self, collection: Collection, key: bytes) -> Item | None:
        """Return a record, or None."""
        query = "SELECT id, value FROM item WHERE key = ?"
        found = self.db.execute(query, (_key(collection, key),)).fetchone()
        return Item(found[0] - (collection.id << _NUMBER_BITS), key, found[1]) if found else None

    def items(self, collection: Collection, *, after: int, most: int | None = None) -> Sequence[Item]:
        """Return the items above *after*."""
        first, end = _ids(collection.id)
        query = "SELECT id, key, value FROM item WHERE id > ? AND id < ? ORDER BY id LIMIT ?"
        rows = self.db.execute(query, (first + after, end, -1 if most is None else most)).fetchall()
        return [Item(number - first, None if key is None else key[_PLACE_BYTES:], value) for number, key, value in rows]

    def put(self, collection: Collection, item: Item, *, new: bool) -> None:
        """Write an item."""
        number = (collection.id << _NUMBER_BITS) + item.number
        if new:
            row = number, None if item.key is None else _key(collection, item.key), item.value
            self.db.execute("INSERT INTO item (id, key, value) VALUES (?, ?, ?)", row)
        else:
            self.db.execute("UPDATE item SET value = ? WHERE id = ?", (item.value, number))

    def delete(self, collection: Collection, item: Item) -> None:
        """Delete an item."""
        self.db.execute("DELETE FROM item WHERE id = ?", ((collection.id << _NUMBER_BITS) + item.number,))

    def spaces(self) -> set[str]:
        """Return the names of the spaces that hold anything."""
        rows = self.db.execute("SELECT DISTINCT space FROM collection WHERE entries > 0 AND space IS NOT NULL")
        return {space for (space,) in rows}


def _key(collection: Collection, key: bytes) -> bytes:
    return collection.id.to_bytes(_PLACE_BYTES, "big") + key


def _ids(collection: int) -> tuple[int, int]:
    """Return the ids between which all items of a collection are."""
    return collection << _NUMBER_BITS, (collection + 1) << _NUMBER_BITS
