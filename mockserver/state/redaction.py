"""What the journal does not keep: secrets never, and who the consumer is where the server is told so.

Members, parameters and headers keep their names and their kind of value, so that a test still sees that they were sent.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from mockserver.model import Json

REDACTED = "[redacted]"
#: Headers whose values open something; the journal never has them.
SECRET = frozenset(
    "authorization proxy-authorization x-api-key api-key x-auth-token x-access-token x-csrf-token x-xsrf-token "
    "x-amz-security-token automation-secret email-token credit-card-ref".split()
)
#: Headers that say how to read a call, and of whom only which program sent it. Any other may say who somebody is: a
#: cookie, the page with its query (Referer, LP-URL), what a proxy knows of the client (Forwarded, X-Real-IP, ...).
PLAIN_HEADERS = frozenset(
    "accept accept-charset accept-encoding access-control-request-headers access-control-request-method connection "
    "content-encoding content-length content-type expect host mock-space origin prefer te transfer-encoding upgrade "
    "user-agent x-http-method-override x-requested-with".split()
)


@dataclass(frozen=True, slots=True)
class Secrets:
    """Where a call carries what opens something."""

    #: Names of headers, in small letters.
    headers: frozenset[str] = SECRET
    #: Names of query parameters.
    query: frozenset[str] = frozenset()


_USUAL = Secrets()
_GOT = re.compile(r"\bgot\b.*", re.DOTALL)


def secrets_at(places: Iterable[tuple[str, str]]) -> Secrets:
    """Return the secrets that every server knows, and those at *places*: header, query or cookie, and a name there."""
    found = list(places)
    headers = (name.lower() if place == "header" else "cookie" for place, name in found if place != "query")
    return Secrets(SECRET.union(headers), frozenset(name for place, name in found if place == "query"))


def redacted(
    record: dict[str, Any], *, telling_nobody: Collection[str] | None, secrets: Secrets = _USUAL
) -> dict[str, Any]:
    """Return the journal *record* without *secrets*.

    With *telling_nobody*, the names of members and parameters whose values may stay, it is also without what tells a
    person: nobody knows what stands under a name that the contract does not have.
    """
    call = record["call"]
    headers = call["headers"]
    if secrets.query and not secrets.query.isdisjoint(name for name, _ in call["query"]):
        query = [(name, REDACTED if name in secrets.query else value) for name, value in call["query"]]
        call = {**call, "query": query}
        record = {**record, "call": call}
    if telling_nobody is not None:
        headers = {name: value if name in PLAIN_HEADERS else REDACTED for name, value in headers.items()}
        return _without_persons({**record, "call": {**call, "headers": headers}}, telling_nobody)
    if secrets.headers.isdisjoint(headers):
        return record
    headers = {name: REDACTED if name in secrets.headers else value for name, value in headers.items()}
    return {**record, "call": {**call, "headers": headers}}


def names_telling_nobody(names: Collection[str], personal: Collection[str]) -> frozenset[str]:
    """Return those of the contracts' *names* that are not among the *personal* ones, in small letters."""
    return frozenset(name.lower() for name in names) - frozenset(personal)


def _without_persons(record: dict[str, Any], telling_nobody: Collection[str]) -> dict[str, Any]:
    call, reply = record["call"], record["reply"]
    query = [(name, value if name.lower() in telling_nobody else REDACTED) for name, value in call["query"]]
    headers = [(name, REDACTED if name == "Mock-Violations" else value) for name, value in reply["headers"]]
    _, colon, port = call["connection"].rpartition(":")
    connection = f"{REDACTED}{colon}{port}" if colon else ""  # the port still tells a resend from a retry
    return {
        **record,
        "call": {**call, "query": query, "body": _body(call["body"], telling_nobody), "connection": connection},
        "reply": {**reply, "headers": headers},
        # They quote what was sent.
        "violations": [{**v, "what": _GOT.sub(f"got {REDACTED}", v["what"])} for v in record["violations"]],
        "near_misses": [
            {**miss, "differences": [_GOT.sub(f"got {REDACTED}", difference) for difference in miss["differences"]]}
            for miss in record["near_misses"]
        ],
    }


def _body(body: Json, telling_nobody: Collection[str]) -> Json:
    if body == "":
        return body
    try:
        value = orjson.loads(body)
        return orjson.dumps(_blanked(value, telling_nobody, inside=not isinstance(value, Mapping))).decode()
    except (TypeError, ValueError, RecursionError):  # what cannot be read may hold anything
        return REDACTED


def _blanked(value: Json, telling_nobody: Collection[str], *, inside: bool) -> Json:
    """Return *value* with every text and number blanked that stands *inside* of a name which may tell a person."""
    if isinstance(value, dict):
        return {
            name: _blanked(v, telling_nobody, inside=inside or name.lower() not in telling_nobody)
            for name, v in value.items()
        }
    if isinstance(value, list):
        return [_blanked(v, telling_nobody, inside=inside) for v in value]
    if not inside or value is None or isinstance(value, bool):
        return value
    return REDACTED if isinstance(value, str) else 0
