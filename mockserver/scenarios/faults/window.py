"""Which calls a fault meets, and which it spares: by their number, and by chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from mockserver.model import Json, Reply
from mockserver.scenarios.documents.nodes import Node
from mockserver.scenarios.faults.base import Fault, FaultContext

MOST_CALLS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Window:
    """Conditions on the number of a call, counted from 1, and on chance; all of them must hold."""

    schema: ClassVar[Mapping[str, Json]] = {
        "description": "The calls that a fault is for, counted from 1 for each stub or space; all must hold.",
        "type": "object",
        "additionalProperties": False,
        "minProperties": 1,
        "properties": {
            "first": {"description": "The first so many.", "type": "integer", "minimum": 1, "maximum": MOST_CALLS},
            "every": {
                "description": "Every second, third, ...",
                "type": "integer",
                "minimum": 1,
                "maximum": MOST_CALLS,
            },
            "from": {"description": "From this one on.", "type": "integer", "minimum": 1, "maximum": MOST_CALLS},
            "to": {"description": "Up to this one.", "type": "integer", "minimum": 1, "maximum": MOST_CALLS},
            "probability": {
                "description": "How likely a call is met, drawn from the seed.",
                "type": "number",
                "minimum": 0,
                "maximum": 1,
            },
        },
    }

    #: The first so many calls.
    first: int | None = None
    #: Every second, third, ... call.
    every: int | None = None
    #: From this call on, this one included.
    begin: int | None = None
    #: Up to this call, this one included.
    end: int | None = None
    #: How likely a call is met, drawn from the seed.
    probability: float | None = None

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read `{first: 3}`, `{every: 2, from: 5, to: 9}` or `{probability: 0.5}`."""
        table = node.table(("first", "every", "from", "to", "probability"))
        if not table and not node.is_wrong:
            node.wanted("one of first, every, from, to, probability")
        first, every, begin, end = (
            table[key].integer(1, MOST_CALLS) if key in table else None for key in ("first", "every", "from", "to")
        )
        if begin is not None and end is not None and begin > end:
            table["to"].note(f"the window ends before it begins, from {begin} to {end}")
        return cls(first, every, begin, end, table["probability"].number(0, 1) if "probability" in table else None)

    def meets(self, context: FaultContext) -> bool:
        """Say whether the call is one of those that the fault is for."""
        number = context.calls
        # Drawn for every call, so that what else is drawn does not hang on the numbers.
        spared = self.probability is not None and context.rng.random() >= self.probability
        return not (
            spared
            or (self.first is not None and number > self.first)
            or (self.every is not None and number % self.every)
            or (self.begin is not None and number < self.begin)
            or (self.end is not None and number > self.end)
        )


@dataclass(frozen=True, slots=True)
class Windowed:
    """A fault that holds for some calls."""

    fault: Fault
    window: Window

    def distort(self, reply: Reply, context: FaultContext) -> Reply:
        """Return the distorted reply, or *reply* itself outside the window."""
        return self.fault.distort(reply, context) if self.window.meets(context) else reply
