"""Says which clauses are broken when a step of a case is not answered as it must be."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ...contract.clause import Clause
from ...contract.document import Document
from ...judging.findings import Finding
from ...judging.replies.checks import documented_status
from ...judging.replies.examiner import NO_REPLY
from ...wire.messages import Reply
from ..bench import EXPECTATION
from .case import Case, Step

#: The checks that find another reply than the one that a step is about, or none.
_OTHER_REPLIES: Final = frozenset({EXPECTATION, documented_status.__name__, NO_REPLY})

_GOOD: Final = frozenset(range(200, 300))


def broken_clauses(document: Document, case: Case, step: Step, reply: Reply | None) -> tuple[str, ...]:
    """Return the clauses that *reply*, or that there is none, breaks at *step*; the first of them foremost."""
    status = step.expect.status if step.expect else 0
    other = reply is None or reply.status != status
    renamed = reply is not None and {reply.status, status} <= _GOOD and other
    examined = () if renamed else case.examined_by(step)
    if other:
        # What holds for every reply was not looked at, because this one should have been another.
        examined = tuple(name for name in examined if not _is_about_all(document.clauses[name]))
    if not examined:
        return _by_status(document, case, step, status)
    first, *others = dict.fromkeys((*examined, *case.completed_by(step)))
    return (first, *(name for name in others if _is_about(document.clauses[name], reply)))


def _by_status(document: Document, case: Case, step: Step, status: int) -> tuple[str, ...]:
    """Return the clause that gives the reply its *status*: no clause of the case refuses the call, or changes it."""
    operation = document.operations.get(step.call.operation) if step.call else None
    documented = operation.responses.get(status) if operation else None
    failing = f"ERR-{status}"
    if documented and documented.clauses:
        return (failing,) if failing in documented.clauses else documented.clauses[:1]
    return case.clauses[:1]


def blamed(found: Finding, document: Document, case: Case, step: Step, reply: Reply | None) -> Finding:
    """Return *found* with the clauses that it breaks, where the case knows them better than the check does."""
    if found.check not in _OTHER_REPLIES:
        return found
    first, *others = broken_clauses(document, case, step, reply)
    if found.check == EXPECTATION:
        return replace(found, breaks=tuple(others))
    clause = document.clauses[first]
    return replace(
        found,
        rule=first,
        clause=clause,
        breaks=tuple(others),
        expected=f"{found.expected}; here: {clause.rule}",
        cause=f"{found.check}: {found.cure}",  # the clause changes from case to case, what went wrong does not
    )


def _is_about_all(clause: Clause) -> bool:
    return clause.about == "reply" and clause.status is None


def _is_about(clause: Clause, reply: Reply | None) -> bool:
    """Say whether *clause* can be broken by *reply*; one about replies only by a reply with its status."""
    return clause.about != "reply" or (reply is not None and reply.status == clause.status)
