"""Tells whether a store is still the one that the server began with, or has forgotten everything meanwhile.

A Redis that was restarted without its data, or a file that was removed, answers like a new one. So a store carries a
name, given by the first that finds it without one, and each server remembers the name that it met.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable

from mockserver.stores.base import SERVER, Record, Store

_KIND = "identity"
_LENGTH = 16


class StoreIdentity:
    """The name of one store, and the one that this server remembers."""

    def __init__(self, store: Store, draw_name: Callable[[], str]) -> None:
        self._store = store
        self._draw_name = draw_name
        # Workers that are forked later share it, because one that dies is followed by another.
        self._memory = mmap.mmap(-1, _LENGTH)

    def meet(self) -> None:
        """Remember the store's name, and give it one where it has none, unless a worker has met the store already."""
        new = self._draw_name()
        record = self._store.update(SERVER, _KIND, _KIND, lambda record: record or {"name": new, "after": ""})
        if record and not self.is_known:
            self._remember(record)

    def has_changed(self) -> bool:
        """Say whether the store that was met has forgotten everything, and no other server has noticed."""
        known, record = self._remembered(), self._store.get(SERVER, _KIND, _KIND)
        if record and record["after"] == known:
            self._remember(record)
            return False
        return record is None or record["name"] != known

    def accept(self) -> None:
        """Take the store that has changed for what it is now, and tell the other servers that one has noticed."""
        known, new = self._remembered(), self._draw_name()

        def name(record: Record | None) -> Record:
            return {"name": record["name"] if record else new, "after": known}

        if record := self._store.update(SERVER, _KIND, _KIND, name):
            self._remember(record)

    @property
    def is_known(self) -> bool:
        """Whether this server remembers a name of the store."""
        return bool(self._remembered())

    def _remembered(self) -> str:
        return self._memory[:].rstrip(b"\0").decode()

    def _remember(self, record: Record) -> None:
        self._memory[:] = record["name"].encode().ljust(_LENGTH, b"\0")
