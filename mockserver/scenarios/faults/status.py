"""An error in place of the reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.utils import formatdate
from typing import ClassVar, Self

from mockserver.model import Json, Reply
from mockserver.scenarios.documents.nodes import Node
from mockserver.scenarios.faults.base import FaultContext

#: The headers that belong to the body or to the visit that the error takes away.
_REPLACED = frozenset(("content-type", "content-length", "set-cookie", "retry-after"))
#: The forms of `Retry-After` (RFC 9110): seconds from now, or a date.
RETRY_FORMS = ("seconds", "date")
_DAY_S = 86_400
_LARGEST_CODE = 2**31 - 1
#: The last second that a date can name: the end of the year 9999.
_LATEST_S = 253_402_300_799


@dataclass(frozen=True, slots=True)
class Status:
    """Answer with an error entity under the status *code*; the session was opened or continued all the same."""

    summary: ClassVar = "Answer with an error entity instead."
    schema: ClassVar[Mapping[str, Json]] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["code"],
        "properties": {
            "code": {"type": "integer", "minimum": 400, "maximum": 599},
            "internal_code": {
                "description": "18 when left out.",
                "type": "integer",
                "minimum": 0,
                "maximum": _LARGEST_CODE,
            },
            "message": {"type": ["string", "null"]},
            "retry_after_s": {
                "description": "Send Retry-After: so many seconds.",
                "type": "integer",
                "minimum": 0,
                "maximum": _DAY_S,
            },
            "retry_form": {
                "description": "How Retry-After is written; seconds when left out. Dates are by the space's clock.",
                "enum": list(RETRY_FORMS),
            },
        },
        "dependentRequired": {"retry_form": ["retry_after_s"]},
    }
    on_the_wire: ClassVar = False

    code: int
    #: None leaves it to the API.
    internal_code: int | None = None
    message: str | None = None
    #: Seconds that the client shall wait before it comes back; None says nothing about it.
    retry_after_s: int | None = None
    retry_form: str = "seconds"

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read `{code: 429, internal_code: 18, message: Too many requests, retry_after_s: 1, retry_form: date}`."""
        keys = ("code", "internal_code", "message", "retry_after_s", "retry_form")
        table = node.table(keys, required=("code",))
        if "retry_form" in table and "retry_after_s" not in table:
            table["retry_form"].note("it says how retry_after_s is written, which is missing", at_key=True)
        return cls(
            table["code"].integer(400, 599),
            table["internal_code"].integer(0, _LARGEST_CODE) if "internal_code" in table else None,
            table["message"].text() if "message" in table and table["message"].value is not None else None,
            table["retry_after_s"].integer(0, _DAY_S) if "retry_after_s" in table else None,
            table["retry_form"].word(RETRY_FORMS, "form") if "retry_form" in table else "seconds",
        )

    def distort(self, reply: Reply, context: FaultContext) -> Reply:
        """Return the error, as late as the reply would have been."""
        kept = tuple((name, value) for name, value in reply.headers if name.lower() not in _REPLACED)
        shape = context.error_shape
        headers = (("Content-Type", shape.media_type), *self._retry(context.now_ms), *kept)
        code = shape.other_code if self.internal_code is None else self.internal_code
        body = shape.entity(self.code, context.now_ms, code, self.message)
        return replace(reply, status=self.code, body=body, headers=headers)

    def _retry(self, now_ms: int) -> tuple[tuple[str, str], ...]:
        if self.retry_after_s is None:
            return ()
        if self.retry_form == "seconds":
            return (("Retry-After", str(self.retry_after_s)),)
        # Rounded up: a client that comes at that second does not come too early.
        moment_s = min(-(-now_ms // 1000) + self.retry_after_s, _LATEST_S)
        return (("Retry-After", formatdate(moment_s, usegmt=True)),)
