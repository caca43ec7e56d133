"""No reply at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Self

from mockserver.model import Reply
from mockserver.scenarios.documents.nodes import Node
from mockserver.scenarios.faults.base import FaultContext


@dataclass(frozen=True, slots=True)
class Empty:
    """Close the connection without having sent a byte."""

    on_the_wire: ClassVar = True

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read `{}`."""
        node.table(())
        return cls()

    def distort(self, reply: Reply, context: FaultContext) -> Reply:  # noqa: ARG002 the protocol's
        """Return the reply, not to be sent."""
        return replace(reply, wire=replace(reply.wire, head="none", ending="fin"))
