"""How much a loop takes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

#: Bytes that a worker holds in memory for all of its clients: what they have sent of requests that are not
#: whole, and what they have not read of their replies.
MOST_HELD = 256 << 20
#: So many of the largest bodies fit in, however large they may be.
_LARGEST_BODIES = 2


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """How much a loop takes on."""

    connections: int
    threads: int
    #: How long a client may keep the server waiting, and how long a stop lets replies finish; in seconds.
    idle_s: float
    drain_s: float
    #: How many bytes of a body are read under a path.
    body_bytes: Callable[[str], int]
    #: How many bytes are held for all clients, before the slowest of them are dropped.
    held_bytes: int


def held_bytes(largest_body: int) -> int:
    """Return how many bytes a server keeps that reads bodies of up to *largest_body* bytes."""
    return max(MOST_HELD, _LARGEST_BODIES * largest_body)
