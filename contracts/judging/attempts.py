"""Journal records as the judge sees them: who asked what, when, and what came back."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ..contract.routes import ENGAGEMENT, UPDATE, Routes
from ..reading.json_text import parsed

#: What alone names the visitor in a Loading reply.
LOADING = re.compile(r"^Loading account: (.+), vid: (.+)$")

#: The faults that leave the client without a reply that it could read.
BREAKING = frozenset({"reset", "close", "empty", "truncate", "hang", "malformed", "wrong_length"})


class Answer(StrEnum):
    """What a reply means to a client."""

    DONE = "done"
    NOT_AVAILABLE = "not available"
    UNKNOWN_STATUS = "unknown status"
    REFUSED = "refused (4xx)"
    TOO_MANY = "too many requests (429)"
    SERVER_ERROR = "server error (5xx)"
    LOADING = "loading"
    LOST = "lost"


@dataclass(frozen=True)
class Violation:
    """Where the server itself saw a call break a clause."""

    clause: str
    where: str
    what: str


@dataclass(frozen=True)
class Attempt:
    """One call as it reached the server, with the reply that left it."""

    number: int
    #: The operationId by the contract's own paths; None for a path or method outside it.
    operation: str | None
    #: The method that counts: PUT for a POST that tunnels one.
    method: str
    path: str
    path_values: Mapping[str, str]
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes
    connection: str
    status: int
    reply_headers: Mapping[str, str]
    reply: bytes
    received_ms: float
    #: When the reply left, in the same time as `received_ms`.
    answered_ms: float
    stub: str = "none"
    #: The faults that kept the reply from arriving whole, by name.
    broken_by: tuple[str, ...] = ()
    #: The client did not wait for the reply.
    abandoned: bool = False
    #: Whether a POST tunnelled another method.
    tunnelled: bool = False
    #: What the server itself found wrong with the call.
    violations: tuple[Violation, ...] = ()
    #: Members of the body when it is a JSON object, otherwise nothing.
    members: Mapping[str, Any] = field(default_factory=dict)
    #: Members of the reply's body when it is a JSON object, otherwise nothing.
    reply_members: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Return the conversation of the call, engagement, update or other; a retry stays in the same one."""
        if self.operation in ENGAGEMENT:
            return "engagement"
        return "update" if self.operation == UPDATE else "other"

    @property
    def visitor_id(self) -> str | None:
        """Return the visitor id that the caller gave, whichever door it used."""
        if self.operation == "getEngagement":
            return _text(self.members.get("vid"))
        return self.path_values.get("visitorId") or None

    @property
    def session_id(self) -> str | None:
        """Return the session id that the caller gave, whichever door it used."""
        if self.operation == "getEngagement":
            return _text(self.members.get("sid"))
        return dict(self.query).get("sid")

    @property
    def unread(self) -> bool:
        """Say whether the server refused the body for its size, so that nobody has all of it."""
        return any(violation.clause == "REQ-413" for violation in self.violations)

    @property
    def refused_for_itself(self) -> bool:
        """Say whether the server refused the call for what it says, and not because a situation wants it refused."""
        return self.stub == "none" and 400 <= self.status < 500

    @property
    def substance(self) -> tuple[object, ...]:
        """Return what two calls have in common when one repeats the other."""
        return (self.method, self.path, sorted(self.query), self.members or self.body)

    @property
    def loading_visitor(self) -> str | None:
        """Return the visitor id in the message of a Loading reply."""
        match = LOADING.match(str(self.reply_members.get("message", "")))
        return match[2] if match and self.status >= 500 else None

    @property
    def answer(self) -> Answer:
        """Say what the reply means to a client."""
        if self.broken_by or self.abandoned:
            return Answer.LOST
        if self.status == 429:
            return Answer.TOO_MANY
        if self.status >= 500:
            return Answer.LOADING if self.loading_visitor else Answer.SERVER_ERROR
        if self.status >= 400:
            return Answer.REFUSED
        if self.kind != "engagement":
            return Answer.DONE
        known = {"Available": Answer.DONE, "NotAvailable": Answer.NOT_AVAILABLE}
        return known.get(str(self.reply_members.get("status")), Answer.UNKNOWN_STATUS)


def attempts(records: Sequence[Mapping[str, Any]], routes: Routes) -> tuple[Attempt, ...]:
    """Read journal *records* in the order in which the calls arrived."""
    read = [_attempt(record, routes) for record in records]
    return tuple(sorted(read, key=lambda attempt: (attempt.received_ms, attempt.number)))


def _attempt(record: Mapping[str, Any], routes: Routes) -> Attempt:
    call, reply = record["call"], record["reply"]
    headers = {str(name).lower(): str(value) for name, value in call.get("headers", {}).items()}
    sent = str(call.get("sent_method") or call["method"]).upper()
    route = routes.find(sent, call["path"], headers)
    body, answer = _bytes(call.get("body")), _bytes(reply.get("body"))
    received = float(record["arrived_ms"])
    left_after_ms = _left_after_ms(record)
    took_ms = float(record.get("took_us", 0)) / 1000 + float(reply.get("delay_ms", 0))
    return Attempt(
        number=int(record["number"]),
        operation=route.operation,
        method=route.method,
        path=call["path"],
        path_values=route.values,
        query=tuple((str(name), str(value)) for name, value in call.get("query", ())),
        headers=headers,
        body=body,
        connection=str(call.get("connection", "")),
        status=int(reply["status"]),
        reply_headers={str(name).lower(): str(value) for name, value in reply.get("headers", ())},
        reply=answer,
        received_ms=received,
        answered_ms=received + (took_ms if left_after_ms is None else left_after_ms),
        stub=str(record.get("stub", "none")),
        broken_by=_broken_by(record),
        abandoned=left_after_ms is not None,
        tunnelled=route.method != sent,
        violations=tuple(
            Violation(str(found["clause"]), str(found["where"]), str(found["what"]))
            for found in record.get("violations", ())
        ),
        members=_object(body),
        reply_members=_object(answer),
    )


def _broken_by(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the faults after which a reply is not whole; only those count whose receipt says that they happened."""
    names = [str(receipt["fault"]) for receipt in record.get("receipts", ())]
    return tuple(name for name in names if name in BREAKING)


def _left_after_ms(record: Mapping[str, Any]) -> float | None:
    """Return how many milliseconds the client waited for a reply before it left; None when it stayed."""
    left = [receipt for receipt in record.get("receipts", ()) if receipt.get("ending") == "client"]
    return float(left[0].get("sent_ms", 0)) if left else None


def _bytes(stored: Any) -> bytes:
    """Return what was sent; the journal keeps text as text and the rest as base64."""
    if isinstance(stored, Mapping):
        return base64.b64decode(stored["base64"])
    return str(stored or "").encode()


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        value = parsed(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
