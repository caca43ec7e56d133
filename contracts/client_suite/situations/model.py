"""A situation: what the server will do, by which reply one sees that it did, and what a right client then says."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ...judging.attempts import Answer, Attempt
from ...reading.json_text import Json

#: What a client may say came out of a run.
AVAILABLE: Final = frozenset({"available"})
NOT_AVAILABLE: Final = frozenset({"not_available"})
ERROR: Final = frozenset({"error"})
#: A later call failed: whether the visit as a whole did is the client's to say.
EITHER: Final = AVAILABLE | ERROR

#: Which call of a visit something happens to.
POSITIONS: Final = ("first", "second", "update")


@dataclass(frozen=True)
class Delivery:
    """The reply without which the client was never in the situation."""

    kind: str
    answer: Answer
    status: int = 200
    #: How often at least.
    times: int = 1

    def seen(self, attempts: Sequence[Attempt]) -> bool:
        """Say whether the reply was given."""
        wanted = (self.kind, self.answer, self.status)
        return [(one.kind, one.answer, one.status) for one in attempts].count(wanted) >= self.times


@dataclass(frozen=True)
class Situation:
    """What the server will do, and what a right client then says."""

    name: str
    sentence: str
    stubs: tuple[Mapping[str, Json], ...]
    delivery: Delivery
    #: What the client may report.
    outcomes: frozenset[str]
    #: The clause that a wrong report breaks.
    clause: str
    ids: Mapping[str, str] = field(default_factory=dict)
    #: Faults that the whole space has, beside those of stubs.
    faults: tuple[Mapping[str, Json], ...] = ()
    #: What the client has to cope with, and the clause to blame when no run with it passes.
    features: Mapping[str, str] = field(default_factory=dict)
    #: How long a client that waits as documented needs, for a schedule that starts the longest first.
    waits_s: float = 0.0

    @property
    def offers(self) -> bool:
        """Say whether some reply is the mock's own engagement."""
        return '"offer"' in json.dumps(self.stubs)

    @property
    def scenario(self) -> Mapping[str, Json]:
        """Return the scenario document that brings the situation about."""
        document: dict[str, Json] = {"scenario": self.name, "description": self.sentence, "stubs": list(self.stubs)}
        return document | ({"ids": dict(self.ids)} if self.ids else {})


def stub(then: Json) -> dict[str, Json]:
    """Return a stub for every call that asks for an engagement."""
    return {"name": "engagement", "then": then}


def at_position(position: str, *then: Json) -> tuple[Mapping[str, Json], ...]:
    """Return stubs under which the call at *position* of a visit is answered with *then*."""
    if position == "update":
        return ({"name": "update", "when": {"operation": ["updateSession"]}, "then": list(then)}, stub({"offer": {}}))
    return (stub([{"offer": {}, "times": 1}, *then] if position == "second" else list(then)),)


def kind(position: str) -> str:
    """Return the conversation that a *position* of a visit belongs to."""
    return "update" if position == "update" else "engagement"
