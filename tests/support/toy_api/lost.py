"""The outcome `lost`."""

from dataclasses import dataclass
from typing import ClassVar

from mockserver.scenarios.outcomes import Outcome


@dataclass(frozen=True)
class Lost(Outcome):
    """A parcel is taken, and lost at once."""

    summary: ClassVar = "The parcel is taken, and lost at once."
    schema: ClassVar = {"const": True}
    may_stand_alone: ClassVar = True
    may_leave_contract: ClassVar = False

    @classmethod
    def read(cls, node, purpose):
        """Read `true`."""
        if node.value is not True:
            node.wanted("true")
        return cls()
