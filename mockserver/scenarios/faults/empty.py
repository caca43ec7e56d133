"""No reply at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from mockserver.model import Json, Reply
from mockserver.scenarios.documents.nodes import Node
from mockserver.scenarios.faults.base import FaultContext


@dataclass(frozen=True, slots=True)
class Empty:
    """Close the connection without having sent a byte."""

    summary: ClassVar = "Close the connection without a byte."
    schema: ClassVar[Mapping[str, Json]] = {"type": "object", "additionalProperties": False}
    on_the_wire: ClassVar = True

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read `{}`."""
        node.table(())
        return cls()

    def distort(self, reply: Reply, context: FaultContext) -> Reply:
        """Return the reply, not to be sent."""
        return replace(reply, wire=replace(reply.wire, head="none", ending="fin"))
