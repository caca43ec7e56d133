"""A scenario: a named list of stubs, of which the first that matches a call answers it."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mockserver.model import Json, ValidCall
from mockserver.scenarios.conditions.matcher import Facts, Matcher
from mockserver.scenarios.conditions.matcher_index import MatcherIndex
from mockserver.scenarios.faults import Fault
from mockserver.stores.base import Record

#: How many stubs a call without a match is compared with, so that ten thousand stubs do not slow it down.
MOST_COMPARED = 1000


@dataclass(frozen=True, slots=True)
class Offer:
    """An engagement is available."""

    #: The complete `engagementDetails`, in the contract's order.
    details: Mapping[str, Json]
    off_contract: bool = False


@dataclass(frozen=True, slots=True)
class NotAvailable:
    """No engagement is available."""


@dataclass(frozen=True, slots=True)
class ContractError:
    """An error entity of the contract."""

    status: int
    code: int
    #: None leaves the optional member out, save for the kind `loading`, whose message names account and visitor.
    message: str | None = None
    #: The name it goes by in scenarios; `custom` for one without.
    kind: str = "custom"


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A reply, word for word."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


Outcome = Offer | NotAvailable | ContractError | Verbatim

#: The errors that scenarios know by name.
NAMED_ERRORS: Mapping[str, ContractError] = {
    error.kind: error
    for error in (
        ContractError(500, 20, None, "loading"),
        ContractError(500, 18, "Internal server error", "internal"),
        ContractError(503, 18, "Server temporarily unavailable", "unavailable"),
        ContractError(404, 6, "Data not found", "unknown_account"),
        ContractError(404, 6, "Data not found", "no_engagement"),
    )
}


@dataclass(frozen=True, slots=True)
class Step:
    """One outcome of a sequence, and how long it lasts."""

    outcome: Outcome
    #: It answers so many calls,
    times: int | None = None
    #: or until so much time of the space's clock has passed since the first call that it answered.
    for_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Stub:
    """A matcher, and what follows."""

    name: str
    matcher: Matcher
    steps: tuple[Step, ...]
    repeat: bool = False
    faults: tuple[Fault, ...] = ()

    @property
    def is_constant(self) -> bool:
        """Whether every call has the same outcome, so that no position needs to be stored."""
        return len(self.steps) == 1


#: What answers when no stub matches: nobody is eligible, which is what a real server says.
UNMATCHED = Stub("none", Matcher(), (Step(NotAvailable()),))


@dataclass(frozen=True)
class Scenario:
    """A named list of stubs; exactly one scenario is active per space."""

    name: str
    description: str = ""
    #: Identifiers that it prescribes, by the words of `ContractRules.ids`.
    ids: Mapping[str, str] = field(default_factory=dict)
    stubs: tuple[Stub, ...] = ()
    #: Names the document that the scenario was read from.
    digest: str = ""
    _index: MatcherIndex = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", MatcherIndex([stub.matcher for stub in self.stubs]))

    def pick(self, call: ValidCall, facts: Facts) -> Stub:
        """Return the first stub without differences, or `UNMATCHED`."""
        for number in self._index.candidates(call):
            stub = self.stubs[number]
            if stub.matcher.matches(call, facts):
                return stub
        return UNMATCHED

    def near_misses(self, call: ValidCall, facts: Facts, most: int = 3) -> list[dict[str, Json]]:
        """Return the stubs with the fewest differences, and these; the first thousand stubs are looked at.

        Stubs that share their most telling condition with the call are compared however far down they stand.
        """
        likely = itertools.islice(self._index.candidates(call), MOST_COMPARED)
        numbers = sorted({*likely, *range(min(MOST_COMPARED, len(self.stubs)))})
        compared = [(stub.name, stub.matcher.differences(call, facts)) for stub in map(self.stubs.__getitem__, numbers)]
        nearest = heapq.nsmallest(most, compared, key=_how_far)
        return [{"stub": name, "differences": differences} for name, differences in nearest]


def position_after(record: Record | None, stub: Stub, now_ms: int) -> tuple[Record, int]:
    """Count one call: return the record to store, and the number of the step that answers.

    *record* is what the last call of the same stub left, or None before the first. A step that lasts a
    while begins with the first call that it answers.
    """
    if record is None:
        record = _begun(0, now_ms)
    elif _is_over(record, stub, now_ms):
        record = _begun((record["step"] + 1) % len(stub.steps), now_ms)
    return {**record, "calls": record["calls"] + 1}, record["step"]


def _how_far(compared: tuple[str, Sequence[str]]) -> int:
    return len(compared[1])


def _begun(step: int, now_ms: int) -> Record:
    return {"step": step, "calls": 0, "since_ms": now_ms}


def _is_over(record: Record, stub: Stub, now_ms: int) -> bool:
    step = stub.steps[record["step"]]
    if record["step"] == len(stub.steps) - 1 and not stub.repeat:
        return False
    if step.for_ms is not None:
        return bool(now_ms >= record["since_ms"] + step.for_ms)
    return bool(record["calls"] >= (step.times or 1))
