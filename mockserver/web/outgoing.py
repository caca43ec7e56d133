"""Writes replies as responses: status line, headers and body, and how they travel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from werkzeug.http import HTTP_STATUS_CODES, remove_entity_headers
from werkzeug.urls import iri_to_uri

from mockserver.model import Delivery, Reply, Wire

#: Headers in which werkzeug, too, writes an address as RFC 3986 wants it.
_ADDRESSES = frozenset(["location", "content-location"])
_NO_CONTENT, _NOT_MODIFIED, _FIRST_FINAL = 204, 304, 200


@dataclass(frozen=True, slots=True)
class Outgoing:
    """All that a server needs to send one reply."""

    status_line: str
    #: Content-Length included, unless the status allows none.
    headers: Sequence[tuple[str, str]]
    #: What is sent behind the head; empty for HEAD, and for statuses that have no body.
    body: bytes
    #: Whether it is sent at once, and whole.
    is_plain: bool
    #: How long it is held back, in milliseconds of real time.
    delay_ms: int
    wire: Wire
    #: Takes note of what became of a distorted reply; it may ask the store.
    delivered: Callable[[Delivery], None]


def outgoing(
    reply: Reply, method: str, added: Sequence[tuple[str, str]], delivered: Callable[[Delivery], None]
) -> Outgoing:
    """Write *reply* to a call of *method*, with headers *added* by the server."""
    announced = reply.wire.announced
    length = ("Content-Length", str(len(reply.body) if announced is None else announced))
    headers = _framed(reply.status, [*map(_addressed, reply.headers), length, *added])
    body = reply.body if has_body(method, reply.status) else b""
    is_plain = not (reply.delay_ms or reply.faults)
    return Outgoing(status_line(reply.status), headers, body, is_plain, reply.delay_ms, reply.wire, delivered)


def forbids_length(status: int) -> bool:
    """Say whether a reply of that *status* may not announce a length (RFC 9110, 8.6)."""
    return status < _FIRST_FINAL or status == _NO_CONTENT


def has_body(method: str, status: int) -> bool:
    """Say whether a reply of that *status* to a request by *method* has a body (RFC 9110, 6.4.1)."""
    return method != "HEAD" and status != _NOT_MODIFIED and not forbids_length(status)


@lru_cache(maxsize=1000)
def status_line(status: int) -> str:
    """Return the status with its phrase, as werkzeug writes it: `404 NOT FOUND`."""
    return f"{status} {HTTP_STATUS_CODES.get(status, 'UNKNOWN').upper()}"


def _addressed(header: tuple[str, str]) -> tuple[str, str]:
    name, value = header
    return (name, iri_to_uri(value)) if name.lower() in _ADDRESSES else header


def _framed(status: int, headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    if forbids_length(status):
        return [header for header in headers if header[0].lower() != "content-length"]
    if status == _NOT_MODIFIED:
        remove_entity_headers(headers)
    return headers
