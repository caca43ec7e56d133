"""How places and items stand in the tables of one SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from mockserver.stores.files.transaction import Item, Place, Transaction

#: The version of the tables; SQLite keeps it in the file.
VERSION = 2

# A place without a space was cleared and awaits the removal of its items.
# The ids of items begin with their place, so that the table itself is in the order of age, and needs no index for it.
SCHEMA = """
CREATE TABLE IF NOT EXISTS place (
    id INTEGER PRIMARY KEY AUTOINCREMENT, space TEXT, name TEXT NOT NULL,
    entries INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0,
    dropped INTEGER NOT NULL DEFAULT 0, last INTEGER NOT NULL DEFAULT 0,
    UNIQUE (space, name)
);
CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY, key BLOB, value BLOB NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS item_by_key ON item (key) WHERE key IS NOT NULL;
"""

#: An item is called by the id of its place and its number there, in one integer of 63 bits.
_NUMBER_BITS = 36
#: Places share one index of keys, so that each key has the id of its place in front.
_PLACE_BYTES = 8


class SqliteTransaction(Transaction):
    """A transaction on *db*."""

    def __init__(self, db: sqlite3.Connection) -> None:
        super().__init__()
        self.db = db

    def load(self, space: str, name: str) -> Sequence[Place]:  # noqa: ARG002 all places of a space cost as much as one
        """Read the counters of all places of *space*."""
        query = "SELECT space, name, id, entries, bytes, dropped, last FROM place WHERE space = ?"
        return [Place(*row) for row in self.db.execute(query, (space,))]

    def create(self, space: str, name: str) -> Place:
        """Make a place."""
        added = self.db.execute("INSERT INTO place (space, name) VALUES (?, ?)", (space, name))
        return Place(space, name, added.lastrowid or 0)

    def save(self, places: Sequence[Place]) -> None:
        """Write counters."""
        self.db.executemany(
            "UPDATE place SET entries = ?, bytes = ?, dropped = ?, last = ? WHERE id = ?",
            [(p.entries, p.bytes, p.dropped, p.last, p.id) for p in places],
        )

    def disown(self, space: str, name: str | None) -> None:
        """Take the space off its places."""
        query = "UPDATE place SET space = NULL WHERE space = ?1 AND name = ifnull(?2, name)"
        self.db.execute(query, (space, name))

    def sweep(self, most: int) -> bool:
        """Remove some of what belongs to nobody."""
        found = self.db.execute("SELECT id FROM place WHERE space IS NULL LIMIT 1").fetchone()
        if found is None:
            return False
        removing = "DELETE FROM item WHERE id IN (SELECT id FROM item WHERE id > ? AND id < ? LIMIT ?)"
        if self.db.execute(removing, (*_ids(found[0]), most)).rowcount < most:
            self.db.execute("DELETE FROM place WHERE id = ?", found)
        return True

    def record(self, place: Place, key: bytes) -> Item | None:
        """Return a record, or None."""
        query = "SELECT id, value FROM item WHERE key = ?"
        found = self.db.execute(query, (_key(place, key),)).fetchone()
        return Item(found[0] - (place.id << _NUMBER_BITS), key, found[1]) if found else None

    def items(self, place: Place, *, after: int, most: int | None = None) -> Sequence[Item]:
        """Return the items above *after*."""
        first, end = _ids(place.id)
        query = "SELECT id, key, value FROM item WHERE id > ? AND id < ? ORDER BY id LIMIT ?"
        rows = self.db.execute(query, (first + after, end, -1 if most is None else most)).fetchall()
        return [Item(number - first, None if key is None else key[_PLACE_BYTES:], value) for number, key, value in rows]

    def put(self, place: Place, item: Item, *, new: bool) -> None:
        """Write an item."""
        number = (place.id << _NUMBER_BITS) + item.number
        if new:
            row = number, None if item.key is None else _key(place, item.key), item.value
            self.db.execute("INSERT INTO item (id, key, value) VALUES (?, ?, ?)", row)
        else:
            self.db.execute("UPDATE item SET value = ? WHERE id = ?", (item.value, number))

    def delete(self, place: Place, item: Item) -> None:
        """Delete an item."""
        self.db.execute("DELETE FROM item WHERE id = ?", ((place.id << _NUMBER_BITS) + item.number,))

    def spaces(self) -> set[str]:
        """Return the names of the spaces that hold anything."""
        rows = self.db.execute("SELECT DISTINCT space FROM place WHERE entries > 0 AND space IS NOT NULL")
        return {space for (space,) in rows}


def _key(place: Place, key: bytes) -> bytes:
    return place.id.to_bytes(_PLACE_BYTES, "big") + key


def _ids(place: int) -> tuple[int, int]:
    """Return the ids between which all items of a place are."""
    return place << _NUMBER_BITS, (place + 1) << _NUMBER_BITS
