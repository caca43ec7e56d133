"""Records as bytes: what every store keeps, and what its bounds in bytes count.

The size of a log's entry is the length of these bytes; the size of a record is that and the length of its key.
"""

from __future__ import annotations

import json

import orjson

from mockserver.stores.base import Record

#: How many entries a store takes at a time while somebody reads a log.
CHUNK = 256

#: What orjson cannot write starts with a blank: still JSON, but to be read by the reader that gets it right.
#: (orjson reads an integer of more than 64 bits as a float, and refuses half of a surrogate pair.)
_BY_JSON = b" "


def packed(record: Record) -> bytes:
    """Write *record* as JSON; raise TypeError or ValueError for what JSON cannot say."""
    try:
        return orjson.dumps(record)
    except TypeError:
        return _BY_JSON + json.dumps(record, separators=(",", ":")).encode()


def unpacked(data: bytes) -> Record:
    """Read a record that `packed` wrote; each call returns a copy of its own."""
    record: Record = json.loads(data) if data.startswith(_BY_JSON) else orjson.loads(data)
    return record


def key_bytes(key: str) -> bytes:
    """Write *key* so that every string has bytes of its own, half surrogate pairs included."""
    return key.encode("utf-8", "surrogatepass")


def key_text(data: bytes) -> str:
    """Read a key that `key_bytes` wrote."""
    return data.decode("utf-8", "surrogatepass")
