"""The condition `heavy`."""

from dataclasses import dataclass
from typing import ClassVar

from mockserver.scenarios.conditions import Condition


@dataclass(frozen=True)
class Heavy(Condition):
    """A parcel has so many grams at least."""

    summary: ClassVar = "So many grams at least."
    schema: ClassVar = {"type": "integer", "minimum": 1}

    grams: int

    @classmethod
    def read(cls, node, rules):
        """Read a number of grams."""
        return cls(node.integer(1, 31_500))

    def differences(self, call, now):
        """Say how heavy it was to be, and is."""
        if (grams := call.body.get("grams", 0)) < self.grams:
            yield f"heavy: wanted {self.grams} grams at least, got {grams}"
