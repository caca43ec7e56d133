"""Applies to one exchange every rule that holds for all replies, and lets a second reader read it too."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ...contract.document import Document, Operation
from ...contract.shapes import Shapes
from ...wire.messages import Call, Reply
from ..findings import READERS_DISAGREE, Finding, finding
from .checks import complaints
from .complaints import Clock, Complaint, Exchange, silent_clock
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
        found = complaints(Exchange(self.document, self._shapes, operation, call, reply, clock))
        findings = [self._finding(complaint, where) for complaint in found]
        if operation:
            findings += self._disagreement(operation, reply, found, where)
        return findings

    def first_findings(self, operation: Operation, call: Call, reply: Reply, where: str) -> list[Finding]:
        """Return what the first reader alone, who is ten times as fast, finds wrong with *reply*."""
        found = complaints(Exchange(self.document, self._shapes, operation, call, reply))
        return [self._finding(complaint, where) for complaint in found]

    def _finding(self, complaint: Complaint, where: str) -> Finding:
        rule = complaint.clause or complaint.check
        made = finding(self.document, rule, where, complaint.expected, complaint.got)
        pointer = complaint.pointer or made.pointer
        line = self.document.line(pointer)
        return replace(made, cure=complaint.cure, pointer=pointer, line=line, check=complaint.check)

    def _disagreement(self, operation: Operation, reply: Reply, found: list[Complaint], where: str) -> list[Finding]:
        said = disagreement(found, self._second.objection(operation, reply))
        if not said:
            return []
        made = finding(self.document, READERS_DISAGREE, where, "two readers of the contract read a reply alike", said)
        cure = "find out which reader is right; openapi.yaml or this harness has to be mended"
        line = self.document.line(operation.pointer)
        return [replace(made, cure=cure, pointer=operation.pointer, line=line, check=READERS_DISAGREE)]
