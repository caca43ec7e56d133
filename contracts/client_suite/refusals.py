"""What the mock itself refused: a refusal that nobody ordered is held against the client, in the server's words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ..judging.attempts import Attempt, Violation
from ..judging.calls.judgements import Judgement

#: What would mend a refused call, by the clause that it breaks; for others, what the server asks for.
_CURES: Final = {
    "REQ-413": "send a body that is no larger than that",
    "REQ-400-HOST": "send one Host header with the host and port of the base URL",
    "REQ-400-PREFER": "leave the header Prefer out",
    "REQ-400-UNLISTED": "leave {where} out",
    "GE-404-ACCOUNT": "call for the account that the client is given",
    "GE-401-UNKNOWN-VISITOR": "send the visitorId of a reply of this server, or none",
}


def judge_refusals(attempts: Sequence[Attempt], judgements: Sequence[Judgement]) -> Iterator[Judgement]:
    """Judge each refused call that no judgement against the client explains."""
    explained = {number for judgement in judgements if not judgement.kept for number in judgement.exchanges}
    for attempt in attempts:
        if attempt.refused_for_itself and attempt.number not in explained:
            yield from (_refusal(attempt, violation) for violation in attempt.violations or (_unnamed(attempt),))


def _refusal(attempt: Attempt, violation: Violation) -> Judgement:
    asked = _CURES.get(violation.clause, "change {where} to what the server asks for: {what}")
    return Judgement(
        check="refused",
        clause=violation.clause,
        kept=False,
        where=violation.where,
        what=f"the mock answered {attempt.method} {attempt.path} with {attempt.status}: {violation.what}",
        cure=asked.format(where=violation.where, what=violation.what),
        exchanges=(attempt.number,),
    )


def _unnamed(attempt: Attempt) -> Violation:
    """Return what is known of a refusal that names no clause."""
    clause = attempt.reply_headers.get("mock-clause", "").split(",")[0].strip() or f"ERR-{attempt.status}"
    return Violation(clause, "call", str(attempt.reply_members.get("message") or "without a reason"))
