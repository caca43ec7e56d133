"""A reply that comes late."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import ClassVar, Self

from mockserver.model import Json, Reply
from mockserver.scenarios.documents.nodes import Node
from mockserver.scenarios.faults.base import LONGEST_MS, FaultContext


@dataclass(frozen=True, slots=True)
class Delay:
    """Wait *ms* before the reply is sent: as it stands, spread evenly by *jitter_ms*, or log-normally by *sigma*."""

    summary: ClassVar = "Send the reply late."
    schema: ClassVar[Mapping[str, Json]] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["ms"],
        "properties": {
            "ms": {"type": "integer", "minimum": 0, "maximum": LONGEST_MS},
            "jitter_ms": {
                "description": "Give or take so much, evenly, drawn from the seed.",
                "type": "integer",
                "minimum": 0,
                "maximum": LONGEST_MS,
            },
            "sigma": {
                "description": "ms is the median of a log-normal distribution with this sigma, drawn from the seed.",
                "type": "number",
                "minimum": 0,
                "maximum": 1,
            },
        },
        "not": {"required": ["jitter_ms", "sigma"]},
    }
    on_the_wire: ClassVar = False

    ms: int
    jitter_ms: int = 0
    #: With it *ms* is the median, and one reply in a hundred comes later than `ms * exp(2.33 * sigma)`.
    sigma: float = 0

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read `{ms: 200, jitter_ms: 50}` or `{ms: 200, sigma: 0.4}`."""
        table = node.table(("ms", "jitter_ms", "sigma"), required=("ms",))
        if "jitter_ms" in table and "sigma" in table:
            table["sigma"].note("jitter_ms and sigma exclude one another; keep one of them", at_key=True)
        return cls(
            table["ms"].integer(0, LONGEST_MS),
            table["jitter_ms"].integer(0, LONGEST_MS) if "jitter_ms" in table else 0,
            table["sigma"].number(0, 1) if "sigma" in table else 0,
        )

    def distort(self, reply: Reply, context: FaultContext) -> Reply:
        """Return the reply, to be sent later; several delays add up, to the longest at most."""
        return replace(reply, delay_ms=min(reply.delay_ms + self._drawn(context.rng), LONGEST_MS))

    def _drawn(self, rng: Random) -> int:
        if self.sigma and self.ms:
            return round(rng.lognormvariate(math.log(self.ms), self.sigma))
        return max(0, self.ms + rng.randint(-self.jitter_ms, self.jitter_ms))
