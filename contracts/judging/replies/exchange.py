"""One exchange as the checks see it, and the violations that they find in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from ...contract.document import Document
from ...contract.operation import Operation, Response
from ...contract.shapes import Shapes
from ...wire.messages import Call, Reply

#: Returns where a server's clock stands, in milliseconds since 1970; None is a server that cannot be asked.
Clock = Callable[[], int | None]


def silent_clock() -> int | None:
    """Return nothing: this clock cannot be asked."""
    return None


@dataclass(frozen=True)
class Exchange:
    """A call, its reply, and what the contract knows of them."""

    document: Document
    shapes: Shapes
    #: None for a path or method outside the contract.
    operation: Operation | None
    call: Call
    reply: Reply
    #: Where the server's clock stands, for a server that can be asked; of others the reply says it.
    clock: Clock = silent_clock

    @property
    def documented(self) -> Response | None:
        """Return the contract's response for this status, if it has one."""
        return self.operation.responses.get(self.reply.status) if self.operation else None

    @property
    def now_ms(self) -> int | None:
        """Return the moment of the reply by the server's own clock, or None where it does not say it."""
        if self.reply.header("Preference-Applied") is not None:
            return None  # an example that was asked for has the time that is printed in it
        asked = self.clock()
        return _date_ms(self.reply.header("Date")) if asked is None else asked

    def clause_around(self, pointer: str) -> str | None:
        """Return the nearest clause that the contract names at or around *pointer*."""
        return self.document.clause_around(pointer)


@dataclass(frozen=True)
class ReplyViolation:
    """How a reply breaks the contract, and where the contract says so."""

    check: str
    expected: str
    got: str
    cure: str
    #: Where the contract says so.
    pointer: str
    #: The clause that is broken, where one is named.
    clause: str | None = None


def _date_ms(date: str | None) -> int | None:
    try:
        return int(parsedate_to_datetime(date or "").timestamp() * 1000)
    except (ValueError, OverflowError):
        return None
