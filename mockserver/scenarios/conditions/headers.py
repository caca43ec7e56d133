"""The condition `headers`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from mockserver.model import Json, ValidCall
from mockserver.scenarios.conditions.base import Condition, Token
from mockserver.scenarios.conditions.description import brief
from mockserver.scenarios.contract_rules import ContractRules
from mockserver.scenarios.documents.nodes import Node


@dataclass(frozen=True)
class Headers(Condition):
    """A call has these headers, with exactly these values."""

    summary: ClassVar = "The call has these headers, with exactly these values."
    schema: ClassVar[Mapping[str, Json]] = {"type": "object", "additionalProperties": {"type": "string"}}

    #: Names in lower case.
    wanted: Mapping[str, str]

    @classmethod
    def read(cls, node: Node, rules: ContractRules) -> Self:
        """Read `{x-tenant: blue}`."""
        return cls({name.lower(): member.text() for name, member in node.members().items()})

    def differences(self, call: ValidCall, now: datetime) -> Iterator[str]:
        """Say which headers have other values."""
        for name, text in self.wanted.items():
            if (got := call.call.headers.get(name)) != text:
                yield f"headers.{name}: wanted {text!r}, got {brief(got)}"

    def token_sets(self) -> Iterator[Collection[Token]]:
        """Yield each header."""
        for name, text in self.wanted.items():
            yield (("header", name, text),)

    @classmethod
    def carried_tokens(cls, call: ValidCall) -> Iterator[Token]:
        """Yield the headers of the call."""
        for name, text in call.call.headers.items():
            yield "header", name, text
