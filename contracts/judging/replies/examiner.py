"""Applies to one exchange every rule that holds for all replies, and lets a second reader read it too."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ...contract.document import Document
from ...contract.operation import Operation
from ...contract.shapes import Shapes
from ...wire.messages import Call, Reply
from ..findings import READERS_DISAGREE, Finding, finding
from .checks import violations
from .exchange import Clock, Exchange, ReplyViolation, silent_clock
from .readers import Reader, SecondReader, disagreement

#: What a subject breaks that gives no complete reply at all.
NO_REPLY: Final = "no_reply"


class Examiner:
    """Reads replies by one contract; what can be compiled is compiled once."""

    def __init__(self, document: Document, second: Reader | None = None) -> None:
        self.document = document
        self._shapes = Shapes(document)
        self._second = second or SecondReader(document)

    def findings(
        self, operation: Operation | None, call: Call, reply: Reply, where: str, clock: Clock = silent_clock
    ) -> list[Finding]:
        """Return everything that is wrong with *reply*, whatever the call was after; *clock* is the server's."""
        found = violations(Exchange(self.document, self._shapes, operation, call, reply, clock))
        findings = [self._finding(violation, where) for violation in found]
        if operation:
            findings += self._disagreement(operation, reply, found, where)
        return findings

    def first_findings(self, operation: Operation, call: Call, reply: Reply, where: str) -> list[Finding]:
        """Return what the first reader alone, who is ten times as fast, finds wrong with *reply*."""
        found = violations(Exchange(self.document, self._shapes, operation, call, reply))
        return [self._finding(violation, where) for violation in found]

    def _finding(self, violation: ReplyViolation, where: str) -> Finding:
        rule = violation.clause or violation.check
        made = finding(self.document, rule, where, violation.expected, violation.got)
        pointer = violation.pointer or made.pointer
        line = self.document.line(pointer)
        return replace(made, cure=violation.cure, pointer=pointer, line=line, check=violation.check)

    def _disagreement(
        self, operation: Operation, reply: Reply, found: list[ReplyViolation], where: str
    ) -> list[Finding]:
        difference = disagreement(found, self._second.objection(operation, reply))
        if not difference:
            return []
        made = finding(
            self.document, READERS_DISAGREE, where, "two readers of the contract read a reply alike", difference
        )
        cure = "find out which reader is right; openapi.yaml or this harness has to be mended"
        line = self.document.line(operation.pointer)
        return [replace(made, cure=cure, pointer=operation.pointer, line=line, check=READERS_DISAGREE)]
