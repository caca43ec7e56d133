"""The condition `door`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from mockserver.apis.engagement.doors import DOORS
from mockserver.model import Json, ValidCall
from mockserver.scenarios.conditions import Condition, Scope
from mockserver.scenarios.contract_rules import ContractRules
from mockserver.scenarios.documents.nodes import Node


@dataclass(frozen=True)
class Door(Condition):
    """A call comes through this door."""

    summary: ClassVar = "The door of the call: `js` is getEngagement; `rest` is Create Session and Update Session."
    schema: ClassVar[Mapping[str, Json]] = {"enum": list(DOORS)}
    is_scoped: ClassVar = True

    name: str

    @classmethod
    def read(cls, node: Node, rules: ContractRules) -> Self:
        """Read `js` or `rest`."""
        return cls(node.word(DOORS, "door"))

    def scope(self) -> Scope:
        """Return the operations behind the door."""
        return Scope(DOORS[self.name], f"the {self.name} door has {', '.join(DOORS[self.name])}")

    def differences(self, call: ValidCall, now: datetime) -> Iterator[str]:
        """Find none: its scope says all."""
        return iter(())
