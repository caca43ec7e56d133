"""Who is measured: how each server is started, and how its journal is asked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.work import CHECKOUT, Work

#: Entries that a full journal holds; the bound of ours by default, and of every peer that takes a bound.
JOURNAL_ENTRIES = 10_000
#: The default command, and the one with a worker for each core of the machine that the targets are set for.
OURS, OURS_WITH_WORKERS = "mockserver", "mockserver --workers 2"


@dataclass(frozen=True)
class Ports:
    """Where a contestant listens."""

    mock: int
    admin: int


@dataclass(frozen=True)
class Ask:
    """One request to the admin side of a contestant."""

    method: str
    path: str
    body: Any = None
    headers: Sequence[tuple[str, str]] = ()
    #: Whether the admin side has a port of its own.
    own_port: bool = False


@dataclass(frozen=True)
class Journal:
    """How a contestant tells what it was asked, and how it forgets it."""

    #: The cheapest way to learn how many calls of the measured operation came.
    count: Callable[[Ports], Ask]
    counted: Callable[[Any], int]
    #: The way to read all entries.
    everything: Callable[[Ports], Ask]
    #: Makes the server as new, or as near to that as it can.
    reset: Callable[[Ports], Ask]


@dataclass(frozen=True)
class Contestant:
    """One server in one configuration."""

    name: str
    #: Writes what the server needs into a folder, and returns the command that starts it.
    prepare: Callable[[Path, Ports, Work], Sequence[str]]
    journal: Journal | None
    #: What must be known to read its figures.
    note: str
    #: The files without which it cannot run, and what brings them.
    needs: Sequence[Path] = ()
    version: Callable[[], str] = str
    ours: bool = False
    #: Whether its journal is filled and asked; not again for a variant that differs in validation only.
    journal_timed: bool = True
    #: Variables that the server needs.
    env: Mapping[str, str] = field(default_factory=dict)


def constant(ask: Ask) -> Callable[[Ports], Ask]:
    """Return a question that is the same whatever the ports are."""
    return lambda _ports: ask


_OUR_JOURNAL = Journal(
    count=constant(Ask("POST", "/__admin/journal/verify", {"match": {"operation": "getEngagement"}, "at_least": 0})),
    counted=lambda told: int(told["count"]),
    everything=constant(Ask("GET", f"/__admin/journal?limit={JOURNAL_ENTRIES}")),
    reset=constant(Ask("POST", "/__admin/reset")),
)


def our_contestants() -> list[Contestant]:
    """Return this server, by its default command and with two workers."""
    # As users type it, where it is installed; else from the checkout.
    beside = Path(sys.executable).with_name("mockserver")
    command = [str(beside)] if beside.exists() else [sys.executable, "-m", "mockserver"]
    env = {} if beside.exists() else {"PYTHONPATH": str(CHECKOUT)}

    def serve(*flags: str) -> Callable[[Path, Ports, Work], Sequence[str]]:
        return lambda _folder, ports, _work: [*command, "serve", "--port", str(ports.mock), *flags]

    shared = "two processes; sessions and journal shared through LMDB"
    return [
        Contestant(OURS, serve(), _OUR_JOURNAL, "default command: one process, memory", ours=True, env=env),
        Contestant(OURS_WITH_WORKERS, serve("--workers", "2"), _OUR_JOURNAL, shared, ours=True, env=env),
    ]
