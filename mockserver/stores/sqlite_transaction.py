"""One write transaction on the tables: what it reads of a space's counters it reads once, and writes once."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from mockserver.stores.base import Limit

#: An item is called by the id of its place and its number there, in one integer of 63 bits.
NUMBER_BITS = 36


@dataclass(slots=True)
class Place:
    """The counters of one kind or log of one space."""

    id: int
    entries: int = 0
    bytes: int = 0
    dropped: int = 0
    #: The number of the youngest item.
    last: int = 0
    changed: bool = False

    @property
    def first_item(self) -> int:
        """The id that no item has, and all items of the place are above."""
        return self.id << NUMBER_BITS

    @property
    def last_item(self) -> int:
        """The id of the youngest item."""
        return self.first_item + self.last


class Transaction:
    """What is done within one write transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self._places: dict[str, dict[str, Place]] = {}

    def find(self, space: str, name: str) -> Place | None:
        """Return the place, or None."""
        places = self._places.get(space)
        if places is None:
            rows = self.db.execute(
                "SELECT name, id, entries, bytes, dropped, last FROM place WHERE space = ?", (space,)
            )
            places = self._places[space] = {name: Place(*counters) for name, *counters in rows}
        return places.get(name)

    def place(self, space: str, name: str) -> Place:
        """Return the place, made if need be."""
        found = self.find(space, name)
        if found is None:
            added = self.db.execute("INSERT INTO place (space, name) VALUES (?, ?)", (space, name))
            found = self._places[space][name] = Place(added.lastrowid or 0)
        return found

    def insert(self, place: Place, key: bytes | None, value: bytes) -> int:
        """Add an item to *place* and return its id."""
        place.last += 1
        place.entries += 1
        place.bytes += len(value) + (0 if key is None else own_size(key))
        place.changed = True
        self.db.execute("INSERT INTO item (id, key, value) VALUES (?, ?, ?)", (place.last_item, key, value))
        return place.last_item

    def replace(self, place: Place, item: int, old: bytes, value: bytes) -> None:
        """Give an item another value."""
        self.db.execute("UPDATE item SET value = ? WHERE id = ?", (value, item))
        if len(old) != len(value):
            place.bytes += len(value) - len(old)
            place.changed = True

    def remove(self, place: Place, item: int, size: int) -> None:
        """Take an item of *size* bytes away."""
        self.db.execute("DELETE FROM item WHERE id = ?", (item,))
        place.entries -= 1
        place.bytes -= size
        place.changed = True

    def drop_oldest(self, place: Place, limit: Limit, *, keep: int) -> None:
        """Drop the oldest items but *keep* while the place is over *limit*."""
        while place.entries > 1 and (place.entries > limit.entries or place.bytes > limit.bytes):
            item, key, size = self.db.execute(
                "SELECT id, key, length(value) FROM item WHERE id > ? AND id <= ? AND id <> ? ORDER BY id LIMIT 1",
                (place.first_item, place.last_item, keep),
            ).fetchone()
            self.remove(place, item, size + (0 if key is None else own_size(key)))
            place.dropped += 1

    def clear(self, space: str, name: str | None) -> None:
        """Make a place, or all of a space, belong to nobody; its items are taken away later."""
        self.write_counters()
        query = "UPDATE place SET space = NULL WHERE space = ?1 AND name = ifnull(?2, name)"
        self.db.execute(query, (space, name))
        self._places.pop(space, None)

    def write_counters(self) -> None:
        """Write the counters that have changed."""
        changed = [p for places in self._places.values() for p in places.values() if p.changed]
        self.db.executemany(
            "UPDATE place SET entries = ?, bytes = ?, dropped = ?, last = ? WHERE id = ?",
            [(p.entries, p.bytes, p.dropped, p.last, p.id) for p in changed],
        )
        for place in changed:
            place.changed = False


def item_key(place: int, key: bytes) -> bytes:
    """Return the key by which an item of *place* is found; places share one index."""
    return place.to_bytes(8, "big") + key


def own_size(key: bytes) -> int:
    """Return how many bytes the caller's part of an item's key has."""
    return len(key) - 8


def callers_key(key: bytes) -> bytes:
    """Return the caller's part of an item's key."""
    return key[8:]
