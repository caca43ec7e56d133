"""Reads lists and objects that a call carries as text, as LivePerson's tables type them (GE-TEXT-MEMBERS)."""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from mockserver.contract.document.operations import Operation
from mockserver.contract.spec import Contract
from mockserver.model import Json


def with_texts_read(contract: Contract, operation: Operation, body: Json) -> Json:
    """Return *body* with each text read that stands for a list or an object; one that cannot be read stays."""
    if operation.body is None or not isinstance(body, dict):
        return body
    listed = operation.body.get("properties", {})
    texts = {name: value for name, value in body.items() if isinstance(value, str) and name in listed}
    return {**body, **{name: _read(contract, contract.resolved(listed[name]), text) for name, text in texts.items()}}


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
