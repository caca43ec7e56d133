"""What an examination found: findings, the result of each examined thing, and the verdict over all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Final

from ..contract.clause import Clause
from ..contract.document import Document
from ..errors import CannotExamine, Interrupted, fault_line
from .circumstances import Circumstances

#: What is found where two readers of the contract disagree; it says something about the judge, not about the subject.
READERS_DISAGREE: Final = "readers-disagree"


class ExitStatus(IntEnum):
    """The exit status of an examination."""

    KEPT = 0
    BROKEN = 1
    NOT_EXAMINED = 2


@dataclass(frozen=True)
class Finding:
    """One rule that the subject broke, where, and how to see it again."""

    #: The id of the clause, or the name of the check where no clause says it; stable across runs.
    rule: str
    #: The case, the generated call or the situation in which it was found.
    where: str
    #: The contract's words, or what follows from them.
    expected: str
    got: str
    #: The smallest change that would mend it.
    cure: str = ""
    #: A command that repeats the call.
    repeat: str = ""
    clause: Clause | None = None
    #: Where the rule stands in the contract document.
    pointer: str = ""
    line: int = 1
    #: The function of the harness that found it.
    check: str = ""
    #: Clauses that are broken with that of the finding.
    breaks: tuple[str, ...] = ()
    #: What went wrong, in the same words wherever it does; empty when rule, expectation and cure say it.
    cause: str = ""
    #: It is about the first call of its case or run, so that what was found behind it may come of it.
    at_first_call: bool = False

    @property
    def broken_clauses(self) -> tuple[str, ...]:
        """Return the clauses that are broken by it: its own first."""
        return (*([self.clause.id] if self.clause else ()), *self.breaks)

    @property
    def likeness(self) -> tuple[str, ...]:
        """Return what findings of the same kind have in common."""
        return (self.cause,) if self.cause else (self.rule, self.expected, self.cure)


@dataclass(frozen=True)
class Calls:
    """How many calls of an operation were accepted, and how many were refused."""

    operation: str
    accepted: int
    refused: int

    @property
    def summary(self) -> str:
        """Return both numbers in words."""
        return f"{self.accepted} accepted, {self.refused} refused"


@dataclass(frozen=True)
class Result:
    """One examined thing: a case, the generated calls of one operation, a situation of a client."""

    name: str
    #: cases, generated, or clients.
    suite: str
    #: What it exercises; all of it is kept when nothing is found, and none of it when something is.
    clauses: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    #: Why it could not be examined; empty when it was.
    not_examined: str = ""
    seconds: float = 0.0
    #: Lines for people: what the situation is, a count of calls.
    notes: tuple[str, ...] = ()
    #: The calls of a run, drawn to scale; one line each.
    timeline: tuple[str, ...] = ()
    #: Clauses that were judged one by one, and found kept whatever else is broken.
    kept: tuple[str, ...] = ()
    #: The harness itself failed at it.
    failed: bool = False
    #: What came of many calls that were made alike; None where each call is a step of its own.
    calls: Calls | None = None

    @property
    def state(self) -> str:
        """Return broken for any finding, else whether it was examined."""
        if self.findings:
            return "broken"
        return "not examined" if self.not_examined else "kept"


@dataclass(frozen=True)
class Verdict:
    """Everything an examination found out about its subject."""

    subject: str
    #: The contract document's name, as reports cite it.
    contract: str
    clauses: Mapping[str, Clause] = field(default_factory=dict)
    results: tuple[Result, ...] = ()
    #: Why the examination, or a part of it, could not be carried out; empty when it was.
    trouble: str = ""
    #: The signal that ended it before its time.
    interruption: Interrupted | None = None
    #: The harness itself failed, so that no finding decides what the shell gets.
    failed: bool = False
    #: When, with which options, and by which version.
    circumstances: Circumstances = field(default_factory=Circumstances)
    #: Where two readers of the contract disagree: findings about the judge, not about the subject.
    doubts: tuple[Finding, ...] = ()
    #: Which reader read what.
    readers: str = ""
    #: What users expect and no clause says, so that nobody looked at it: each with why.
    not_judged: Mapping[str, str] = field(default_factory=dict)
    #: A file of the user's repository at which findings can be shown, called from its top; empty when there is none.
    source: str = ""

    @property
    def examined(self) -> tuple[Result, ...]:
        """Return the results that rest on at least one call."""
        return tuple(result for result in self.results if not result.not_examined)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return every finding of every result."""
        return tuple(finding for result in self.results for finding in result.findings)

    @property
    def status(self) -> ExitStatus:
        """Return broken for any finding, not examined for an empty, interrupted or doubtful run, otherwise kept."""
        if self.findings:
            return ExitStatus.BROKEN
        if self.trouble or self.doubts or not self.examined:
            return ExitStatus.NOT_EXAMINED
        return ExitStatus.KEPT

    @property
    def exit_status(self) -> int:
        """Return what the shell gets when every report could be written."""
        if self.interruption:
            return self.interruption.status
        return int(ExitStatus.NOT_EXAMINED if self.failed else self.status)

    def coverage(self) -> Mapping[str, str]:
        """Say of every clause whether it was kept, broken or not examined."""
        broken = {name for finding in self.findings for name in finding.broken_clauses}
        kept = {name for result in self.examined for name in (result.kept if result.findings else result.clauses)}
        return {
            name: "broken" if name in broken else "kept" if name in kept else "not examined" for name in self.clauses
        }


def doubts_in(results: Iterable[Result]) -> tuple[Finding, ...]:
    """Return the findings of *results* that are about the judge: its readers disagree."""
    return tuple(found for result in results for found in result.findings if found.rule == READERS_DISAGREE)


def without_doubts(result: Result) -> Result:
    """Return *result* with what was found about the subject only."""
    return replace(result, findings=tuple(found for found in result.findings if found.rule != READERS_DISAGREE))


def cut_short(verdict: Verdict, by: Exception | Interrupted | None, when: str) -> Verdict:
    """Return *verdict* as that of an examination which something ended; None is nothing of the kind.

    It may be a trouble, a signal, or a fault of the harness itself.
    """
    if by is None:
        return verdict
    failed = not isinstance(by, CannotExamine | Interrupted)
    what = f"the harness itself failed, {fault_line(by)}" if failed else str(by)
    trouble = "; ".join(filter(None, [verdict.trouble, f"{what} ({when})"]))
    interruption = by if isinstance(by, Interrupted) else None
    return replace(verdict, trouble=trouble, interruption=interruption, failed=verdict.failed or failed)


def finding(document: Document, rule: str, where: str, expected: str, got: str) -> Finding:
    """Make a finding of *rule*, with its clause and its line looked up in *document*."""
    clause = document.clauses.get(rule)
    pointer = clause.pointer if clause else ""
    return Finding(rule, where, expected, got, clause=clause, pointer=pointer, line=document.line(pointer))
