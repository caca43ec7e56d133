"""A connection that is reset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Literal, Self

from mockserver.model import Json, Reply
from mockserver.scenarios.documents.nodes import Node
from mockserver.scenarios.faults.base import FaultContext, body_bytes_schema, read_body_bytes


@dataclass(frozen=True, slots=True)
class Reset:
    """Reset the connection (TCP RST): before the first byte, or after the head and *body_bytes* of the body."""

    summary: ClassVar = "Reset the connection."
    schema: ClassVar[Mapping[str, Json]] = body_bytes_schema(
        "After the head and so much of the body; before the first byte when left out."
    )
    on_the_wire: ClassVar = True

    body_bytes: int | None = None

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read `{}` or `{body_bytes: 20}`."""
        return cls(read_body_bytes(node))

    def distort(self, reply: Reply, context: FaultContext) -> Reply:
        """Return the reply, to be broken off."""
        head: Literal["whole", "none"] = "none" if self.body_bytes is None else "whole"
        return replace(reply, wire=replace(reply.wire, head=head, body_bytes=self.body_bytes, ending="rst"))
