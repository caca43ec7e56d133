"""A write transaction on a store's file, whatever the file: collections of numbered items.

A collection is one kind or log of one space. Its items are numbered as they come; those of a kind, records, have a key.
The id of a collection is never used twice, so that whoever reads a log that is cleared meanwhile meets no other.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mockserver.stores.base import Limit


@dataclass(slots=True)
class Collection:
    """The counters of one collection, read once within a transaction, and written once."""

    space: str
    name: str
    id: int
    entries: int = 0
    bytes: int = 0
    dropped: int = 0
    #: The number of the youngest item.
    last: int = 0
    changed: bool = False


class Item(NamedTuple):
    """One record, or one entry of a log, which has no key."""

    number: int
    key: bytes | None
    value: bytes

    @property
    def size(self) -> int:
        """What it counts for in the bounds."""
        return len(self.value) + len(self.key or b"")


class Transaction(ABC):
    """A view of the file; what it changes counts when it ends."""

    def __init__(self) -> None:
        self._collections: dict[tuple[str, str], Collection | None] = {}

    def find(self, space: str, name: str) -> Collection | None:
        """Return the collection, or None."""
        at = space, name
        if at not in self._collections:
            for collection in self.load(space, name):
                # Not over one that has changed.
                self._collections.setdefault((collection.space, collection.name), collection)
            self._collections.setdefault(at, None)
        return self._collections[at]

    def collection(self, space: str, name: str) -> Collection:
        """Return the collection, made if need be."""
        found = self.find(space, name)
        if found is None:
            found = self._collections[space, name] = self.create(space, name)
        return found

    def insert(self, collection: Collection, key: bytes | None, value: bytes) -> int:
        """Add an item and return its number."""
        collection.last += 1
        item = Item(collection.last, key, value)
        self.put(collection, item, new=True)
        collection.entries += 1
        collection.bytes += item.size
        collection.changed = True
        return collection.last

    def replace(self, collection: Collection, old: Item, value: bytes) -> None:
        """Give an item another value."""
        self.put(collection, Item(old.number, old.key, value), new=False)
        collection.bytes += len(value) - len(old.value)
        collection.changed = collection.changed or len(value) != len(old.value)

    def remove(self, collection: Collection, item: Item) -> None:
        """Take an item away."""
        self.delete(collection, item)
        collection.entries -= 1
        collection.bytes -= item.size
        collection.changed = True

    def drop_oldest(self, collection: Collection, limit: Limit, *, keep: int) -> None:
        """Drop the oldest items but number *keep* while the collection is over *limit*."""
        while collection.entries > 1 and (collection.entries > limit.entries or collection.bytes > limit.bytes):
            oldest = next(item for item in self.items(collection, after=0, most=2) if item.number != keep)
            self.remove(collection, oldest)
            collection.dropped += 1

    def clear(self, space: str, name: str | None) -> None:
        """Make a collection, or all of a space, belong to nobody; its items are taken away later."""
        self.write_counters()
        self._collections.clear()
        self.disown(space, name)

    def write_counters(self) -> None:
        """Write the counters that have changed."""
        changed = [collection for collection in self._collections.values() if collection and collection.changed]
        if changed:
            self.save(changed)
        for collection in changed:
            collection.changed = False

    @abstractmethod
    def load(self, space: str, name: str) -> Sequence[Collection]:
        """Read the counters of a collection if it is there; of its neighbours, too, where that costs nothing."""

    @abstractmethod
    def create(self, space: str, name: str) -> Collection:
        """Make a collection."""

    @abstractmethod
    def save(self, collections: Sequence[Collection]) -> None:
        """Write counters."""

    @abstractmethod
    def disown(self, space: str, name: str | None) -> None:
        """Let the collections be found no more, but by `sweep`."""

    @abstractmethod
    def sweep(self, most: int) -> bool:
        """Remove *most* items of disowned collections, or those that have none. Returns whether there was any."""

    @abstractmethod
    def record(self, collection: Collection, key: bytes) -> Item | None:
        """Return a record, or None."""

    @abstractmethod
    def items(self, collection: Collection, *, after: int, most: int | None = None) -> Sequence[Item]:
        """Return the items above *after*, the oldest first."""

    @abstractmethod
    def put(self, collection: Collection, item: Item, *, new: bool) -> None:
        """Write an item."""

    @abstractmethod
    def delete(self, collection: Collection, item: Item) -> None:
        """Delete an item."""

    @abstractmethod
    def spaces(self) -> set[str]:
        """Return the names of the spaces that hold anything."""
