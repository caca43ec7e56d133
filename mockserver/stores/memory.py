"""The default store: dictionaries in one process, gone when it ends."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from mockserver.stores.base import SERVER, Change, Limit, Limits, Record, Usage
from mockserver.stores.records import CHUNK, key_bytes, packed, unpacked


@dataclass(slots=True)
class _Kind:
    """The records of one kind, oldest first."""

    # Not a dict: finding the oldest of a dict walks over the holes that dropped records left.
    records: OrderedDict[str, bytes] = field(default_factory=OrderedDict)
    size: int = 0
    dropped: int = 0

    def put(self, key: str, data: bytes, limit: Limit) -> None:
        """Write a record, then drop the oldest others while the kind is over *limit*."""
        old = self.records.get(key)
        self.records[key] = data
        self.size += len(data) - len(old) if old is not None else len(data) + len(key_bytes(key))
        while len(self.records) > 1 and (len(self.records) > limit.entries or self.size > limit.bytes):
            self.remove(next(oldest for oldest in self.records if oldest != key))
            self.dropped += 1

    def remove(self, key: str) -> None:
        """Take a record away, if it is there."""
        data = self.records.pop(key, None)
        if data is not None:
            self.size -= len(data) + len(key_bytes(key))

    def usage(self) -> Usage:
        """Return what the kind holds."""
        return Usage(len(self.records), self.size, self.dropped)


@dataclass(slots=True)
class _Log:
    """The entries of one log; number *n* stands at `entries[head + n - dropped - 1]`."""

    entries: list[bytes] = field(default_factory=list)
    #: How many places at the front are empty; they are cut off together, so that a drop costs nothing.
    head: int = 0
    size: int = 0
    dropped: int = 0

    @property
    def last(self) -> int:
        """Return the number of the youngest entry."""
        return self.dropped + len(self.entries) - self.head

    def append(self, data: bytes, limit: Limit) -> int:
        """Add an entry, drop the oldest while the log is over *limit*, and return the entry's number."""
        self.entries.append(data)
        self.size += len(data)
        while (held := len(self.entries) - self.head) > 1 and (held > limit.entries or self.size > limit.bytes):
            self.size -= len(self.entries[self.head])
            self.entries[self.head] = b""
            self.head += 1
            self.dropped += 1
        if self.head > len(self.entries) // 2:
            del self.entries[: self.head]
            self.head = 0
        return self.last

    def chunk(self, after: int, last: int) -> list[tuple[int, bytes]]:
        """Return the next few entries above *after*, up to the number *last*."""
        first = max(after, self.dropped) + 1
        start = self.head + first - self.dropped - 1
        stop = start + min(CHUNK, max(last - first + 1, 0))
        return list(enumerate(self.entries[start:stop], first))

    def usage(self) -> Usage:
        """Return what the log holds."""
        return Usage(len(self.entries) - self.head, self.size, self.dropped)


@dataclass(slots=True)
class _Space:
    kinds: dict[str, _Kind] = field(default_factory=dict)
    logs: dict[str, _Log] = field(default_factory=dict)

    def holds_anything(self) -> bool:
        """Say whether there is any record or entry."""
        return any(kind.records for kind in self.kinds.values()) or any(log.entries for log in self.logs.values())


class MemoryStore:
    """A store for one process.

    One lock guards everything; a change runs while it is held, so it must be short and must not call the store.
    What was written last is never dropped, even if it alone is over the bound: a caller reads its write.
    """

    name = "memory:"
    shared = False
    remote = False
    rolls_back = False

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        self._spaces: dict[str, _Space] = {}

    def transaction(self, *, wait: bool = True) -> AbstractContextManager[Any]:
        """Do nothing more: there is nothing to gain."""
        return nullcontext()

    def get(self, space: str, kind: str, key: str) -> Record | None:
        """Return the record, or None; no lock, because each step is atomic by itself."""
        world = self._spaces.get(space)
        held = world.kinds.get(kind) if world else None
        data = held.records.get(key) if held else None
        return None if data is None else unpacked(data)

    def update(self, space: str, kind: str, key: str, change: Change) -> Record | None:
        """Change one record while nobody else can, and return what is there now."""
        with self._lock:
            old = self.get(space, kind, key)
            record = change(old)
            if record is not None:
                data = _fitted(packed(record))
                self._space(space).kinds.setdefault(kind, _Kind()).put(key, data, self._limits.of(kind))
                return unpacked(data)
            if old is not None:
                self._spaces[space].kinds[kind].remove(key)
            return None

    def keys(self, space: str, kind: str) -> list[str]:
        """Return the keys of *kind*, the oldest record first."""
        with self._lock:
            world = self._spaces.get(space)
            return list(world.kinds[kind].records) if world and kind in world.kinds else []

    def append(self, space: str, log: str, entry: Record) -> int:
        """Add *entry* to *log* and return its number."""
        data = _fitted(packed(entry))
        with self._lock:
            return self._space(space).logs.setdefault(log, _Log()).append(data, self._limits.of(log))

    def entries(self, space: str, log: str, *, after: int = 0) -> Iterator[tuple[int, Record]]:
        """Yield the entries above *after* that were there when reading began; the lock is free meanwhile."""
        last = self._last(space, log)
        while chunk := self._chunk(space, log, after, last):
            for number, data in chunk:
                yield number, unpacked(data)
            after = chunk[-1][0]

    def usage(self, space: str, name: str) -> Usage:
        """Return how much the kind or log *name* holds."""
        with self._lock:
            world = self._spaces.get(space) or _Space()
            holder = world.kinds.get(name) or world.logs.get(name)
            return holder.usage() if holder else Usage()

    def clear(self, space: str, name: str | None = None) -> None:
        """Forget one kind or log of *space*, or all of it."""
        with self._lock:
            if name is None:
                self._spaces.pop(space, None)
            elif world := self._spaces.get(space):
                world.kinds.pop(name, None)
                world.logs.pop(name, None)

    def spaces(self) -> list[str]:
        """Return the names of all spaces that hold anything, without the server's own, sorted."""
        with self._lock:
            return sorted(name for name, world in self._spaces.items() if name != SERVER and world.holds_anything())

    def ping(self) -> None:
        """Answer: memory is always there."""

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""

    def _space(self, space: str) -> _Space:
        world = self._spaces.get(space)
        if world is None:
            world = self._spaces[space] = _Space()
        return world

    def _last(self, space: str, log: str) -> int:
        with self._lock:
            world = self._spaces.get(space)
            return world.logs[log].last if world and log in world.logs else 0

    def _chunk(self, space: str, log: str, after: int, last: int) -> list[tuple[int, bytes]]:
        with self._lock:
            world = self._spaces.get(space)
            return world.logs[log].chunk(after, last) if world and log in world.logs else []


def _fitted(data: bytes) -> bytes:
    """Copy *data* into as much memory as it takes; what orjson returns keeps the whole buffer that it wrote to."""
    return bytes(memoryview(data))
