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

    #: Where a violation comes before all others, in this order: `query.v`, as in `Violation.where`.
    first: tuple[str, ...] = ()
    #: Where identifiers stand, as in `Violation.where`: a call that is wrong there cannot be asked whose they are.
    identifiers: frozenset[str] = frozenset()
    #: Names that callers use, in small letters and without dashes, for what the document calls otherwise.
    synonyms: Mapping[str, str] = field(default_factory=dict)
    #: Functions that draw a value of a schema component, by its name: nothing can be drawn from a pattern alone.
    makers: Mapping[str, Callable[[Random], Json]] = field(default_factory=dict)
    #: Returns the message of a refusal for its first violation, by its clause; None for a list of what is wrong.
    message: Callable[[Violation, Clause], str | None] = _unnamed
