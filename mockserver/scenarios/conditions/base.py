"""What a condition is: one key of `when`, read, compared with calls, and filed in the index."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol, Self

from mockserver.model import Json, ValidCall
from mockserver.scenarios.contract_rules import ContractRules
from mockserver.scenarios.documents.nodes import Node

#: A text that a call either carries or does not, behind the words that tell such texts apart: `("header", "x-a", "1")`.
Token = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """The only operations whose calls can meet a condition."""

    operations: Sequence[str]
    #: Names them in a message: `the front door has askForThings`.
    description: str


class Condition(Protocol):
    """What one key of `when` asks of a call.

    Inherit from it, as `scope`, `token_sets` and `carried_tokens` need not be written by a condition that neither
    picks operations nor tells many stubs apart.
    """

    #: Says what it asks for, in a sentence: to editors, and on the reference page.
    summary: ClassVar[str]
    #: The JSON Schema of what stands behind the key.
    schema: ClassVar[Mapping[str, Json]]
    #: Whether it has a `scope`.
    is_scoped: ClassVar[bool] = False

    @classmethod
    def read(cls, node: Node, rules: ContractRules) -> Self:
        """Read what stands behind the key, and refuse what no call of the contract can meet."""

    def differences(self, call: ValidCall, now: datetime) -> Iterable[str]:
        """Say what keeps *call* from meeting it; *now* is the clock of the space, aware and in UTC."""

    def scope(self) -> Scope | None:
        """Return the operations that it is about; None for any."""
        return None

    def token_sets(self) -> Iterable[Collection[Token]]:
        """Yield sets of tokens; a call that meets the condition carries at least one token of each set."""
        return ()

    @classmethod
    def carried_tokens(cls, call: ValidCall) -> Iterable[Token]:
        """Yield all tokens of such conditions that *call* carries."""
        return ()


def refuse_impossible(node: Node, problems: Sequence[str]) -> None:
    """Refuse a condition that no call can meet because of *problems* with the contract, if there are any."""
    if problems:
        node.refuse(f"no call can meet this, the contract forbids it: {'; '.join(problems)}")
