"""What is wrong with the reply to a generated call, in the words of the contract: the member, its clause, the cure.

Schemathesis says that a call should have been refused or accepted, and our own reader of calls says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Final

from ...contract.clause import Clause
from ...contract.document import Document
from ...contract.routes import Routes
from ...contract.shapes import Shapes
from ...judging.calls.judgements import Judgement, broken
from ...judging.calls.rules import CallRules
from ...judging.calls.unanswered import as_attempt
from ...judging.findings import Finding, finding
from ...judging.replies.checks import documented_status
from ...judging.replies.examiner import Examiner
from ...wire.messages import Call, Reply
from .recordings import Failure, Generated

#: The checks of Schemathesis that this harness makes as well, and in the words of the contract.
_OURS: Final = frozenset(
    {
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
        "response_headers_conformance",
    }
)
_ACCEPTED: Final = "negative_data_rejection"
_REFUSED: Final = "positive_data_acceptance"
_FAILED: Final = "not_a_server_error"

#: The clauses of the checks that are about one rule only.
_CLAUSES: Final = {
    "unsupported_method": "REQ-405",
    "allow_header_conformance": "REQ-405",
}

#: What a server can do about a failed check.
_CURES: Final = {
    _FAILED: "find out what failed in the server, and answer with a documented status",
    _ACCEPTED: "refuse a call that breaks the contract",
    _REFUSED: "accept a call that keeps the contract",
    "missing_required_header": "refuse a call without its required header",
    "unsupported_method": "answer 405 with the header Allow",
    "allow_header_conformance": "name in Allow the methods that the path has, and no others",
}


@dataclass(frozen=True)
class ExchangeJudge:
    """Says what is wrong with generated exchanges."""

    examiner: Examiner
    #: The subject is the mock, whose scenario serves no server error.
    mock: bool
    _rules: CallRules = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Compile the rules about calls."""
        document = self.examiner.document
        object.__setattr__(self, "_rules", CallRules(document, Shapes(document), Routes(document)))

    @property
    def _document(self) -> Document:
        return self.examiner.document

    def findings(self, seen: Generated) -> Iterator[Finding]:
        """Yield everything that is wrong with the reply of *seen*."""
        where = f"generated call of {seen.operation.id} ({seen.phase})"
        own = self.examiner.findings(seen.operation if seen.declared else None, seen.call, seen.reply, where)
        theirs = [failure for failure in seen.failures if failure.check not in _OURS or not own]
        failed = seen.reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        if self.mock and failed and not any(each.check == _FAILED for each in theirs):
            # The active scenario serves no errors, so an error that keeps the contract is a failure all the same.
            theirs.append(Failure(_FAILED, "Server error", "The active scenario serves no server error."))
        for found in own:
            yield self._named(found, seen)
        for failure in theirs:
            yield self._failed(failure, seen, where)

    def violations(self, call: Call) -> tuple[Judgement, ...]:
        """Return what is wrong with *call*, by our own reader."""
        return broken(self._rules.judge((as_attempt(call, self._rules.routes),)))

    def _named(self, found: Finding, seen: Generated) -> Finding:
        """Name the clause that has the status of a good reply, where it comes under another one."""
        documented = seen.operation.responses.get(HTTPStatus.OK)
        good = seen.reply.status < HTTPStatus.MULTIPLE_CHOICES
        if found.check != documented_status.__name__ or not good or documented is None or not documented.clauses:
            return found
        clause = self._document.clauses[documented.clauses[0]]
        return replace(found, rule=clause.id, clause=clause)

    def _failed(self, failure: Failure, seen: Generated, where: str) -> Finding:
        wrong = self.violations(seen.call)
        if failure.check in {_ACCEPTED, _FAILED} and wrong:
            return self._not_refused(failure.check, wrong[0], seen, where)
        if failure.check == _REFUSED and not wrong and (member := _member(seen.reply)):
            return self._refused(member, seen, where)
        words = " ".join(failure.message.split())[:500]
        rule = _CLAUSES.get(failure.check, failure.check)
        made = finding(self._document, rule, where, f"{failure.title}: {words}", seen.reply.summary())
        return replace(
            made,
            cure=_CURES.get(failure.check, "answer as the contract says"),
            pointer=seen.operation.pointer,
            line=self._document.line(seen.operation.pointer),
            check=failure.check,
            cause=f"{failure.check}: {seen.reply.status}",
        )

    def _not_refused(self, check: str, wrong: Judgement, seen: Generated, where: str) -> Finding:
        """Tell which member of a call is wrong that the server accepts, or fails at, and what it breaks."""
        clause = self._document.clauses[wrong.clause]
        expected = f"{clause.rule} This call breaks it, at {wrong.where}: {wrong.what}."
        made = finding(self._document, clause.id, where, expected, seen.reply.summary())
        member_path = re.sub(r"\.\d+(?=\.|$)", "", wrong.where)  # whichever item of a list it is
        return replace(made, cure=_refusal(clause), check=check, cause=f"{check}: {clause.id} {member_path}")

    def _refused(self, member: str, seen: Generated, where: str) -> Finding:
        """Tell which member of a right call the server refuses, and the rule that the member keeps."""
        name = self._clause_of(member, seen)
        clause = self._document.clauses.get(name)
        rule = f"{clause.rule} This call keeps it" if clause else "This call keeps the contract"
        made = finding(
            self._document, name, where, f"{rule}, so {member} is no reason to refuse it.", seen.reply.summary()
        )
        cure = f"accept {member} as this call has it"
        return replace(made, cure=cure, check=_REFUSED, cause=f"{_REFUSED}: {name} {member}")

    def _clause_of(self, member: str, seen: Generated) -> str:
        """Return the clause that the contract names for *member*, or the name of the check."""
        named = seen.reply.header("Mock-Clause")
        if named:
            return named.partition(",")[0].strip()
        found = self._rules.clause_of_member(seen.operation, member)
        return found or _REFUSED


def _member(reply: Reply) -> str:
    """Return the member that a refusal names first, or nothing."""
    try:
        message = reply.json().get("message")
    except (ValueError, AttributeError):
        return ""
    named = re.match(r"[A-Za-z][\w.]*(?=,|$)", message) if isinstance(message, str) else None
    return named[0] if named else ""


def _refusal(clause: Clause) -> str:
    code = "" if clause.internal_code is None else f" and internalCode {clause.internal_code}"
    return f"refuse the call with {clause.status}{code}" if clause.status else "refuse the call"
