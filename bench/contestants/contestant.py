"""Who is measured: how each server is started, and how its journal is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.work import Work

#: The identifiers that are new in each reply, and how long they are.
FRESH = {"sessionId": 22, "visitorId": 23}
#: Entries that a full journal holds; the bound of ours by default, and of every peer that takes a bound.
JOURNAL_ENTRIES = 10_000


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
    """How a contestant is asked which calls it got, and how it is made to forget them."""

    #: The cheapest way to learn how many calls of the measured operation came.
    count: Callable[[Ports], Ask]
    counted: Callable[[Any], int]
    #: The way to read all entries, or the first page of them; the second finds them in an answer.
    everything: Callable[[Ports], Ask]
    entries: Callable[[Any], list[Any]]
    #: Makes the server as new, or as near to that as it can; None where it cannot.
    reset: Callable[[Ports], Ask] | None
    #: What asks for the page after an answer; None after the last one.
    following: Callable[[Any], Ask | None] = lambda _answer: None


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
    #: The contestant whose journal is the same; it is not filled and asked for both.
    journal_as: str = ""
    #: Whether it is a program of the machine, which starts without an interpreter or a virtual machine.
    native: bool = False
    #: Variables that the server needs.
    env: Mapping[str, str] = field(default_factory=dict)


def constant(ask: Ask) -> Callable[[Ports], Ask]:
    """Return a question that is the same whatever the ports are."""
    return lambda _ports: ask
