"""A reply that comes late."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from mockserver.faults.base import FaultContext
from mockserver.model import Reply
from mockserver.parts import Part

#: Ten minutes; no client waits longer, and each waiting call occupies a thread.
LONGEST_MS = 600_000


@dataclass(frozen=True, slots=True)
class Delay:
    """Wait *ms*, give or take up to *jitter_ms*, before the reply is sent."""

    ms: int
    jitter_ms: int = 0

    @classmethod
    def read(cls, part: Part) -> Self:
        """Read `{ms: 200, jitter_ms: 50}`."""
        table = part.table(("ms", "jitter_ms"), required=("ms",))
        return cls(**{name: member.integer(0, LONGEST_MS) for name, member in table.items()})

    def distort(self, reply: Reply, context: FaultContext) -> Reply:
        """Return the reply, to be sent later; several delays add up, to the longest at most."""
        late_ms = max(0, self.ms + context.rng.randint(-self.jitter_ms, self.jitter_ms))
        return replace(reply, delay_ms=min(reply.delay_ms + late_ms, LONGEST_MS))
