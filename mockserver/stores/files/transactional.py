"""What stores of one file have in common: whatever they do, they do within transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any, Protocol

from mockserver.errors import StoreFull, StoreUnavailable, WouldBlock
from mockserver.stores.base import SERVER, Change, Limits, Record, Usage
from mockserver.stores.files.transaction import Transaction
from mockserver.stores.ping import PING, pinged
from mockserver.stores.records import CHUNK, key_bytes, key_text, packed, unpacked

#: How many items are removed in one transaction after a `clear`.
SWEEP = 1_000


#: The way out where a disk is full.
NO_ROOM = "; make room on its disk, or in the store itself: DELETE /__admin/spaces works all the same"


class File(Protocol):
    """An opened file."""

    @property
    def current(self) -> Transaction | None:
        """The write transaction that this thread is in."""

    def reading(self) -> AbstractContextManager[Transaction]:
        """Lend a view that no other thread has; within a write transaction, that one."""

    def writing(self, *, wait: bool = True) -> AbstractContextManager[Transaction]:
        """Lend a write transaction, the one that this thread is in if there is one; what is raised undoes it."""

    def making_room(self) -> AbstractContextManager[None]:
        """Give up the room that is held for the moment when there is none, while something is cleared.

        In the end the disk gets back what is not needed any more, as far as that can be done.
        """

    def close(self) -> None:
        """Let go of the file."""


class TransactionalStore:
    """A store in a file.

    A change runs within a write transaction, so it must be short and must not call the store.
    What was written last is never dropped, even if it alone is over the bound: a caller reads its write.
    """

    shared = True
    remote = False
    rolls_back = True

    def __init__(self, name: str, file: File, limits: Limits) -> None:
        self.name = name
        self._file = file
        self._limits = limits
        self._sweep()

    def transaction(self, *, wait: bool = True) -> AbstractContextManager[Any]:
        """Write once for all that is done inside: a transaction costs more than what stands in it."""
        return self._file.writing(wait=wait)

    def get(self, space: str, kind: str, key: str) -> Record | None:
        """Return the record, or None."""
        current = self._file.current
        if current is not None:
            return _get(current, space, kind, key)
        with self._file.reading() as view:
            return _get(view, space, kind, key)

    def update(self, space: str, kind: str, key: str, change: Change) -> Record | None:
        """Change one record within a write transaction and return what is there now."""
        current = self._file.current
        if current is not None:
            return self._updated(current, space, kind, key, change)
        with self._file.writing() as transaction:
            return self._updated(transaction, space, kind, key, change)

    def _updated(self, within: Transaction, space: str, kind: str, key: str, change: Change) -> Record | None:
        name = key_bytes(key)
        collection = within.find(space, kind)
        old = within.record(collection, name) if collection and collection.entries else None
        record = change(unpacked(old.value) if old else None)
        if record is None:
            if collection and old:
                within.remove(collection, old)
            return None
        data = packed(record)
        collection = collection or within.collection(space, kind)
        if old is None:
            number = within.insert(collection, name, data)
            within.drop_oldest(collection, self._limits.of(kind), keep=number)
        elif data != old.value:
            within.replace(collection, old, data)
            within.drop_oldest(collection, self._limits.of(kind), keep=old.number)
        return unpacked(data)

    def keys(self, space: str, kind: str) -> list[str]:
        """Return the keys of *kind*, the oldest record first."""
        with self._file.reading() as view:
            collection = view.find(space, kind)
            return [key_text(item.key or b"") for item in view.items(collection, after=0)] if collection else []

    def append(self, space: str, log: str, entry: Record) -> int:
        """Add *entry* to *log* and return its number."""
        data = packed(entry)
        with self._file.writing() as transaction:
            collection = transaction.collection(space, log)
            number = transaction.insert(collection, None, data)
            transaction.drop_oldest(collection, self._limits.of(log), keep=number)
        return number

    def entries(self, space: str, log: str, *, after: int = 0) -> Iterator[tuple[int, Record]]:
        """Yield the entries above *after* that were there when reading began; no lock is held meanwhile."""
        with self._file.reading() as view:
            collection = view.find(space, log)
        last = collection.last if collection else 0
        while collection and after < last:
            with self._file.reading() as view:
                chunk = view.items(collection, after=after, most=CHUNK)
            for item in chunk:
                if item.number <= last:
                    yield item.number, unpacked(item.value)
            after = chunk[-1].number if chunk else last

    def usage(self, space: str, name: str) -> Usage:
        """Return how much the kind or log *name* holds."""
        with self._file.reading() as view:
            collection = view.find(space, name)
        return Usage(collection.entries, collection.bytes, collection.dropped) if collection else Usage()

    def clear(self, space: str, name: str | None = None) -> None:
        """Forget one kind or log of *space*, or all of it: at once, however long it takes to take the items away.

        It can be done where there is no room for anything else, so that room can be made.
        """
        try:
            self._clear(space, name)
        except StoreFull:
            with self._file.making_room(), suppress(StoreFull):
                self._clear(space, name)

    def _clear(self, space: str, name: str | None) -> None:
        with self._file.writing() as transaction:
            transaction.clear(space, name)
        self._sweep()

    def spaces(self) -> list[str]:
        """Return the names of all spaces that hold anything, without the server's own, sorted."""
        with self._file.reading() as view:
            return sorted(view.spaces() - {SERVER})

    def ping(self) -> None:
        """Write something, or raise `StoreUnavailable` without waiting for other programs."""
        try:
            with self._file.writing(wait=False) as transaction:
                self._updated(transaction, SERVER, PING, PING, pinged)
        except WouldBlock as error:
            raise StoreUnavailable(str(error)) from error

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _sweep(self) -> None:
        """Take away what was cleared, a little at a time, so that others can write in between."""
        more = True
        while more:
            with self._file.writing() as transaction:
                more = transaction.sweep(SWEEP)


def _get(view: Transaction, space: str, kind: str, key: str) -> Record | None:
    collection = view.find(space, kind)
    found = view.record(collection, key_bytes(key)) if collection and collection.entries else None
    return unpacked(found.value) if found else None


def remedy(path: str) -> str:
    """Return what to do where the file *path* cannot be opened, if that can be told."""
    parent = Path(path).parent
    return "" if "\0" in path or parent.is_dir() else f"; the directory {str(parent)!r} does not exist, make it first"
