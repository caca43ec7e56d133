"""A transaction on Redis: guessed at from what was seen last, and proved or refuted in one round trip.

Nothing is asked while it is done. What was never seen is taken to be absent, which is right for all that is new.
At the end one script compares each guess with what is there. If all are right, it writes; else it tells what is
there, nothing was done, and the transaction is done again on better guesses.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from hashlib import sha1

from mockserver.stores.base import Change, Limit, Record
from mockserver.stores.records import key_bytes, packed, unpacked

#: Guesses that are kept, those that were used last.
MOST_GUESSES = 10_000
#: A larger value is not kept once it has served: scenarios are read once in a process.
_LARGEST_GUESS = 64 << 10
#: A longer value is compared by its digest.
_LONGEST_VALUE = 64

Word = bytes | str | int
#: A record by kind and key, or without a key the number of the youngest entry of a log.
Cell = tuple[str, bytes | None]


class Guesses:
    """What a process has seen last, of all spaces; that it may be wrong by now does no harm."""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[str, Cell], bytes] = OrderedDict()

    def of(self, space: str, cell: Cell) -> bytes:
        """Return what was there when it was seen last, or nothing."""
        return self._seen.get((space, cell), b"")

    def keep(self, space: str, cell: Cell, value: bytes) -> None:
        """Remember what is there."""
        self._seen[space, cell] = value
        self._seen.move_to_end((space, cell))
        while len(self._seen) > MOST_GUESSES:
            self._seen.popitem(last=False)

    def forget(self, space: str, cell: Cell) -> None:
        """Remember nothing, so that the next guess is that it is absent."""
        self._seen.pop((space, cell), None)


class Batch:
    """What one transaction does, in the space that is named first."""

    def __init__(self, guesses: Guesses, limit_of: Callable[[str], Limit]) -> None:
        self.space: str | None = None
        self._guesses = guesses
        self._limit_of = limit_of
        self._read: dict[Cell, bytes] = {}
        self._now: dict[Cell, bytes] = {}
        self._written: dict[Cell, None] = {}
        self._appended: list[tuple[str, bytes]] = []

    def is_about(self, space: str) -> bool:
        """Say whether *space* is the one of this batch."""
        if self.space is None:
            self.space = space
        return self.space == space

    def get(self, kind: str, key: str) -> Record | None:
        """Return the record, or None, by what is known."""
        value = self._value((kind, key_bytes(key)))
        return unpacked(value) if value else None

    def update(self, kind: str, key: str, change: Change) -> Record | None:
        """Change one record by what is known."""
        cell = kind, key_bytes(key)
        old = self._value(cell)
        record = change(unpacked(old) if old else None)
        new = b"" if record is None else packed(record)
        if new != old:
            self._now[cell] = new
            self._written[cell] = None
        return unpacked(new) if new else None

    def append(self, log: str, entry: Record) -> int:
        """Add an entry, and return the number that it has if all is as known."""
        data = packed(entry)
        number = int(self._value((log, None)) or 0) + 1
        self._now[log, None] = b"%d" % number
        self._appended.append((log, data))
        return number

    def arguments(self, *, write: bool) -> list[Word]:
        """Return what the script takes: the guesses, and what is to be done if they are right."""
        words: list[Word] = [len(self._read)]
        for (name, key), value in self._read.items():
            words += [key_bytes(name), b"" if key is None else b"=" + key, _as_expected(value)]
        if write:
            for kind, key in self._written:
                limit = self._limit_of(kind)
                words += ["write", key_bytes(kind), key or b"", self._now[kind, key], limit.entries, limit.bytes]
            for log, data in self._appended:
                limit = self._limit_of(log)
                words += ["append", key_bytes(log), data, limit.entries, limit.bytes]
        return words

    def was_right(self) -> None:
        """Remember what is there now that it was written."""
        for cell, value in self._now.items():
            if len(value) > _LARGEST_GUESS:
                self._guesses.forget(self.space or "", cell)
            else:
                self._guesses.keep(self.space or "", cell, value)

    def was_wrong(self, others: Sequence[int | bytes]) -> None:
        """Remember what is there instead: which of what was read, each followed by its value."""
        read = list(self._read)
        for position, value in zip(others[::2], others[1::2], strict=True):
            if isinstance(position, int) and isinstance(value, bytes):
                self._guesses.keep(self.space or "", read[position - 1], value)

    def _value(self, cell: Cell) -> bytes:
        if cell not in self._now:
            self._read[cell] = self._now[cell] = self._guesses.of(self.space or "", cell)
        return self._now[cell]


def _as_expected(value: bytes) -> bytes:
    if len(value) <= _LONGEST_VALUE:
        return b"=" + value
    return b"#" + sha1(value, usedforsecurity=False).hexdigest().encode()
