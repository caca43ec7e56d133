"""What an outcome is: one kind of `then`, read, and answered by the operation of the call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from mockserver.model import Json
from mockserver.scenarios.contract_rules import ContractRules
from mockserver.scenarios.documents.nodes import Node

_MOST_PROBLEMS = 3


class Outcome:
    """What a scenario says about the reply to a call; an operation makes the reply of it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Unscripted(Outcome):
    """No stub matched: the operation answers as it does where no scenario says anything."""


@dataclass(frozen=True, slots=True)
class ContractError(Outcome):
    """An error in the shape that the API has for errors."""

    status: int
    code: int
    #: None leaves the optional member out, save where the API has a message of its own for this *kind*.
    message: str | None = None
    #: The name it goes by in scenarios; `custom` for one without.
    kind: str = "custom"


@dataclass(frozen=True, slots=True)
class Purpose:
    """What an outcome is read for."""

    #: The operations that it answers.
    operations: Sequence[str]
    rules: ContractRules
    #: Whether deviations from the contract are meant.
    off_contract: bool = False


class OutcomeKind(Protocol):
    """How the outcome behind one key of `then` is read."""

    #: Says what is answered, in a sentence: to editors, and on the reference page.
    summary: ClassVar[str]
    #: The JSON Schema of what stands behind the key.
    schema: ClassVar[Mapping[str, Json]]
    #: Whether it may be written as its name alone, without anything behind it.
    may_stand_alone: ClassVar[bool]
    #: Whether `off_contract` may stand beside it.
    may_leave_contract: ClassVar[bool]

    @classmethod
    def read(cls, node: Node, purpose: Purpose) -> Outcome:
        """Read what stands behind the key, or `true` where its name stands alone, and check it by the contract."""


def refuse_deviation(node: Node, what: str, problems: Sequence[str]) -> None:
    """Refuse *what* stands at *node* because of *problems* with the contract, if there are any."""
    if problems:
        listed = "; ".join(problems[:_MOST_PROBLEMS])
        more = f"; and {len(problems) - _MOST_PROBLEMS} more" if len(problems) > _MOST_PROBLEMS else ""
        way_out = f"Mend it, or put off_contract: true beside {node.path[-1]} if it is meant"
        node.refuse(f"{what} breaks the contract: {listed}{more}. {way_out}")
