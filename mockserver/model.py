"""The values that travel through the server: plain, frozen, and free of any framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

#: Anything that JSON can say.
Json = Any

#: What an API calls one of its errors.
Code = int | str

#: The space of callers that name none.
DEFAULT_SPACE = "default"


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it arrived; nothing in it has been judged yet."""

    #: The operationId of the contract, or None where the contract has no such path or method.
    operation: str | None
    #: The method that counts: PUT for a POST that tunnels one.
    method: str
    #: Without the space prefix and without the query.
    path: str
    path_values: Mapping[str, str] = field(default_factory=dict)
    #: Every pair as sent, repeated ones included.
    query: tuple[tuple[str, str], ...] = ()
    #: Names in lower case; repeated headers joined by a comma.
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    space: str = DEFAULT_SPACE
    #: The host that the caller used, with its port, and with the space when it was chosen by path.
    base: str = "localhost"
    #: The path prefix that chose the space, or "".
    prefix: str = ""
    #: Names the TCP connection, so that a resend can be told from a retry.
    connection: str = ""
    #: The method on the wire.
    sent_method: str = ""


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A member or a parameter of a call that the contract does not list."""

    #: As in `Violation`.
    where: str
    #: The listed name that it is so close to that it may be meant, if there is one.
    nearest: str | None

    @property
    def what(self) -> str:
        """Say it in words."""
        return "is not listed in the contract" + (f"; did you mean {self.nearest!r}?" if self.nearest else "")


class Speaker(NamedTuple):
    """Whom a call speaks for, as far as it says so."""

    account: str = ""
    visitor_id: str | None = None
    session_id: str | None = None


@dataclass(frozen=True, slots=True)
class ValidCall:
    """A call that keeps the contract, with its values read."""

    call: Call
    operation: str
    account: str
    query: Mapping[str, Json]
    body: Mapping[str, Json]
    #: Identifiers as the caller gave them; None where it gave none.
    visitor_id: str | None = None
    session_id: str | None = None
    #: What it carries beside that.
    unlisted: tuple[Unlisted, ...] = ()
    #: The header and cookie parameters that the contract lists, by its names for them.
    headers: Mapping[str, Json] = field(default_factory=dict)
    cookies: Mapping[str, Json] = field(default_factory=dict)
    #: What the call carries of the credentials that are demanded, by their security schemes: a key, a token, or
    #: `user:password`. Nobody has said whether they are the right ones.
    credentials: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Violation:
    """One place where a call or a reply breaks a clause."""

    #: A dotted path that starts with path, query, header or body: `body.appDetails.os`.
    where: str
    what: str
    clause: str

    @property
    def member(self) -> str:
        """The dotted name without the part of the call it stands in."""
        return self.where.partition(".")[2] or self.where


@dataclass(frozen=True, slots=True)
class Wire:
    """How a reply travels when it is not simply sent: in pieces, in part, or not at all."""

    #: Bytes of the body that are sent between two pauses; 0 for all of them at once.
    piece_bytes: int = 0
    pause_ms: int = 0
    #: What Content-Length says; None for the truth.
    announced: int | None = None
    #: Status line and headers: sent whole, cut in the middle, or not sent. No body follows a head that is not whole.
    head: Literal["whole", "half", "none"] = "whole"
    #: Bytes of the body that are sent; None for all of them.
    body_bytes: int | None = None
    #: What becomes of the connection: left to the server, closed (FIN), or reset (RST).
    ending: Literal["kept", "fin", "rst"] = "kept"


@dataclass(frozen=True, slots=True)
class Reply:
    """One response, complete but not yet sent."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    #: How long the reply is held back, in milliseconds of real time.
    delay_ms: int = 0
    wire: Wire = Wire()
    #: The names of the faults that distorted it, in their order.
    faults: tuple[str, ...] = ()
    #: Where the journal keeps the receipts of these faults; empty without faults, and before it is recorded.
    receipts_key: str = ""

    def with_headers(self, *headers: tuple[str, str]) -> Reply:
        """Return this reply with *headers* added at the end."""
        # Not replace(), which takes twice as long: every call comes through here more than once.
        headers = self.headers + headers
        return Reply(self.status, self.body, headers, self.delay_ms, self.wire, self.faults, self.receipts_key)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What really became of a distorted reply on its way out."""

    #: All that was handed to the connection, the head included.
    bytes_sent: int
    #: As in `Wire`, or `client`: the client closed first.
    ending: Literal["kept", "fin", "rst", "client"]
    #: Real time from the beginning of the sending, delays included, to its end.
    sent_ms: int


@dataclass(frozen=True, slots=True)
class Exchange:
    """A call with its reply and everything that was found on the way."""

    call: Call
    reply: Reply
    #: The clock of the space when the call arrived, in epoch milliseconds.
    at_ms: int
    #: Real time when the call arrived, in epoch milliseconds; pauses between calls are measured with it.
    arrived_ms: int
    #: How long the server worked on it, in microseconds of real time, delays not included.
    took_us: int
    stub: str
    violations: tuple[Violation, ...] = ()
    #: The stubs that came nearest, when none matched: name and differences.
    near_misses: tuple[Mapping[str, Json], ...] = ()
    visitor_id: str | None = None
    session_id: str | None = None
    #: Members and parameters that the contract does not list, though it lists one of nearly that name.
    notes: tuple[Unlisted, ...] = ()
