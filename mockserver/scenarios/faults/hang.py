"""A reply that never comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from mockserver.model import Json, Reply
from mockserver.scenarios.documents.nodes import Node
from mockserver.scenarios.faults.base import LONGEST_MS, FaultContext


@dataclass(frozen=True, slots=True)
class Hang:
    """Keep silent until the client gives up, or for *ms* at most; then close the connection."""

    summary: ClassVar = "Say nothing until the client gives up, then close the connection."
    schema: ClassVar[Mapping[str, Json]] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["ms"],
        "properties": {
            "ms": {"description": "At most so long.", "type": "integer", "minimum": 1, "maximum": LONGEST_MS}
        },
    }
    on_the_wire: ClassVar = True

    ms: int

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read `{ms: 30000}`."""
        return cls(node.table(("ms",), required=("ms",))["ms"].integer(1, LONGEST_MS))

    def distort(self, reply: Reply, context: FaultContext) -> Reply:
        """Return the reply, to be waited for in vain."""
        late_ms = min(reply.delay_ms + self.ms, LONGEST_MS)
        return replace(reply, delay_ms=late_ms, wire=replace(reply.wire, head="none", ending="fin"))
