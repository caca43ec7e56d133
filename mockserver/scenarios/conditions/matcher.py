"""A matcher: the conditions of one stub, and what keeps a call from meeting them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from mockserver.model import ValidCall
from mockserver.scenarios.conditions import Condition, Operation


@dataclass(frozen=True)
class Matcher:
    """Conditions on a call, of which all must hold."""

    operation: Operation = field(default_factory=Operation)
    #: The others, in the order of the vocabulary.
    conditions: tuple[Condition, ...] = ()

    @property
    def all(self) -> tuple[Condition, ...]:
        """Every condition."""
        return (self.operation, *self.conditions)

    def differences(self, call: ValidCall, now: datetime) -> list[str]:
        """Say what keeps *call* from matching; nothing means it matches."""
        return list(self._differences(call, now))

    def matches(self, call: ValidCall, now: datetime) -> bool:
        """Tell whether there are no differences, and stop at the first."""
        return next(self._differences(call, now), None) is None

    def _differences(self, call: ValidCall, now: datetime) -> Iterator[str]:
        yield from self.operation.differences(call, now)
        for condition in self.conditions:
            yield from condition.differences(call, now)
