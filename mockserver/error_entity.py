"""The flat error entity of the contract (clause ERR-ENTITY)."""

from __future__ import annotations

import orjson

from mockserver.model import Json


def error_entity(now_ms: int, code: int, message: str | None) -> bytes:
    """Return the body of an error reply; without a *message* the optional member is left out."""
    entity: dict[str, Json] = {"time": now_ms}
    if message is not None:
        entity["message"] = message
    return orjson.dumps({**entity, "internalCode": code})
