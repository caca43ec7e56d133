"""Deliberate distortions of replies: one file per fault, and the table of their names."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.faults.base import Fault, FaultContext
from mockserver.faults.delay import Delay
from mockserver.faults.status import Status
from mockserver.model import Json
from mockserver.parts import Part, choice

__all__ = ["FAULTS", "MOST_FAULTS", "Fault", "FaultContext", "faults_of", "read_faults"]

FAULTS: Mapping[str, type[Fault]] = {
    "delay": Delay,
    "status": Status,
}

MOST_FAULTS = 100


def read_faults(document: Json, where: str) -> tuple[Fault, ...]:
    """Read a list such as `[{delay: {ms: 200}}]`; *where* begins the path in the message of a `ScenarioError`."""
    return faults_of(Part(document, (where,)))


def faults_of(part: Part) -> tuple[Fault, ...]:
    """Read the faults of a part of a larger document."""
    items = part.items()
    if len(items) > MOST_FAULTS:
        part.refuse(f"wanted at most {MOST_FAULTS} faults, got {len(items)}")
    return tuple(_fault(item) for item in items)


def _fault(part: Part) -> Fault:
    members = part.members()
    if len(members) != 1:
        part.refuse(f"wanted one fault with its settings, such as {{delay: {{ms: 200}}}}, got {len(members)} keys")
    [(name, settings)] = members.items()
    if name not in FAULTS:
        settings.refuse(f"unknown fault {name!r}{choice(name, FAULTS, 'faults')}", at_key=True)
    return FAULTS[name].read(settings)
