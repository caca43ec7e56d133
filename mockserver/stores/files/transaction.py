"""A write transaction on a store's file, whatever the file: places of numbered items.

A place is one kind or log of one space. Its items are numbered as they come; those of a kind, records, have a key.
The id of a place is never used twice, so that whoever reads a log that is cleared meanwhile meets no other.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mockserver.stores.base import Limit


@dataclass(slots=True)
class Place:
    """The counters of one place, read once within a transaction, and written once."""

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
        self._places: dict[tuple[str, str], Place | None] = {}

    def find(self, space: str, name: str) -> Place | None:
        """Return the place, or None."""
        at = space, name
        if at not in self._places:
            for place in self.load(space, name):
                self._places.setdefault((place.space, place.name), place)  # not over one that has changed
            self._places.setdefault(at, None)
        return self._places[at]

    def place(self, space: str, name: str) -> Place:
        """Return the place, made if need be."""
        found = self.find(space, name)
        if found is None:
            found = self._places[space, name] = self.create(space, name)
        return found

    def insert(self, place: Place, key: bytes | None, value: bytes) -> int:
        """Add an item and return its number."""
        place.last += 1
        item = Item(place.last, key, value)
        self.put(place, item, new=True)
        place.entries += 1
        place.bytes += item.size
        place.changed = True
        return place.last

    def replace(self, place: Place, old: Item, value: bytes) -> None:
        """Give an item another value."""
        self.put(place, Item(old.number, old.key, value), new=False)
        place.bytes += len(value) - len(old.value)
        place.changed = place.changed or len(value) != len(old.value)

    def remove(self, place: Place, item: Item) -> None:
        """Take an item away."""
        self.delete(place, item)
        place.entries -= 1
        place.bytes -= item.size
        place.changed = True

    def drop_oldest(self, place: Place, limit: Limit, *, keep: int) -> None:
        """Drop the oldest items but number *keep* while the place is over *limit*."""
        while place.entries > 1 and (place.entries > limit.entries or place.bytes > limit.bytes):
            oldest = next(item for item in self.items(place, after=0, most=2) if item.number != keep)
            self.remove(place, oldest)
            place.dropped += 1

    def clear(self, space: str, name: str | None) -> None:
        """Make a place, or all of a space, belong to nobody; its items are taken away later."""
        self.write_counters()
        self._places.clear()
        self.disown(space, name)

    def write_counters(self) -> None:
        """Write the counters that have changed."""
        changed = [place for place in self._places.values() if place and place.changed]
        if changed:
            self.save(changed)
        for place in changed:
            place.changed = False

    @abstractmethod
    def load(self, space: str, name: str) -> Sequence[Place]:
        """Read the counters of a place if it is there; of its neighbours, too, where that costs nothing."""

    @abstractmethod
    def create(self, space: str, name: str) -> Place:
        """Make a place."""

    @abstractmethod
    def save(self, places: Sequence[Place]) -> None:
        """Write counters."""

    @abstractmethod
    def disown(self, space: str, name: str | None) -> None:
        """Let the places be found no more, but by `sweep`."""

    @abstractmethod
    def sweep(self, most: int) -> bool:
        """Remove *most* items of disowned places, or such places that have none. Returns whether there was any."""

    @abstractmethod
    def record(self, place: Place, key: bytes) -> Item | None:
        """Return a record, or None."""

    @abstractmethod
    def items(self, place: Place, *, after: int, most: int | None = None) -> Sequence[Item]:
        """Return the items above *after*, the oldest first."""

    @abstractmethod
    def put(self, place: Place, item: Item, *, new: bool) -> None:
        """Write an item."""

    @abstractmethod
    def delete(self, place: Place, item: Item) -> None:
        """Delete an item."""

    @abstractmethod
    def spaces(self) -> set[str]:
        """Return the names of the spaces that hold anything."""
