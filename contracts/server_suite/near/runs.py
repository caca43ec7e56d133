"""Examines how a server reads each member of a call: what fits is taken, what nearly fits is refused for its reason.

Each call differs from an accepted one in a single member, so that nothing else can be why it is refused or accepted.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from ...contract.operation import Operation
from ...contract.shapes import Shapes
from ...errors import AdminRefused, NoSession, Unanswered
from ...judging.findings import Calls, Finding, Result, finding
from ...judging.replies.examiner import NO_REPLY
from ...judging.replies.lookups import hosts_of, is_lookup, objections
from ...mock.admin import AdminApi
from ...wire.messages import Reply
from ...wire.subjects import curl
from .. import own_visit
from ..bench import EXPECTATION, Bench
from ..own_visit import OwnVisit
from .calls import HOST_HEADER, NearCall, NearCalls

SUITE: Final = "values"

#: What finds a look-up that answers something else than was asked.
LOOKUP: Final = "lookup"

#: How many further values of a member are named beside the first.
_MOST_LABELS: Final = 4
#: The message of an error with this code is the name of the member.
_MEMBER_NAMED: Final = 5


@dataclass
class _Tally:
    """What came of the calls about one clause."""

    accepted: int = 0
    refused: int = 0
    #: By what goes wrong where: the first finding, and the values that are misread alike.
    findings: dict[tuple[str, str, str], tuple[Finding, list[str]]] = field(default_factory=dict)

    def add(self, near: NearCall, found: Finding) -> None:
        """Keep the first finding of a kind at a member, and the values of the others."""
        _, alike = self.findings.setdefault((near.where, found.rule, found.check), (found, []))
        alike.append(near.label)

    def collected(self) -> Iterator[Finding]:
        """Yield each kind of finding once, with the values that are misread alike."""
        for found, calls in self.findings.values():
            _, *others = dict.fromkeys(calls)  # the same member of several kinds of items is named alike
            some = "; ".join(others[:_MOST_LABELS]) + ("; ..." if len(others) > _MOST_LABELS else "")
            more = f" (in {len(calls)} calls{', also with ' + some if some else ''})" if len(calls) > 1 else ""
            yield replace(found, got=f"{found.got}{more}")


def examine_values(bench: Bench, operations: Collection[str]) -> Iterator[Result]:
    """Examine every member of the calls of *operations*, one operation after the other."""
    for number, name in enumerate(operations):
        space = f"{bench.run}-values-{number}"
        subject = bench.subject.within(f"/__space/{space}") if bench.mock else bench.subject
        results = list(_ValueRun(replace(bench, subject=subject), bench.document.operations[name]).results())
        if bench.mock and not any(result.findings for result in results):
            AdminApi(subject).remove(space)
        yield from results


class _ValueRun:
    """The values of one operation, in a space of its own where the subject has such."""

    def __init__(self, bench: Bench, operation: Operation) -> None:
        self._bench = bench
        self._operation = operation
        self._tallies: dict[str, _Tally] = {}
        self._shapes = Shapes(bench.document)
        self._read_twice: set[int] = set()

    def results(self) -> Iterator[Result]:
        """Yield one result for each clause, or one that says why there is none."""
        began = time.monotonic()
        try:
            if self._bench.mock:
                AdminApi(self._bench.subject).set_seed(self._bench.seed)
            near_calls = NearCalls(self._bench.document, self._visit())
            base = self._bench.subject.ask(near_calls.base(self._operation))
        except (AdminRefused, NoSession, Unanswered) as trouble:
            yield self._left_out(str(trouble))
            return
        if base.status != HTTPStatus.OK:
            yield self._left_out(f"the server refused the call that all others differ from: {base.summary()}")
            return
        hosts = near_calls.hosts(self._operation) if self._bench.mock else ()
        for near in (*near_calls.of(self._operation), *hosts):
            self._examine(near)
        seconds = (time.monotonic() - began) / len(self._tallies)
        for clause, tally in sorted(self._tallies.items()):
            calls = Calls(self._operation.id, tally.accepted, tally.refused)
            yield Result(
                name=f"values of {self._operation.id}: {clause}",
                suite=SUITE,
                clauses=(clause,),
                findings=tuple(tally.collected()),
                seconds=seconds,
                notes=(f"calls: {calls.summary}",),
                calls=calls,
            )

    def _left_out(self, why: str) -> Result:
        return Result(f"values of {self._operation.id}", SUITE, not_examined=why)

    def _visit(self) -> OwnVisit:
        """Open a session for the calls that need one."""
        needs_session = ("path", "visitorId") in self._operation.examples
        return own_visit.opened(self._bench) if needs_session else own_visit.first(self._bench)

    def _examine(self, near: NearCall) -> None:
        clause = near.refusal.clause if near.refusal else near.clause
        tally = self._tallies.setdefault(clause, _Tally())
        where = f"values of {self._operation.id}: {near.label}"
        try:
            reply = self._bench.subject.ask(near.call)
        except Unanswered as silence:
            silent = finding(self._bench.document, NO_REPLY, where, "every call is answered", str(silence))
            tally.add(
                near, replace(silent, cure="send a complete HTTP reply", check=NO_REPLY, repeat=self._repeat(near))
            )
            return
        tally.accepted += reply.status == HTTPStatus.OK
        tally.refused += reply.status != HTTPStatus.OK
        for each in self._findings(near, reply, where):
            tally.add(near, replace(each, repeat=self._repeat(near)))

    def _findings(self, near: NearCall, reply: Reply, where: str) -> list[Finding]:
        if near.refusal and reply.status == HTTPStatus.OK:
            return list(self._misread(near, reply, where))  # how the reply looks that nobody should get does not matter
        # One reply of each status is enough for the second reader, who takes his time.
        examiner = self._bench.examiner
        read = examiner.first_findings if reply.status in self._read_twice else examiner.findings
        self._read_twice.add(reply.status)
        found = read(self._operation, near.call, reply, where)
        return found or list(self._misread(near, reply, where))

    def _misread(self, near: NearCall, reply: Reply, where: str) -> Iterator[Finding]:
        """Compare what became of a call with what the contract says of it."""
        if near.refusal is None:
            if reply.status != HTTPStatus.OK and not self._may_be_unknown(near, reply):
                yield self._finding(near.clause, where, reply, f"answer 200 instead of {reply.status}")
            elif is_lookup(self._operation) and reply.status == HTTPStatus.OK:
                yield from self._looked_up(near, reply, where)
            return
        clause = self._bench.document.clauses[near.refusal.clause]
        entity = _entity(reply)
        named = reply.header("Mock-Clause")
        member = near.refusal.member.partition(".")[2] or near.refusal.member  # as a message names it
        if reply.status != clause.status:
            cure = f"answer {clause.status} instead of {reply.status}"
        elif entity.get("internalCode") != clause.internal_code:
            cure = f"send internalCode as {clause.internal_code}"
        elif named is not None and named != clause.id:
            cure = f"refuse the call because of {clause.id}"
        elif clause.internal_code == _MEMBER_NAMED and near.where != HOST_HEADER and entity.get("message") != member:
            yield self._finding("ERR-MESSAGE", where, reply, f"send message as {member!r}")
            return
        else:
            return
        yield self._finding(clause.id, where, reply, f"{cure}: {near.refusal.what}")

    def _looked_up(self, near: NearCall, reply: Reply, where: str) -> Iterator[Finding]:
        """Demand that a look-up answers what was asked; of the mock, that all services are where the call went."""
        document = self._bench.document
        found = objections(document, self._shapes, self._operation, near.call, reply)
        for each in found:
            made = finding(document, each.clause, where, document.clauses[each.clause].rule, each.what)
            yield replace(made, got=f"{each.what}; the reply was {reply.summary()}", cure=each.cure, check=LOOKUP)
        if found or not self._bench.mock:
            return
        base = urlsplit(self._bench.subject.base)
        wanted = near.call.headers.get("Host", base.netloc).lower() + base.path
        for host in hosts_of(self._operation, reply):
            if host != wanted:
                yield self._finding("DOM-OWN-HOST", where, reply, f"send the host as {wanted}")
                return

    def _repeat(self, near: NearCall) -> str:
        return curl(self._bench.subject, near.call)

    def _may_be_unknown(self, near: NearCall, reply: Reply) -> bool:
        """Say whether a server that knows real accounts only has said that it does not know this one."""
        unknown = {HTTPStatus.NOT_FOUND, HTTPStatus.UNAUTHORIZED}
        return not self._bench.mock and near.where == "path.accountId" and reply.status in unknown

    def _finding(self, rule: str, where: str, reply: Reply, cure: str) -> Finding:
        expected = self._bench.document.clauses[rule].rule
        return replace(
            finding(self._bench.document, rule, where, expected, reply.summary()), cure=cure, check=EXPECTATION
        )


def _entity(reply: Reply) -> dict[str, object]:
    try:
        entity = reply.json()
    except ValueError:
        return {}
    return entity if isinstance(entity, dict) else {}
