"""How an API judges calls, beside what its document can say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from mockserver.contract.document.clauses import Clause
from mockserver.model import Json, Violation


def _unnamed(_violation: Violation, _clause: Clause) -> str | None:
    """Leave the message to the core."""
    return None


@dataclass(frozen=True, kw_only=True)
class Conventions:
    """What one document leaves open, answered for the APIs that share it."""

    #: Places of a call, `query.v` for example, whose violations are told before all others, in this order.
    first: tuple[str, ...] = ()
    #: Places where identifiers stand: a call that is wrong at one of them cannot be asked whose they are.
    identifiers: frozenset[str] = frozenset()
    #: Names that callers use, in small letters and without dashes, for what the document calls otherwise.
    synonyms: Mapping[str, str] = field(default_factory=dict)
    #: Draw values of schema components, by name: a pattern cannot be turned round.
    makers: Mapping[str, Callable[[Random], Json]] = field(default_factory=dict)
    #: Returns the message of a refusal for its first violation, by its clause; None for a list of what is wrong.
    message: Callable[[Violation, Clause], str | None] = _unnamed
