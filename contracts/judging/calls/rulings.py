"""What the judge of clients says: one ruling per place where a rule was put to the test."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Ruling:
    """A rule met a client's behaviour here, and was kept or broken."""

    #: The check that ruled: one function of the judge.
    check: str
    clause: str
    kept: bool
    #: Where: a dotted path into the call, or the part of the run.
    where: str = ""
    what: str = ""
    #: The smallest change of the client that mends it.
    cure: str = ""
    #: The journal numbers of the exchanges that show it.
    exchanges: tuple[int, ...] = ()


def broken(rulings: tuple[Ruling, ...]) -> tuple[Ruling, ...]:
    """Return the rulings against the client."""
    return tuple(ruling for ruling in rulings if not ruling.kept)
