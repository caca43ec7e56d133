"""A Content-Length that is not the body's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from mockserver.model import Json, Reply
from mockserver.scenarios.documents.nodes import Node
from mockserver.scenarios.faults.base import MOST_BYTES, FaultContext


@dataclass(frozen=True, slots=True)
class WrongLength:
    """Announce *by* bytes more than there are, or fewer; send the whole body, and close the connection."""

    summary: ClassVar = "Announce another length, send the whole body, close the connection."
    schema: ClassVar[Mapping[str, Json]] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["by"],
        "properties": {
            "by": {
                "description": "So many bytes more than there are, or fewer.",
                "type": "integer",
                "minimum": -MOST_BYTES,
                "maximum": MOST_BYTES,
                "not": {"const": 0},
            }
        },
    }
    on_the_wire: ClassVar = True

    by: int

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read `{by: -5}`."""
        by = node.table(("by",), required=("by",))["by"]
        if by.integer(-MOST_BYTES, MOST_BYTES) == 0:
            by.refuse("0 is the right length; use a number above or below it")
        return cls(by.value)

    def distort(self, reply: Reply, context: FaultContext) -> Reply:
        """Return the reply under another length, 0 at least."""
        announced = max(len(reply.body) + self.by, 0)
        return replace(reply, wire=replace(reply.wire, announced=announced, ending="fin"))
