"""How an error looks on the wire of an API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from mockserver.model import Code


class EntityWriter(Protocol):
    """Writes the body of an error reply."""

    def __call__(self, status: int, now_ms: int, code: Code, message: str | None) -> bytes:
        """Return the body; *now_ms* is the clock of the space, and no *message* leaves the member out."""


@dataclass(frozen=True, kw_only=True)
class ErrorShape:
    """The error entity of one API, and the codes of the errors that the server raises by itself."""

    entity: EntityWriter
    #: By status: 400, 404, 405, 413, 500 and 503 are raised whatever the API is.
    codes: Mapping[int, Code]
    #: Of every other status, and of the fault `status`, which takes the place of any reply.
    other_code: Code
    media_type: str = "application/json"

    def code(self, status: int) -> Code:
        """Return the code of an error with *status* that no handler has named."""
        return self.codes.get(status, self.other_code)
