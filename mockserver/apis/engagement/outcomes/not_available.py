"""The outcome `not_available`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from mockserver.apis.engagement.sessions import VisitorSession
from mockserver.model import Json
from mockserver.scenarios.documents.nodes import Node
from mockserver.scenarios.outcomes import Outcome, Purpose


@dataclass(frozen=True)
class NotAvailable(Outcome):
    """No engagement is available."""

    summary: ClassVar = "`NotAvailable`: no engagement fits."
    schema: ClassVar[Mapping[str, Json]] = {"const": True}
    may_stand_alone: ClassVar = True
    may_leave_contract: ClassVar = False
    #: None are offered.
    details: ClassVar[Mapping[str, Json]] = {}

    @classmethod
    def read(cls, node: Node, purpose: Purpose) -> Self:
        """Read `true`."""
        if node.value is not True:
            node.wanted("true")
        return cls()

    def answer(self, visit: VisitorSession, id_type: str) -> dict[str, Json]:
        """Return the body of the reply to a call of *visit*."""
        return {"status": "NotAvailable", **visit.members()}
