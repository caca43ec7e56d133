"""Deliberate distortions of replies: one file per fault, and the table of their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from mockserver.model import Json, Reply
from mockserver.scenarios.documents.mistakes import Mistakes
from mockserver.scenarios.documents.nodes import Node, read_whole, valid_words
from mockserver.scenarios.faults.base import Fault, FaultContext, FaultKind
from mockserver.scenarios.faults.close import Close
from mockserver.scenarios.faults.delay import Delay
from mockserver.scenarios.faults.dribble import Dribble
from mockserver.scenarios.faults.empty import Empty
from mockserver.scenarios.faults.hang import Hang
from mockserver.scenarios.faults.malformed import Malformed
from mockserver.scenarios.faults.reset import Reset
from mockserver.scenarios.faults.status import Status
from mockserver.scenarios.faults.truncate import Truncate
from mockserver.scenarios.faults.window import Window, Windowed
from mockserver.scenarios.faults.wrong_length import WrongLength

__all__ = [
    "FAULTS",
    "MOST_FAULTS",
    "WINDOW",
    "Fault",
    "FaultContext",
    "counts_calls",
    "distorted",
    "faults_of",
    "read_faults",
]

FAULTS: Mapping[str, type[FaultKind]] = {
    "delay": Delay,
    "dribble": Dribble,
    "status": Status,
    "malformed": Malformed,
    "truncate": Truncate,
    "wrong_length": WrongLength,
    "empty": Empty,
    "close": Close,
    "reset": Reset,
    "hang": Hang,
}
#: The key that stands beside the name of a fault.
WINDOW = "window"

MOST_FAULTS = 100
_NAMES: Mapping[type, str] = {fault: name for name, fault in FAULTS.items()}


def read_faults(document: Json, where: str, *, wire: bool) -> tuple[Fault, ...]:
    """Read a list such as `[{delay: {ms: 200}}]`; *where* begins the paths in the message of a `ScenarioError`.

    Without *wire* the faults that need the connection itself are refused.
    """
    mistakes = Mistakes()
    faults = read_whole(document, lambda node: faults_of(node, wire=wire), mistakes, (where,))
    if faults is None or mistakes:
        raise mistakes.error()
    return faults


def faults_of(node: Node, *, wire: bool) -> tuple[Fault, ...]:
    """Read the faults of a node of a larger document."""
    items = node.items()
    if len(items) > MOST_FAULTS:
        node.refuse(f"wanted at most {MOST_FAULTS} faults, got {len(items)}")
    return tuple(_faults(items, wire=wire))


def counts_calls(faults: Sequence[Fault]) -> bool:
    """Say whether one of *faults* needs to know how many calls it has met."""
    return any(isinstance(fault, Windowed) for fault in faults)


def distorted(reply: Reply, faults: Sequence[Fault], context: FaultContext) -> Reply:
    """Return *reply* after all *faults*, with the names of those that did not spare it."""
    for fault in faults:
        worse = fault.distort(reply, context)
        if worse is not reply:
            kind = type(fault.fault if isinstance(fault, Windowed) else fault)
            reply = replace(worse, faults=(*worse.faults, _NAMES[kind]))
    return reply


def _faults(items: Sequence[Node], *, wire: bool) -> Iterator[Fault]:
    for item in items:
        with item.noting():
            yield _fault(item, wire=wire)


def _fault(node: Node, *, wire: bool) -> Fault:
    members = node.members()
    window = members.pop(WINDOW, None)
    if len(members) != 1:
        node.refuse(
            "wanted one fault with its settings, such as {delay: {ms: 200}}, and perhaps its window, "
            f"got {len(members)} faults"
        )
    [(name, settings)] = members.items()
    if name not in FAULTS:
        settings.refuse(f"unknown fault {name!r}{valid_words(name, FAULTS, 'faults')}", at_key=True)
    kind = FAULTS[name]
    if kind.on_the_wire and not wire:
        settings.refuse(
            f"the fault {name!r} needs the connection itself, which this server does not hand out; "
            "start the mock with `mockserver serve`, or use one of "
            f"{', '.join(other for other, known in FAULTS.items() if not known.on_the_wire)}",
            at_key=True,
        )
    if window is None:
        return kind.read(settings)
    met = Window()
    with node.noting():
        met = Window.read(window)
    return Windowed(kind.read(settings), met)
