"""The condition `engagement_attributes`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from mockserver.model import Json, ValidCall
from mockserver.scenarios.conditions import Condition, Token
from mockserver.scenarios.conditions.description import brief
from mockserver.scenarios.conditions.json_values import contained, items_of, text_tokens
from mockserver.scenarios.contract_rules import ContractRules
from mockserver.scenarios.documents.nodes import Node

_MEMBER = "engagementAttributes"


@dataclass(frozen=True)
class EngagementAttributes(Condition):
    """Each of these is contained in one attribute of a call."""

    summary: ClassVar = "Each of these is contained in one engagement attribute of the call."
    schema: ClassVar[Mapping[str, Json]] = {"type": "array", "items": {"type": "object"}}

    attributes: tuple[Json, ...]

    @classmethod
    def read(cls, node: Node, rules: ContractRules) -> Self:
        """Read `[{type: ctmrinfo, info: {ctype: gold}}]`."""
        for item in node.items():
            with item.noting():
                item.members()
        return cls(tuple(node.value))

    def differences(self, call: ValidCall, now: datetime) -> Iterator[str]:
        """Say which are contained in none."""
        got = call.body.get(_MEMBER)
        for attribute in self.attributes:
            if not any(contained(attribute, one) for one in items_of(got)):
                yield f"{_MEMBER}: wanted one with {brief(attribute)}, got {brief(got)}"

    def token_sets(self) -> Iterator[Collection[Token]]:
        """Yield each text."""
        for token in text_tokens(list(self.attributes), _MEMBER):
            yield (token,)

    @classmethod
    def carried_tokens(cls, call: ValidCall) -> Iterator[Token]:
        """Yield the texts of the call's."""
        return text_tokens(call.body.get(_MEMBER), _MEMBER)
