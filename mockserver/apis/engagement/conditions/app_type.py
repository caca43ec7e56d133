"""The condition `app_type`."""

from __future__ import annotations

from typing import ClassVar

from mockserver.apis.engagement.doors import DOORS
from mockserver.model import Json, ValidCall
from mockserver.scenarios.conditions.texts import OneOfTexts

_MEMBER = "appType"
#: What a call of the JS door means that leaves the member out (clause JS-APPTYPE-DEFAULT).
_DEFAULT = "EXTERNAL"


class AppType(OneOfTexts):
    """A call comes from one of these kinds of apps."""

    summary: ClassVar = "The `appType` of the call; left out at the JS door it is `EXTERNAL`."
    where: ClassVar = _MEMBER
    component: ClassVar = "CreateSessionRequest"

    @classmethod
    def text_of(cls, call: ValidCall) -> Json:
        """Return the app type, or what it means to leave it out."""
        return call.body.get(_MEMBER, _DEFAULT if call.operation in DOORS["js"] else None)

    @classmethod
    def sample(cls, text: str) -> Json:
        """Return a request with this app type."""
        return {_MEMBER: text}
