"""The condition `first_call`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from mockserver.model import Json, ValidCall
from mockserver.scenarios.conditions import Condition
from mockserver.scenarios.contract_rules import ContractRules
from mockserver.scenarios.documents.nodes import Node


@dataclass(frozen=True)
class FirstCall(Condition):
    """A call carries neither a visitor nor a session, or does carry one."""

    summary: ClassVar = "`true`: the call carries neither `vid` nor `sid`; `false`: it carries one."
    schema: ClassVar[Mapping[str, Json]] = {"type": "boolean"}

    wanted: bool

    @classmethod
    def read(cls, node: Node, rules: ContractRules) -> Self:
        """Read true or false."""
        return cls(node.flag())

    def differences(self, call: ValidCall, now: datetime) -> Iterator[str]:
        """Say which kind of call was wanted, and which came."""
        got = call.visitor_id is None and call.session_id is None
        if self.wanted != got:
            yield f"first call: wanted {_described(is_first=self.wanted)}, got {_described(is_first=got)}"


def _described(*, is_first: bool) -> str:
    return "a first call" if is_first else "a call with a visitor or a session"
