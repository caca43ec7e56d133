"""How collections and items stand in one LMDB file.

The first letter of a key says what stands there:

* `P` space, name    a collection: its id and its counters
* `I` collection, number  an item, in the order of age; that of a record begins with its key
* `K` collection, key     the number of a record
* `N`                the id of the youngest collection; no id is used twice
* `Z` collection          a collection that was cleared, whose items are still to be removed
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import islice
from typing import Any

import lmdb

from mockserver.stores.files.transaction import Collection, Item, Transaction
from mockserver.stores.records import key_bytes, key_text

_COUNTERS = struct.Struct(">QQQQQ")
_ITEM = struct.Struct(">cQQ")
_LENGTH = struct.Struct(">I")
_ID = struct.Struct(">Q")
#: LMDB's own bound for a key is 511 bytes; a longer key of a record is found by its digest.
_LONGEST_KEY = 400


class LmdbTransaction(Transaction):
    """A transaction by *db*."""

    def __init__(self, db: lmdb.Transaction) -> None:
        super().__init__()
        self.db: Any = db  # whether values are bytes depends on how the file was opened, says its type

    def load(self, space: str, name: str) -> Sequence[Collection]:
        """Read the counters of the collection."""
        counters = self.db.get(_place_key(space, name))
        return [Collection(space, name, *_COUNTERS.unpack(counters))] if counters else []

    def create(self, space: str, name: str) -> Collection:
        """Make a collection."""
        collection = Collection(space, name, _ID.unpack(self.db.get(b"N", _ID.pack(0)))[0] + 1)
        self.db.put(b"N", _ID.pack(collection.id))
        self.save([collection])
        return collection

    def save(self, collections: Sequence[Collection]) -> None:
        """Write counters."""
        for p in collections:
            self.db.put(_place_key(p.space, p.name), _COUNTERS.pack(p.id, p.entries, p.bytes, p.dropped, p.last))

    def disown(self, space: str, name: str | None) -> None:
        """Note the collections under `Z`."""
        found = [key for key, _ in self._under(_place_key(space, ""))] if name is None else [_place_key(space, name)]
        for key in found:
            if counters := self.db.pop(key):
                self.db.put(b"Z" + counters[: _ID.size], b"")

    def sweep(self, most: int) -> bool:
        """Remove some of what belongs to nobody."""
        found = next(self._under(b"Z"), None)
        if found is None:
            return False
        collection = found[0][1:]
        keys = [key for letter in (b"I", b"K") for key, _ in islice(self._under(letter + collection), most // 2)]
        for key in keys or [b"Z" + collection]:
            self.db.delete(key)
        return True

    def record(self, collection: Collection, key: bytes) -> Item | None:
        """Return a record, or None."""
        found = self.db.get(_record_key(collection, key))
        if found is None:
            return None
        number: int = _ID.unpack(found)[0]
        return _item(number, self.db.get(_ITEM.pack(b"I", collection.id, number)))

    def items(self, collection: Collection, *, after: int, most: int | None = None) -> Sequence[Item]:
        """Return the items above *after*."""
        found = self._under(b"I" + _ID.pack(collection.id), _ID.pack(after + 1))
        return [_item(_ITEM.unpack(key)[2], value) for key, value in islice(found, most)]

    def put(self, collection: Collection, item: Item, *, new: bool) -> None:
        """Write an item."""
        if new and item.key is not None:
            self.db.put(_record_key(collection, item.key), _ID.pack(item.number))
        head = _LENGTH.pack(0) if item.key is None else _LENGTH.pack(1 + len(item.key)) + item.key
        self.db.put(_ITEM.pack(b"I", collection.id, item.number), head + item.value)

    def delete(self, collection: Collection, item: Item) -> None:
        """Delete an item."""
        self.db.delete(_ITEM.pack(b"I", collection.id, item.number))
        if item.key is not None:
            self.db.delete(_record_key(collection, item.key))

    def spaces(self) -> set[str]:
        """Return the names of the spaces that hold anything."""
        return {_space_of(key) for key, counters in self._under(b"P") if _COUNTERS.unpack(counters)[1]}

    def _under(self, prefix: bytes, start: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        """Yield what stands under keys with *prefix*, from *start* behind it on."""
        with self.db.cursor() as cursor:
            if cursor.set_range(prefix + start):
                for key, value in cursor:
                    if not key.startswith(prefix):
                        return
                    yield key, value


@lru_cache(maxsize=10_000)
def _place_key(space: str, name: str) -> bytes:
    """Return the key of a collection; the length in front keeps the space and the name apart."""
    whole = key_bytes(space)
    return b"P%d:%b:%b" % (len(whole), whole, key_bytes(name))


def _space_of(key: bytes) -> str:
    length, _, rest = key[1:].partition(b":")
    return key_text(rest[: int(length)])


def _record_key(collection: Collection, key: bytes) -> bytes:
    if len(key) > _LONGEST_KEY:
        key = blake2b(key).digest().ljust(_LONGEST_KEY + 1)
    return b"K" + _ID.pack(collection.id) + key


def _item(number: int, stored: bytes) -> Item:
    length = _LENGTH.unpack_from(stored)[0]
    if not length:
        return Item(number, None, stored[_LENGTH.size :])
    ends = _LENGTH.size + length - 1
    return Item(number, stored[_LENGTH.size : ends], stored[ends:])
