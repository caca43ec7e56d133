"""Asks the mock's admin API for what a case needs; nothing here is used on a server that is not the mock."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from ..contract.document import Json
from ..reading.placeholders import filled
from ..server_suite.cases.case import Arrangement
from ..wire.subjects import Call, Reply, Subject, SubjectError

_OK: Final = range(200, 300)


class AdminRefused(SubjectError):
    """The admin API refused an arrangement."""


@dataclass(frozen=True)
class WithToken:
    """A subject whose admin API wants a token; no other call carries it."""

    subject: Subject
    token: str

    @property
    def base(self) -> str:
        """Return the URL that paths are appended to."""
        return self.subject.base

    def within(self, prefix: str) -> WithToken:
        """Return the same subject under a path prefix."""
        return replace(self, subject=self.subject.within(prefix))

    def ask(self, call: Call) -> Reply:
        """Return the answer to *call*, which carries the token when it goes to the admin API."""
        if call.path.startswith("/__admin/"):
            call = replace(call, headers={**call.headers, "Authorization": f"Bearer {self.token}"})
        return self.subject.ask(call)


def has_admin(subject: Subject) -> bool:
    """Say whether *subject* is the mock: it answers its health question in its own words.

    Raises Unanswered when there is no server at all.
    """
    try:
        health = subject.ask(Call("GET", "/__admin/health")).json()
    except ValueError:
        return False
    return isinstance(health, dict) and {"status", "version", "contract", "store"} <= health.keys()


def arrange(subject: Subject, arrangement: Arrangement, values: Mapping[str, Json]) -> None:
    """Bring *arrangement*, with *values* filled in, about in the space of *subject*."""
    if arrangement.rules:
        _put(subject, "/__admin/rules", filled(arrangement.rules, values))
    if arrangement.scenario:
        _put(subject, "/__admin/scenario", {"preset": arrangement.scenario})
    if arrangement.stubs:
        stubs = filled(arrangement.stubs, values)
        _put(subject, "/__admin/scenario", {"scenario": {"scenario": "arranged", "stubs": stubs}})
    if arrangement.frozen:
        _put(subject, "/__admin/clock", {"frozen": True})
    if arrangement.advance_ms:
        _send(subject, "POST", "/__admin/clock/advance", {"ms": arrangement.advance_ms})


def seed(subject: Subject, number: int) -> None:
    """Make every id of the space follow from *number*."""
    _put(subject, "/__admin/seed", {"seed": number})


def now_ms(subject: Subject) -> int:
    """Return where the clock of the space stands."""
    now: int = _send(subject, "GET", "/__admin/clock", None).json()["now_ms"]
    return now


def leave(subject: Subject, space: str) -> None:
    """Remove *space*, so that a run leaves nothing behind."""
    _send(subject, "DELETE", f"/__admin/spaces/{space}", None)


def _put(subject: Subject, path: str, body: Mapping[str, Json]) -> None:
    _send(subject, "PUT", path, body)


def _send(subject: Subject, method: str, path: str, body: Json) -> Reply:
    text = b"" if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"} if text else {}
    reply = subject.ask(Call(method, path, headers=headers, body=text))
    if reply.status not in _OK:
        raise AdminRefused(f"the admin API refused {method} {path} with {reply.told()}")
    return reply
