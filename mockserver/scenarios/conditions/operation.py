"""The condition `operation`, which every matcher has."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from mockserver.model import Json, ValidCall
from mockserver.scenarios.conditions.base import Condition, Scope, Token
from mockserver.scenarios.conditions.description import either
from mockserver.scenarios.contract_rules import ContractRules
from mockserver.scenarios.documents.mistakes import AlreadyNoted
from mockserver.scenarios.documents.nodes import Node


@dataclass(frozen=True)
class Operation(Condition):
    """A call is for one of these operations; without any it matches nothing."""

    summary: ClassVar = "The operation of the call: one or several operationIds."
    schema: ClassVar[Mapping[str, Json]] = {"$ref": "#/$defs/texts"}

    names: tuple[str, ...] = ()

    @classmethod
    def read(cls, node: Node, rules: ContractRules) -> Self:
        """Read an operationId, or a list of them; raises `AlreadyNoted` where one is unknown."""
        names = tuple(_known(node.items() if isinstance(node.value, list) else [node], rules.operations))
        if node.is_wrong:
            raise AlreadyNoted
        return cls(names)

    def within(self, scopes: Sequence[Scope], node: Node) -> Operation:
        """Return the operations that are in all *scopes* as well; refuse *node* if none is left."""
        names = tuple(name for name in self.names if all(name in scope.operations for scope in scopes))
        if not names:
            reasons = "".join(f"{scope.description}; " for scope in scopes)
            node.refuse(f"{reasons}no operation is left that could match")
        return Operation(names)

    def differences(self, call: ValidCall, now: datetime) -> Iterator[str]:
        """Say which operation was wanted, and which came."""
        if call.operation not in self.names:
            yield f"operation: wanted {either(self.names)}, got {call.operation!r}"

    def token_sets(self) -> Iterator[Collection[Token]]:
        """Yield the alternatives."""
        yield {("operation", name) for name in self.names}

    @classmethod
    def carried_tokens(cls, call: ValidCall) -> Iterable[Token]:
        """Yield the operation of the call."""
        return (("operation", call.operation),)


def _known(items: Sequence[Node], known: Collection[str]) -> Iterator[str]:
    for item in items:
        with item.noting():
            yield item.word(known, "operation")
