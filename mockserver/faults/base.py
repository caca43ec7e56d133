"""What a fault is: settings, and one method that makes a worse reply of a reply."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Protocol, Self

from mockserver.model import Reply
from mockserver.parts import Part


@dataclass(frozen=True, slots=True)
class FaultContext:
    """What a fault may use beside the reply, so that the same seed and clock give the same bytes."""

    rng: Random
    #: The clock of the space, in epoch milliseconds.
    now_ms: int


class Fault(Protocol):
    """A deliberate distortion of a reply. It describes; the edge performs."""

    @classmethod
    def read(cls, part: Part) -> Self:
        """Make a fault of its settings, or raise `ScenarioError`."""

    def distort(self, reply: Reply, context: FaultContext) -> Reply:
        """Return the distorted reply."""
