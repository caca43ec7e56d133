"""The port behind which all changeable state lives.

A store holds, per space, *records* (JSON objects under a kind and a key) and *logs* (JSON objects in the
order in which they were appended). Each kind and each log has a bound in entries and in bytes; what goes
over it drops the oldest, and `usage` says how many were dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

#: A JSON object. What a store returns is the caller's own copy.
Record = dict[str, Any]

#: Given what is there (or None), returns what shall be there (or None to delete).
#: It may run more than once, so it does nothing else; what it raises leaves the record as it was.
Change = Callable[[Record | None], Record | None]

#: The space that holds what belongs to the server and not to one space. No caller can name it.
SERVER = "*"


@dataclass(frozen=True, slots=True)
class Limit:
    """How much one kind or log of one space may hold."""

    entries: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Usage:
    """How much one kind or log of one space holds, and how much was dropped to stay in bounds."""

    entries: int = 0
    bytes: int = 0
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds, by the name of the kind or log; `otherwise` holds for the rest."""

    otherwise: Limit = Limit(entries=2_000_000, bytes=1 << 30)
    named: Mapping[str, Limit] = field(default_factory=dict)

    def of(self, name: str) -> Limit:
        """Return the bound of the kind or log *name*."""
        return self.named.get(name, self.otherwise)


class Store(Protocol):
    """All verbs raise `StoreUnavailable` when the store does not answer."""

    #: The URL it was opened with, passwords hidden; for messages and for people.
    name: str
    #: Whether other processes see the same state; several workers need that.
    shared: bool
    #: Whether each verb waits for another process to answer.
    remote: bool
    #: Whether an exception inside `transaction`, or at its end, undoes all that was written there, in every space.
    rolls_back: bool

    def transaction(self, *, wait: bool = True) -> AbstractContextManager[Any]:
        """Group the verbs used inside, so that the store writes once for all of them.

        Each verb is atomic without it. Only a store that `rolls_back` undoes what was written inside when something
        is raised there. `get`, `update` and `append` see what was written inside; the other verbs may not.

        Raises `Conflict` at its end where others have changed what was read inside: nothing was written, and all of
        it is to be done again. Raises `WouldBlock`, unless it is to *wait*, where another process holds the store.
        """

    def get(self, space: str, kind: str, key: str) -> Record | None:
        """Return the record, or None."""

    def update(self, space: str, kind: str, key: str, change: Change) -> Record | None:
        """Change one record atomically and return what is there now."""

    def keys(self, space: str, kind: str) -> list[str]:
        """Return the keys of *kind*, the oldest record first."""

    def append(self, space: str, log: str, entry: Record) -> int:
        """Add *entry* to *log* and return its number; numbers count from 1 and are never used twice until `clear`."""

    def entries(self, space: str, log: str, *, after: int = 0) -> Iterator[tuple[int, Record]]:
        """Yield the entries numbered above *after*, oldest first."""

    def usage(self, space: str, name: str) -> Usage:
        """Return how much the kind or log *name* holds."""

    def clear(self, space: str, name: str | None = None) -> None:
        """Forget one kind or log of *space*, or all of it."""

    def spaces(self) -> list[str]:
        """Return the names of all spaces that hold anything, without the server's own, sorted."""

    def ping(self) -> None:
        """Write something, or raise `StoreUnavailable` without waiting for other programs."""

    def close(self) -> None:
        """Let go of connections and files; the store is not used afterwards."""
