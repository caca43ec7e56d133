"""The condition `session`."""

from __future__ import annotations

from typing import ClassVar

from mockserver.model import Json, ValidCall
from mockserver.scenarios.conditions.texts import OneOfTexts


class Session(OneOfTexts):
    """A call is of one of these visitor sessions."""

    summary: ClassVar = "The `sid` of the call."
    where: ClassVar = "session"
    component: ClassVar = "SessionId"

    @classmethod
    def text_of(cls, call: ValidCall) -> Json:
        """Return the sid."""
        return call.session_id
