"""Reads lists and objects that a call carries as text, where a space lets it."""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from mockserver.contract.calls.reader import CallValues
from mockserver.contract.document.bodies import JSON
from mockserver.contract.document.operations import Operation
from mockserver.contract.spec import Contract
from mockserver.model import Json


def with_texts_read(contract: Contract, operation: Operation, values: CallValues) -> CallValues:
    """Return *values* with each text of the body read that stands for a list or an object; others stay."""
    body = values.body
    if values.media_type != JSON or not isinstance(body, dict):
        return values
    listed = operation.bodies[JSON].get("properties", {})
    texts = {name: value for name, value in body.items() if isinstance(value, str) and name in listed}
    body = {**body, **{name: _read(contract, contract.resolved(listed[name]), text) for name, text in texts.items()}}
    return values._replace(body=body, seen={**values.seen, "body": body})


def _read(contract: Contract, schema: Mapping[str, Json], text: str) -> Json:
    if schema.get("type") == "array" and contract.resolved(schema["items"]).get("type") == "string":
        return [word for part in text.split(",") if (word := part.strip())]
    if schema.get("type") not in ("array", "object"):
        return text
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return value if isinstance(value, list | dict) else text
