"""What the judge of clients says: one judgement wherever a rule was put to the test."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Judgement:
    """A rule met a client's behaviour here, and was kept or broken."""

    #: The check that judged: one function of the judge.
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


def broken(judgements: tuple[Judgement, ...]) -> tuple[Judgement, ...]:
    """Return the judgements against the client."""
    return tuple(judgement for judgement in judgements if not judgement.kept)
