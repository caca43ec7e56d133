"""Calls that differ from an accepted one in a single member, each with what the contract says of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from ...contract.document import Document
from ...contract.operation import Operation
from ...contract.pointers import escaped
from ...contract.routes import UPDATE, Routes
from ...contract.shapes import Shapes
from ...contract.templates import path_of
from ...judging.calls.rules import CallRules
from ...judging.calls.unanswered import as_attempt
from ...judging.replies.lookups import is_lookup
from ...reading.json_text import Json
from ...wire.messages import Call
from ..own_visit import OwnVisit
from .texts import HOSTS, NO_HOSTS
from .values import ABSENT, Near, Neighbours

HOST_HEADER: Final = "header.Host"
#: Members whose schema cannot say what only the visit knows, and what stands in them where nothing else is tried.
_APP_TYPE: Final = "/components/schemas/CreateSessionRequest/properties/appType"
_CONTEXT: Final = "/components/schemas/EngagementContext/properties/id"
_PAGE: Final = "/components/schemas/UpdateSessionRequest/properties/pageId"
#: Where a context stands, in a call that reports impressions.
_REPORTED: Final = re.compile(r"body\.impAttributes\.\d+\.eContext\.\d+\.id")
#: What stands in the body of a call that reports a context.
_CONTEXTS: Final = b'"eContext"'
#: Where a call says who it is.
_IDS: Final = frozenset({"path.visitorId", "query.sid", "body.vid", "body.sid"})
#: What says whose session an update is about.
_WHOSE: Final = _IDS | {"path.accountId"}
#: A path segment that leads elsewhere.
_NO_SEGMENT: Final = re.compile(r"\.{0,2}|.*/.*", re.DOTALL)
_LONGEST_LABEL: Final = 80
_NOTHING: Final[Mapping[str, Json]] = MappingProxyType({})


@dataclass(frozen=True)
class Refusal:
    """Why a call must be refused."""

    clause: str
    #: The member that is wrong, which may be a part of the one that was changed.
    member: str
    what: str


@dataclass(frozen=True)
class NearCall:
    """A call that keeps the contract, or misses it by one member."""

    #: The member: `body.appDetails.os`, `query.v`.
    where: str
    value: Json
    #: The rule that the contract names for the member.
    clause: str
    call: Call
    #: None where the call must be accepted.
    refusal: Refusal | None = None

    @property
    def label(self) -> str:
        """Return member and value, for people."""
        if self.value is ABSENT:
            return f"{self.where} left out"
        text = json.dumps(self.value, ensure_ascii=False)
        return f"{self.where} = {text if len(text) <= _LONGEST_LABEL else text[:_LONGEST_LABEL] + '...'}"


class NearCalls:
    """Makes the calls near the operations of one contract, for one visit."""

    def __init__(self, document: Document, visit: OwnVisit) -> None:
        self._document = document
        self._visit = visit
        self._routes = Routes(document)
        self._rules = CallRules(document, Shapes(document), self._routes)
        # A visitor that nobody knows is adopted, so that every id of the right form can be tried beside these.
        given = {
            "/components/schemas/AccountId": visit.account,
            "/components/schemas/VisitorId": visit.unknown_visitor,
            "/components/schemas/SessionId": visit.unknown_session,
            _APP_TYPE: "EXTERNAL",
            _PAGE: visit.page,
            _CONTEXT: visit.context or "1",
        }
        self._neighbours = Neighbours(document, given)

    def base(self, operation: Operation) -> Call:
        """Return the call that all others differ from; the contract wants it accepted."""
        body = self._neighbours.least(self._schema(operation)) if operation.consumes else None
        return self._call(operation, body=body)

    def of(self, operation: Operation) -> Iterator[NearCall]:
        """Yield the calls near *operation*, each once; those that break several clauses are left out."""
        seen = set()
        for near in (*self._parameters(operation), *self._strangers(operation), *self._bodies(operation)):
            key = near.call.path, near.call.query, near.call.body
            # Where nothing was offered, no server can accept a context, and each would be refused beside the member.
            offered = self._visit.context or _CONTEXTS not in near.call.body
            if key not in seen and offered:
                seen.add(key)
                yield from self._judged(operation, near)

    def hosts(self, operation: Operation) -> Iterator[NearCall]:
        """Yield calls under other hosts, and under texts that are none; only the mock answers under any host."""
        base = self.base(operation)
        for host in (*HOSTS, *NO_HOSTS):
            call = replace(base, headers={**base.headers, "Host": host})
            no_host = Refusal("REQ-400-HOST", HOST_HEADER, "it is no host that a URL could have")
            clause = "DOM-OWN-HOST" if is_lookup(operation) else "REQ-400-HOST"
            yield NearCall(HOST_HEADER, host, clause, call, no_host if host in NO_HOSTS else None)

    def _judged(self, operation: Operation, near: NearCall) -> Iterator[NearCall]:
        """Let the reader of calls say whether *near* keeps the contract, and add what only the visit knows."""
        judgements = self._rules.judge((as_attempt(near.call, self._routes),))
        broken = [judgement for judgement in judgements if not judgement.kept]
        if len({judgement.clause for judgement in broken}) > 1:
            return
        if broken:
            found = broken[0]
            # The reader names the whole in which a member is missing, and the item that a condition does not let in.
            member = near.where if near.where.startswith(found.where) else found.where
            yield replace(near, refusal=Refusal(found.clause, member, found.what))
        elif _REPORTED.fullmatch(near.where) and near.value != self._visit.context:
            yield replace(near, refusal=Refusal("US-400-CONTEXT", near.where, "it is not one that was handed out"))
        elif operation.id != UPDATE or near.where not in _WHOSE:  # sessions that are not there are for the cases
            yield near

    def _parameters(self, operation: Operation) -> Iterator[NearCall]:
        for pointer in self._document.parameters(operation):
            parameter = self._document.at(pointer)
            location, name, clause = parameter["in"], parameter["name"], str(parameter["x-clause"])
            for near in self._neighbours.of(f"{pointer}/schema", clause):
                if isinstance(near.value, str) and not (location == "path" and _NO_SEGMENT.fullmatch(near.value)):
                    yield self._near_parameter(operation, location, name, near)
            if location == "query" and parameter.get("required"):
                yield self._near_parameter(operation, location, name, Near("", ABSENT, ABSENT, clause))

    def _near_parameter(self, operation: Operation, location: str, name: str, near: Near) -> NearCall:
        where = f"{location}.{name}"
        values = {name: near.value}
        if where in _IDS:
            partner = {"visitorId": self._visit.unknown_visitor, "sid": self._visit.unknown_session}
            values = {**partner, **values}
        body = self._neighbours.least(self._schema(operation)) if operation.consumes else None
        return NearCall(where, near.member, near.clause, self._call(operation, values, body))

    def _strangers(self, operation: Operation) -> Iterator[NearCall]:
        """Yield a call with a parameter that is not listed."""
        if "GE-EXTRA-REQUEST" in operation.clauses:
            base = self.base(operation)
            call = replace(base, query=(*base.query, ("unlisted", "1")))
            yield NearCall("query.unlisted", "1", "GE-EXTRA-REQUEST", call)

    def _bodies(self, operation: Operation) -> Iterator[NearCall]:
        if not operation.consumes:
            return
        for near in self._neighbours.of(self._schema(operation)):
            body = near.value
            if near.where in {"vid", "sid"}:  # neither of them comes alone
                body = {"vid": self._visit.unknown_visitor, "sid": self._visit.unknown_session, **body}
            where = f"body.{near.where}" if near.where else "body"
            yield NearCall(where, near.member, near.clause, self._call(operation, body=body))

    def _schema(self, operation: Operation) -> str:
        holder = self._document.resolved(f"{operation.pointer}/requestBody")
        return f"{holder}/content/{escaped(operation.consumes)}/schema"

    def _call(self, operation: Operation, values: Mapping[str, Json] = _NOTHING, body: Json = None) -> Call:
        known = {"accountId": self._visit.account, "visitorId": self._visit.visitor, "sid": self._visit.session}
        chosen = {**{name: value for (_, name), value in operation.examples.items()}, **known, **values}
        listed = [self._document.at(pointer) for pointer in self._document.parameters(operation)]
        names = [parameter["name"] for parameter in listed if parameter["in"] == "query"]
        headers = {"Accept": "application/json"}
        if operation.consumes:
            headers["Content-Type"] = operation.consumes
        return Call(
            method=operation.method,
            path=path_of(operation.path, chosen),
            query=tuple((name, chosen[name]) for name in names if chosen[name] is not ABSENT),
            headers=headers,
            body=json.dumps(body).encode() if operation.consumes else b"",
        )
