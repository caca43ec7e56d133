"""An error in place of the reply."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from mockserver.error_entity import error_entity
from mockserver.faults.base import FaultContext
from mockserver.model import Reply
from mockserver.parts import Part

#: The headers that belong to the body or to the visit that the error takes away.
_REPLACED = frozenset(("content-type", "content-length", "set-cookie"))


@dataclass(frozen=True, slots=True)
class Status:
    """Answer with an error entity under the status *code*; the session was opened or continued all the same."""

    code: int
    internal_code: int = 18
    message: str | None = None

    @classmethod
    def read(cls, part: Part) -> Self:
        """Read `{code: 503, internal_code: 18, message: Server temporarily unavailable}`."""
        table = part.table(("code", "internal_code", "message"), required=("code",))
        return cls(
            table["code"].integer(400, 599),
            table["internal_code"].integer(0, 2**31 - 1) if "internal_code" in table else 18,
            table["message"].text() if "message" in table and table["message"].value is not None else None,
        )

    def distort(self, reply: Reply, context: FaultContext) -> Reply:
        """Return the error, as late as the reply would have been."""
        kept = tuple((name, value) for name, value in reply.headers if name.lower() not in _REPLACED)
        body = error_entity(context.now_ms, self.internal_code, self.message)
        return replace(reply, status=self.code, body=body, headers=(("Content-Type", "application/json"), *kept))
