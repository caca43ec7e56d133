"""The condition `consumer_sections`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from mockserver.model import Json, ValidCall
from mockserver.scenarios.conditions import Condition, Token
from mockserver.scenarios.conditions.description import brief
from mockserver.scenarios.conditions.json_values import items_of
from mockserver.scenarios.contract_rules import ContractRules
from mockserver.scenarios.documents.nodes import Node

_MEMBER = "consumerSections"


@dataclass(frozen=True)
class ConsumerSections(Condition):
    """A call has all of these sections."""

    summary: ClassVar = "The call has all of these sections."
    schema: ClassVar[Mapping[str, Json]] = {"$ref": "#/$defs/texts"}

    sections: tuple[str, ...]

    @classmethod
    def read(cls, node: Node, rules: ContractRules) -> Self:
        """Read a section, or a list of them."""
        return cls(node.texts())

    def differences(self, call: ValidCall, now: datetime) -> Iterator[str]:
        """Say which sections are missing."""
        got = call.body.get(_MEMBER)
        for section in self.sections:
            if section not in items_of(got):
                yield f"{_MEMBER}: wanted {section!r} among them, got {brief(got)}"

    def token_sets(self) -> Iterator[Collection[Token]]:
        """Yield each section."""
        for section in self.sections:
            yield ((_MEMBER, section),)

    @classmethod
    def carried_tokens(cls, call: ValidCall) -> Iterator[Token]:
        """Yield the sections of the call."""
        for section in items_of(call.body.get(_MEMBER)):
            if isinstance(section, str):
                yield _MEMBER, section
