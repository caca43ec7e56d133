"""A body that is cut off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from mockserver.model import Json, Reply
from mockserver.scenarios.documents.nodes import Node
from mockserver.scenarios.faults.base import FaultContext, body_bytes_schema, read_body_bytes


@dataclass(frozen=True, slots=True)
class Truncate:
    """Announce the whole body, send a part of it, and close the connection."""

    summary: ClassVar = "Announce the whole body, send a part, close the connection."
    schema: ClassVar[Mapping[str, Json]] = body_bytes_schema("Send so much of it; half when left out.")
    on_the_wire: ClassVar = True

    #: How much of the body is sent, and always less than all of it; None for half.
    body_bytes: int | None = None

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read `{body_bytes: 20}` or `{}`."""
        return cls(read_body_bytes(node))

    def distort(self, reply: Reply, context: FaultContext) -> Reply:
        """Return the reply, to be cut; one without a body announces a byte that does not come."""
        announced = max(len(reply.body), 1)
        wanted = announced // 2 if self.body_bytes is None else self.body_bytes
        wire = replace(reply.wire, announced=announced, body_bytes=min(wanted, announced - 1), ending="fin")
        return replace(reply, wire=wire)
