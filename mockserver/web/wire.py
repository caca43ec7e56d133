"""How a distorted reply travels: which of its bytes are sent, and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mockserver.web.outgoing import Outgoing


@dataclass(frozen=True, slots=True)
class Step:
    """Some bytes that are sent when a pause is over."""

    pause_ms: int
    #: May be empty, where nothing is sent of the reply.
    data: bytes
    is_last: bool


def steps_of(outgoing: Outgoing, head: bytes) -> Iterator[Step]:
    """Yield the steps of a reply that begins with *head*; there is always one."""
    wire = outgoing.wire
    if wire.head == "whole":
        body = outgoing.body[: wire.body_bytes]
    else:
        head, body = head[: len(head) // 2 if wire.head == "half" else 0], b""
    size = wire.piece_bytes or max(len(body), 1)
    for start in range(0, max(len(body), 1), size):
        piece = body[start : start + size]
        is_last = start + size >= len(body)
        yield Step(wire.pause_ms, piece, is_last) if start else Step(outgoing.delay_ms, head + piece, is_last)
