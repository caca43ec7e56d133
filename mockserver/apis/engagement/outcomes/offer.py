"""The outcome `offer`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from mockserver.apis.engagement.sessions import VisitorSession
from mockserver.model import Json
from mockserver.scenarios.documents.nodes import Node, valid_words
from mockserver.scenarios.outcomes import Outcome, Purpose
from mockserver.scenarios.outcomes.base import refuse_deviation

_COMPONENT = "EngagementDetails"
_NUMERIC = ("campaignId", "engagementId", "connectorId")


@dataclass(frozen=True)
class Offer(Outcome):
    """An engagement is available."""

    summary: ClassVar = (
        "`Available`, with the default engagement and these members in place of its own; `null` removes one."
    )
    schema: ClassVar[Mapping[str, Json]] = {"type": "object"}
    may_stand_alone: ClassVar = False
    may_leave_contract: ClassVar = True

    #: The complete `engagementDetails`, in the contract's order.
    details: Mapping[str, Json]
    off_contract: bool = False

    @classmethod
    def read(cls, node: Node, purpose: Purpose) -> Self:
        """Read the members that differ from those of the contract's example `Available`."""
        known = purpose.rules.component_members(_COMPONENT)
        changed = dict(purpose.rules.example("Available")["engagementDetails"])
        for name, member in node.members().items():
            _change(changed, name, member, known, purpose)
        order = {name: number for number, name in enumerate(known)}
        details = {name: changed[name] for name in sorted(changed, key=lambda name: order.get(name, len(order)))}
        if not purpose.off_contract:
            refuse_deviation(node, "the offer", purpose.rules.component_problems(_COMPONENT, details))
        return cls(details, purpose.off_contract)

    def answer(self, visit: VisitorSession, id_type: str) -> dict[str, Json]:
        """Return the body of the reply to a call of *visit*; *id_type* is the rule of the space."""
        return {"status": "Available", **visit.members(), "engagementDetails": _with_id_type(self.details, id_type)}


def _with_id_type(details: Mapping[str, Json], id_type: str) -> Mapping[str, Json]:
    """Write the numeric ids as the rule `id_type` says (ambiguity A1); the default leaves a scenario's own form."""
    if id_type == "string":
        return details
    return {
        name: int(value) if name in _NUMERIC and isinstance(value, str) and value.isdecimal() else value
        for name, value in details.items()
    }


def _change(changed: dict[str, Json], name: str, member: Node, known: Collection[str], purpose: Purpose) -> None:
    if name not in known and not purpose.off_contract and (meant := _misspelt(name, known)):
        member.note(
            f"the contract spells this member {meant!r}; if another member is meant, "
            "put off_contract: true beside offer",
            at_key=True,
        )
    elif member.value is not None:
        changed[name] = member.value
    elif name in changed:
        del changed[name]
    elif name not in known:
        member.note(f"there is no {name!r} to remove{valid_words(name, known, 'members')}", at_key=True)


def _misspelt(name: str, known: Collection[str]) -> str | None:
    """Return the member that *name* differs from only by case and by `_` or `-`."""
    plain = {member.lower(): member for member in known}
    return plain.get(name.lower().replace("_", "").replace("-", ""))
