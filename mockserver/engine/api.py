"""What the operations have in common: their two steps, and replies made of outcomes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import orjson

from mockserver.apis.engagement.sessions import FixedIds, Sessions
from mockserver.contract.spec import Contract
from mockserver.errors import Refused
from mockserver.model import Json, Reply, ValidCall, Violation
from mockserver.scenarios.scenario import ContractError, Outcome, Verbatim
from mockserver.state.spaces import World

JSON_TYPE = ("Content-Type", "application/json")


@dataclass(frozen=True, slots=True)
class Turn:
    """One valid call in its world, with the parts that answer it."""

    call: ValidCall
    world: World
    sessions: Sessions
    contract: Contract


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply of an operation, and whose session it speaks of."""

    reply: Reply
    visitor_id: str | None = None
    session_id: str | None = None


@dataclass(frozen=True, slots=True)
class Handler:
    """One operation in steps, so that a call that is refused uses up no step of a scenario."""

    #: Says what is wrong with the identifiers of the call; changes nothing.
    objections: Callable[[Turn], list[Violation]]
    #: Raises `CallError` when the caller may not; changes nothing.
    admit: Callable[[Turn], None]
    #: Carries the call out under the outcome that the scenario picked.
    carry_out: Callable[[Turn, Outcome, FixedIds], Answer]


def json_reply(status: int, body: Json, *headers: tuple[str, str]) -> Reply:
    """Make a reply with a JSON body."""
    return Reply(status, orjson.dumps(body), (JSON_TYPE, *headers))


def verbatim_reply(outcome: Verbatim) -> Reply:
    """Make the reply that a scenario prescribes word for word."""
    return Reply(outcome.status, outcome.body, tuple(outcome.headers))


def refuse(outcome: ContractError) -> Refused:
    """Make the error that a scenario prescribes."""
    return Refused(outcome.status, outcome.code, outcome.message)


def no_objections(_turn: Turn) -> list[Violation]:
    """Object to nothing: the operation takes no identifiers."""
    return []
