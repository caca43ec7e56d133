"""The condition `visitor`."""

from __future__ import annotations

from typing import ClassVar

from mockserver.model import Json, ValidCall
from mockserver.scenarios.conditions.texts import OneOfTexts


class Visitor(OneOfTexts):
    """A call is of one of these visitors."""

    summary: ClassVar = "The `vid` of the call."
    where: ClassVar = "visitor"
    component: ClassVar = "VisitorId"

    @classmethod
    def text_of(cls, call: ValidCall) -> Json:
        """Return the vid."""
        return call.visitor_id
