"""What a fault is: settings, and one method that makes a worse reply of a reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import ClassVar, Protocol, Self

from mockserver.contract.error_shape import ErrorShape
from mockserver.model import Json, Reply
from mockserver.scenarios.documents.nodes import Node

#: Ten minutes; no client waits longer.
LONGEST_MS = 600_000
#: More bytes than any reply has.
MOST_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class FaultContext:
    """What a fault may use beside the reply, so that the same seed and clock give the same bytes."""

    rng: Random
    #: The clock of the space, in epoch milliseconds.
    now_ms: int
    #: How many calls the list of faults has met in the space, this one included; 0 when nobody needs to know.
    calls: int = 0
    #: How the errors of the API look that the call was for.
    error_shape: ErrorShape = field(kw_only=True)


def body_bytes_schema(description: str) -> Mapping[str, Json]:
    """Return the JSON Schema of settings that may say how many bytes of a body are sent."""
    size = {"description": description, "type": "integer", "minimum": 0, "maximum": MOST_BYTES}
    return {"type": "object", "additionalProperties": False, "properties": {"body_bytes": size}}


def read_body_bytes(node: Node) -> int | None:
    """Read `{body_bytes: 20}`, or None where it is left out."""
    table = node.table(("body_bytes",))
    return table["body_bytes"].integer(0, MOST_BYTES) if "body_bytes" in table else None


class Fault(Protocol):
    """A deliberate distortion of a reply. It describes; whoever sends the reply performs."""

    def distort(self, reply: Reply, context: FaultContext) -> Reply:
        """Return the distorted reply, or *reply* itself when this call is spared."""


class FaultKind(Fault, Protocol):
    """A fault that can be configured by its name."""

    #: Says what it does, in a sentence: to editors.
    summary: ClassVar[str]
    #: The JSON Schema of its settings.
    schema: ClassVar[Mapping[str, Json]]
    #: Whether it takes the connection itself to perform it, which only our own server hands out.
    on_the_wire: ClassVar[bool]

    @classmethod
    def read(cls, node: Node) -> Self:
        """Make a fault of its settings, or raise `ScenarioError`."""
