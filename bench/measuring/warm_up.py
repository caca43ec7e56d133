"""Warms a server up until its rate is stable."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

#: The length of one look at the rate, in seconds.
WINDOW_S = 2
#: Nobody gets longer, in seconds.
LONGEST_S = 60
#: The rate is stable when so many looks in a row differ by no more than this share of the best of them.
_LOOKS, _SPREAD = 4, 0.05


class Look(Protocol):
    """What one look shows."""

    @property
    def rps(self) -> float:
        """Requests per second."""

    @property
    def requests(self) -> int:
        """How many calls were answered."""


@dataclass(frozen=True)
class WarmUp:
    """How a server got warm."""

    took_s: float
    #: Whether the rate stopped changing before the time was over.
    stable: bool
    #: Requests per second of each look.
    rates: list[float]
    #: How many calls that were.
    calls: int


def warm_up(look: Callable[[], Look], *, longest_s: float, clock: Callable[[], float] = time.monotonic) -> WarmUp:
    """Take the rate by *look* until it is stable, or until *longest_s* have passed. Lets a failed look through."""
    began = clock()
    rates: list[float] = []
    calls = 0
    while not _stable(rates) and clock() - began < longest_s:
        seen = look()
        rates.append(seen.rps)
        calls += seen.requests
    return WarmUp(round(clock() - began, 1), _stable(rates), rates, calls)


def _stable(rates: list[float]) -> bool:
    last = rates[-_LOOKS:]
    return len(last) == _LOOKS and min(last) >= (1 - _SPREAD) * max(last)
