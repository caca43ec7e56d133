"""What the journal does not keep: secrets never, and who the consumer is where the server is told so.

Members keep their names and their kind of value, so that a test still sees that they were sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from mockserver.model import Json

REDACTED = "[redacted]"
#: Headers whose values open something; they are never kept.
SECRET = frozenset(["authorization", "proxy-authorization"])
#: Headers that say who somebody is.
_TELLING = frozenset(["cookie"])
#: Members of a body and parameters of a query that say who somebody is, in small letters.
PERSONAL = frozenset(
    "accountname address age customerid email firstname imei ipaddress lastname phone "
    "socialid storezipcode username".split()
)
_GOT = re.compile(r"\bgot\b.*", re.DOTALL)


def redacted(record: dict[str, Any], *, personal: bool) -> dict[str, Any]:
    """Return the journal *record* without secrets and, where *personal* data is to go, without what tells a person."""
    call = record["call"]
    secret = SECRET | _TELLING if personal else SECRET
    if not secret.isdisjoint(call["headers"]):
        headers = {name: REDACTED if name in secret else value for name, value in call["headers"].items()}
        call = {**call, "headers": headers}
        record = {**record, "call": call}
    return _without_persons(record, call) if personal else record


def _without_persons(record: dict[str, Any], call: Mapping[str, Json]) -> dict[str, Any]:
    query = [(name, REDACTED if name.lower() in PERSONAL else value) for name, value in call["query"]]
    reply = record["reply"]
    headers = [(name, REDACTED if name == "Mock-Violations" else value) for name, value in reply["headers"]]
    return {
        **record,
        "call": {**call, "query": query, "body": _body(call["body"])},
        "reply": {**reply, "headers": headers},
        # They quote what was sent.
        "violations": [{**v, "what": _GOT.sub(f"got {REDACTED}", v["what"])} for v in record["violations"]],
        "near_misses": [
            {**miss, "differences": [_GOT.sub(f"got {REDACTED}", said) for said in miss["differences"]]}
            for miss in record["near_misses"]
        ],
    }


def _body(body: Json) -> Json:
    if body == "":
        return body
    try:
        return orjson.dumps(_blanked(orjson.loads(body))).decode()
    except (TypeError, ValueError, RecursionError):  # what cannot be read may hold anything
        return REDACTED


def _blanked(value: Json, *, inside: bool = False) -> Json:
    """Return *value* with every text and number blanked that stands under a personal name."""
    if isinstance(value, dict):
        return {name: _blanked(v, inside=inside or name.lower() in PERSONAL) for name, v in value.items()}
    if isinstance(value, list):
        return [_blanked(v, inside=inside) for v in value]
    if not inside or value is None or isinstance(value, bool):
        return value
    return REDACTED if isinstance(value, str) else 0
