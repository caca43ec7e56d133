"""What is written to find out whether a store can be written."""

from __future__ import annotations

from mockserver.stores.base import Record

#: The kind and the key of the record, which belongs to the server.
PING = "ping"
#: About the size of an exchange: a store may have room for a few bytes where it has none for that.
_FILLING = "x" * 4096


def pinged(record: Record | None) -> Record:
    """Change the record, so that something is written."""
    return {"times": (record or {"times": 0})["times"] + 1, "filling": _FILLING}
