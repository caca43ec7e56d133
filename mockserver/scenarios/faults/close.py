"""A connection that closes in the middle of the headers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from mockserver.model import Json, Reply
from mockserver.scenarios.documents.nodes import Node
from mockserver.scenarios.faults.base import FaultContext


@dataclass(frozen=True, slots=True)
class Close:
    """Send the first half of status line and headers, and close the connection."""

    summary: ClassVar = "Close the connection in the middle of the headers."
    schema: ClassVar[Mapping[str, Json]] = {"type": "object", "additionalProperties": False}
    on_the_wire: ClassVar = True

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read `{}`."""
        node.table(())
        return cls()

    def distort(self, reply: Reply, context: FaultContext) -> Reply:
        """Return the reply, to be cut within its head."""
        return replace(reply, wire=replace(reply.wire, head="half", ending="fin"))
