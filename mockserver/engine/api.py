"""What an API is: a value with a contract, an error shape, and how each operation is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

import orjson

from mockserver.contract.error_shape import ErrorShape
from mockserver.contract.spec import Contract
from mockserver.contract.validation import Identify
from mockserver.errors import Refused
from mockserver.model import Call, Json, Reply, Speaker, ValidCall, Violation
from mockserver.scenarios.conditions import Condition
from mockserver.scenarios.outcomes import ContractError, Outcome, OutcomeKind, Verbatim
from mockserver.state.spaces import World
from mockserver.stores.base import Store

JSON_TYPE = ("Content-Type", "application/json")

#: Identifiers that the active scenario prescribes, by the API's words for them.
Ids = Mapping[str, str]


class CallContext(NamedTuple):
    """One valid call in its space, with what a handler may use to answer it."""

    call: ValidCall
    world: World
    store: Store
    contract: Contract


class Answer(NamedTuple):
    """The reply of an operation, and whose session it speaks of."""

    reply: Reply
    visitor_id: str | None = None
    session_id: str | None = None


def no_objections(_context: CallContext) -> list[Violation]:
    """Object to nothing: the operation takes no identifiers."""
    return []


def everybody(_context: CallContext) -> None:
    """Let every caller in."""


def nobody(_call: Call, _query: Mapping[str, Json], _body: Mapping[str, Json]) -> Speaker:
    """Return a speaker of whom nothing is known: calls of the operation name nobody."""
    return Speaker()


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """How one operation is answered: in steps, so that a call that is refused uses up no step of a scenario."""

    #: Answers under the outcome that the scenario picked; may raise `CallError`.
    answer: Callable[[CallContext, Outcome, Ids], Answer]
    #: Says whom a call speaks for, of what could be read of it.
    identify: Identify = nobody
    #: Says what is wrong with the identifiers of the call; changes nothing.
    objections: Callable[[CallContext], list[Violation]] = no_objections
    #: Raises `CallError` when the caller may not; changes nothing.
    authorize: Callable[[CallContext], None] = everybody
    #: Returns the outcome of `Prefer: dynamic=true`, given what draws a value of a schema component; None where the
    #: whole body of the reply is drawn.
    drawn: Callable[[Callable[[str], Json]], Outcome] | None = None
    #: Whether a stub is expected to match: a call that none matches is compared with them, to say which came nearest.
    asks_scenarios: bool = False


class SessionBook(Protocol):
    """The sessions that an API keeps in one store."""

    #: The kind of their records.
    kind: str

    def listing(self, space: str, now_ms: int) -> list[dict[str, Json]]:
        """Return every session of *space*, oldest first, for people and tests to read."""

    def clear(self, space: str) -> None:
        """Forget all sessions of *space*."""


@dataclass(frozen=True, kw_only=True)
class Api:
    """One API that the server stands in for."""

    name: str
    #: Its OpenAPI document, read; several APIs may share one.
    contract: Contract
    error_shape: ErrorShape
    #: By operationId.
    operations: Mapping[str, Operation]
    #: Opens the book of its sessions in a store, where it has any.
    sessions: Callable[[Store], SessionBook] | None = None
    #: The rules that a space may have for itself and that only this API keeps; each is a setting of the server.
    rules: tuple[str, ...] = ()
    #: Members and parameters that say who somebody is, in small letters: a journal that redacts keeps none of them.
    personal_names: frozenset[str] = frozenset()
    #: The schema components of the identifiers that a scenario may prescribe, by their words there.
    ids: Mapping[str, str] = field(default_factory=dict)
    #: The words that it adds to `when`, and to `then`.
    conditions: Mapping[str, type[Condition]] = field(default_factory=dict)
    outcomes: Mapping[str, type[OutcomeKind]] = field(default_factory=dict)
    #: The folder of the scenarios that ship with it.
    presets: Path | None = None


def json_reply(status: int, body: Json, *headers: tuple[str, str]) -> Reply:
    """Make a reply with a JSON body."""
    return Reply(status, orjson.dumps(body), (JSON_TYPE, *headers))


def verbatim_reply(outcome: Verbatim) -> Reply:
    """Make the reply that a scenario prescribes word for word."""
    return Reply(outcome.status, outcome.body, tuple(outcome.headers))


def refuse(outcome: ContractError) -> Refused:
    """Make the error that a scenario prescribes."""
    return Refused(outcome.status, outcome.code, outcome.message)


def unknown_account(context: CallContext, where: str, clause: str) -> list[Violation]:
    """Object to an account, which stands at *where*, that the rules of the space do not list; no list has them all."""
    accounts = context.world.rules["accounts"]
    if not accounts or context.call.account in accounts:
        return []
    what = f"no such account {context.call.account!r}; the space knows {', '.join(accounts)}"
    return [Violation(where, what, clause)]
