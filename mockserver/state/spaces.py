"""Which world a call belongs to: its rules, clock and seed, and how long it lives."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from mockserver.errors import CallError
from mockserver.model import DEFAULT_SPACE, Json
from mockserver.settings import FIELDS, Settings
from mockserver.state.moments import LATEST_MS
from mockserver.stores.base import Record, Store

#: What a space may be called: it must fit in a path, a header and a host name.
SPACE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}\Z")

_KIND = "world"
_KEY = "world"
_TOUCHED = "touched"
#: How often, in shares of the idle time, a space in use is marked as used.
_MARKS = 10


#: The rules of a space by name: settings of the server that a space may have for itself; what each means stands in
#: `settings.py`, and the APIs say which are theirs.
Rules = Mapping[str, Any]
#: The rules that hold whatever the API is.
CORE_RULES = ("text_members", "unknown_members", "accounts")


def rules_of(settings: Settings, names: Collection[str]) -> Rules:
    """Take the rules with *names*, beside those of the core, out of the server's settings, in their order."""
    return {name: getattr(settings, name) for name in FIELDS if name in names or name in CORE_RULES}


@dataclass(frozen=True, slots=True)
class Clock:
    """The virtual clock of a space: real time with an offset, or standing still."""

    frozen_ms: int | None = None
    offset_ms: int = 0

    def read(self, real_ms: int) -> int:
        """Return the time of the space in epoch milliseconds, from 1970 to the end of the year 9999."""
        ms = self.frozen_ms if self.frozen_ms is not None else real_ms + self.offset_ms
        return min(max(ms, 0), LATEST_MS)

    def set(self, real_ms: int, *, now_ms: int, frozen: bool) -> Clock:
        """Return a clock that shows *now_ms* at *real_ms*, both in epoch milliseconds, and stands still if *frozen*."""
        return Clock(frozen_ms=now_ms) if frozen else Clock(offset_ms=now_ms - real_ms)

    def advanced(self, ms: int) -> Clock:
        """Return this clock put forward by *ms* milliseconds, or back where they are negative."""
        if self.frozen_ms is not None:
            return replace(self, frozen_ms=self.frozen_ms + ms)
        return replace(self, offset_ms=self.offset_ms + ms)


@dataclass(frozen=True, slots=True)
class World:
    """What a call needs to know about its space, read once when the call begins."""

    space: str
    seed: int
    rules: Rules
    clock: Clock
    #: What the clock of the space showed when the call began, in epoch milliseconds.
    now_ms: int
    #: The digest of the scenario that was set for this space, or None for the server's.
    scenario: str | None = None
    #: Fault documents that hold for every call of the space.
    faults: tuple[Json, ...] = ()
    overrides: Mapping[str, Json] = field(default_factory=dict)


class Spaces:
    """Opens, reads, changes and removes spaces."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        rules: Rules,
        *,
        wall_ms: Callable[[], int],
        draw_seed: Callable[[], int],
    ) -> None:
        self._store = store
        self._rules = rules
        self._seed = settings.seed
        self._idle_ms = settings.space_idle_s * 1000
        self._most = settings.max_spaces
        self._wall_ms = wall_ms
        self._draw_seed = draw_seed
        #: When this process last marked a space as used. A cache: losing it costs one write.
        self._marked: dict[str, int] = {}

    def world(self, space: str) -> World:
        """Read the world of *space*; a space that is used for the first time is created.

        Raises `CallError` (503) for a new space when there are as many as the setting max_spaces allows.
        """
        real_ms = self._wall_ms()
        return self._read(space, self._used(space, real_ms), real_ms)

    def change(self, space: str, **values: Json) -> World:
        """Set these members of the record of *space*, atomically: seed, clock, scenario, faults, overrides.

        Raises `CallError` as `world` does.
        """

        def apply(record: Record | None) -> Record:
            return {**(record or self._new()), **values}

        real_ms = self._wall_ms()
        self._used(space, real_ms)
        return self._read(space, self._store.update(space, _KIND, _KEY, apply) or {}, real_ms)

    def change_clock(self, space: str, change: Callable[[Clock, int], Clock]) -> World:
        """Replace the clock of *space*, atomically, by what *change* returns for it and for real time in milliseconds.

        Raises `CallError` as `world` does.
        """
        real_ms = self._wall_ms()

        def apply(record: Record | None) -> Record:
            record = record or self._new()
            return {**record, "clock": asdict(change(Clock(**record["clock"]), real_ms))}

        self._used(space, real_ms)
        return self._read(space, self._store.update(space, _KIND, _KEY, apply) or {}, real_ms)

    def names(self) -> list[str]:
        """Return the names of all spaces, the default one included."""
        return sorted({*self._store.spaces(), DEFAULT_SPACE})

    def exists(self, space: str) -> bool:
        """Say whether *space* is in use, without creating it."""
        return space == DEFAULT_SPACE or self._store.get(space, _KIND, _KEY) is not None

    def remove(self, space: str) -> None:
        """Forget everything about *space*; its next use finds it new."""
        self._marked.pop(space, None)
        self._store.clear(space)

    def sweep(self) -> list[str]:
        """Remove the spaces that nobody used for the idle time, and return their names."""
        real_ms = self._wall_ms()
        idle = [name for name in self._store.spaces() if name != DEFAULT_SPACE and self._is_idle(name, real_ms)]
        for name in idle:
            self.remove(name)
        return idle

    def _is_idle(self, space: str, real_ms: int) -> bool:
        touched = self._store.get(space, _TOUCHED, _TOUCHED)
        if touched is None:
            # Another worker removed the space, and this one, which knows it as marked, has it again.
            self._mark(space, real_ms)
            return False
        return bool(real_ms - touched["real_ms"] > self._idle_ms)

    def _used(self, space: str, real_ms: int) -> Record:
        """Return the record of *space*, made if need be, and mark the space as used where that is due."""
        record = self._store.get(space, _KIND, _KEY) or self._create(space)
        if real_ms - self._marked.get(space, -self._idle_ms) > self._idle_ms // _MARKS:
            self._mark(space, real_ms)
        return record

    def _mark(self, space: str, real_ms: int) -> None:
        self._marked[space] = real_ms
        self._store.update(space, _TOUCHED, _TOUCHED, lambda _: {"real_ms": real_ms})

    def _new(self) -> Record:
        seed = self._draw_seed() if self._seed is None else self._seed
        return {"seed": seed, "clock": asdict(Clock()), "scenario": None, "faults": [], "overrides": {}}

    def _create(self, space: str) -> Record:
        if space != DEFAULT_SPACE and len(self._marked) >= self._most:
            self._marked = dict.fromkeys(self._store.spaces(), 0)
            if len(self._marked) >= self._most:
                raise CallError(
                    503,
                    None,
                    f"the server keeps {self._most} spaces at most and all are in use; "
                    "remove some with DELETE /__admin/spaces/{space}, or raise the setting max_spaces",
                )
        new = self._new()
        return self._store.update(space, _KIND, _KEY, lambda record: record or new) or new

    def _read(self, space: str, record: Record, real_ms: int) -> World:
        clock = Clock(**record["clock"])
        overrides = record["overrides"]
        return World(
            space=space,
            seed=record["seed"],
            rules={**self._rules, **_tuples(overrides)} if overrides else self._rules,
            clock=clock,
            now_ms=clock.read(real_ms),
            scenario=record["scenario"],
            faults=tuple(record["faults"]),
            overrides=overrides,
        )


def _tuples(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(v) if isinstance(v, Sequence) and not isinstance(v, str) else v for name, v in values.items()}
