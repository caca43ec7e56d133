"""Makes one refusal of all violations of a call: which of them decides its status, and what its message says."""

from __future__ import annotations

from mockserver.contract.spec import Contract
from mockserver.errors import InvalidCall
from mockserver.model import Violation

#: How many members the message of an error names.
MOST_NAMED = 50


def refused(contract: Contract, violations: list[Violation]) -> InvalidCall:
    """Make the refusal that *violations* amount to; the first in evaluation order decides."""
    ranked = sorted(violations, key=lambda v: _rank(contract, v))
    first = contract.clauses[ranked[0].clause]
    same = [v for v in ranked if contract.clauses[v.clause].status == first.status]
    message = contract.conventions.message(ranked[0], first)
    if message is None:  # a validation error names its members
        words = [v.member if first.status in (400, 415) else _sentence(v) for v in same]
        message = _listed(words)
    return InvalidCall(first.status or 400, first.code, message, ranked)


def _listed(words: list[str]) -> str:
    """Join *words*, each once; of very many only the first, because the journal has them all."""
    words = list(dict.fromkeys(words))
    rest = len(words) - MOST_NAMED
    return ", ".join(words[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _sentence(violation: Violation) -> str:
    """Say what is wrong, and with which member: what a schema says has no subject."""
    has_subject = not violation.what.startswith(("must ", "is required"))
    return violation.what if has_subject else f"{violation.member} {violation.what}"


def _rank(contract: Contract, violation: Violation) -> tuple[int, int]:
    if violation.clause in contract.credential_clauses:  # who may not call at all is told that first
        return (0, 0)
    status = contract.clauses[violation.clause].status or 400
    places = contract.conventions.first
    early = places.index(violation.where) if violation.where in places else len(places)
    # A body that was not read cannot be refused for what it says: 413 and 415 stand with the 400s.
    return (400 if status in (413, 415) else status, early)
