"""The condition `app_details`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from mockserver.model import Json, ValidCall
from mockserver.scenarios.conditions import Condition, Token
from mockserver.scenarios.conditions.base import refuse_impossible
from mockserver.scenarios.conditions.description import brief
from mockserver.scenarios.conditions.json_values import contained, text_tokens
from mockserver.scenarios.contract_rules import ContractRules
from mockserver.scenarios.documents.nodes import Node

_MEMBER = "appDetails"


@dataclass(frozen=True)
class AppDetails(Condition):
    """A call has these details of the app, perhaps among others."""

    summary: ClassVar = "The call has these members of `appDetails`, with these values."
    schema: ClassVar[Mapping[str, Json]] = {"type": "object"}

    details: Mapping[str, Json]

    @classmethod
    def read(cls, node: Node, rules: ContractRules) -> Self:
        """Read `{os: IOS}`."""
        details = {name: member.value for name, member in node.members().items()}
        refuse_impossible(node, rules.component_problems("AppDetails", details))
        return cls(details)

    def differences(self, call: ValidCall, now: datetime) -> Iterator[str]:
        """Say which members have other values."""
        details = call.body.get(_MEMBER)
        for name, value in self.details.items():
            if not contained({name: value}, details):
                got = details.get(name) if isinstance(details, Mapping) else None
                yield f"{_MEMBER}.{name}: wanted {brief(value)}, got {brief(got)}"

    def token_sets(self) -> Iterator[Collection[Token]]:
        """Yield each text."""
        for token in text_tokens(self.details, _MEMBER):
            yield (token,)

    @classmethod
    def carried_tokens(cls, call: ValidCall) -> Iterator[Token]:
        """Yield the texts of the call's."""
        return text_tokens(call.body.get(_MEMBER), _MEMBER)
