"""The flat error entity of the contract (clause ERR-ENTITY)."""

from __future__ import annotations

import orjson

from mockserver.contract.error_shape import ErrorShape
from mockserver.model import Code, Json


def error_entity(status: int, now_ms: int, code: Code, message: str | None) -> bytes:
    """Return the body of an error reply; without a *message* the optional member is left out."""
    del status  # stands in the status line only
    entity: dict[str, Json] = {"time": now_ms}
    if message is not None:
        entity["message"] = message
    return orjson.dumps({**entity, "internalCode": code})


ERROR_SHAPE = ErrorShape(entity=error_entity, codes={400: 5, 404: 28, 405: 5, 413: 5}, other_code=18)
