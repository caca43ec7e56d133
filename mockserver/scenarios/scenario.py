"""A scenario: a named list of stubs, of which the first that matches a call answers it."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mockserver.model import Json, ValidCall
from mockserver.scenarios.conditions.matcher import Matcher
from mockserver.scenarios.conditions.matcher_index import MatcherIndex
from mockserver.scenarios.faults import Fault
from mockserver.scenarios.outcomes import Unscripted
from mockserver.scenarios.outcomes.sequence import Step

#: How many stubs a call without a match is compared with, so that ten thousand stubs do not slow it down.
MOST_COMPARED = 1000


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


#: Stands for the stub when none matches.
UNMATCHED = Stub("none", Matcher(), (Step(Unscripted()),))


@dataclass(frozen=True)
class Scenario:
    """A named list of stubs; exactly one scenario is active per space."""

    name: str
    description: str = ""
    #: Identifiers that it prescribes, by the words of the vocabulary.
    ids: Mapping[str, str] = field(default_factory=dict)
    stubs: tuple[Stub, ...] = ()
    #: Names the document that the scenario was read from.
    digest: str = ""
    _index: MatcherIndex = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", MatcherIndex([stub.matcher for stub in self.stubs]))

    def pick(self, call: ValidCall, now: datetime) -> Stub:
        """Return the first stub without differences, or `UNMATCHED`."""
        for number in self._index.candidates(call):
            stub = self.stubs[number]
            if stub.matcher.matches(call, now):
                return stub
        return UNMATCHED

    def near_misses(self, call: ValidCall, now: datetime, most: int = 3) -> list[dict[str, Json]]:
        """Return the stubs with the fewest differences, and these; the first thousand stubs are looked at.

        Stubs that share their most telling condition with the call are compared however far down they stand.
        """
        likely = itertools.islice(self._index.candidates(call), MOST_COMPARED)
        numbers = sorted({*likely, *range(min(MOST_COMPARED, len(self.stubs)))})
        compared = [(stub.name, stub.matcher.differences(call, now)) for stub in map(self.stubs.__getitem__, numbers)]
        nearest = heapq.nsmallest(most, compared, key=_how_far)
        return [{"stub": name, "differences": differences} for name, differences in nearest]


def _how_far(compared: tuple[str, Sequence[str]]) -> int:
    return len(compared[1])
