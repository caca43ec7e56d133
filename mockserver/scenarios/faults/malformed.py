"""A body that is no JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from mockserver.model import Json, Reply
from mockserver.scenarios.documents.nodes import Node
from mockserver.scenarios.faults.base import FaultContext


@dataclass(frozen=True, slots=True)
class Malformed:
    """Break the JSON of the body; everything else about the reply stays sound."""

    summary: ClassVar = "Break the JSON of the body."
    schema: ClassVar[Mapping[str, Json]] = {"type": "object", "additionalProperties": False}
    on_the_wire: ClassVar = False

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read `{}`."""
        node.table(())
        return cls()

    def distort(self, reply: Reply, context: FaultContext) -> Reply:
        """Return the reply without the bracket that closes its body, or with one that nobody closes."""
        closed = reply.body.endswith((b"}", b"]"))
        return replace(reply, body=reply.body[:-1] if closed else b"{" + reply.body)
