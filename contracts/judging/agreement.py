"""Do the two readers of an exchange agree? Where they do not, no judgement there can be trusted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from ..contract.document import Document
from ..contract.shapes import Shapes
from ..errors import BeyondReader
from ..wire.messages import Call, Reply
from .attempts import Attempt
from .calls.judgements import Judgement
from .calls.schemathesis_reader import SchemathesisReader
from .findings import READERS_DISAGREE, Finding, finding
from .replies.checks import violations
from .replies.exchange import Exchange
from .replies.readers import disagreement

#: Rules about HTTP and about JSON as a text, for which OpenAPI has no words: only our reader knows them.
OURS_ALONE: Final = frozenset({"REQ-400-DEPTH", "REQ-400-TWICE", "REQ-415-CHARSET", "REQ-415-CODING"})
_OVERRIDE: Final = "header.x-http-method-override"


class SecondOpinion:
    """Lets Schemathesis read what our own reader has read, and counts what each of them has read."""

    def __init__(self, document: Document, shapes: Shapes) -> None:
        self._document = document
        self._shapes = shapes
        self._schemathesis = SchemathesisReader(document)
        self._calls = 0
        self._replies = 0
        self._exchanges = 0

    def __str__(self) -> str:
        return (
            f"mockserver's own on {_counted(self._exchanges, 'exchange', 'exchanges')}, Schemathesis on "
            f"{_counted(self._calls, 'call', 'calls')} and {_counted(self._replies, 'reply', 'replies')} of them"
        )

    def doubts(
        self, attempts: Sequence[Attempt], judgements: Sequence[Judgement], run: str = ""
    ) -> tuple[Finding, ...]:
        """Return what the readers disagree about in a run that our reader has judged."""
        broken_calls: dict[int, list[Judgement]] = {}
        for judgement in judgements:
            if judgement.check == "call" and not judgement.kept:
                broken_calls.setdefault(judgement.exchanges[0], []).append(judgement)
        return tuple(
            self._doubt(
                f"{run}: exchange {attempt.number}, {location}" if run else f"entry {attempt.number}, {location}", what
            )
            for attempt in attempts
            for location, what in self._disagreements(attempt, broken_calls.get(attempt.number, []))
        )

    def _disagreements(self, attempt: Attempt, broken: Sequence[Judgement]) -> Iterator[tuple[str, str]]:
        self._exchanges += 1
        try:
            yield from self._about_call(attempt, broken)
            self._calls += 1
            if attempt.status and not attempt.broken_by:
                yield from self._about_reply(attempt)
                self._replies += 1
        except BeyondReader:
            return

    def _about_call(self, attempt: Attempt, broken: Sequence[Judgement]) -> Iterator[tuple[str, str]]:
        operation = self._schemathesis.operation_of(attempt)
        if operation != attempt.operation:
            yield "path", f"our reader takes it for {attempt.operation}, Schemathesis for {operation}"
            return
        if any(judgement.where == _OVERRIDE for judgement in broken):
            return  # our reader went no further
        ours: dict[str, str] = {}
        for judgement in broken:
            ours.setdefault(_location(judgement), judgement.what)
        theirs = self._schemathesis.objections_to_call(attempt)
        unknown = {*_beyond(broken), *_unread(attempt)}
        for location in sorted(ours.keys() ^ theirs.keys()):
            if location in unknown or location.partition(".")[0] in unknown:
                continue
            difference = (
                f"our reader says {ours.get(location, 'nothing')}; Schemathesis says {theirs.get(location, 'nothing')}"
            )
            yield location, difference

    def _about_reply(self, attempt: Attempt) -> Iterator[tuple[str, str]]:
        operation = self._document.operations.get(attempt.operation or "")
        if not operation:
            return
        call = Call(attempt.method, attempt.path, attempt.query, attempt.headers, attempt.body)
        reply = Reply(attempt.status, tuple(attempt.reply_headers.items()), attempt.reply)
        found = violations(Exchange(self._document, self._shapes, operation, call, reply))
        difference = disagreement(found, self._schemathesis.objection_to_reply(attempt))
        if difference:
            yield "reply", difference

    def _doubt(self, where: str, what: str) -> Finding:
        made = finding(
            self._document, READERS_DISAGREE, where, "two readers of the contract read an exchange alike", what
        )
        cure = "find out which reader is right; openapi.yaml or this harness has to be mended"
        return replace(made, cure=cure, check=READERS_DISAGREE)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _location(judgement: Judgement) -> str:
    """Return the part of a call that both readers have a name for; of a body, one of its members."""
    return ".".join(judgement.where.split(".")[:2])


def _unread(attempt: Attempt) -> Iterator[str]:
    """Yield what neither the server nor our reader has read: a body over the limit."""
    if attempt.unread:
        yield "body"


def _beyond(broken: Sequence[Judgement]) -> Iterator[str]:
    """Yield where the readers cannot be compared, because only one of them came there."""
    for judgement in broken:
        if judgement.clause in OURS_ALONE:
            yield _location(judgement)
        if judgement.where.startswith("header."):
            yield "body"  # what is declared wrongly is not read
