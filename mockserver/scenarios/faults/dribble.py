"""A body that comes in drops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from mockserver.model import Json, Reply
from mockserver.scenarios.documents.nodes import Node
from mockserver.scenarios.faults.base import LONGEST_MS, MOST_BYTES, FaultContext


@dataclass(frozen=True, slots=True)
class Dribble:
    """Send the body *bytes* at a time, with a pause of *pause_ms* between two pieces."""

    summary: ClassVar = "Send the body in small pieces."
    schema: ClassVar[Mapping[str, Json]] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["bytes", "pause_ms"],
        "properties": {
            "bytes": {"description": "Bytes a piece.", "type": "integer", "minimum": 1, "maximum": MOST_BYTES},
            "pause_ms": {"description": "Between two pieces.", "type": "integer", "minimum": 1, "maximum": LONGEST_MS},
        },
    }
    on_the_wire: ClassVar = True

    bytes: int
    pause_ms: int

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read `{bytes: 10, pause_ms: 50}`."""
        table = node.table(("bytes", "pause_ms"), required=("bytes", "pause_ms"))
        return cls(table["bytes"].integer(1, MOST_BYTES), table["pause_ms"].integer(1, LONGEST_MS))

    def distort(self, reply: Reply, context: FaultContext) -> Reply:
        """Return the reply, to be sent in pieces; a body that would take over ten minutes comes in larger ones."""
        most_pauses = LONGEST_MS // self.pause_ms
        smallest = -(-len(reply.body) // (most_pauses + 1))
        wire = replace(reply.wire, piece_bytes=max(self.bytes, smallest), pause_ms=self.pause_ms)
        return replace(reply, wire=wire)
