"""Judges the replies of a recording: each by itself, and by what the call before it deserved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from ..contract.document import Document
from ..judging.attempts import Attempt
from ..judging.calls.judgements import Judgement
from ..judging.findings import Finding, Result, finding
from ..judging.replies.examiner import Examiner
from ..reading.json_text import Json
from ..wire.messages import Call, Reply
from .recorded import Recorded

SUITE: Final = "replies"
#: A call of no operation: only the shape of errors is known.
_ELSEWHERE: Final = "calls outside the contract"


@dataclass
class _Tally:
    """What was seen of the replies of one operation."""

    replies: int = 0
    clauses: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)


def judge_replies(
    recorded: Sequence[Recorded], judgements: Mapping[int, Sequence[Judgement]], document: Document
) -> Iterator[Result]:
    """Yield one result for the replies of each operation; *judgements* are those on the call, by its number."""
    examiner = Examiner(document)
    tallies: dict[str, _Tally] = {}
    for one in recorded:
        attempt = one.attempt
        operation = document.operations.get(attempt.operation or "")
        tally = tallies.setdefault(attempt.operation or _ELSEWHERE, _Tally())
        tally.replies += 1
        call = Call(attempt.method, quote(attempt.path), attempt.query, attempt.headers, attempt.body)
        reply = Reply(attempt.status, one.entry.reply_headers, attempt.reply)
        where = f"entry {attempt.number}, reply"
        own = [
            judgement
            for judgement in judgements.get(attempt.number, ())
            if judgement.check == "call" and not judgement.kept
        ]
        found = [*examiner.findings(operation, call, reply, where), *_let_through(own, reply, where, document)]
        tally.findings += found
        tally.clauses |= {one.clause.id for one in found if one.clause}
        tally.clauses |= set(_met(attempt, document)) | set(_rightly_refused(own, attempt, document))
    for name, tally in tallies.items():
        yield Result(
            name=f"replies to {name}: {tally.replies}",
            suite=SUITE,
            clauses=tuple(sorted(tally.clauses)),
            findings=tuple(tally.findings),
        )


def _let_through(broken: Sequence[Judgement], reply: Reply, where: str, document: Document) -> Iterator[Finding]:
    """Yield a finding for each clause that a call broke and that the server did not mind."""
    if reply.status >= HTTPStatus.BAD_REQUEST:
        return
    for name in dict.fromkeys(judgement.clause for judgement in broken):
        clause = document.clauses[name]
        if clause.status:
            expected = f"{clause.rule} A call that breaks this is answered with {clause.status}."
            made = finding(document, name, where, expected, reply.summary())
            yield replace(made, cure=f"answer with {clause.status}", check="let_through")


def _rightly_refused(broken: Sequence[Judgement], attempt: Attempt, document: Document) -> Iterator[str]:
    """Yield the clauses that a call broke and for which it was refused as the contract says."""
    got = (attempt.status, attempt.reply_members.get("internalCode"))
    for judgement in broken:
        clause = document.clauses[judgement.clause]
        if (clause.status, clause.internal_code) == got:
            yield clause.id


def _met(attempt: Attempt, document: Document) -> Iterator[str]:
    """Yield the clauses that the contract's words for this reply name."""
    operation = document.operations.get(attempt.operation or "")
    response = operation.responses.get(attempt.status) if operation else None
    if response is None:
        return
    if not response.schemas:
        yield from (name for name in response.clauses if name.endswith("-EMPTY-REPLY"))
    media_type = attempt.reply_headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type in response.schemas:
        yield from _named(document, response.schemas[media_type], attempt.reply_members)


def _named(document: Document, pointer: str, value: Json) -> Iterator[str]:
    """Yield the clauses that a schema names for *value*, and for what stands in it."""
    holder, pointer = document.at(pointer), document.resolved(pointer)
    schema = document.at(pointer)
    yield from {node["x-clause"] for node in (holder, schema) if isinstance(node.get("x-clause"), str)}
    if not isinstance(value, dict):
        return
    choice = schema.get("discriminator")
    chosen = choice["mapping"].get(str(value.get(choice["propertyName"]))) if choice else None
    if chosen:
        yield from _named(document, chosen.removeprefix("#"), value)
    for name in schema.get("properties", {}).keys() & value.keys():
        yield from _named(document, f"{pointer}/properties/{name}", value[name])
